import { lacking } from './errors.ts'
import { escapeText, failureFamily, familiesOf, type Family } from './exposition.ts'
import { familiesOfFigures } from './figure-families.ts'
import type { Format } from './format.ts'

const END = '# EOF\n'
// What a family's name ends in is its unit; the longer ones first.
const UNITS = ['bytes_per_second', 'per_second', 'seconds', 'bytes', 'ratio', 'hertz', 'celsius']

/** OpenMetrics 1.0 (https://prometheus.io/docs/specs/om/open_metrics_spec/), with the time of the look, so that it can be kept and imported later. */
export const openmetrics: Format = {
  name: 'openmetrics',
  about: 'the same as OpenMetrics 1.0 with the time of the measurement, to keep or to import',
  extension: '.openmetrics',
  stream: false,
  needs: ['samples', 'figures'],
  errorsTo: ['stderr'],
  render: (report, { version }) => {
    const { samples, figures, finishedAt } = report
    const families = samples ? familiesOf(samples.samples, version) : figures ? familiesOfFigures(report, version) : null
    if (!families) throw lacking(['samples', 'figures'], 'openmetrics', report.command)
    return families.map((family) => showFamily(family, ` ${(samples?.at ?? finishedAt.getTime()) / 1_000}`)).join('') + END
  },
  renderError: ({ code }) => showFamily(failureFamily(code), '') + END,
}

/** One family as OpenMetrics; `time` is empty, or a space and seconds since 1970. */
export function showFamily({ name, type, help, rows }: Family, time: string): string {
  const isInfo = name.endsWith('_info')
  // A family is named without the ending that its samples must have.
  const family = isInfo ? name.replace(/_info$/, '') : type === 'counter' ? name.replace(/_total$/, '') : name
  const unit = isInfo ? undefined : UNITS.find((each) => family.endsWith(`_${each}`))
  const head = [`# TYPE ${family} ${isInfo ? 'info' : type}`, ...(unit === undefined ? [] : [`# UNIT ${family} ${unit}`]), `# HELP ${family} ${escapeText(help, true)}`]
  return [...head, ...[...rows].map(([labels, value]) => `${name}${labels} ${value}${time}`)].map((line) => `${line}\n`).join('')
}
