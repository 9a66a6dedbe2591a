import type { Content, LineBatch, LinesArtifact, Reading } from './artifact.ts'
import { broken } from './errors.ts'
import { plain } from '../../model/text.ts'
import { foldedSeries, requestMeaning } from './folded-series.ts'
import { Slices } from './slices.ts'

const HEADER = 'response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset'
const ROW = /^(\d+\.\d{4}),(?:-?\d+\.\d{4},){5}(\d{3}),(\d+\.\d{4})\s*$/
const SECOND = 1_000

/** What `hey -o csv` writes, one request a line: seconds, to a tenth of a millisecond. */
export const heyCsv: LinesArtifact = {
  kind: 'lines',
  format: 'hey-csv',
  name: 'hey -o csv',
  mark: 'response-time,DNS+dialup,...',
  recognise: (line) => line === HEADER,
  async read(batches, reading): Promise<Content> {
    const slices = new Slices(reading.sliceMs)
    const cut = await takeRows(batches, reading, slices)
    const { series, notes } = foldedSeries(slices, reading, requestMeaning)
    return {
      surroundings: { tool: 'hey' },
      series: series.map((each) => (each.unit === 'ms' ? { ...each, resolution: 0.1 } : each)),
      notes: [...cut, 'hey leaves requests without a response out of this file, so the failed ones here are those with a status of 400 or more', ...notes],
    }
  },
}

async function takeRows(batches: AsyncIterable<LineBatch>, { file }: Reading, slices: Slices): Promise<string[]> {
  const notes: string[] = []
  for await (const { first, lines, cut } of batches) {
    for (const [index, text] of lines.entries()) {
      const line = first + index
      if (text.trim() === '' || text.trim() === HEADER) continue
      const row = ROW.exec(text)
      if (!row) {
        if (!cut) throw broken(file, `line ${line} is no row of hey's: "${plain(text, 60)}"`, { file, line, column: 1 }, 'correct or remove that line')
        notes.push(`line ${line}, the last one, is cut off and left out: the run may not be whole`)
        continue
      }
      const ms = Number(row[1]) * SECOND
      const ended = Number(row[3]) * SECOND + ms
      slices.take('duration', 'trend', ended, ms)
      slices.take('requests', 'counter', ended, 1)
      slices.take('failed', 'rate', ended, Number(row[2]) >= 400 ? 1 : 0)
    }
  }
  return notes
}
