import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import fc from 'fast-check'
import { readDocument, validate } from '../src/document.ts'
import { UserError } from '../src/model/error.ts'

const schema = z.strictObject({
  name: z.optional(z.string()),
  mode: z.optional(z.enum(['open', 'closed'])),
  phases: z.optional(z.array(z.strictObject({ duration: z.union([z.number().check(z.gte(0)), z.string()]), rate: z.optional(z.number().check(z.gt(0), z.lte(10))) }))),
})

function mistakeIn(text: string): UserError {
  try {
    validate(readDocument('f.yaml', text), schema, 'the file')
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('nothing was wrong')
}

describe('a document', () => {
  it.each([
    ['nmae: x\n', 'unknown key "nmae" in the file', 'did you mean "name"?', 1, 1],
    ['name: x\nphases:\n  - {duration: 1, raet: 2}\n', 'unknown key "raet" in "phases[0]"', 'did you mean "rate"?', 3, 19],
    ['phases:\n  - duration: -1\n', '"phases[0].duration" must be at least 0, but it is -1', 'write a number that is at least 0', 2, 15],
    ['phases:\n  - duration: 1\n    rate: 11\n', '"phases[0].rate" must be at most 10, but it is 11', 'write a number that is at most 10', 3, 11],
    ['phases:\n  - duration: 1\n    rate: 0\n', '"phases[0].rate" must be more than 0, but it is 0', 'write a number that is more than 0', 3, 11],
    ['phases:\n  - rate: 1\n', '"phases[0].duration" is missing: it must be a number or text', 'add it', 2, 5],
    ['phases: 3\n', '"phases" must be a list, but it is 3', 'write a list there', 1, 9],
    ['mode: opne\n', '"mode" must be open or closed, but it is the text "opne"', 'did you mean "open"?', 1, 7],
    ['- 1\n', 'the file must be a map, but it is a list', 'write a map there', 1, 1],
    ['name: [1\n', 'f.yaml is not valid YAML', 'indentation', 2, 1],
    ['name: a\nname: b\n', 'f.yaml is not valid YAML: Map keys must be unique', 'indentation', 2, 1],
  ])('%j is wrong in words and place', (text, message, hint, line, column) => {
    const error = mistakeIn(text)
    expect(error.message).toContain(message)
    expect(error.hint).toContain(hint)
    expect(error.where).toEqual({ file: 'f.yaml', line, column })
  })

  it.each([
    ['checks: [{type: dsk}]', '"checks[0].type" must be one of disk, web, but it is the text "dsk"', 'did you mean "disk"?', 17],
    ['checks: [{path: /}]', '"checks[0].type" is missing: it must be one of disk, web', 'add it', 10],
    ['checks: [{type: disk, ulr: x}]', 'unknown key "ulr" in "checks[0]"', 'known there: type, path', 23],
    ['checks: [{type: web, token: 12345}]', '"checks[0].token" must be text, but it is something else', 'write text there', 29],
  ])('%j is wrong by what kind of thing it is, and no secret is repeated', (text, message, hint, column) => {
    const kinds = z.discriminatedUnion('type', [z.strictObject({ type: z.literal('disk'), path: z.optional(z.string()) }), z.strictObject({ type: z.literal('web'), url: z.optional(z.string()), token: z.optional(z.string()) })])
    expect(() => validate(readDocument('f.yaml', text), z.strictObject({ checks: z.array(kinds) }), 'the file')).toThrow(expect.objectContaining({ message, hint: expect.stringContaining(hint), where: { file: 'f.yaml', line: 1, column } }))
  })

  it('lists what else is wrong with its lines, up to five, and counts the rest', () => {
    expect(mistakeIn('mode: x\nname: 1\nphases: 2\n')).toMatchObject({
      message: '"mode" must be open or closed, but it is the text "x"', hint: 'write open or closed; also wrong in this file: "name" must be text, but it is 1 (line 2); "phases" must be a list, but it is 2 (line 3)',
      details: { mistakes: [{ message: '"name" must be text, but it is 1', line: 2, column: 7 }, { line: 3, column: 9 }], more: 0 },
    })
    const many = mistakeIn(`phases:\n${'  - duration: -1\n'.repeat(9)}`)
    expect(many.hint?.match(/must be at least 0, but it is -1 \(line \d+\)/g)).toHaveLength(5)
    expect(many.hint).toMatch(/; and 3 more$/)
  })

  it('what follows from a mistyped key is no mistake of its own', () => {
    expect(mistakeIn('phases:\n  - {durtion: 1}\n')).toMatchObject({ message: 'unknown key "durtion" in "phases[0]"', hint: 'did you mean "duration"?', details: {} })
    expect(mistakeIn('phases:\n  - {colour: 1}\n').hint).toContain('"phases[0].duration" is missing')
    const limits = z.strictObject({ max: z.optional(z.number()) }).check(({ value, issues }) => void (value.max === undefined && issues.push({ code: 'custom', input: value, message: 'must have a limit' })))
    expect(() => validate(readDocument('f.yaml', 'mx: 1\n'), limits, 'the file')).toThrow(expect.objectContaining({ hint: 'did you mean "max"?' }))
  })

  it('refuses the billion laughs, brackets without end, and giants', () => {
    const laughs = `a: &a [x, x, x, x, x, x, x, x, x]\n${[...'bcdefghi'].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(', ')}]`).join('\n')}\n`
    for (const text of [laughs, '['.repeat(20_000), `name: ${'x'.repeat(17 * 1024 * 1024)}`]) {
      expect(() => readDocument('f.yaml', text)).toThrow(expect.objectContaining({ code: 'INVALID_DOCUMENT' }))
    }
  })

  it('never throws anything but what a person can mend, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab:-[]{}#&*!|>\'"%@ \n\t1,?') }), (text) => {
        try {
          validate(readDocument('f.yaml', text), schema, 'the file')
        } catch (error) {
          expect(error).toBeInstanceOf(UserError)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
