import { lacking } from './errors.ts'
import { escapeText, failureFamily, familiesOf, type Family } from './exposition.ts'
import type { Format } from './format.ts'

const END = '# EOF\n'
// What a family's name ends in is its unit; the longer ones first.
const UNITS = ['bytes_per_second', 'per_second', 'seconds', 'bytes', 'ratio', 'hertz', 'celsius']

/** OpenMetrics 1.0 (https://prometheus.io/docs/specs/om/open_metrics_spec/), with the time of the look, so that it can be kept and imported later. */
export const openmetrics: Format = {
  name: 'openmetrics',
  about: 'the samples as OpenMetrics 1.0 with the time they were taken, to keep or to import',
  extension: '.openmetrics',
  stream: false,
  needs: 'samples',
  errorsTo: ['stderr'],
  render: ({ command, samples }, { version }) => {
    if (!samples) throw lacking('samples', 'openmetrics', command)
    return familiesOf(samples.samples, version).map((family) => showFamily(family, ` ${samples.at / 1_000}`)).join('') + END
  },
  renderError: ({ code }) => showFamily(failureFamily(code), '') + END,
}

function showFamily({ name, type, help, rows }: Family, time: string): string {
  const isInfo = name.endsWith('_info')
  // A family is named without the ending that its samples must have.
  const family = isInfo ? name.replace(/_info$/, '') : type === 'counter' ? name.replace(/_total$/, '') : name
  const unit = isInfo ? undefined : UNITS.find((each) => family.endsWith(`_${each}`))
  const head = [`# TYPE ${family} ${isInfo ? 'info' : type}`, ...(unit === undefined ? [] : [`# UNIT ${family} ${unit}`]), `# HELP ${family} ${escapeText(help, true)}`]
  return [...head, ...[...rows].map(([labels, value]) => `${name}${labels} ${value}${time}`)].map((line) => `${line}\n`).join('')
}
