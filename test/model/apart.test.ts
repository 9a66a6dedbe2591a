import fc from 'fast-check'
import { expect, it } from 'vitest'
import { showApart } from '../../src/model/apart.ts'
import { showQuantity } from '../../src/model/unit.ts'

it.each([
  [8_001, 8_000, 'bytes', '8,001 B'], [8_000, 8_000, 'bytes', '8 kB'], [9_000, 8_000, 'bytes', '9 kB'], [12_345_678, 12_345_677, 'bytes', '12,345,678 B'], [1_000.4, 1_000, 'ms', '1000.4 ms'], [0.010004, 0.01, 'ratio', '1.0004%'], [0.1, 0.2, 'ratio', '10%'],
] as const)('%s beside %s %s is shown as %s', (value, other, unit, shown) => {
  expect(showApart(value, other, unit)).toBe(shown)
})

it('a size over its limit never looks like the limit', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 1, max: 1e6 }), (limit, over) => {
    expect(showApart(limit + over, limit, 'bytes')).not.toBe(showQuantity({ value: limit, unit: 'bytes' }))
  }))
})
