import { describe, expect, it } from 'vitest'
import { ENDPOINTS, type EndpointName } from '../../src/contract/endpoints.ts'
import { ERROR_CODES } from '../../src/contract/error-code.ts'
import { openApi } from '../../src/contract/openapi.ts'
import { ANSWERS, METAS } from './documented.ts'
import type { OpenApiDocument } from './fuzz.ts'
import { judgeBy } from './json-schema.ts'
import { QUESTIONS } from './questions.ts'
import { envelope } from './stand-in.ts'

const document = JSON.parse(JSON.stringify(openApi('1.2.3'))) as OpenApiDocument & Readonly<Record<string, unknown>>
const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation: operation as typeof operation & { readonly operationId: string } })))

function* refsIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, each] of Object.entries(value)) {
    if (key === '$ref' && typeof each === 'string') yield each
    else yield* refsIn(each)
  }
}

describe('the OpenAPI document', () => {
  it('is of version 3.1, has no name twice and no reference that leads nowhere', () => {
    expect(document['openapi']).toMatch(/^3\.1\.\d+$/)
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    const at = (ref: string): unknown => ref.slice(2).split('/').reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>> | undefined)?.[key], document)
    expect([...refsIn(document)].filter((ref) => !ref.startsWith('#/') || at(ref) === undefined)).toEqual([])
    for (const name of [...Object.keys(document.components.schemas), ...Object.keys(document.components.responses)]) expect(name).toMatch(/^[\w.-]+$/)
  })

  it('declares each parameter of a path once, as one that is needed', () => {
    for (const { path, operation } of operations) {
      const declared = operation.parameters.filter((each) => each.in === 'path') as readonly { readonly name: string; readonly required?: boolean }[]
      expect(declared.map(({ name, required }) => [name, required])).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, true]))
    }
  })

  it('has every code of an error in the description of its status', () => {
    for (const [code, { status }] of Object.entries(ERROR_CODES)) expect(document.components.responses[`Error${status}`]).toMatchObject({ description: expect.stringContaining(`${code}: `) })
    for (const { operation } of operations) expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['400', '403', '408', '429', '431', '500']))
  })

  it('says what it says once: it is no larger than it must be', () => {
    expect(JSON.stringify(document).length).toBeLessThan(80_000)
  })

  it.each(Object.keys(ENDPOINTS) as EndpointName[])('takes what is documented of %s, and nothing that lacks a part of it', (name) => {
    const judge = judgeBy(document)
    const place = name.replace(/^./, (first) => first.toUpperCase())
    const whole = { ...envelope(name, ANSWERS[name]), ...(METAS[name] ? { meta: METAS[name] } : {}) }
    expect(judge(`#/components/schemas/${place}Answer`, whole)).toEqual([])
    expect(judge(`#/components/schemas/${place}Answer`, { ...whole, success: false })).not.toEqual([])
    if (ENDPOINTS[name].envelope === 'data') expect(judge(`#/components/schemas/${place}Answer`, { ...whole, data: null })).not.toEqual([])
    if (ENDPOINTS[name].body === null) return
    expect(judge(`#/components/schemas/${place}Body`, QUESTIONS[name].body)).toEqual([])
    expect(judge(`#/components/schemas/${place}Body`, 'nonsense')).not.toEqual([])
  })
})
