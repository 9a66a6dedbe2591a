import type { LineBatch } from './artifact.ts'
import { broken } from './errors.ts'
import { isRecord, type Entries } from './json-value.ts'
import { plain } from '../../model/text.ts'

/** The JSON records of a file of one a line. A last line that is cut off is left out and noted; any other that is none throws UserError `BROKEN_ARTIFACT`. */
export async function* recordsOf(batches: AsyncIterable<LineBatch>, file: string, notes: string[]): AsyncGenerator<{ readonly value: Entries; readonly line: number }> {
  for await (const { first, lines, cut } of batches) {
    for (const [index, text] of lines.entries()) {
      if (text.trim() === '') continue
      const line = first + index
      const value = parsed(text)
      if (isRecord(value)) {
        yield { value, line }
        continue
      }
      if (!cut) throw broken(file, `line ${line} is no JSON record: "${plain(text, 60)}"`, { file, line, column: 1 }, 'correct or remove that line')
      notes.push(`line ${line}, the last one, is cut off and left out: the tool was ended while it wrote, the run may not be whole`)
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
