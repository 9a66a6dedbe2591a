import type { Content, LinesArtifact } from './artifact.ts'
import { broken } from './errors.ts'
import { foldedSeries, requestMeaning } from './folded-series.ts'
import { numberAt, textAt } from './json-value.ts'
import { recordsOf } from './records.ts'
import { Slices } from './slices.ts'

const NANOSECOND = 1e-6

/** What `vegeta encode` writes, one request a line: nanoseconds. */
export const vegetaEncode: LinesArtifact = {
  kind: 'lines',
  format: 'vegeta-encode',
  name: 'vegeta encode',
  mark: 'lines with attack, latency and timestamp',
  recognise: (line) => /^\{.*"latency"\s*:/.test(line) && /"timestamp"\s*:\s*"/.test(line) && /"(attack|seq)"\s*:/.test(line),
  async read(batches, reading): Promise<Content> {
    const slices = new Slices(reading.sliceMs)
    const notes: string[] = []
    let start = Number.POSITIVE_INFINITY
    for await (const { value, line } of recordsOf(batches, reading.file, notes)) {
      const [latency, code, sent] = [numberAt(value, 'latency'), numberAt(value, 'code'), Date.parse(textAt(value, 'timestamp') ?? '')]
      if (latency === undefined || latency < 0 || code === undefined || Number.isNaN(sent)) throw broken(reading.file, `line ${line} has no latency, code or timestamp`, { file: reading.file, line, column: 1 })
      const ms = latency * NANOSECOND
      if (sent < start) start = sent
      // They are written in the order in which they end.
      const ended = sent + ms
      slices.take('duration', 'trend', ended, ms)
      slices.take('requests', 'counter', ended, 1)
      // As vegeta counts: success is a status from 200 to 399.
      slices.take('failed', 'rate', ended, code < 200 || code >= 400 ? 1 : 0)
      slices.take('received', 'counter', ended, numberAt(value, 'bytes_in') ?? 0)
    }
    const { series, notes: more } = foldedSeries(slices, reading, requestMeaning)
    return { surroundings: { tool: 'vegeta' }, takenAt: Number.isFinite(start) ? start : null, series, notes: [...notes, ...more] }
  },
}
