import { FACTS_START, FULL_START, MOST } from './format.ts'

export interface Line {
  /** Null for a line that is longer than any of ours. */
  readonly text: string | null
  /** From 1. */
  readonly number: number
  /** The last one may have no end, because the recorder was killed. */
  readonly isWhole: boolean
}

/** Text that comes in pieces, line by line; empty lines are left out. Holds one line at a time, and none that is too long. */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<Line> {
  let number = 1
  let parts: string[] = []
  let length = 0
  const take = (isWhole: boolean): Line => {
    const line = { text: length > MOST.line ? null : parts.join('').trim(), number: number++, isWhole }
    parts = []
    length = 0
    return line
  }
  const add = (part: string): void => {
    length += part.length
    if (length <= MOST.line) parts.push(part)
    else parts = []
  }
  for await (const piece of pieces) {
    let start = 0
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', start)) {
      add(piece.slice(start, end))
      start = end + 1
      const line = take(true)
      if (line.text !== '') yield line
    }
    if (start < piece.length) add(piece.slice(start))
  }
  const rest = take(false)
  if (rest.text !== '') yield rest
}

/** Text that is held while the end is looked for. */
const MOST_HELD = 64_000_000

interface Block {
  readonly lines: Line[]
  length: number
}

/** At least the last `count` lines, beginning with a full one, and the last facts before it: what a reader that wants only the end needs to understand. */
export async function* lastLines(lines: AsyncIterable<Line>, count: number): AsyncGenerator<Line> {
  const blocks: Block[] = []
  let facts: Line | null = null
  let held = { lines: 0, length: 0 }
  for await (const line of lines) {
    const last = blocks.at(-1)
    const block = last && !line.text?.startsWith(FULL_START) ? last : { lines: [], length: 0 }
    if (block !== last) blocks.push(block)
    block.lines.push(line)
    block.length += line.text?.length ?? 0
    held = { lines: held.lines + 1, length: held.length + (line.text?.length ?? 0) }
    for (let [oldest] = blocks; oldest && (held.lines - oldest.lines.length >= count || held.length > MOST_HELD); [oldest] = blocks) {
      facts = oldest.lines.findLast(({ text }) => text?.startsWith(FACTS_START)) ?? facts
      held = { lines: held.lines - oldest.lines.length, length: held.length - oldest.length }
      blocks.shift()
    }
  }
  if (facts) yield facts
  for (const block of blocks) yield* block.lines
}
