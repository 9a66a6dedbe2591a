import { plain } from '../model/text.ts'
import { lacking } from './errors.ts'
import { escapeText, failureFamily, familiesOf, type Family } from './exposition.ts'
import { familiesOfFigures } from './figure-families.ts'
import type { Format } from './format.ts'

/** Prometheus' text exposition format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/), without times, as its scrapes and node_exporter's textfile collector want it. */
export const prometheus: Format = {
  name: 'prometheus',
  about: 'samples, or the figures of a verdict, in Prometheus\' text format, for a scrape or node_exporter\'s textfile collector',
  extension: '.prom',
  stream: false,
  needs: ['samples', 'figures'],
  errorsTo: ['stderr'],
  render: (report, { version }) => {
    const families = report.samples ? familiesOf(report.samples.samples, version) : report.figures ? familiesOfFigures(report, version) : null
    if (!families) throw lacking(['samples', 'figures'], 'prometheus', report.command)
    return families.map(showFamily).join('')
  },
  renderError: ({ code, message }) => `# ${plain(message)}\n${showFamily(failureFamily(code))}`,
}

/** One family in the text format. */
export function showFamily({ name, type, help, rows }: Family): string {
  const lines = [...rows].map(([labels, value]) => `${name}${labels} ${value}\n`)
  return `# HELP ${name} ${escapeText(help, false)}\n# TYPE ${name} ${type}\n${lines.join('')}`
}
