import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createInkStreams } from '../../../src/tui/top/ink-streams.ts'
import type { Key } from '../../../src/tui/top/key.ts'
import { openShell, type Shell } from '../../../src/tui/top/shell.tsx'
import { createTyping, type Typing } from '../../../src/tui/top/typing.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))

const open: Shell[] = []
afterEach(() => {
  for (const shell of open.splice(0)) shell.close()
  vi.useRealTimers()
})

/** A keyboard with Ink behind it; what came out of it so far. */
function keyboard(): { typing: Typing; keys: Key[]; names: () => string } {
  const keys: Key[] = []
  const streams = createInkStreams(80, 24)
  const shell = openShell(streams, { key: (key) => void keys.push(key), closed: () => undefined })
  open.push(shell)
  const name = (key: Key): string => `${key.ctrl ? 'ctrl-' : ''}${key.shift && key.name !== 'character' ? 'shift-' : ''}${key.name === 'character' ? key.text : key.name}`
  return { typing: createTyping((sequence) => streams.type(sequence)), keys, names: () => keys.map(name).join(' ') }
}

describe('what is typed', () => {
  test.each([
    ['abc', 'a b c'],
    ['Gé日😀', 'G é 日 😀'],
    ['\x1b[A\x1b[B\x1b[C\x1b[D', 'up down right left'],
    ['\x1bOA\x1bOB', 'up down'],
    ['\x1b[1;2C\x1b[1;2D', 'shift-right shift-left'],
    ['\x1b[c\x1b[d', 'shift-right shift-left'],
    ['\x1b[1;5C', 'ctrl-right'],
    ['\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~\x1bOH\x1bOF', 'home end home end home end home end'],
    ['\x1b[5~\x1b[6~', 'pageUp pageDown'],
    ['\x1b[3~\x7f\b', 'delete backspace backspace'],
    ['\t\x1b[Z', 'tab shift-tab'],
    ['\r\n', 'enter enter'],
    ['\x03\x1a\x0c', 'ctrl-c ctrl-z ctrl-l'],
    ['\x1b[27u', 'escape'],
    // Function keys (the Linux console's too), a pasted text's marks, Alt, answers of the terminal, keys Ink falls over.
    ['\x1b[[Ax\x1bOPx\x1b[15~x\x1b[200~x\x1b[201~x\x1bqx\x1b[?62;4cx\x1b[24;80Rx\x1b[1;5Px\x1b[25;5~x', 'x x x x x x x x x x'],
    ['\x1b\x1b[A', 'up'],
    ['\x1b[<64;10;5M\x1b[<65;1;1M\x1b[<0;3;4M\x1b[<0;3;4m\x1b[<2;3;4M\x1b[<35;3;4M', 'wheelUp wheelDown click'],
    ['\x1b[M !!q', 'q'],
  ])('%j is %s', (text, names) => {
    const { typing, names: seen } = keyboard()
    typing.push(text)
    expect(seen()).toBe(names)
  })

  test('of the mouse says where', () => {
    const { typing, keys } = keyboard()
    typing.push('\x1b[<64;10;5M')
    expect(keys).toEqual([{ name: 'wheelUp', text: '', shift: false, ctrl: false, at: { x: 9, y: 4 } }])
  })

  test('an arrow that comes in three pieces over a slow line is an arrow, and no Escape', () => {
    const { typing, names } = keyboard()
    for (const piece of ['\x1b', '[', '1;2', 'D']) {
      typing.push(piece)
      vi.advanceTimersByTime(25)
    }
    expect(names()).toBe('shift-left')
  })

  test('an ESC alone is Escape after a moment, and what is typed next is no part of it', () => {
    const { typing, names } = keyboard()
    typing.push('\x1b')
    expect(names()).toBe('')
    vi.advanceTimersByTime(29)
    expect(names()).toBe('')
    vi.advanceTimersByTime(1)
    expect(names()).toBe('escape')
    typing.push('q')
    expect(names()).toBe('escape q')
    typing.push('\x1b\x1b')
    vi.advanceTimersByTime(40)
    expect(names()).toBe('escape q escape escape')
  })

  test('a sequence that never ends is forgotten', () => {
    const { typing, names } = keyboard()
    typing.push('\x1b[12')
    vi.advanceTimersByTime(1_000)
    typing.push('x')
    expect(names()).toBe('x')
  })

  test('before Ink is there is kept for it', async () => {
    const streams = createInkStreams(80, 24)
    streams.type('x')
    streams.type('\x1b[A')
    const keys: Key[] = []
    open.push(openShell(streams, { key: (key) => void keys.push(key), closed: () => undefined }))
    await Promise.resolve()
    expect(keys.map(({ name, text }) => `${name} ${text}`)).toEqual(['character x', 'up '])
  })

  test('can be anything at all, in any pieces, without harm', () => {
    const { typing, keys } = keyboard()
    const piece = fc.oneof(fc.string({ unit: 'binary', maxLength: 5 }), fc.stringMatching(/^\x1b[[O]?[0-9;<?$^~A-Za-z]{0,6}$/), fc.constantFrom('\x1b', '\x1b[', '\x1b[1;5', '\x1b\x1b', '\x1bO'))
    fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      for (const each of pieces) typing.push(each)
      vi.advanceTimersByTime(1_000)
      const before = keys.length
      typing.push('z')
      expect(keys.slice(before).map(({ text }) => text)).toEqual(['z'])
      for (const { name, text } of keys.splice(0)) expect(name === 'character' ? [...text].length === 1 && !/\p{Cc}/u.test(text) : text === '').toBe(true)
    }), { numRuns: 300 })
  })
})
