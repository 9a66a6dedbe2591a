import { describe, expect, it } from 'vitest'
import { compileCapture } from '../../../src/load/flow/capture.ts'
import { createReply } from '../../../src/load/flow/reply.ts'
import { UserError } from '../../../src/model/error.ts'
import type { Capture } from '../../../src/model/plan.ts'
import { fakeExchange, scopeOf, WHERE } from './fake-world.ts'

const taken = (from: Capture['from'], all = false): unknown => {
  const body = '\ufeff{"token": "t1", "items": [{"id": 1}, {"id": 2}], "none": null, "empty": "", "text": "order 17 and order 18"}'
  const reply = createReply(fakeExchange({ status: 201, headers: { 'x-id': ['h1', 'h2'] }, body }), 0)
  return compileCapture({ from, all, as: 'it', strict: true, where: WHERE }).take(reply, scopeOf({ n: 1 }))
}
const json = (path: string): Capture['from'] => ({ kind: 'json', path })
const regexp = (pattern: string, group: number | string = 0, flags = ''): Capture['from'] => ({ kind: 'regexp', pattern, group, flags })

describe('a capture', () => {
  it.each<[Capture['from'], boolean, unknown]>([
    [json('$.token'), false, 't1'],
    [json('$.items[*].id'), false, 1],
    [json('$.items[*].id'), true, [1, 2]],
    [json('$.items[{{ n }}].id'), false, 2],
    [json('$.items[{{ nobody }}].id'), false, undefined],
    [json('$.nobody'), false, undefined],
    [json('$.nobody'), true, undefined],
    [json('$.none'), false, null],
    [json('$.empty'), false, undefined],
    [{ kind: 'header', name: 'X-Id' }, false, 'h1'],
    [{ kind: 'header', name: 'x-id' }, true, ['h1', 'h2']],
    [{ kind: 'header', name: 'x-nobody' }, false, undefined],
    [{ kind: 'header', name: 'x-nobody' }, true, undefined],
    [regexp('order \\d+'), false, 'order 17'],
    [regexp('order (\\d+)', 1), false, '17'],
    [regexp('ORDER (?<nr>\\d+)', 'nr', 'gi'), false, '17'],
    [regexp('order (\\d+)', 1), true, ['17', '18']],
    [regexp('order (x)?', 1), false, undefined],
    [regexp('nobody'), true, undefined],
    [{ kind: 'status' }, false, 201],
  ])('by %j (all: %s) takes %j', (from, all, value) => {
    expect(taken(from, all)).toEqual(value)
    expect(taken(from, all)).toEqual(value)
  })

  it('finds nothing in a body that is not JSON, or empty', () => {
    for (const body of ['', '<html>', '{"a":']) expect(compileCapture({ from: json('$.a'), as: 'a', strict: true, where: WHERE }).take(createReply(fakeExchange({ body }), 0), scopeOf())).toBeUndefined()
  })

  it('asks for the body only when it looks into it', () => {
    const needs = (from: Capture['from']): boolean => compileCapture({ from, as: 'a', strict: true, where: WHERE }).needsBody
    expect([json('$.a'), regexp('a'), { kind: 'header', name: 'a' } as const, { kind: 'status' } as const].map(needs)).toEqual([true, true, false, false])
  })

  it('is refused before the run when its path or pattern cannot be read', () => {
    for (const from of [json('$.a['), regexp('(')]) expect(() => compileCapture({ from, as: 'a', strict: true, where: WHERE })).toThrow(UserError)
  })

  it('parses a body once, however many ask', () => {
    const exchange = fakeExchange({ body: '{"a": 1}' })
    let reads = 0
    const reply = createReply({ ...exchange, get body() { reads++; return exchange.body } }, 0)
    expect([reply.json(), reply.json(), reply.text()]).toEqual([{ a: 1 }, { a: 1 }, '{"a": 1}'])
    expect(reply.json()).toBe(reply.json())
    expect(reads).toBe(1)
  })
})
