import { plain } from '../model/text.ts'
import { lacking } from './errors.ts'
import { escapeText, failureFamily, familiesOf, type Family } from './exposition.ts'
import type { Format } from './format.ts'

/** Prometheus' text exposition format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/), without times, as its scrapes and node_exporter's textfile collector want it. */
export const prometheus: Format = {
  name: 'prometheus',
  about: 'the samples in Prometheus\' text format, for a scrape or node_exporter\'s textfile collector',
  extension: '.prom',
  stream: false,
  needs: 'samples',
  errorsTo: ['stderr'],
  render: ({ command, samples }, { version }) => {
    if (!samples) throw lacking('samples', 'prometheus', command)
    return familiesOf(samples.samples, version).map(showFamily).join('')
  },
  renderError: ({ code, message }) => `# ${plain(message)}\n${showFamily(failureFamily(code))}`,
}

function showFamily({ name, type, help, rows }: Family): string {
  const lines = [...rows].map(([labels, value]) => `${name}${labels} ${value}\n`)
  return `# HELP ${name} ${escapeText(help, false)}\n# TYPE ${name} ${type}\n${lines.join('')}`
}
