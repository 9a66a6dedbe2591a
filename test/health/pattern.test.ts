import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitsPattern } from '../../src/health/pattern.ts'

describe('a pattern', () => {
  it('says what a regular expression would', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 10 }), fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 }), (name, pattern) => {
      const regex = new RegExp(`^${pattern.replaceAll('.', '\\.').replace(/\*+/g, '.*').replaceAll('?', '.')}$`)
      expect(fitsPattern(name, pattern)).toBe(regex.test(name))
    }), { numRuns: 2_000 })
  })

  it('is answered at once, however many stars it has', () => {
    expect(fitsPattern(`/run/${'a'.repeat(4_000)}`, `/run/${'*a'.repeat(500)}*b`)).toBe(false)
  })
})
