import { expect, test } from 'vitest'
import { showClock, showLeft } from '../../src/tui/clock.ts'

test.each([[0, '0:00'], [35_999, '0:35'], [727_000, '12:07'], [3_723_000, '1:02:03'], [-5, '0:00'], [Number.NaN, '0:00']])('%f ms show as %s', (ms, shown) => {
  expect(showClock(ms)).toBe(shown)
})

test('what is left is not nothing before it is over', () => {
  expect(showLeft(1)).toBe('0:01')
  expect(showLeft(0)).toBe('0:00')
})
