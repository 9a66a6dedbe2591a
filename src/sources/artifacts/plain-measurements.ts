import type { MeasuredSeries, SeriesClass, Surroundings } from '../../model/measurements.ts'
import { parseThreshold, type Statistic } from '../../model/threshold.ts'
import type { Unit } from '../../model/unit.ts'
import type { Content, JsonArtifact } from './artifact.ts'
import { lacks } from './errors.ts'
import { at, instantOf, isRecord, listAt, numberAt, textAt } from './json-value.ts'
import { catalogued, figure, named, type Share } from './series.ts'

const UNITS: ReadonlyMap<string, readonly [Unit, number]> = new Map<string, readonly [Unit, number]>([
  ...(['ms', 'bytes', 'ratio', 'count', 'per_second', 'bytes_per_second', 'hertz', 'celsius'] as const).map((unit) => [unit, [unit, 1]] as const),
  ['ns', ['ms', 1e-6]], ['us', ['ms', 0.001]], ['µs', ['ms', 0.001]], ['s', ['ms', 1_000]], ['min', ['ms', 60_000]],
  ['B', ['bytes', 1]], ['kB', ['bytes', 1e3]], ['MB', ['bytes', 1e6]], ['GB', ['bytes', 1e9]], ['KiB', ['bytes', 2 ** 10]], ['MiB', ['bytes', 2 ** 20]], ['GiB', ['bytes', 2 ** 30]],
  ['%', ['ratio', 0.01]], ['/s', ['per_second', 1]],
])
const BETTER: ReadonlySet<unknown> = new Set<MeasuredSeries['better']>(['lower', 'higher', 'neither'])
const CLASSES: ReadonlySet<unknown> = new Set<SeriesClass>(['exact', 'sampled', 'rate'])

/** Figures of any origin: `{metric, unit, values}`, a list of such, or `{series: [...]}` with surroundings and time. */
export const plainMeasurements: JsonArtifact = {
  kind: 'json',
  format: 'measurements',
  name: 'measurements',
  mark: 'metric, unit and values',
  recognise: (value) => {
    const list = listOf(value)
    return list !== undefined && list.length > 0 && list.every((entry) => textAt(entry, 'metric') !== undefined && textAt(entry, 'unit') !== undefined && Array.isArray(at(entry, 'values')))
  },
  read(value, reading): Content {
    const text = (name: keyof Surroundings): string | null => textAt(value, 'surroundings', name) ?? null
    const count = (name: keyof Surroundings): number | null => numberAt(value, 'surroundings', name) ?? null
    return {
      surroundings: { cpu: text('cpu'), cores: count('cores'), memoryBytes: count('memoryBytes'), os: text('os'), tool: text('tool'), plan: text('plan') },
      takenAt: instantOf(at(value, 'takenAt')),
      series: (listOf(value) ?? []).map((entry, index) => seriesOf(entry, (what) => lacks(reading, `figure ${index + 1} (${textAt(entry, 'metric') ?? ''}) ${what}`))),
      notes: (listAt(value, 'notes') ?? []).filter((note): note is string => typeof note === 'string'),
    }
  },
}

function listOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as readonly unknown[]
  return listAt(value, 'series') ?? (isRecord(value) && at(value, 'values') !== undefined ? [value] : undefined)
}

function seriesOf(entry: unknown, problem: (what: string) => Error): MeasuredSeries {
  const name = textAt(entry, 'metric') ?? ''
  const known = catalogued(name)
  const [unit, factor] = UNITS.get(textAt(entry, 'unit') ?? '') ?? []
  if (unit === undefined || factor === undefined) throw problem(`has the unit "${textAt(entry, 'unit') ?? ''}"; known are ${[...UNITS.keys()].join(', ')}`)
  const taken = listAt(entry, 'values') ?? []
  if (taken.length === 0) throw problem('has no values')
  const values = taken.map((value) => {
    if (value === null) return Number.NaN
    if (typeof value !== 'number' || !Number.isFinite(value)) throw problem('has a value that is no number')
    return value * factor
  })
  const better = at(entry, 'better') ?? known?.better ?? (unit === 'ms' || unit === 'bytes' ? 'lower' : unit === 'per_second' ? 'higher' : 'neither')
  if (!BETTER.has(better)) throw problem('has a "better" that is not lower, higher or neither')
  const events = eventsOf(entry, values.length, problem)
  const kind = at(entry, 'class') ?? (events || (unit === 'ratio' && known?.kind === 'rate') ? 'rate' : unit === 'bytes' || unit === 'count' ? 'exact' : 'sampled')
  if (!CLASSES.has(kind)) throw problem('has a "class" that is not exact, sampled or rate')
  const resolution = numberAt(entry, 'resolution')
  const series = figure(named(name), unit, better as MeasuredSeries['better'], kind as SeriesClass, statisticOf(at(entry, 'statistic'), problem), values, { // both just checked
    of: textAt(entry, 'of') ?? '', resolution: resolution === undefined ? undefined : resolution * factor,
  })
  return events ? { ...series, events } : series
}

/** `p(95)`, `avg`, or as we write it: `{kind, percent}`. */
function statisticOf(value: unknown, problem: (what: string) => Error): Statistic | null {
  if (value === undefined || value === null) return null
  const text = typeof value === 'string' ? value : textAt(value, 'kind') === 'p' ? `p(${numberAt(value, 'percent') ?? ''})` : (textAt(value, 'kind') ?? '')
  try {
    const { statistic } = parseThreshold(`${text.replace(/^p(\d+(?:\.\d+)?)$/, 'p($1)')}<0`)
    return statistic.kind === 'med' ? { kind: 'p', percent: 50 } : statistic
  } catch {
    throw problem(`has the statistic "${text}"; write it like p(95) or avg`)
  }
}

function eventsOf(entry: unknown, length: number, problem: (what: string) => Error): Share[] | undefined {
  const list = listAt(entry, 'events')
  if (!list) return undefined
  const events = list.map((event) => ({ yes: numberAt(event, 'yes') ?? Number.NaN, total: numberAt(event, 'total') ?? Number.NaN }))
  if (events.length !== length || !events.every(({ yes, total }) => yes >= 0 && total >= yes)) throw problem('has events that are not one {yes, total} for each value')
  return events
}
