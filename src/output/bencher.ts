import type { Figure } from '../model/figure.ts'
import { plain } from '../model/text.ts'
import type { Unit } from '../model/unit.ts'
import { stringify } from './envelope.ts'
import { lacking } from './errors.ts'
import type { Format } from './format.ts'

/** Bencher's own measures where it has one (latency is in nanoseconds, throughput in operations per second), and what values are multiplied by. */
const MEASURES: Readonly<Record<Unit, readonly [slug: string, factor: number]>> = {
  ms: ['latency', 1e6], bytes: ['file-size', 1], ratio: ['ratio', 1], count: ['count', 1], per_second: ['throughput', 1], bytes_per_second: ['bytes-per-second', 1], hertz: ['hertz', 1], celsius: ['celsius', 1],
}

/** Bencher Metric Format (https://bencher.dev/docs/reference/bencher-metric-format/), for `bencher run --adapter json`; what was not measured is left out. */
export const bencher: Format = {
  name: 'bencher',
  about: 'Bencher Metric Format, for bencher run --adapter json',
  extension: null,
  stream: false,
  needs: ['figures'],
  errorsTo: ['stderr'],
  render: ({ command, figures }) => {
    if (!figures) throw lacking(['figures'], 'bencher', command)
    return `${stringify(Object.fromEntries(figures.filter(({ value }) => value !== null && Number.isFinite(value)).map((figure) => [plain(figure.name, 1_024), measure(figure)])), 2)}\n`
  },
  renderError: () => '{}\n',
}

function measure({ unit, value, spread }: Figure): Record<string, unknown> {
  const [slug, factor] = MEASURES[unit]
  const scaled = (number: number): number => Number((number * factor).toPrecision(15))
  return { [slug]: { value: scaled(value ?? 0), ...(spread ? { lower_value: scaled(spread.low), upper_value: scaled(spread.high) } : {}) } }
}
