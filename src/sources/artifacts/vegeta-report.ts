import type { Content, JsonArtifact } from './artifact.ts'
import { lacks } from './errors.ts'
import { at, instantOf, isRecord, listAt, numberAt } from './json-value.ts'
import { AVG, failures, figure, MAX, MIN, p, RATE, requestRate, sum, times } from './series.ts'

const NANOSECOND = 1e-6

/** What `vegeta report -type=json` writes: nanoseconds, success as a share of 0 to 1. */
export const vegetaReport: JsonArtifact = {
  kind: 'json',
  format: 'vegeta-report',
  name: 'vegeta report -type=json',
  mark: 'latencies, success and bytes_in',
  recognise: (value) => isRecord(at(value, 'latencies')) && at(value, 'success') !== undefined && at(value, 'bytes_in') !== undefined,
  read(value, reading): Content {
    const [requests, success, rate, throughput] = ['requests', 'success', 'rate', 'throughput'].map((name) => numberAt(value, name))
    if (requests === undefined || success === undefined || rate === undefined) throw lacks(reading, 'requests, success or rate is no number')
    if (requests > 0 && numberAt(value, 'latencies', '50th') === undefined) throw lacks(reading, 'latencies.50th is no number')
    const latency = (name: string): number | undefined => (requests > 0 ? numberAt(value, 'latencies', name) : Number.NaN)
    const lost = listAt(value, 'errors')?.length ?? 0
    return {
      surroundings: { tool: 'vegeta' },
      takenAt: instantOf(at(value, 'earliest')),
      series: [
        ...times('http.duration', [[AVG, latency('mean')], [MIN, latency('min')], [MAX, latency('max')], [p(50), latency('50th')], [p(90), latency('90th')], [p(95), latency('95th')], [p(99), latency('99th')]], NANOSECOND),
        requestRate([rate]),
        ...sum('http.requests', 'count', requests),
        ...(throughput === undefined ? [] : [figure('vegeta.throughput', 'per_second', 'higher', 'sampled', RATE, [throughput])]),
        failures([{ yes: Math.round((1 - success) * requests), total: requests }]),
        ...sum('data.received', 'bytes', numberAt(value, 'bytes_in', 'total')),
        ...sum('data.sent', 'bytes', numberAt(value, 'bytes_out', 'total')),
      ],
      notes: lost > 0 ? [`vegeta tells ${lost} kinds of errors; what was not answered counts among its times`] : [],
    }
  },
}
