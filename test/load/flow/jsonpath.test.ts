import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileJsonPath } from '../../../src/load/flow/jsonpath.ts'
import { UserError } from '../../../src/model/error.ts'
import type { Json } from '../../../src/model/plan.ts'
import { WHERE } from './fake-world.ts'

/** RFC 9535, figure 1. */
const STORE = {
  store: {
    book: [
      { category: 'reference', author: 'Nigel Rees', title: 'Sayings of the Century', price: 8.95 },
      { category: 'fiction', author: 'Evelyn Waugh', title: 'Sword of Honour', price: 12.99 },
      { category: 'fiction', author: 'Herman Melville', title: 'Moby Dick', isbn: '0-553-21311-3', price: 8.99 },
      { category: 'fiction', author: 'J. R. R. Tolkien', title: 'The Lord of the Rings', isbn: '0-395-19395-8', price: 22.99 },
    ],
    bicycle: { color: 'red', price: 399 },
  },
}
const [sayings, sword, moby, rings] = STORE.store.book

describe('a JSONPath answers as RFC 9535 says:', () => {
  it.each<[string, readonly unknown[]]>([
    ['$.store.book[*].author', ['Nigel Rees', 'Evelyn Waugh', 'Herman Melville', 'J. R. R. Tolkien']],
    ['$..author', ['Nigel Rees', 'Evelyn Waugh', 'Herman Melville', 'J. R. R. Tolkien']],
    ['$.store.*', [STORE.store.book, STORE.store.bicycle]],
    ['$.store..price', [8.95, 12.99, 8.99, 22.99, 399]],
    ['$..book[2]', [moby]],
    ['$..book[2].author', ['Herman Melville']],
    ['$..book[2].publisher', []],
    ['$..book[-1]', [rings]],
    ['$..book[0,1]', [sayings, sword]],
    ['$..book[:2]', [sayings, sword]],
    ['$..book[?@.isbn]', [moby, rings]],
    ['$..book[?@.price<10]', [sayings, moby]],
    ['$..book[?(@.price < 10 && @.category == \'fiction\')].title', ['Moby Dick']],
    ['$..book[?@.price > $.store.book[1].price].title', ['The Lord of the Rings']],
  ])('%s (1.5)', (path, values) => {
    expect(compileJsonPath(path).all(STORE)).toEqual(values)
  })

  const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  it.each<[string, readonly unknown[]]>([
    ['$[1:3]', ['b', 'c']], ['$[5:]', ['f', 'g']], ['$[1:5:2]', ['b', 'd']], ['$[5:1:-2]', ['f', 'd']], ['$[::-1]', [...letters].reverse()],
    ['$[-1:]', ['g']], ['$[-2:-1]', ['f']], ['$[::0]', []], ['$[9:]', []], ['$[-99:2]', ['a', 'b']], ['$[1]', ['b']], ['$[-2]', ['f']], ['$[7]', []], ['$[-8]', []],
  ])('%s of a to g (2.3.4.3, 2.3.3.3)', (path, values) => {
    expect(compileJsonPath(path).all(letters)).toEqual(values)
  })

  const names = { o: { 'j j': { 'k.k': 3 } }, '\'': { '@': 2 } }
  it.each<[string, readonly unknown[]]>([
    ['$.o[\'j j\']', [{ 'k.k': 3 }]], ['$.o[\'j j\'][\'k.k\']', [3]], ['$.o["j j"]["k.k"]', [3]], ['$["\'"]["@"]', [2]], ['$[\'\\\'\'][\'\\u0040\']', [2]], ['$', [names]],
  ])('%s (2.3.1.3)', (path, values) => {
    expect(compileJsonPath(path).all(names)).toEqual(values)
  })

  const mixed = { a: [3, 5, 1, 2, 4, 6, { b: 'j' }, { b: 'k' }, { b: {} }, { b: 'kilo' }], o: { p: 1, q: 2, r: 3, s: 5, t: { u: 6 } }, e: 'f' }
  it.each<[string, readonly unknown[]]>([
    ['$.a[?@.b == \'kilo\']', [{ b: 'kilo' }]], ['$.a[?(@.b == \'kilo\')]', [{ b: 'kilo' }]], ['$.a[?@>3.5]', [5, 4, 6]], ['$.a[?@.b]', [{ b: 'j' }, { b: 'k' }, { b: {} }, { b: 'kilo' }]],
    ['$.a[?@<2 || @.b == "k"]', [1, { b: 'k' }]], ['$.o[?@>1 && @<4]', [2, 3]], ['$.o[?@.u || @.x]', [{ u: 6 }]], ['$.a[?@ == @]', mixed.a],
  ])('%s (2.3.5.3)', (path, values) => {
    expect(compileJsonPath(path).all(mixed)).toEqual(values)
  })

  const tree = { o: { j: 1, k: 2 }, a: [5, 3, [{ j: 4 }, { k: 6 }]] }
  it.each<[string, readonly unknown[]]>([
    ['$..j', [1, 4]], ['$..[0]', [5, { j: 4 }]], ['$..o', [{ j: 1, k: 2 }]], ['$.o..[*, *]', [1, 2, 1, 2]], ['$.a..[0, 1]', [5, 3, { j: 4 }, { k: 6 }]],
    ['$..*', [tree.o, tree.a, 1, 2, 5, 3, [{ j: 4 }, { k: 6 }], { j: 4 }, { k: 6 }, 4, 6]],
  ])('%s (2.5.2.3)', (path, values) => {
    expect(compileJsonPath(path).all(tree)).toEqual(values)
  })

  it('null is a value (2.6.1)', () => {
    expect(compileJsonPath('$.a').all({ a: null })).toEqual([null])
    expect(compileJsonPath('$.a[0]').all({ a: null })).toEqual([])
  })
})

describe('a JSONPath', () => {
  it.each<[string, unknown]>([
    ['token', 't'], ['.token', 't'], ['user.roles[1]', 'b'], ['[\'token\']', 't'], ['user[\'name\']', 'Ada'], ['..name', 'Ada'], ['$.user.first-name', 'A'], ['$.@type', 'x'], ['$x', 'dollar'], ['user.length', undefined], ['user.roles.length', undefined],
  ])('may do without its $: %s', (path, value) => {
    expect(compileJsonPath(path).first({ token: 't', user: { roles: ['a', 'b'], name: 'Ada', 'first-name': 'A' }, '@type': 'x', $x: 'dollar' })).toEqual(value)
  })

  it.each([
    ['', 'it is empty'], ['$.', 'something is missing'], ['$..', 'something is missing'], ['$[', 'something is missing'], ['$[0', 'something is missing'], ['$[a]', '"a" is not expected here (character 3)'],
    ['$.a b', '" " is not expected here (character 4)'], ['$[(@.length-1)]', 'the last element is [-1]'], ['$.a^', '"^" is not expected'], ['$.a~', '"~" is not expected'], ['$[?(@.x == 1]', 'never closed'],
    ['$[?@.x ==]', 'something is missing at its end'], ['$[?length(@.x) > 1]', 'part of the language'], ['$[?(@.x =~ /a/)]', 'part of the language'],
  ])('%j is refused: %s', (path, problem) => {
    const call = (): unknown => compileJsonPath(path, WHERE)
    expect(call).toThrow(problem)
    expect(call).toThrow(expect.objectContaining({ name: 'UserError', where: WHERE }))
  })

  it('reaches nothing but own properties', () => {
    for (const path of ['$.__proto__', '$.constructor', '$.a.__proto__.polluted', '$..constructor', '$[?@.constructor]']) expect(compileJsonPath(path).all({ a: {} })).toEqual([])
    expect(compileJsonPath('$.__proto__.x').first(JSON.parse('{"__proto__": {"x": 1}}') as Json)).toBe(1)
  })

  it('walks a document nested deeper than the stack', () => {
    const deep = JSON.parse('{"a":'.repeat(50_000) + '{"token":1}' + '}'.repeat(50_000)) as Json
    expect(compileJsonPath('$..token').first(deep)).toBe(1)
  })

  it('is read or refused with a UserError, whatever it is', () => {
    const piece = fc.constantFrom('$', '.', '..', '[', ']', '*', '0', '-1', ':', ',', '\'a\'', '"', '?', '(', ')', '@', '@.a', '==', '1', 'a', ' ')
    fc.assert(fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 12 }), (pieces) => {
      try {
        compileJsonPath(pieces.join('')).all(STORE)
      } catch (error) {
        expect(error).toBeInstanceOf(UserError)
      }
    }), { numRuns: 2_000 })
  })
})
