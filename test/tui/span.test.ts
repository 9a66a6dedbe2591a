import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellWidth } from '../../src/tui/cells.ts'
import { as, flowSpans, paintSpans } from '../../src/tui/span.ts'

const drab = { color: false, unicode: true }

test('what does not fit is cut and its place marked, wide characters included', () => {
  expect(paintSpans(['sustained', ' load'], 14, drab)).toBe('sustained load')
  expect(paintSpans(['sustained', ' load'], 13, drab)).toBe('sustained lo…')
  expect(paintSpans(['持続的な負荷'], 8, drab)).toBe('持続的…')
  expect(paintSpans(['sustained'], 5, { color: false, unicode: false })).toBe('sust~')
})

test('meanings become colours of the terminal, and nothing at all without colour', () => {
  expect(paintSpans(['failed ', as('fail', '3')], 20, { color: true, unicode: true })).toBe('failed \x1b[1;31m3\x1b[0m')
  expect(paintSpans(['failed ', as('fail', '3')], 20, drab)).toBe('failed 3')
})

test('a terminal without Unicode gets ASCII and nothing else', () => {
  expect(paintSpans(['873 µs ×3 café 持'], 40, { color: false, unicode: false })).toBe('873 us x3 caf? ?')
})

test('items flow onto further lines untorn, and what is left over is counted', () => {
  const lines = flowSpans('errors ', ['503', 'timeout', 'ECONNRESET', '500'].map((text) => [text]), 20, 2)
  expect(lines.map((line) => paintSpans(line, 20, drab))).toEqual(['errors 503   timeout', '       ECONNRESET +1'])
})

test('a painted line is never wider than was asked', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 20 })), fc.integer({ min: 1, max: 60 }), fc.boolean(), (texts, width, unicode) => {
      expect(cellWidth(paintSpans(texts, width, { color: false, unicode }))).toBeLessThanOrEqual(width)
    }),
  )
})
