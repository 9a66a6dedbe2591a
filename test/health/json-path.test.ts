import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readJsonPath, valueAt } from '../../src/health/json-path.ts'
import { UserError } from '../../src/model/error.ts'

const DOCUMENT = { status: 'ok', checks: [{ up: true }, { up: false }], 'a.b': { "it's": 1 }, '0': 'zero', nothing: null }

describe('a path into JSON', () => {
  it.each([
    ['$', DOCUMENT], ['$.status', 'ok'], ['status', 'ok'], ['.status', 'ok'], ['$.checks[0].up', true], ['checks[-1].up', false], ["$['a.b'][\"it's\"]", 1], ['$.0', 'zero'], ['nothing', null],
    ['$.missing', undefined], ['checks[7].up', undefined], ['status.length', undefined], ['nothing.more', undefined], ['$.constructor', undefined], ['checks.length', undefined],
  ])('finds %s', (path, value) => {
    expect(valueAt(DOCUMENT, readJsonPath(path))).toEqual(value)
  })

  it.each([['', 'something is missing at its end'], ['$.', 'something is missing at its end'], ['$..a', '"." is not expected at its character 3'], ['a[', '"[" is not expected at its character 2'], ['a[x]', '"[" is not expected at its character 2'], ['$ .a', '" " is not expected at its character 2']])('refuses "%s"', (path, problem) => {
    expect(() => readJsonPath(path)).toThrow(problem)
  })

  it('is read or refused, whatever it is', () => {
    fc.assert(fc.property(fc.string(), fc.jsonValue(), (path, document) => {
      try {
        valueAt(document, readJsonPath(path))
      } catch (error) {
        expect(error).toBeInstanceOf(UserError)
      }
    }))
  })

  it('leads to each value of a document by the path of its keys', () => {
    fc.assert(fc.property(fc.array(fc.string().filter((key) => !key.includes("'"))), fc.integer(), (keys, value) => {
      const document = keys.toReversed().reduce<unknown>((inner, key) => ({ [key]: inner }), value)
      const path = `$${keys.map((key) => `['${key}']`).join('')}`
      if (!keys.includes('__proto__')) expect(valueAt(document, readJsonPath(path))).toEqual(value)
    }))
  })
})
