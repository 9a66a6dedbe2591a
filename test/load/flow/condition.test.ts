import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileCondition } from '../../../src/load/flow/condition.ts'
import { UserError } from '../../../src/model/error.ts'
import { scopeOf, WHERE } from './fake-world.ts'

const VARIABLES = { n: 5, text: '5', role: 'admin', empty: '', yes: true, no: false, none: null, list: [1, 2], user: { age: 30, tags: ['a'] }, $item: 2, $loopCount: 0 }

describe('a condition', () => {
  it.each([
    ['n == 5', true], ['n == 6', false], ['n != 6', true], ['n < 6', true], ['n <= 5', true], ['n > 5', false], ['n >= 5.0', true],
    ['text == 5', true], ['text === 5', false], ['text !== 5', true], ['n === 5', true], ['text > 4', true],
    ['role == \'admin\'', true], ['role == "admin"', true], ['role != \'user\'', true], ['role < \'b\'', true],
    ['role > 3', false], ['role <= 3', false], ['none < 1', false],
    ['n', true], ['empty', false], ['yes', true], ['no', false], ['none', false], ['nobody', false], ['list', true],
    ['nobody == null', true], ['none == null', true], ['n == null', false], ['n != null', true], ['yes == true', true], ['no == false', true],
    ['!n', false], ['not n', false], ['!nobody', true], ['not not n', true], ['!!n', true],
    ['n == 5 and role == \'admin\'', true], ['n == 5 && role == \'x\'', false], ['n == 6 or yes', true], ['n == 6 || no', false],
    ['no and no or yes', true], ['no and (no or yes)', false], ['not no and no', false], ['not (no and no)', true], ['!no == yes', true],
    ['user.age > 18', true], ['user.tags[0] == \'a\'', true], ['user[\'age\'] == 30', true], ['list.length == 2', true], ['user.nobody.x', false],
    ['{{ n }} == 5', true], ['{{n}}', true], ['\'{{ role }}\' == \'admin\'', true], ['{{ $randomInt(3, 3) }} == 3', true],
    ['$loopCount < 1', true], ['$env.HOME_TOWN == \'Brno\'', true], ['$item == 2', true],
    ['-1 < 0', true], ['1e3 == 1000', true], ['\'it\\\'s\' == "it\'s"', true], ['android', false], ['  n  ', true],
    ['list == list', true], ['user == list', false], ['__proto__', false], ['user.constructor', false],
  ])('%s: %s', (text, holds) => {
    expect(compileCondition(text, WHERE, new Set(['$item'])).holds(scopeOf(VARIABLES))).toBe(holds)
  })

  it('asks for what has no value without calling it missing', () => {
    const missing: string[] = []
    compileCondition('token == null or {{ other }}').holds(scopeOf({}, missing))
    expect(missing).toEqual([])
  })

  it.each([
    ['', 'something is missing at its end (character 1)'],
    ['n ==', 'something is missing at its end (character 5)'],
    ['n == 5 5', '"5" is not expected here (character 8)'],
    ['n = 5', '"=" is not part of the language (character 3)'],
    ['(n', 'something is missing at its end'],
    ['n)', '")" is not expected here (character 2)'],
    ['and n', '"and" is not expected here (character 1)'],
    ['1 < n < 9', '"<" is not expected here (character 7)'],
    ['process.exit()', '"(" is not expected here'],
    ['\'open', '"\'" is not part of the language'],
    ['n; n', '";" is not part of the language'],
  ])('%j is refused: %s', (text, problem) => {
    const call = (): unknown => compileCondition(text, WHERE)
    expect(call).toThrow(UserError)
    expect(call).toThrow(problem)
  })

  it('gives the position of its step', () => {
    expect(() => compileCondition('n ==', WHERE)).toThrow(expect.objectContaining({ code: 'INVALID_CONDITION', where: WHERE }))
  })

  it('is refused when it is nested too deep or too long, not answered with a crash', () => {
    for (const text of ['('.repeat(5_000), '!'.repeat(5_000) + 'n', 'not '.repeat(2_000) + 'n', 'n and '.repeat(5_000) + 'n']) expect(() => compileCondition(text)).toThrow(UserError)
  })

  it('is read or refused with a UserError, whatever it is', () => {
    const piece = fc.constantFrom('(', ')', '!', 'not ', ' and ', ' or ', '&&', '||', '==', '<', '!==', 'n', '1', '-', '\'a\'', '"', '{{ n }}', '{{', '}}', '[', ']', '.', '$', ' ')
    fc.assert(fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 4 })), { maxLength: 15 }), (pieces) => {
      try {
        expect(typeof compileCondition(pieces.join('')).holds(scopeOf(VARIABLES))).toBe('boolean')
      } catch (error) {
        expect(error).toBeInstanceOf(UserError)
      }
    }), { numRuns: 2_000 })
  })

  it('is true or false as logic has it', () => {
    interface Formula { text: string; holds: boolean }
    const { formula } = fc.letrec<{ formula: Formula }>((tie) => ({
      formula: fc.oneof(
        { depthSize: 'small', maxDepth: 10 },
        fc.boolean().map((holds) => ({ text: String(holds), holds })),
        fc.tuple(tie('formula'), tie('formula')).map(([a, b]) => ({ text: `(${a.text} && ${b.text})`, holds: a.holds && b.holds })),
        fc.tuple(tie('formula'), tie('formula')).map(([a, b]) => ({ text: `(${a.text} or ${b.text})`, holds: a.holds || b.holds })),
        tie('formula').map((a) => ({ text: `!${a.text}`, holds: !a.holds })),
        tie('formula').map((a) => ({ text: `(not ${a.text})`, holds: !a.holds })),
      ),
    }))
    fc.assert(fc.property(formula, ({ text, holds }) => {
      expect(compileCondition(text).holds(scopeOf())).toBe(holds)
    }))
  })
})
