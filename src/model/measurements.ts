import type { Statistic } from './threshold.ts'
import type { Unit } from './unit.ts'
import type { Verdict } from './verdict.ts'

/** Tools whose results can be read, and our own. */
export type ArtifactFormat =
  | 'medianest' | 'medianest-budget' | 'k6-summary' | 'k6-summary-export' | 'k6-ndjson' | 'autocannon' | 'artillery' | 'vegeta-report' | 'vegeta-encode' | 'hey-csv' | 'oha' | 'hyperfine' | 'wrk' | 'ab'
  | 'medianest-bench' | 'vitest-bench' | 'tinybench' | 'lighthouse' | 'size-limit' | 'reference-baseline' | 'measurements'

/** What two results must have in common to be compared; texts are untrusted, null is not known. */
export interface Surroundings {
  readonly cpu: string | null
  readonly cores: number | null
  readonly memoryBytes: number | null
  readonly os: string | null
  /** The tool that measured and its version. */
  readonly tool: string | null
  /** Hash of what was asked for: runs of the same plan can be compared. */
  readonly plan: string | null
}

/**
 * How values of a series come about, which decides how they are compared: `exact` ones are counted (bytes, requests), `sampled` ones differ from run to
 * run (times, rates per second, CPU), a `rate` is a share of events.
 */
export type SeriesClass = 'exact' | 'sampled' | 'rate'

/** One figure that was taken once or several times, always in the same way. */
export interface MeasuredSeries {
  /** A name of the catalogue, or one the file gives it. Untrusted. */
  readonly metric: string
  /** Which statistic of it: a percentile, a mean; null where it is a figure by itself. */
  readonly statistic: Statistic | null
  /** What it is of: an endpoint, a command, a bundle; empty for all together. Untrusted. */
  readonly of: string
  readonly unit: Unit
  readonly better: 'lower' | 'higher' | 'neither'
  readonly class: SeriesClass
  /** One value of each run or slice, in time order, in `unit`; never of single requests. NaN where one has none. */
  readonly values: readonly number[]
  /** Of a rate: how many events were counted, and how many of them said yes, for each value. */
  readonly events?: readonly { readonly yes: number; readonly total: number }[] | undefined
  /** Of how many single values each statistic is made; undefined where that is not told. */
  readonly count?: number | undefined
  /** The smallest step the tool can tell, in `unit`: autocannon's whole milliseconds; undefined where it is finer than matters. */
  readonly resolution?: number | undefined
}

/** What a file of results holds, whatever tool wrote it. */
export interface Measurements {
  readonly file: string
  readonly format: ArtifactFormat
  readonly surroundings: Surroundings
  /** When it was measured, milliseconds since 1970; null where the file does not say. */
  readonly takenAt: number | null
  readonly series: readonly MeasuredSeries[]
  /** What the reader should know: a percentile the tool does not have, a figure of its that is known to be wrong. */
  readonly notes: readonly string[]
  /** How the run itself ended, where the file tells: what its own thresholds said (null for none), and whether less was done than planned. */
  readonly outcome?: { readonly verdict: Verdict | null; readonly isPartial: boolean } | undefined
}

/** What two series must have in common to be the same figure: `http.duration p(95) GET /search`. */
export function seriesKey({ metric, statistic, of }: Pick<MeasuredSeries, 'metric' | 'statistic' | 'of'>): string {
  const shown = statistic === null ? '' : statistic.kind === 'p' ? ` p(${statistic.percent})` : ` ${statistic.kind}`
  return `${metric}${shown}${of === '' ? '' : ` ${of}`}`
}
