import type { CheckResult } from '../model/health.ts'
import type { MetricName } from '../model/metric.ts'
import type { Samples } from '../model/snapshot.ts'
import type { Verdict } from '../model/verdict.ts'

/** As Nagios' exit codes count, which is what those who read them know. */
const STATES: Readonly<Record<Verdict, number>> = { ok: 0, warn: 1, fail: 2, unknown: 3 }

/** What checks found as samples: `verdict` of all together, `score` from 0 to 100, null or NaN where there is none, `at` milliseconds since 1970. */
export function healthSamples(results: readonly CheckResult[], { verdict: overall, score, at }: { readonly verdict: Verdict; readonly score: number | null; readonly at: number }): Samples {
  const each = (pick: (result: CheckResult) => number | undefined): [string, number][] =>
    results.flatMap((result) => {
      const value = pick(result)
      return value === undefined ? [] : [[result.name, value]]
    })
  const series: readonly (readonly [MetricName, readonly (readonly [string, number])[]])[] = [
    ['health.status', [['', STATES[overall]]]],
    ['health.score', score === null || Number.isNaN(score) ? [] : [['', score / 100]]],
    ['health.check.status', each(({ verdict }) => STATES[verdict])],
    ['health.check.counted', each(({ excuse }) => (excuse === undefined ? 1 : 0))],
    ['health.check.duration', each(({ attempts, durationMs }) => (attempts === 0 ? undefined : durationMs))],
    ['health.check.response', each(({ outcome }) => outcome.responseTimeMs)],
    // A run that looked at nothing, as one that found another under way, must not look like one that did.
    ['health.last_run', results.length === 0 ? [] : [['', at]]],
  ]
  return new Map(series.filter(([, values]) => values.length > 0).map(([metric, values]) => [metric, new Map(values)]))
}
