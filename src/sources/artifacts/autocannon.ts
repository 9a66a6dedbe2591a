import type { Content, JsonArtifact } from './artifact.ts'
import { lacks } from './errors.ts'
import { at, instantOf, isRecord, numberAt, textAt, type Entries } from './json-value.ts'
import { AVG, MAX, MIN, failures, figure, p, RATE, requestRate, sum, times } from './series.ts'

const PERCENTILES: readonly (readonly [string, number])[] = [['p10', 10], ['p25', 25], ['p50', 50], ['p75', 75], ['p90', 90], ['p97_5', 97.5], ['p99', 99], ['p99_9', 99.9], ['p99_99', 99.99]]
const CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const

/** What `autocannon -j` writes: whole milliseconds, no p95. */
export const autocannon: JsonArtifact = {
  kind: 'json',
  format: 'autocannon',
  name: 'autocannon -j',
  mark: 'latency.p97_5, requests and 2xx',
  recognise: (value) => isRecord(value) && at(value, 'latency', 'p97_5') !== undefined && isRecord(at(value, 'requests')) && at(value, '2xx') !== undefined,
  read(value, reading): Content {
    const count = (name: string): number => numberAt(value, name) ?? 0
    const latency = (name: string): number | undefined => numberAt(value, 'latency', name)
    const rate = numberAt(value, 'requests', 'average')
    const responses = CLASSES.reduce((total, name) => total + count(name), 0)
    // Time-outs are among the errors.
    const errors = count('errors')
    if (rate === undefined || latency('p50') === undefined) throw lacks(reading, 'requests.average or latency.p50 is no number')
    const answered = responses > 0
    return {
      surroundings: { tool: 'autocannon', plan: planOf(value as Entries) }, // a record, as recognised
      takenAt: instantOf(at(value, 'start')),
      series: [
        ...(answered
          ? [
              ...times('http.duration', [[AVG, latency('average')], [MIN, latency('min')], [MAX, latency('max')]], 1, { resolution: 1 }),
              ...times('http.duration', PERCENTILES.map(([name, percent]) => [p(percent), latency(name)] as const), 1, { resolution: 1 }),
            ]
          : []),
        requestRate([rate]),
        ...sum('http.requests', 'count', numberAt(value, 'requests', 'total')),
        failures([{ yes: count('4xx') + count('5xx') + errors, total: responses + errors }]),
        figure('data.received', 'bytes_per_second', 'neither', 'sampled', RATE, [numberAt(value, 'throughput', 'average')]),
        ...sum('data.received', 'bytes', numberAt(value, 'throughput', 'total')),
      ],
      notes: notesOf(value, answered),
    }
  },
}

/** What was asked for as far as the file tells; the duration is measured, so it is none of it. */
function planOf(value: Entries): string {
  return [`${numberAt(value, 'connections') ?? '?'} connections`, `pipelining ${numberAt(value, 'pipelining') ?? '?'}`, `${numberAt(value, 'workers') ?? 0} workers`].join(', ')
}

function notesOf(value: unknown, answered: boolean): string[] {
  const mismatches = numberAt(value, 'mismatches') ?? 0
  const corrected = (numberAt(value, 'latency', 'totalCount') ?? 0) > (numberAt(value, 'requests', 'total') ?? 0)
  return [
    'autocannon has no p95 (p90 and p97.5 are nearest) and tells times in whole milliseconds',
    ...(answered ? [] : [`nothing answered${textAt(value, 'url') === undefined ? '' : ` at ${textAt(value, 'url') ?? ''}`}, so there are no times`]),
    ...(corrected ? ['autocannon was given a rate and has filled in times that were never measured; its correction is wrong by a factor of 1000, so do not trust its times'] : []),
    ...(mismatches > 0 ? [`${mismatches} responses did not have the body that was expected; they do not count as failed`] : []),
  ]
}
