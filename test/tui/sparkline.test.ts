import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sparkline } from '../../src/tui/sparkline.ts'

test('values climb from the lowest to the highest block, between zero and the largest', () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7, 8], 20, true)).toBe('▁▁▂▃▄▅▆▇█')
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7, 8], 20, false)).toBe('..:-=+*#@')
})

test('the latest values are the ones that are shown', () => {
  expect(sparkline([9, 9, 1, 2], 2, true)).toBe('▄█')
})

test('a window in which nothing was measured is a gap', () => {
  expect(sparkline([4, Number.NaN, 4], 9, true)).toBe('█ █')
})

test('nothing but zeros is a line at the bottom', () => {
  expect(sparkline([0, 0, 0], 9, true)).toBe('▁▁▁')
})

test('one cell per value, never more than there is room for', () => {
  fc.assert(
    fc.property(fc.array(fc.double()), fc.integer({ min: -5, max: 50 }), fc.boolean(), (values, width, unicode) => {
      expect(sparkline(values, width, unicode)).toHaveLength(Math.min(values.length, Math.max(0, width)))
    }),
  )
})
