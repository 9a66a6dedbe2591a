import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePattern } from '../../../src/tui/top/filter-pattern.ts'

describe('a pattern', () => {
  it('finds what a RegExp finds, in any text', () => {
    const atom = fc.oneof(fc.constantFrom('a', 'B', 'c', '.', '[ab]', '[^a]', '[A-C]', '[^B-Z]', '\\d', '\\W', '\\S', '\\.', '^', '$', '[]a]', '[a-]', '-'), fc.string({ unit: fc.constantFrom('a', 'b', '1', ' '), minLength: 1, maxLength: 3 }))
    const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof({ maxDepth: 4 }, atom, fc.tuple(tie('pattern'), tie('pattern')).map((parts) => parts.join('')), fc.tuple(tie('pattern'), tie('pattern')).map((parts) => `(${parts.join('|')})`), fc.tuple(tie('pattern'), fc.constantFrom('*', '+', '?')).map(([inner, sign]) => `(${inner})${sign}`)),
    }))
    fc.assert(fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'B', 'b', 'C', '1', '.', ' ', '-', ']'), maxLength: 12 }), (text, haystack) => {
      // A RegExp without the mark v takes "[]" as an empty set; here, as in grep, a bracket that comes first stands for itself.
      const peer = new RegExp(text.replaceAll('[]a]', '[\\]a]').replaceAll('\\W', '[^0-9A-Za-z_]'), 'is')
      expect(parsePattern(text, 1)(haystack), text).toBe(peer.test(haystack))
    }), { numRuns: 3_000 })
  })

  it.each(['(a+)+$', '^(a|a)*$', '(a*)*b', 'a*a*a*a*a*a*a*a*b', '(.*)*(.*)*(.*)*x', '(((a?)*)*)*$z'])('cannot run away: %s', (text) => {
    expect(parsePattern(text, 1)(`${'a'.repeat(1_999)}!`)).toBe(false)
  })

  it.each([['(a', 'a ( has no )'], ['a)', 'a ) has no ('], ['[a', 'a [ has no ]'], ['*a', 'there is nothing to repeat before *'], ['a\\', 'cannot end with a backslash'], ['(a)\\1', '\\1 is not understood'], ['\\bx', '\\b is not understood'], ['(?=a)', 'nothing to repeat before ?'], ['[z-a]', 'z-a is not a range'], ['a{2}', 'counts in braces']])('%s is refused: %s', (text, problem) => {
    expect(() => parsePattern(text, 1)).toThrow(problem)
  })
})
