import type { Sink } from '../host.ts'

/** The last lines of a terminal, drawn over again and again. */
export interface Area {
  /** Shows these lines in place of the last ones; skipped while the terminal still takes the last ones. */
  draw(lines: readonly string[]): void
  /** Writes a line above, which stays. */
  above(line: string): void
  /** Clears the lines and shows the cursor again; safe twice, and when nobody reads any more. */
  close(): Promise<void>
}

// DEC private modes: 2026 shows a frame at once (ignored where it is unknown), 25 is the cursor, 7 wraps long lines.
const BEGIN = '\x1b[?2026h'
const END = '\x1b[?2026l'
const HIDE = '\x1b[?25l'
const SHOW = '\x1b[?25h'
const CUT = '\x1b[?7l'
const WRAP = '\x1b[?7h'
const CLEAR_LINE = '\x1b[K'
const CLEAR_BELOW = '\x1b[J'

/**
 * Opens an area at the cursor. Between frames the cursor rests at the area's first cell: everything below it is ours,
 * however a resize has folded the lines, so nothing has to be counted to clear it. (What a terminal has pushed into its
 * scrollback meanwhile is out of anybody's reach.)
 */
export function openArea(sink: Sink): Area {
  let shown: readonly string[] = []
  let closed: Promise<void> | undefined

  const frame = (lines: readonly string[]): string => {
    const up = lines.length > 1 ? `\x1b[${lines.length - 1}A` : ''
    return `${HIDE}${CUT}\r${lines.map((line) => line + CLEAR_LINE).join('\n')}${CLEAR_BELOW}${up}\r${WRAP}`
  }

  return {
    draw: (lines) => {
      // A frame as tall as the terminal would push its own first line out of reach.
      const fitting = lines.slice(0, Math.max(1, sink.rows - 1))
      if (closed || sink.stream.writableNeedDrain || fitting.join('\n') === shown.join('\n')) return
      shown = fitting
      void sink.write(BEGIN + frame(shown) + END)
    },
    above: (line) => {
      if (closed) return
      void sink.write(`${BEGIN}\r${CLEAR_BELOW}${line}\n${shown.length > 0 ? frame(shown) : ''}${END}`)
    },
    close: () => (closed ??= sink.write(shown.length > 0 ? `\r${CLEAR_BELOW}${SHOW}` : '')),
  }
}
