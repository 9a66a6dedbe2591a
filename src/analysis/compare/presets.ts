import { seriesKey, type MeasuredSeries } from '../../model/measurements.ts'
import { showRatio } from '../../model/unit.ts'
import { median } from './ranks.ts'
import { severityOf, type Severity } from './rules.ts'

/** The three figures that the presets look at; NaN for one that is not known. */
export interface PresetFigures {
  /** 95th percentile of the response time, ms. */
  readonly p95: number
  /** Requests per second. */
  readonly throughput: number
  /** Failed requests in percent, 0..100. */
  readonly errorRate: number
}

/** Limits of `tiers`: percent for time and throughput, points for errors. A baseline may carry its own. */
export interface TierThresholds {
  readonly responseTimeRegression: number
  readonly throughputRegression: number
  readonly errorRateIncrease: number
}

export const TIER_THRESHOLDS: TierThresholds = { responseTimeRegression: 10, throughputRegression: 10, errorRateIncrease: 2 }

/** One figure that became worse, in the documented shape. */
export interface PresetRegression<S extends string> {
  readonly metric: string
  readonly baseline: number
  readonly current: number
  /** current - baseline. */
  readonly change: number
  /** Of the baseline, in percent; null where the baseline is 0. */
  readonly changePercent: number | null
  readonly severity: S
}

/** What a preset finds, in the documented shape, and what it could not look at: then it must not pass. */
export interface PresetAnalysis<S extends string> {
  readonly hasRegression: boolean
  readonly regressions: readonly PresetRegression<S>[]
  readonly summary: string
  /** Figures that one side does not have. */
  readonly missing: readonly string[]
  /** What fails: a critical regression, or something missing. */
  readonly passed: boolean
}

const NAMES = { p95: 'Response Time (P95)', throughput: 'Throughput', errorRate: 'Error Rate' } as const
type Name = keyof typeof NAMES

/** Keys under which the figures stand in measurements, the first that is there; the scale turns them into the presets' unit. */
const SOURCES: Readonly<Record<Name, { readonly keys: readonly string[]; readonly scale: number }>> = {
  p95: { keys: ['http.duration p(95)', 'http.service_time p(95)', 'http.waiting p(95)'], scale: 1 },
  throughput: { keys: ['http.requests rate', 'http.requests value', 'http.requests'], scale: 1 },
  errorRate: { keys: ['http.failed rate', 'http.failed value', 'http.failed'], scale: 100 },
}

/** The presets' figures among measured series: those of all endpoints together, the median of several runs. */
export function presetFigures(series: readonly MeasuredSeries[]): PresetFigures {
  const figure = (name: Name): number => {
    const { keys, scale } = SOURCES[name]
    for (const key of keys) {
      const found = series.find((each) => seriesKey(each) === key && (name !== 'throughput' || each.unit === 'per_second'))
      if (found) return found.values.every(Number.isFinite) ? median(found.values) * scale : Number.NaN
    }
    return Number.NaN
  }
  return { p95: figure('p95'), throughput: figure('throughput'), errorRate: figure('errorRate') }
}

/** How much worse a figure is: in percent of the baseline, or points; above 0 is worse. Infinite when a baseline of nothing became something. */
function worsening(name: Name, baseline: number, current: number): number {
  if (name === 'errorRate') return current - baseline
  const by = name === 'throughput' ? baseline - current : current - baseline
  if (by === 0) return 0
  return baseline === 0 ? Math.sign(by) * Number.POSITIVE_INFINITY : (by / baseline) * 100
}

/**
 * The preset `tiers`: one number against another, minor/major/critical from 10/25/50 % of the 95th percentile and the throughput, 2/5/10 points of errors.
 * It knows nothing of noise: of two equal builds on a shared machine such a rule calls about every third a regression (docs/performance.md).
 */
export function tiers(base: PresetFigures, head: PresetFigures, thresholds: TierThresholds = TIER_THRESHOLDS): PresetAnalysis<Severity> {
  const limits: Readonly<Record<Name, number>> = { p95: thresholds.responseTimeRegression, throughput: thresholds.throughputRegression, errorRate: thresholds.errorRateIncrease }
  return analyse(base, head, NAMES, (name, before, after) => {
    const by = worsening(name, before, after)
    return by > limits[name] ? severityOf(by / 100, name === 'errorRate' ? 'points' : 'relative') : null
  }, ['p95', 'throughput', 'errorRate'])
}

/** The preset `simple`: a warning when the 95th percentile is 20 % up, critical when it is 50 % up or the errors doubled. As blind to noise as `tiers`. */
export function simple(base: PresetFigures, head: PresetFigures): PresetAnalysis<'warning' | 'critical'> {
  return analyse(base, head, { ...NAMES, p95: 'response_time_p95', errorRate: 'error_rate' }, (name, before, after) => {
    if (name === 'errorRate') return after > before * 2 ? 'critical' : null
    const by = worsening(name, before, after)
    return by > 50 ? 'critical' : by > 20 ? 'warning' : null
  }, ['p95', 'errorRate'])
}

function analyse<S extends string>(
  base: PresetFigures, head: PresetFigures, names: Readonly<Record<Name, string>>, judge: (name: Name, baseline: number, current: number) => S | null, looksAt: readonly Name[],
): PresetAnalysis<S> {
  const isKnown = (name: Name): boolean => [base[name], head[name]].every((value) => Number.isFinite(value) && value >= 0)
  const missing = looksAt.filter((name) => !isKnown(name)).map((name) => names[name])
  const regressions = looksAt.filter(isKnown).flatMap((name): PresetRegression<S>[] => {
    const [baseline, current] = [base[name], head[name]]
    const severity = judge(name, baseline, current)
    if (severity === null) return []
    return [{ metric: names[name], baseline, current, change: current - baseline, changePercent: baseline === 0 ? null : ((current - baseline) / baseline) * 100, severity }]
  })
  return { hasRegression: regressions.length > 0, regressions, summary: summarize(regressions, missing), missing, passed: missing.length === 0 && regressions.every(({ severity }) => severity !== 'critical') }
}

function summarize(regressions: readonly PresetRegression<string>[], missing: readonly string[]): string {
  const told = regressions.map(({ metric, changePercent, severity }) => `${metric} ${changePercent === null ? 'from 0' : `${changePercent > 0 ? '+' : '-'}${showRatio(Math.abs(changePercent) / 100)}`} (${severity})`)
  const found = told.length === 0 ? 'Nothing that was looked at got worse by more than its limit' : `Worse by more than its limit: ${told.join(', ')}`
  return `${found}.${missing.length === 0 ? '' : ` Not known on both sides: ${missing.join(', ')}.`}`
}
