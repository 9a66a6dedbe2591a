import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CellGrid } from '../../../src/tui/top/cell-grid.ts'
import { createCellScreen, type CellScreen } from '../../../src/tui/top/cell-screen.ts'
import { CHARACTER, characterOf } from '../../../src/tui/top/character.ts'
import { createPalette } from '../../../src/tui/top/palette.ts'
import { TONES, type Tone } from '../../../src/tui/top/tone.ts'
import { openEmulator, type Emulator } from './emulator.ts'

const palette = createPalette('8')
const widthOf = (character: string): number => characterOf(character.codePointAt(0) ?? 0) & CHARACTER.cells
const open = (width: number, height: number): { screen: CellScreen; terminal: Emulator } => ({ screen: createCellScreen(width, height, { palette, unicode: true }), terminal: openEmulator(width, height, widthOf) })

/** What the grid says each row must show: characters and looks, the last cell of the last row excepted. */
function wanted(screen: CellScreen): { cells: string[]; looks: string[] }[] {
  // The test looks behind the surface.
  const { width, height, codes, styles } = screen.surface as CellGrid
  return Array.from({ length: height }, (_, y) => {
    const row = Array.from({ length: width }, (_, x) => y * width + x)
    const cells = row.map((at) => (codes[at] === 0 ? '' : String.fromCodePoint(codes[at] ?? 0)))
    const looks = row.map((at) => palette.styles[styles[at] ?? 0]?.sgr ?? '')
    if (y === height - 1) {
      if (cells[width - 1] === '') cells[width - 2] = ' '
      cells[width - 1] = ' '
      looks[width - 1] = ''
    }
    return { cells, looks: looks.map((look, x) => (cells[x] === ' ' && !look.includes('7') ? '' : look)) }
  })
}

function shown(terminal: Emulator, height: number): { cells: string[]; looks: string[] }[] {
  return Array.from({ length: height }, (_, y) => {
    const cells = [...terminal.cells(y)]
    return { cells, looks: terminal.looks(y).map((look, x) => (cells[x] === ' ' && !look.includes('7') ? '' : look)) }
  })
}

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.array(fc.constantFrom('日', 'é', 'e\u0301', '🚀', '👨‍👩‍👧', '🇩🇪', '█', '▁', '⚠', ' ', 'a', 'b', '\x1b[2J', '\ud800', '\u202e', '❤️', '👍🏽'), { maxLength: 10 }).map((parts) => parts.join('')),
)
const tone = fc.constantFrom<Tone>(...TONES)
const small = fc.integer({ min: -3, max: 14 })
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), x: small, y: small, text, tone }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('right' as const), x: small, y: small, text, tone }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('part' as const), x: small, y: small, text, tone }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fill' as const), x: small, y: small, text: fc.constantFrom('x', ' ', '─', '日', '\x07'), tone }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'frame' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'clear' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'invalidate' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('resize' as const), x: fc.integer({ min: 1, max: 14 }), y: fc.integer({ min: 1, max: 6 }) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

function perform(each: Step, screen: CellScreen, terminals: readonly Emulator[]): void {
  const { surface } = screen
  if (each.kind === 'put') surface.put(each.x, each.y, each.text, each.tone)
  else if (each.kind === 'right') surface.putRight(each.x, each.y, each.text, each.tone)
  else if (each.kind === 'part') surface.part({ x: each.x, y: each.y, width: 5, height: 2 }).put(-1, 1, each.text, each.tone)
  else if (each.kind === 'fill') surface.fill(each.x, each.y, 4, 2, each.text, each.tone)
  else if (each.kind === 'clear') screen.clear()
  else if (each.kind === 'invalidate') {
    for (const terminal of terminals) terminal.write('\x1b[2;2Hgarbage'.slice(0, 8))
    screen.invalidate()
  } else if (each.kind === 'resize') {
    screen.resize(each.x, each.y)
    for (const terminal of terminals) terminal.resize(each.x, each.y)
  } else {
    const frame = screen.frame()
    for (const terminal of terminals) terminal.write(frame)
  }
}

describe('what the terminal shows', () => {
  test('is the picture, after any paints, frames and changes of size', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { screen, terminal } = open(12, 4)
      for (const each of steps) perform(each, screen, [terminal])
      terminal.write(screen.frame())
      expect(shown(terminal, screen.surface.height)).toEqual(wanted(screen))
      expect(screen.frame()).toBe('')
    }), { numRuns: 400 })
  })

  test('is right in every cell beside the doubtful ones, though the terminal has another opinion of their width', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const screen = createCellScreen(12, 4, { palette, unicode: true })
      const isDoubtful = (character: string): boolean => character === '' || (characterOf(character.codePointAt(0) ?? 0) & CHARACTER.doubtful) !== 0
      // The other way round: what is wide takes one cell, what is narrow and doubtful takes two.
      const terminal = openEmulator(12, 4, (character) => (isDoubtful(character) ? 3 - widthOf(character) : 1))
      for (const each of steps) perform(each, screen, [terminal])
      terminal.write(screen.frame())
      for (const [y, row] of wanted(screen).entries()) {
        const cells = terminal.cells(y)
        for (const [x, character] of row.cells.entries()) {
          if (!isDoubtful(character)) expect(`${x},${y} ${cells[x]}`).toBe(`${x},${y} ${character}`)
        }
      }
    }), { numRuns: 300 })
  })

  test('never holds a control character, whatever was painted', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (hostile) => {
      const { screen } = open(30, 2)
      screen.surface.put(0, 0, hostile, 'fail')
      const without = screen.frame().replace(/\x1b\[[?\d;]*[A-Za-z]|\r\n/g, '')
      expect(without).not.toMatch(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\p{Cs}]/u)
    }), { numRuns: 300 })
  })
})

describe('a text', () => {
  const row = (given: string, width = 20, unicode = true): string => {
    const screen = createCellScreen(width, 1, { palette, unicode })
    screen.surface.put(0, 0, given)
    const terminal = openEmulator(width, 1, widthOf)
    terminal.write(screen.frame())
    return terminal.text
  }

  test.each([
    ['a\x1b[31mb\tc', 'a�[31mb�c', 'controls are made visible'],
    ['ab\u202ecd', 'ab�cd', 'nothing turns the direction around'],
    ['x\ud800y', 'x�y', 'half a surrogate pair'],
    ['cafe\u0301!', 'café!', 'a mark joins its letter'],
    ['q\u0301!', 'q!', 'a mark that cannot is dropped'],
    ['👨‍👩‍👧x', '👨x', 'a family is its first member'],
    ['👍🏽x', '👍x', 'skin is not told'],
    ['🇩🇪🇫🇷x', '🇩🇫x', 'flags are their first letters'],
    ['❤️‍🔥x', '❤x', 'joined emoji are the first'],
    ['\u1112\u1161\u11ab', '한', 'parts of a syllable are joined'],
  ])('%j is shown as %s: %s', (given, want) => expect(row(given)).toBe(want))

  test('that does not fit is cut, and no wide character in half', () => {
    expect(row('日本語', 6)).toBe('日本')
    expect(row('日本語', 5)).toBe('日本')
    const { screen } = open(10, 2)
    screen.surface.putRight(6, 0, 'abcdefghij')
    expect(wanted(screen)[0]?.cells.join('')).toBe('abcde…    ')
    expect(screen.surface.put(8, 0, 'long text')).toBe(10)
    expect(screen.surface.put(2, 0, '日本')).toBe(6)
  })

  test('has only ASCII where there is no Unicode', () => expect(row('日█é!', 20, false)).toBe('???!'))

  test('of a thousand marks costs no time worth speaking of and no cell', () => expect(row(`${'\u0301'.repeat(20_000)}a`)).toBe('a'))
})

describe('a frame', () => {
  test('is one synchronized write, and nothing at all when nothing changed', () => {
    const { screen } = open(40, 5)
    screen.surface.put(3, 2, 'hello', 'ok')
    expect(screen.frame()).toMatch(/^\x1b\[\?2026h[^]*\x1b\[\?2026l$/)
    expect(screen.frame()).toBe('')
    screen.clear()
    screen.surface.put(3, 2, 'hello', 'ok')
    expect(screen.frame()).toBe('')
  })

  test('sends what changed and little more', () => {
    const { screen } = open(80, 5)
    screen.surface.fill(0, 0, 80, 5, '─', 'border')
    screen.frame()
    screen.surface.put(10, 2, '42', 'border')
    expect(screen.frame()).toBe('\x1b[?2026h\x1b[m\x1b[3;11H\x1b[2m42\x1b[?2026l')
    screen.surface.put(10, 2, '     ')
    screen.surface.fill(0, 3, 80, 1, ' ')
    expect(screen.frame()).toBe('\x1b[?2026h\x1b[m\x1b[3;11H     \r\n\x1b[K\x1b[?2026l')
  })

  test('erases the rest of a line in no colour of what stands before it', () => {
    const { screen, terminal } = open(20, 2)
    screen.surface.fill(0, 0, 20, 1, 'x')
    terminal.write(screen.frame())
    screen.clear()
    screen.surface.put(0, 0, 'ab', 'selected')
    terminal.write(screen.frame())
    expect(shown(terminal, 2)).toEqual(wanted(screen))
  })

  test('leaves the last cell of the last row alone', () => {
    const { screen, terminal } = open(4, 2)
    screen.surface.fill(0, 0, 4, 2, 'x')
    terminal.write(screen.frame())
    expect(terminal.text).toBe('xxxx\nxxx')
  })
})
