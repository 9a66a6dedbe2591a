import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openArea } from '../../src/tui/area.ts'
import { fakeTerminal } from './sink.ts'

test('a frame takes the place of the last one, also when it is shorter', () => {
  const { sink, screen } = fakeTerminal()
  const area = openArea(sink)
  screen.write('$ command\n')
  area.draw(['one', 'two', 'three'])
  area.draw(['ONE', 'TWO'])
  expect(screen.text).toBe('$ command\nONE\nTWO')
})

test('a line written above stays above the frames that follow', () => {
  const { sink, screen } = fakeTerminal()
  const area = openArea(sink)
  area.draw(['one', 'two'])
  area.above('a note')
  area.draw(['1', '2'])
  expect(screen.text).toBe('a note\n1\n2')
})

test('closing leaves nothing of the frames and shows the cursor again', async () => {
  const { sink, screen } = fakeTerminal()
  const area = openArea(sink)
  area.above('a note')
  area.draw(['one', 'two'])
  expect(screen.cursorVisible).toBe(false)
  await area.close()
  await area.close()
  area.draw(['too late'])
  area.above('too late')
  expect(screen.text).toBe('a note')
  expect(screen.cursorVisible).toBe(true)
})

test('an area in which nothing was drawn writes nothing when it is closed', async () => {
  const { sink, raw } = fakeTerminal()
  await openArea(sink).close()
  expect(raw()).toBe('')
})

test('the same frame again is not written again', () => {
  const { sink, raw } = fakeTerminal()
  const area = openArea(sink)
  area.draw(['one', 'two'])
  const before = raw()
  area.draw(['one', 'two'])
  expect(raw()).toBe(before)
})

test('frames are dropped while the terminal takes no more, and the next one after that is whole', () => {
  const { sink, screen, raw, block } = fakeTerminal()
  const area = openArea(sink)
  area.draw(['one'])
  const before = raw()
  block(true)
  area.draw(['two'])
  expect(raw()).toBe(before)
  block(false)
  area.draw(['two'])
  expect(screen.text).toBe('two')
})

test('a frame taller than the terminal is cut, so that its first line never scrolls away', () => {
  const { sink, screen } = fakeTerminal(80, 5)
  const area = openArea(sink)
  area.draw(['1', '2', '3', '4', '5', '6'])
  area.draw(['one', '2', '3', '4', '5', '6'])
  expect(screen.text).toBe('one\n2\n3\n4')
})

test('however the terminal changes its width between frames, and however late we hear of it, one frame is on it', () => {
  const size = fc.integer({ min: 10, max: 120 })
  fc.assert(
    fc.property(fc.array(fc.record({ width: size, late: fc.boolean(), lines: fc.integer({ min: 1, max: 9 }) }), { maxLength: 12 }), (steps) => {
      const terminal = fakeTerminal(80, 200)
      const area = openArea(terminal.sink)
      terminal.screen.write('$ command\n')
      for (const { width, late, lines } of steps) {
        terminal.resize(width, late ? 'late' : undefined)
        area.draw(Array.from({ length: lines }, (_, at) => `${width}.${at} `.padEnd(terminal.sink.columns - 1, 'x')))
      }
      const shown = terminal.screen.text.split('\n')
      const last = steps.at(-1)
      expect(shown).toHaveLength(1 + (last?.lines ?? 0))
      if (last) expect(shown[1]).toMatch(`${last.width}.0 `.slice(0, 5))
      void area.close()
      expect(terminal.screen.text).toBe('$ command')
    }),
    { numRuns: 300 },
  )
})
