import { UserError } from '../../model/error.ts'
import type { Alert } from '../../model/report.ts'
import type { Snapshot, SystemFacts } from '../../model/snapshot.ts'
import { plain } from '../../model/text.ts'
import { cannotRead, newerRecording, notARecording } from './errors.ts'
import { HEADER, NEWS, RECORDING, TICK, type Header } from './format.ts'
import { lastLines, linesOf, type Line } from './lines.ts'
import { TickDecoder } from './tick-decoder.ts'

/** What a recording says, in its order. */
export type Entry =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'facts'; readonly facts: SystemFacts }
  | { readonly kind: 'alert'; readonly alert: Alert & { readonly at: number } }
  /** Something could not be read; the rest goes on unless it is the end that is missing. `file:line: what`. */
  | { readonly kind: 'note'; readonly text: string; readonly isCut: boolean }

export interface Recording {
  readonly header: Header
  /** To be read once; `return` closes the file. */
  readonly entries: AsyncGenerator<Entry, void>
}

/**
 * Reads a recording from its text, holding no more than a line and the state of a tick; with `last`, the last ticks alone (a few more,
 * to begin with one that can be understood). What is damaged is left out with a note. Throws UserError `NOT_A_RECORDING`,
 * `NEWER_RECORDING`, `CANNOT_READ`. All texts in it are untrusted.
 */
export async function readRecording(pieces: AsyncIterable<string>, file: string, last?: number): Promise<Recording> {
  const lines = linesOf(pieces)
  const first = await lines.next().catch((error: NodeJS.ErrnoException) => {
    throw error.code?.startsWith('Z_') ? notARecording(file, 'it is not packed, though its name ends in .gz') : cannotRead(file, error)
  })
  try {
    if (first.done === true) throw notARecording(file, 'it is empty')
    const header = headerOf(first.value, file)
    return { header, entries: entriesOf(last === undefined ? lines : lastLines(lines, last), file) }
  } catch (error) {
    await lines.return(undefined)
    throw error
  }
}

function headerOf({ text }: Line, file: string): Header {
  const value = parsed(text)
  const format = isObject(value) ? value['recording'] : undefined
  if (!isObject(value) || typeof format !== 'number') throw notARecording(file, 'its first line is not the header of one')
  if (format !== RECORDING) throw newerRecording(file, format, String(value['version']))
  const header = HEADER.safeParse(value)
  if (!header.success) throw notARecording(file, `its header is damaged at ${header.error.issues[0]?.path.join('.') ?? 'some place'}`)
  return header.data
}

async function* entriesOf(lines: AsyncGenerator<Line>, file: string): AsyncGenerator<Entry, void> {
  const decoder = new TickDecoder()
  let lostFrom: number | null = null
  const note = (line: number, what: string, isCut = false): Entry => ({ kind: 'note', text: `${plain(file)}:${line}: ${what}`, isCut })
  let number = 1
  try {
    for await (const line of lines) {
      number = line.number
      const entry = entryOf(line, decoder)
      if (entry === 'lost') continue
      if (typeof entry === 'string') {
        if (!line.isWhole) yield note(number, 'the last line is cut off and left out', true)
        else if (lostFrom === null) {
          lostFrom = number
          yield note(number, `${entry}; what follows is left out up to the next full tick`)
        }
        decoder.lose()
        continue
      }
      if (entry.kind === 'snapshot') lostFrom = null
      yield entry
    }
  } catch (error) {
    if (error instanceof UserError) throw error
    yield note(number, `nothing after this line can be read (${error instanceof Error ? plain(error.message) : 'damaged'})`, true)
  }
}

/** What a line says; a text for what is wrong with it, `lost` for a tick that builds on one that was. */
function entryOf({ text }: Line, decoder: TickDecoder): Entry | string {
  const value = parsed(text)
  if (!isObject(value)) return text === null ? 'the line is too long' : 'the line is damaged'
  if ('facts' in value || 'alert' in value) {
    const news = NEWS.safeParse(value)
    if (!news.success) return 'the line is damaged'
    return 'facts' in news.data ? { kind: 'facts', facts: news.data.facts } : { kind: 'alert', alert: news.data.alert }
  }
  const tick = TICK.safeParse(value)
  if (!tick.success) return `the tick is damaged at ${plain(tick.error.issues[0]?.path.join('.') ?? '', 60)}`
  try {
    const snapshot = decoder.decode(tick.data)
    return snapshot ? { kind: 'snapshot', snapshot } : 'lost'
  } catch (error) {
    if (error instanceof RangeError) return `the tick is damaged: ${error.message}`
    throw error
  }
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
