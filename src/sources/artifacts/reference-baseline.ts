import type { Content, JsonArtifact } from './artifact.ts'
import { lacks } from './errors.ts'
import { at, instantOf, isRecord, numberAt } from './json-value.ts'
import { figure, p, RATE, requestRate, times } from './series.ts'

const TOLERANCES: readonly (readonly [string, string])[] = [['responseTimeRegression', 'response time +'], ['throughputRegression', 'throughput -'], ['errorRateIncrease', 'error rate +']]

/** The documented baseline of MediaNest's performance tests: milliseconds, requests per second, the error rate in percent. */
export const referenceBaseline: JsonArtifact = {
  kind: 'json',
  format: 'reference-baseline',
  name: 'a performance baseline',
  mark: 'timestamp, metrics.responseTime and metrics.throughput',
  recognise: (value) => isRecord(at(value, 'metrics', 'responseTime')) && at(value, 'metrics', 'throughput') !== undefined,
  read(value, reading): Content {
    const [p50, p95, p99] = ['p50', 'p95', 'p99'].map((name) => numberAt(value, 'metrics', 'responseTime', name))
    const throughput = numberAt(value, 'metrics', 'throughput')
    const errorRate = numberAt(value, 'metrics', 'errorRate')
    if (p95 === undefined || throughput === undefined) throw lacks(reading, 'metrics.responseTime.p95 or metrics.throughput is no number')
    const tolerances = TOLERANCES.flatMap(([key, text]) => {
      const number = numberAt(value, 'thresholds', key)
      return number === undefined ? [] : [`${text}${number}${key === 'errorRateIncrease' ? ' points' : '%'}`]
    })
    return {
      takenAt: instantOf(at(value, 'timestamp')),
      series: [
        ...times('http.duration', [[p(50), p50], [p(95), p95], [p(99), p99]], 1),
        requestRate([throughput]),
        ...(errorRate === undefined ? [] : [figure('http.failed', 'ratio', 'lower', 'rate', RATE, [errorRate / 100])]),
      ],
      notes: tolerances.length > 0 ? [`its own tolerances are: ${tolerances.join(', ')}`] : [],
    }
  },
}
