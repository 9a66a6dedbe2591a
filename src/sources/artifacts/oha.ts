import type { Content, JsonArtifact } from './artifact.ts'
import { lacks } from './errors.ts'
import { at, isRecord, numberAt, recordAt } from './json-value.ts'
import { AVG, failures, figure, MAX, MIN, p, RATE, requestRate, sum, times } from './series.ts'

const SECOND = 1_000

/** What `oha --output-format json` (once `-j`) writes: seconds. */
export const oha: JsonArtifact = {
  kind: 'json',
  format: 'oha',
  name: 'oha json',
  mark: 'summary.requestsPerSec and latencyPercentiles',
  recognise: (value) => at(value, 'summary', 'requestsPerSec') !== undefined && isRecord(at(value, 'latencyPercentiles')) && isRecord(at(value, 'statusCodeDistribution')),
  read(value, reading): Content {
    const rate = numberAt(value, 'summary', 'requestsPerSec')
    if (rate === undefined) throw lacks(reading, 'summary.requestsPerSec is no number')
    const statuses = Object.entries(recordAt(value, 'statusCodeDistribution') ?? {}).map(([status, count]) => ({ status: Number(status), count: typeof count === 'number' ? count : 0 }))
    // It gave these up itself when its time was over; they tell nothing of the service.
    const errors = Object.entries(recordAt(value, 'errorDistribution') ?? {}).filter(([what]) => what !== 'aborted due to deadline')
    const lost = errors.reduce((total, [, count]) => total + (typeof count === 'number' ? count : 0), 0)
    const answered = statuses.reduce((total, { count }) => total + count, 0)
    const bad = statuses.filter(({ status }) => status >= 400).reduce((total, { count }) => total + count, 0)
    const percentiles = Object.keys(recordAt(value, 'latencyPercentiles') ?? {}).flatMap((name) => {
      const percent = Number(/^p(\d+(?:\.\d+)?)$/.exec(name)?.[1])
      return percent <= 100 ? [[p(percent), numberAt(value, 'latencyPercentiles', name)] as const] : []
    })
    return {
      surroundings: { tool: 'oha' },
      series: [
        ...times('http.duration', [[AVG, numberAt(value, 'summary', 'average')], [MIN, numberAt(value, 'summary', 'fastest')], [MAX, numberAt(value, 'summary', 'slowest')], ...percentiles], SECOND),
        requestRate([rate]),
        ...sum('http.requests', 'count', answered + lost),
        failures([{ yes: bad + lost, total: answered + lost }]),
        ...sum('data.received', 'bytes', numberAt(value, 'summary', 'totalData')),
        ...(numberAt(value, 'summary', 'sizePerSec') === undefined ? [] : [figure('data.received', 'bytes_per_second', 'neither', 'sampled', RATE, [numberAt(value, 'summary', 'sizePerSec')])]),
        ...times('http.waiting', [[AVG, numberAt(value, 'details', 'firstByte', 'average')]], SECOND),
      ],
      notes: ["oha's own success rate counts any response, also status 500; here a status of 400 or more has failed"],
    }
  },
}
