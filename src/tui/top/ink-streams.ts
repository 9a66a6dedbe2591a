/** What Ink is given in place of the terminal's streams: keys go in one by one, frames come out as text. */
export interface InkStreams {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  /** Hands one key to Ink; kept until Ink reads. */
  type(sequence: string): void
  /** The sequence of the key that Ink handles now. */
  readonly typed: string
  /** The last frame, a line each. */
  readonly lines: readonly string[]
  /** Width that Ink lays its frame out for. */
  resize(columns: number, rows: number): void
}

/** Opens the streams; nothing that Ink writes of its own accord (cursor, modes) gets to the terminal. */
export function createInkStreams(columns: number, rows: number): InkStreams {
  const waiting: string[] = []
  const readers = new Set<() => void>()
  let typed = ''
  let lines: readonly string[] = []
  const stdin = {
    isTTY: true,
    // The terminal itself is in raw mode already and stays in it.
    setRawMode: () => stdin,
    setEncoding: () => stdin,
    ref: () => stdin,
    unref: () => stdin,
    read: (): string | null => {
      const next = waiting.shift()
      if (next !== undefined) typed = next
      return next ?? null
    },
    addListener: (event: string, listener: () => void) => {
      if (event === 'readable') readers.add(listener)
      if (waiting.length > 0) queueMicrotask(() => readers.forEach((reader) => reader()))
      return stdin
    },
    removeListener: (_event: string, listener: () => void) => {
      readers.delete(listener)
      return stdin
    },
  }
  const stdout = {
    columns,
    rows,
    write: (frame: string) => {
      if (!CURSOR.test(frame)) lines = frame === '' ? [] : frame.split('\n')
      return true
    },
    on: () => stdout,
    off: () => stdout,
  }
  return {
    // Ink touches no more of the two than this.
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    type: (sequence) => {
      waiting.push(sequence)
      for (const reader of readers) reader()
    },
    get typed() {
      return typed
    },
    get lines() {
      return lines
    },
    resize: (wide, high) => {
      stdout.columns = wide
      stdout.rows = high
    },
  }
}

/** What is no frame but a wish of Ink's to show the cursor. */
const CURSOR = /^\x1b\[\?/
