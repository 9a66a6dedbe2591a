import type { MeasuredSeries } from '../../model/measurements.ts'
import { numberAt, recordAt } from './json-value.ts'
import { AVG, figure, MAX, MIN, p, RATE, times } from './series.ts'

const STATISTICS = [['mean', AVG], ['min', MIN], ['max', MAX], ['median', p(50)], ['p50', p(50)], ['p75', p(75)], ['p99', p(99)], ['p995', p(99.5)], ['p999', p(99.9)]] as const

/** The figures of one task of tinybench, which is also under vitest's `bench`: milliseconds and operations per second, alone or in `latency` and `throughput` (since 3.0). */
export function benchFigures(result: unknown, of: string): MeasuredSeries[] {
  const latency = recordAt(result, 'latency') ?? result
  const perSecond = numberAt(result, 'throughput', 'mean') ?? numberAt(result, 'hz')
  const seen = new Map(STATISTICS.map(([name, statistic]) => [statistic.kind === 'p' ? `p${statistic.percent}` : statistic.kind, [statistic, numberAt(latency, name) ?? (name === 'p50' ? numberAt(latency, 'median') : undefined)] as const]))
  return [
    ...times('time', [...seen.values()], 1, { of }),
    ...(perSecond === undefined ? [] : [figure('operations', 'per_second', 'higher', 'sampled', RATE, [perSecond], { of })]),
  ]
}

/** A task that failed: its figure is there, and is none. */
export function noFigure(of: string): MeasuredSeries[] {
  return [figure('time', 'ms', 'lower', 'sampled', AVG, [undefined], { of })]
}
