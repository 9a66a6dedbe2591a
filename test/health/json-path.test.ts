import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDocument, validate } from '../../src/document.ts'
import { healthSchema } from '../../src/health-schema/schema.ts'
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

  it('is refused where the configuration has it', () => {
    const document = readDocument('c.yaml', 'checks:\n  - type: http\n    url: http://nas\n    expect:\n      json:\n        $..status: up\n')
    expect(() => validate(document, healthSchema, 'a configuration')).toThrow(expect.objectContaining({ message: expect.stringContaining('must have a path into JSON for its key'), where: expect.objectContaining({ line: 6 }) }))
  })

  it('is refused by the schema where it cannot be read, and only there', () => {
    const piece = fc.constantFrom('$', '.', '[', ']', '0', '-1', 'a', 'b c', "'", '"', ' ', "['a']", '["b"]', '[0]', '.a', '$.a')
    fc.assert(fc.property(fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join('')), (path) => {
      const isRead = ((): boolean => {
        try {
          return readJsonPath(path).length >= 0
        } catch {
          return false
        }
      })()
      expect([path, healthSchema.safeParse({ checks: [{ type: 'http', url: 'http://nas', expect: { json: { [path]: 1 } } }] }).success]).toEqual([path, isRead])
    }), { numRuns: 500 })
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
