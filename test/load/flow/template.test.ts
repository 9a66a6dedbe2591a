import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileTemplate } from '../../../src/load/flow/template.ts'
import { TEMPLATE_FUNCTIONS } from '../../../src/load/flow/template-function.ts'
import { compileJson, compileValue } from '../../../src/load/flow/json-template.ts'
import { UserError } from '../../../src/model/error.ts'
import type { Json } from '../../../src/model/plan.ts'
import { scopeOf, WHERE } from './fake-world.ts'

const VARIABLES = { name: 'Ada', 'a-b': 'dash', a: { b: [{ c: 'deep' }], 'x y': 1 }, list: [1, 'two'], none: null, yes: true, n: 0, 'row.id': 'r7', 'größe': 'L' }

describe('a template', () => {
  it.each([
    ['no braces } at { all }}', 'no braces } at { all }}'],
    ['', ''],
    ['{{name}}', 'Ada'],
    ['Dear {{ name }}, {{ name }}!', 'Dear Ada, Ada!'],
    ['{{{ name }}}', 'Ada'],
    ['{"a":{{{ n }}}}', '{"a":0}'],
    ['{"a":{{{ n }}, "b"', '{"a":{0, "b"'],
    ['{"a":{{ n }}}', '{"a":0}'],
    ['{{ a.b[0].c }}', 'deep'],
    ['{{ a["b"][0][\'c\'] }}', 'deep'],
    ['{{ a[\'x y\'] }}', '1'],
    ['{{ a-b }}', 'dash'],
    ['{{ größe }}', 'L'],
    ['{{ list.length }}', '2'],
    ['{{ row.id }}', 'r7'],
    ['{{ list }} {{ a.b }}', '[1,"two"] [{"c":"deep"}]'],
    ['{{ none }} {{ yes }} {{ n }}', 'null true 0'],
    ['{{ $env.HOME_TOWN }} {{ $processEnvironment.HOME_TOWN }}', 'Brno Brno'],
    ['{{ $testId }} {{ $environment }} {{ target }} {{ $target }}', 'test-1 staging http://api.test http://api.test'],
    ['{{ $timestamp }} {{ $timestamp() }}', '1769860800000 1769860800000'],
    ['{{ $isoTimestamp }}', '2026-01-31T12:00:00.000Z'],
    ['{{ $randomInt(7, 7) }}{{$randomNumber(3,3)}}{{ randomInt(5, 5) }}', '735'],
    ['{{ $randomString(0) }}', ''],
  ])('%s becomes %s', (text, filled) => {
    expect(compileTemplate(text).render(scopeOf(VARIABLES))).toBe(filled)
  })

  it.each([
    ['{{$randomString}}', /^[A-Za-z0-9]{10}$/],
    ['{{ $randomString() }}', /^[A-Za-z0-9]{10}$/],
    ['{{ $randomString(8) }}', /^[A-Za-z0-9]{8}$/],
    ['{{ randomString }}', /^[A-Za-z0-9]{10}$/],
    ['{{$randomInt}}', /^\d{1,4}$/],
    ['{{ $randomInt(-3, -1) }}', /^-[123]$/],
    ['{{ $randomNumber(1,9) }}', /^[1-9]$/],
    ['{{$uuid}}', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
    ['{{$guid}}', /^[0-9a-f-]{36}$/],
  ])('%s looks like %s, and differently the next time', (text, shape) => {
    const template = compileTemplate(text)
    const scope = scopeOf()
    const filled = Array.from({ length: 40 }, () => template.render(scope))
    for (const each of filled) expect(each).toMatch(shape)
    expect(new Set(filled).size).toBeGreaterThan(1)
  })

  it('prefers a variable of the user to a function of the same name', () => {
    expect(compileTemplate('{{ uuid }}').render(scopeOf({ uuid: 'mine' }))).toBe('mine')
  })

  it('renders what has no value as nothing, and says so once per name and step', () => {
    const missing: string[] = []
    const scope = scopeOf({ a: {} }, missing)
    expect(compileTemplate('[{{ token }}|{{ token }}|{{ a.b.c }}|{{ $env.NOPE }}|{{ $loopCount }}]').render(scope)).toBe('[||||]')
    expect(missing).toEqual(['token', 'a.b.c', '$env.NOPE', '$loopCount'])
  })

  it('reaches nothing but own properties', () => {
    const scope = scopeOf({ a: {} })
    for (const text of ['{{ __proto__ }}', '{{ a.__proto__ }}', '{{ a.constructor.name }}', '{{ toString }}', '{{ $env.constructor }}']) expect(compileTemplate(text).render(scope)).toBe('')
  })

  it('knows before the run that a text is constant', () => {
    expect(compileTemplate('plain').constant).toBe('plain')
    expect(compileTemplate('{{ name }}').constant).toBeNull()
  })

  it.each([
    ['{{ name', 'never closed'],
    ['{{ \'}}\' ', 'never closed'],
    ['{{ }}', 'nothing between its braces'],
    ['{{ a b }}', 'neither a variable nor a function'],
    ['{{ a..b }}', 'neither a variable nor a function'],
    ['{{ 1 + 1 }}', 'neither a variable nor a function'],
    ['{{ $randomInt(a, b) }}', 'not numbers or quoted texts'],
    ['{{ $randomInt(9, 1) }}', 'the lower one first'],
    ['{{ $randomString(-1) }}', 'whole number'],
    ['{{ $randomString(1e9) }}', 'not numbers'],
    ['{{ $randomString(999999999) }}', 'from 0 to 100000'],
    ['{{ $uuid(4) }}', 'no arguments'],
    ['{{ $env }}', 'it takes 1'],
  ])('%s is refused before the run: %s', (text, problem) => {
    const error = caught(() => compileTemplate(text, WHERE))
    expect(error.message).toContain(problem)
    expect(error.where).toBe(WHERE)
  })

  it('suggests the function that was probably meant', () => {
    const error = caught(() => compileTemplate('{{ $randmInt(1, 2) }}', WHERE))
    expect(error).toMatchObject({ code: 'UNKNOWN_TEMPLATE_FUNCTION', hint: 'did you mean {{ $randomInt }}?', where: WHERE })
  })

  it('takes a $name the scenario gives itself', () => {
    expect(compileTemplate('{{ $item.id }}', WHERE, new Set(['$item'])).render(scopeOf({ $item: { id: 4 } }))).toBe('4')
  })

  it('has a sentence and a working example for every function', () => {
    for (const { name, usage, doc } of TEMPLATE_FUNCTIONS) {
      expect(doc, name).toMatch(/^[A-Z].*\.$/)
      expect(() => compileTemplate(`{{ ${usage} }}`)).not.toThrow()
    }
  })

  it('is read or refused with a UserError, whatever it is', () => {
    const piece = fc.constantFrom('{{', '}}', '{', '}', '$', '(', ')', ',', '\'', '"', '.', '[', ']', 'a', '$uuid', '$env', '1', ' ', 'ř', '\n', '\ud800')
    fc.assert(fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 20 }), (pieces) => {
      try {
        compileTemplate(pieces.join('')).render(scopeOf())
      } catch (error) {
        expect(error).toBeInstanceOf(UserError)
      }
    }), { numRuns: 2_000 })
  })

  it('reads a hostile text in no time', () => {
    for (const text of ['{{'.repeat(50_000), `{{ ${'a.'.repeat(50_000)} }}`, `{{ $randomInt(${'1,'.repeat(50_000)}) }}`, `{{ ${'['.repeat(50_000)} }}`]) expect(() => compileTemplate(text)).toThrow(UserError)
  })
})

describe('the template of a JSON body', () => {
  const values = { count: 3, user: { id: 'u"1' }, quote: 'say "hi"\n', flag: false }
  it.each<[Json, string]>([
    [{ a: 'plain', b: [1, null, true, []], c: {} }, '{"a":"plain","b":[1,null,true,[]],"c":{}}'],
    ['{{ count }}', '3'],
    [{ n: '{{ count }}', t: 'n={{ count }}', s: ' {{ count }}' }, '{"n":3,"t":"n=3","s":" 3"}'],
    [{ user: '{{ user }}', flag: '{{ flag }}' }, '{"user":{"id":"u\\"1"},"flag":false}'],
    [['{{ quote }}', 'x {{ quote }}'], '["say \\"hi\\"\\n","x say \\"hi\\"\\n"]'],
    [{ '{{ quote }}': 1, '{{ count }}': 2 }, '{"say \\"hi\\"\\n":1,"3":2}'],
    [{ gone: '{{ nobody }}' }, '{"gone":""}'],
    [{ n: '{{ $randomInt(4, 4) }}' }, '{"n":4}'],
  ])('of %j is %s', (value, text) => {
    expect(compileJson(value).render(scopeOf(values))).toBe(text)
  })

  it('is constant where nothing is filled in', () => {
    expect(compileJson({ a: [1, 'b'] }).constant).toBe('{"a":[1,"b"]}')
  })

  it('says of any constant value what JSON.stringify says', () => {
    const noBraces = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('{{'))
    fc.assert(fc.property(noBraces, (value) => {
      // -0 is 0 in both, once it has been text.
      const json = JSON.parse(JSON.stringify(value)) as Json
      expect(compileJson(json).constant).toBe(JSON.stringify(json))
    }))
  })

  it('makes of __proto__ a property like any other', () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": "{{ count }}"}}') as Json
    expect(compileJson(hostile).render(scopeOf(values))).toBe('{"__proto__":{"polluted":3}}')
    const made = compileValue(hostile).evaluate(scopeOf(values))
    expect(JSON.stringify(made)).toBe('{"__proto__":{"polluted":3}}')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('survives a value nested deeper than the stack', () => {
    const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as Json
    expect(() => compileJson({ a: '{{ deep }}', b: 'x{{ deep }}' }).render(scopeOf({ deep }))).not.toThrow()
  })
})

function caught(call: () => unknown): UserError {
  try {
    call()
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
