import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bar } from '../../src/tui/bar.ts'

test.each([
  [0, true, '', '──────────'],
  [0.5, true, '━━━━━', '─────'],
  [0.55, true, '━━━━━╸', '────'],
  [1, true, '━━━━━━━━━━', ''],
  [0.55, false, '#####', '-----'],
  [7, false, '##########', ''],
  [-1, false, '', '----------'],
  [Number.NaN, false, '', '----------'],
])('%f of ten cells, unicode %s, is drawn as %s and %s', (ratio, unicode, done, rest) => {
  expect(bar(ratio, 10, unicode)).toEqual({ done, rest })
})

test('a bar is always as wide as was asked, and never full before the end', () => {
  fc.assert(
    fc.property(fc.double(), fc.integer({ min: 0, max: 200 }), fc.boolean(), (ratio, width, unicode) => {
      const { done, rest } = bar(ratio, width, unicode)
      expect(done.length + rest.length).toBe(width)
      if (ratio < 1 && !unicode && width > 0) expect(rest).not.toBe('')
    }),
  )
})
