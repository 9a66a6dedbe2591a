import { EventEmitter } from 'node:events'
import type { Sink } from '../../src/host.ts'
import { openScreen, type Screen } from './screen.ts'

export interface FakeTerminal {
  readonly sink: Sink
  readonly screen: Screen
  /** Everything written so far. */
  readonly raw: () => string
  /** Changes the width of the terminal; with `late`, the program is not told yet. */
  readonly resize: (columns: number, late?: 'late') => void
  /** Whether the terminal takes no more for now. */
  readonly block: (blocked: boolean) => void
}

/** A terminal that is looked at instead of shown. */
export function fakeTerminal(columns = 80, rows = 24): FakeTerminal {
  const screen = openScreen(columns, rows)
  const stream = Object.assign(new EventEmitter(), { writableNeedDrain: false })
  let raw = ''
  const sink = {
    write: (text: string) => {
      raw += text
      screen.write(text)
      return Promise.resolve()
    },
    writeNow: (text: string) => {
      raw += text
      screen.write(text)
    },
    isTerminal: true,
    isGone: false, problem: null,
    columns,
    rows,
    // What the views use of a stream: its events and whether it is full.
    stream: stream as unknown as NodeJS.WriteStream,
  }
  return {
    sink,
    screen,
    raw: () => raw,
    resize: (next, late) => {
      screen.resize(next)
      if (late) return
      sink.columns = next
      stream.emit('resize')
    },
    block: (blocked) => {
      stream.writableNeedDrain = blocked
    },
  }
}
