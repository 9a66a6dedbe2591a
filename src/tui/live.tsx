import { render, Transform } from 'ink'
import { useLayoutEffect, type ReactElement } from 'react'
import type { Sink } from '../host.ts'
import { isOfBench, type Progress, type ProgressView } from '../model/progress.ts'
import { plain } from '../model/text.ts'
import { openArea, type Area } from './area.ts'
import { paintBench } from './bench-lines.ts'
import { paintLive } from './live-lines.ts'

export interface LiveViewOptions {
  /** The terminal it is drawn on. */
  readonly sink: Sink
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly color: boolean
  readonly unicode: boolean
}

/** Shortest time from one frame to the next, milliseconds. */
const FRAME_MS = 200

/** Opens the live view of what runs; standard input is left alone, so Ctrl-C stays a signal. */
export async function openLiveView({ sink, now, color, unicode }: LiveViewOptions): Promise<ProgressView> {
  const area = openArea(sink)
  let lines: readonly string[] = []
  const ink = render(<Live area={area} lines={lines} />, {
    stdout: inkScreen(sink, (rows) => area.draw(rows.map((row) => lines[rowOf(row)] ?? row))),
    stdin: NO_INPUT,
    // Every frame arrives whole and by itself, without cursor movements: the area puts it on the terminal.
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: false,
  })

  let latest: Progress | undefined
  let drawnAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let closed: Promise<void> | undefined

  const draw = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (!latest || closed) return
    drawnAt = now()
    // The last column stays free: some terminals wrap as soon as it is written.
    const [width, palette] = [Math.max(1, sink.columns - 1), { color, unicode, height: sink.rows - 1 }]
    lines = isOfBench(latest) ? paintBench(latest, width, palette) : paintLive(latest, width, palette)
    ink.rerender(<Live area={area} lines={lines} />)
  }
  const schedule = (inMs: number): void => {
    timer ??= setTimeout(draw, inMs).unref()
  }
  // Soon, so that little is folded where a window is dragged, but not for every cell it is dragged past.
  let followUp: NodeJS.Timeout | undefined
  const resized = (): void => {
    followUp ??= setTimeout(() => {
      followUp = undefined
      draw()
    }, FRAME_MS / 10).unref()
  }
  sink.stream.on('resize', resized)

  return {
    isDrawn: true,
    show: (progress) => {
      latest = progress
      const waitMs = drawnAt + FRAME_MS - now()
      if (waitMs <= 0) draw()
      else schedule(waitMs)
    },
    note: (text) => area.above(plain(text)),
    close: () => {
      closed ??= (() => {
        clearTimeout(timer)
        clearTimeout(followUp)
        sink.stream.off('resize', resized)
        ink.unmount()
        return area.close()
      })()
      return closed
    },
  }
}

/** The painting's place in Ink's tree; leaving the tree, at the latest when the process ends, gives the terminal back. */
function Live({ area, lines }: { readonly area: Area; readonly lines: readonly string[] }): ReactElement | null {
  useLayoutEffect(() => () => void area.close(), [area])
  if (lines.length === 0) return null
  // Ink remembers every text it has measured for ever, and takes every frame apart cell by cell: milliseconds during which
  // the load generator beside it stands still. So each painted line goes through Ink as one cell, and is put in its place
  // when the frame comes out.
  return <Transform transform={(_, row) => standIn(row)}>{lines.map(() => ' ').join('\n')}</Transform>
}

/** First of the private use characters (Unicode 23.5); the painting itself never passes through Ink. */
const FIRST = 0xe000

function standIn(row: number): string {
  return String.fromCodePoint(FIRST + row)
}

function rowOf(text: string): number {
  return (text.codePointAt(0) ?? 0) - FIRST
}

/** The terminal as Ink is to see it: frames are handed on as rows, and a change of size is seen with the next frame. */
function inkScreen(sink: Sink, draw: (rows: readonly string[]) => void): NodeJS.WriteStream {
  const screen = {
    get columns() {
      return sink.columns
    },
    get rows() {
      return sink.rows
    },
    write: (frame: string) => {
      if (frame.trim() !== '') draw(frame.split('\n'))
      return true
    },
    on: () => screen,
    off: () => screen,
  }
  // Ink touches no more of the stream than this.
  return screen as unknown as NodeJS.WriteStream
}

// Ink reads only where a component asks for keys; ours asks for none, and process.stdin must not be opened for it.
const NO_INPUT = { isTTY: false } as unknown as NodeJS.ReadStream
