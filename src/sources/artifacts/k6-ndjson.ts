import type { Content, LinesArtifact } from './artifact.ts'
import { broken } from './errors.ts'
import { foldedSeries } from './folded-series.ts'
import { numberAt, recordAt, textAt } from './json-value.ts'
import { betterOf, unitOf, type K6Metric } from './k6-names.ts'
import { recordsOf } from './records.ts'
import { Slices, type Fold } from './slices.ts'

const FOLDS: ReadonlyMap<string, Fold> = new Map([['trend', 'trend'], ['counter', 'counter'], ['rate', 'rate']])
/** What k6 measures by itself, for files whose declarations come late. */
const OWN: ReadonlyMap<string, K6Metric> = new Map<string, K6Metric>([
  ...['http_req_duration', 'http_req_blocked', 'http_req_connecting', 'http_req_tls_handshaking', 'http_req_sending', 'http_req_waiting', 'http_req_receiving', 'iteration_duration', 'group_duration'].map((name) => [name, { type: 'trend', contains: 'time' }] as const),
  ...['http_reqs', 'iterations', 'dropped_iterations'].map((name) => [name, { type: 'counter', contains: 'default' }] as const),
  ...['data_received', 'data_sent'].map((name) => [name, { type: 'counter', contains: 'data' }] as const),
  ...['http_req_failed', 'checks'].map((name) => [name, { type: 'rate', contains: 'default' }] as const),
])

/** What `k6 run --out json=FILE` writes, one record a line: read as it comes, told in slices of time. */
export const k6Ndjson: LinesArtifact = {
  kind: 'lines',
  format: 'k6-ndjson',
  name: 'k6 --out json',
  mark: 'lines of type Metric or Point',
  recognise: (line) => /^\{.*"type"\s*:\s*"(Metric|Point)"/.test(line) && /"metric"\s*:\s*"/.test(line),
  async read(batches, reading): Promise<Content> {
    const metrics = new Map(OWN)
    const slices = new Slices(reading.sliceMs)
    const notes: string[] = []
    for await (const { value, line } of recordsOf(batches, reading.file, notes)) {
      const where = { file: reading.file, line, column: 1 }
      const metric = textAt(value, 'metric')
      const data = recordAt(value, 'data')
      const type = textAt(value, 'type')
      if (metric === undefined || !data) throw broken(reading.file, `line ${line} has no metric or no data`, where)
      if (type === 'Metric') {
        const kind = textAt(data, 'type')
        if (kind === 'trend' || kind === 'counter' || kind === 'rate' || kind === 'gauge') metrics.set(metric, { type: kind, contains: textAt(data, 'contains') ?? 'default' })
        continue
      }
      if (type !== 'Point') throw broken(reading.file, `line ${line} is neither a Metric nor a Point`, where)
      const fold = FOLDS.get(metrics.get(metric)?.type ?? '')
      if (!fold) continue
      const instant = Date.parse(textAt(data, 'time') ?? '')
      const taken = numberAt(data, 'value')
      if (Number.isNaN(instant) || taken === undefined || taken < 0) throw broken(reading.file, `line ${line} has no time or no value`, where)
      slices.take(metric, fold, instant, taken)
    }
    const { series, notes: more } = foldedSeries(slices, reading, (metric) => {
      const unit = unitOf(metric, metrics.get(metric) ?? { contains: 'default' })
      return { metric, unit, better: betterOf(metric, unit) }
    })
    return { surroundings: { tool: 'k6' }, takenAt: slices.span.start, series, notes: [...notes, ...more] }
  },
}
