import { readFile } from 'node:fs/promises'
import * as fc from 'fast-check'
import { parse } from 'yaml'
import * as z from 'zod'
import { describe, expect, test } from 'vitest'
import { scenarioJsonSchema } from '../../../src/load/read/json-schema.ts'
import { planHash } from '../../../src/load/read/hash.ts'
import { UserError } from '../../../src/model/error.ts'
import { read, refusal } from './reading.ts'

const FIXTURES = ['artillery-shop.yaml', 'k6-ramps.yaml', 'k6-rates.json', 'api-peak.json', 'connections.yaml'] as const
const textOf = (name: string): Promise<string> => readFile(new URL(`../../fixtures/scenarios/${name}`, import.meta.url), 'utf8')

describe('a scenario file', () => {
  test.each([
    ['config: {target: demo, phases: [{duration: 1, arrivalRate: 1}]}\nscenarios: [{flow: [{get: {url: /}}]}]', 'artillery'],
    ['target: demo\nscenarios: {a: {executor: constant-vus, duration: 1s}}', 'k6'],
    ['{"options": {"vus": 1, "duration": "1s"}, "target": "demo"}', 'k6'],
    ['target: demo\nduration: 1s', 'k6'],
    ['{target: demo, scenarios: [{target: /}], load: {phases: [{duration: 1, arrivalRate: 1}]}}', 'api'],
    ['url: demo\nconnections: 1', 'connections'],
  ])('tells its dialect by its keys: %j', async (text, dialect) => {
    expect((await read(text)).dialect).toBe(dialect)
  })

  test.each([
    ['', 'UNKNOWN_SCENARIO test.yaml:1:1 test.yaml is not a scenario: it has no keys'],
    ['[1]', 'UNKNOWN_SCENARIO test.yaml:1:1 test.yaml is not a scenario: it has no keys'],
    ['name: x\nversion: 1', 'UNKNOWN_SCENARIO test.yaml:1:1 test.yaml is not a scenario: it has "name", "version" | looked for config + scenarios (Artillery)'],
    ['a: [', 'INVALID_DOCUMENT'],
  ])('that is none says what was looked for: %j', async (text, expected) => {
    expect(await refusal(read(text))).toContain(expected)
  })

  test('never breaks the program, however broken it is', async () => {
    const documents = await Promise.all(FIXTURES.map(async (name) => parse(await textOf(name)) as unknown))
    const value = fc.oneof(
      fc.constantFrom<unknown>(null, true, '', ' ', -1, 0, 1.5, 1e308, '{{ x }}', 'p(95)<1', '__proto__', 'constructor', [], {}, [[]], [null], { __proto__x: 1 }, 'http://', 'http://a b', '(', '\u0000'),
      fc.jsonValue({ maxDepth: 2 }),
    )
    const mutation = fc.record({ picks: fc.array(fc.nat(30), { minLength: 1, maxLength: 8 }), kind: fc.constantFrom('replace', 'remove', 'rename', 'copy'), value, name: fc.constantFrom('flow', 'get', 'duration', 'toString', '__proto__', 'ifTrue', 'x') })
    await fc.assert(
      fc.asyncProperty(fc.nat(documents.length - 1), fc.array(mutation, { minLength: 1, maxLength: 3 }), async (index, mutations) => {
        const document = structuredClone(documents[index])
        for (const each of mutations) mutate(document, each)
        const plan = await read(JSON.stringify(document), { target: 'demo' }, { 'users.csv': 'a,b\nc,d\n' }).catch((error: unknown) => {
          if (!(error instanceof UserError)) throw error
          expect(error.message).not.toBe('')
        })
        if (plan) expect(planHash(plan)).toHaveLength(64)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('a garbled text', () => {
  test('is refused with a place, or read', async () => {
    const texts = await Promise.all(FIXTURES.map(textOf))
    const glyphs = fc.constantFrom('{', '}', '[', ']', ':', '- ', '\n', '"', "'", '&a ', '*a', '|', '>', '!!set ', '\t', '\u0000', '? ', '# ', '<<: ')
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...texts), fc.nat(3_000), fc.nat(40), glyphs, async (text, at, removed, glyph) => {
        const start = at % text.length
        await read(text.slice(0, start) + glyph + text.slice(start + removed), {}, { 'users.csv': 'a,b\nc,d\n' }).catch((error: unknown) => {
          if (!(error instanceof UserError)) throw error
          expect(error.where?.line).toBeGreaterThan(0)
        })
      }),
      { numRuns: 400 },
    )
  })

  test('never writes control characters to a terminal', async () => {
    const evil = '\u001b]0;x\u0007'
    for (const text of [`{"config": {"target": "${JSON.stringify(evil).slice(1, -1)}", "phases": [{"duration": 1, "arrivalRate": 1}]}, "scenarios": [{"flow": [{"get": {"url": "/"}}]}]}`, JSON.stringify({ vus: 1, duration: 1, target: 'demo', metrics: { [evil]: 'trend' } }), JSON.stringify({ vus: 1, duration: 1, target: 'demo', flows: { [evil]: [] } }), JSON.stringify({ [evil]: 1 })]) {
       
      expect(await refusal(read(text))).not.toMatch(/[\u0000-\u001f]/)
    }
  })
})

interface Mutation {
  readonly picks: readonly number[]
  readonly kind: string
  readonly value: unknown
  readonly name: string
}

/** Walks down as far as the picks lead, then changes what is there. */
function mutate(root: unknown, { picks, kind, value, name }: Mutation): void {
  let node = root
  for (const [depth, pick] of picks.entries()) {
    if (node === null || typeof node !== 'object') return
    const map = node as Record<string, unknown>
    const keys = Object.keys(map)
    const key = keys[pick % Math.max(1, keys.length)]
    if (key === undefined) return
    const next = map[key]
    if (depth < picks.length - 1 && next !== null && typeof next === 'object' && Object.keys(next).length > 0) {
      node = next
      continue
    }
    if (kind === 'replace') map[key] = structuredClone(value)
    else if (kind === 'copy') map[name] = structuredClone(next)
    else delete map[key]
    if (kind === 'rename') Object.defineProperty(map, name, { value: next, enumerable: true, configurable: true, writable: true })
    return
  }
}

describe('the JSON Schema for editors', () => {
  const schema = scenarioJsonSchema()
  const check = z.fromJSONSchema(schema)

  test.each(FIXTURES)('accepts %s', async (name) => {
    expect(check.safeParse(parse(await textOf(name))).error).toBeUndefined()
  })

  test.each(['config: {}\nscenaros: []', 'connections: 3\nconections: 3', 'vus: {}'])('refuses %j', (text) => {
    expect(check.safeParse(parse(text)).success).toBe(false)
  })

  test('is of the draft that editors know', () => {
    expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema')
  })
})
