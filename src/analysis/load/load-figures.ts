import { ruleName } from '../judge.ts'
import { metricNamed, METRICS } from '../../model/metric.ts'
import type { Figure } from '../../model/figure.ts'
import type { Finding } from '../../model/finding.ts'
import { seriesKey } from '../../model/measurements.ts'
import type { Run, RunTimes } from '../../model/run.ts'
import type { Statistic, ThresholdRule } from '../../model/threshold.ts'
import type { Unit } from '../../model/unit.ts'
import { VERDICTS, type Verdict } from '../../model/verdict.ts'

const WORDS: Readonly<Record<Verdict, string>> = { ok: 'holds', warn: 'crossed', unknown: 'not measured', fail: 'crossed' }
const PERCENTS: readonly (readonly [percent: number, key: keyof RunTimes])[] = [[50, 'p50'], [95, 'p95'], [99, 'p99']]

/** The figures of a load test: what thresholds judged, then the usual ones of all requests, then those of each endpoint; named as `compare` names them. */
export function loadFigures(run: Run, rules: readonly ThresholdRule[], thresholds: readonly Finding[]): Figure[] {
  const figures = new Map<string, Figure>()
  for (const figure of [...judged(rules, thresholds), ...usual(run)]) {
    const other = figures.get(figure.name)
    // Of several limits of one figure the one that is worst off is told.
    if (!other || VERDICTS.indexOf(figure.verdict) > VERDICTS.indexOf(other.verdict)) figures.set(figure.name, figure)
  }
  return [...figures.values()]
}

function judged(rules: readonly ThresholdRule[], thresholds: readonly Finding[]): Figure[] {
  return thresholds.flatMap((finding, nth) => {
    const rule = rules[nth]
    if (!rule) return []
    const { metric, tags, threshold: { statistic, operator } } = rule
    const catalogued = metricNamed(metric) ?? metric
    const name = seriesKey({ metric: ruleName({ metric: catalogued, tags }), statistic: sameAs(statistic), of: '' })
    return [{
      name, section: 'thresholds', unit: finding.unit ?? 'count', better: operator.startsWith('<') ? 'lower' : operator.startsWith('>') ? 'higher' : 'neither',
      value: finding.observed ?? null, limit: finding.limit ?? null, verdict: finding.verdict, word: WORDS[finding.verdict], decides: true, finding: finding.id,
    } satisfies Figure]
  })
}

/** The median has two names in thresholds. */
function sameAs(statistic: Statistic): Statistic {
  return statistic.kind === 'med' ? { kind: 'p', percent: 50 } : statistic
}

function usual({ summary, endpoints, arrivals }: Run): Figure[] {
  const failed = (requests: number, failures: number): number | null => (requests === 0 ? null : failures / requests)
  return [
    ...times(summary, ''),
    figure('http.requests', { kind: 'rate' }, 'higher', summary.requestRate, '', 'per_second'),
    figure('http.failed', { kind: 'rate' }, 'lower', failed(summary.totalRequests, summary.failedRequests)),
    figure('iterations.dropped', { kind: 'count' }, 'lower', arrivals.dropped),
    ...endpoints.flatMap(({ name, requests, failedRequests, ...endpoint }) => [
      ...times(endpoint, name),
      figure('http.failed', { kind: 'rate' }, 'lower', failed(requests, failedRequests), name),
    ]),
  ]
}

function times(values: RunTimes, of: string): Figure[] {
  return PERCENTS.map(([percent, key]) => figure('http.duration', { kind: 'p', percent }, 'lower', values[key], of))
}

function figure(metric: keyof typeof METRICS, statistic: Statistic, better: Figure['better'], value: number | null, of = '', unit: Unit = METRICS[metric].unit): Figure {
  return { name: seriesKey({ metric, statistic, of }), section: of === '' ? '' : 'endpoints', unit, better, value, verdict: 'ok', word: value === null ? 'not measured' : 'measured', decides: false }
}
