import { describe, expect, it } from 'vitest'
import { compileExpectation } from '../../../src/load/flow/expect.ts'
import { createReply } from '../../../src/load/flow/reply.ts'
import { UserError } from '../../../src/model/error.ts'
import type { Expectation } from '../../../src/model/plan.ts'
import { expecting, fakeExchange, scopeOf, WHERE, type FakeReply } from './fake-world.ts'

const holds = (expectation: Expectation, reply: FakeReply = {}, durationMs = 0): boolean =>
  compileExpectation(expectation).holds(createReply(fakeExchange(reply, 0, durationMs), 0), scopeOf({ odd: '(a+)+$', whole: '^xa*y', name: 'Ada', wanted: 201, user: { id: 1 } }))

const body = '{"user": {"id": 1, "name": "Ada"}, "list": [], "none": null}'
const type = (value: string): FakeReply => ({ headers: { 'content-type': value } })

describe('an expectation', () => {
  it.each<[Expectation, FakeReply, boolean]>([
    [expecting<'status'>({ kind: 'status', codes: [200] }), { status: 200 }, true],
    [expecting<'status'>({ kind: 'status', codes: [200, '404'] }), { status: 404 }, true],
    [expecting<'status'>({ kind: 'status', codes: ['2xx'] }), { status: 299 }, true],
    [expecting<'status'>({ kind: 'status', codes: ['2XX', '300-302'] }), { status: 302 }, true],
    [expecting<'status'>({ kind: 'status', codes: ['2xx', '300-302'] }), { status: 303 }, false],
    [expecting<'status'>({ kind: 'status', codes: ['{{ wanted }}'] }), { status: 201 }, true],
    [expecting<'status'>({ kind: 'status', codes: ['{{ name }}'] }), { status: 201 }, false],
    [expecting<'notStatus'>({ kind: 'notStatus', codes: ['5xx', 404] }), { status: 404 }, false],
    [expecting<'notStatus'>({ kind: 'notStatus', codes: ['5xx', 404] }), { status: 401 }, true],
    [expecting<'contentType'>({ kind: 'contentType', type: 'json' }), type('application/json; charset=utf-8'), true],
    [expecting<'contentType'>({ kind: 'contentType', type: 'json' }), type('Application/Problem+JSON'), true],
    [expecting<'contentType'>({ kind: 'contentType', type: 'json' }), type('text/json-not'), false],
    [expecting<'contentType'>({ kind: 'contentType', type: 'json' }), {}, false],
    [expecting<'contentType'>({ kind: 'contentType', type: 'text/html' }), type('text/HTML; charset=utf-8'), true],
    [expecting<'contentType'>({ kind: 'contentType', type: 'text/html; charset=utf-8' }), type('text/html'), false],
    [expecting<'hasHeader'>({ kind: 'hasHeader', name: 'X-Id' }), { headers: { 'x-id': '' } }, true],
    [expecting<'hasHeader'>({ kind: 'hasHeader', name: 'X-Id' }), {}, false],
    [expecting<'headerEquals'>({ kind: 'headerEquals', name: 'X-Id', value: '{{ name }}' }), { headers: { 'x-id': ['Bob', 'Ada'] } }, true],
    [expecting<'headerEquals'>({ kind: 'headerEquals', name: 'X-Id', value: 'ada' }), { headers: { 'x-id': 'Ada' } }, false],
    [expecting<'hasProperty'>({ kind: 'hasProperty', path: 'user.id', present: true }), { body }, true],
    [expecting<'hasProperty'>({ kind: 'hasProperty', path: '$.none', present: true }), { body }, true],
    [expecting<'hasProperty'>({ kind: 'hasProperty', path: 'user.nobody', present: true }), { body }, false],
    [expecting<'hasProperty'>({ kind: 'hasProperty', path: 'user.nobody', present: false }), { body }, true],
    [expecting<'hasProperty'>({ kind: 'hasProperty', path: 'user.nobody', present: false }), { body: '<html>' }, false],
    [expecting<'equals'>({ kind: 'equals', values: ['Ada', '{{ name }}'], negate: false }), {}, true],
    [expecting<'equals'>({ kind: 'equals', values: [201, '{{ wanted }}'], negate: false }), {}, true],
    [expecting<'equals'>({ kind: 'equals', values: ['Bob', '{{ name }}'], negate: false }), {}, false],
    [expecting<'equals'>({ kind: 'equals', values: ['Bob', '{{ name }}'], negate: true }), {}, true],
    [expecting<'matchesRegexp'>({ kind: 'matchesRegexp', pattern: '"name": "A.a"' }), { body }, true],
    [expecting<'matchesRegexp'>({ kind: 'matchesRegexp', pattern: '^{{ name }}' }), { body: 'Ada!' }, true],
    [expecting<'matchesRegexp'>({ kind: 'matchesRegexp', pattern: '^x{{ odd }}y$' }), { body: 'x(a+)+$y' }, true],
    [expecting<'matchesRegexp'>({ kind: 'matchesRegexp', pattern: '^x{{ odd }}y$' }), { body: 'xaay' }, false],
    [expecting<'matchesRegexp'>({ kind: 'matchesRegexp', pattern: '{{ whole }}' }), { body: 'xaay' }, true],
    [expecting<'matchesRegexp'>({ kind: 'matchesRegexp', pattern: 'nobody' }), { body }, false],
    [expecting<'jsonEquals'>({ kind: 'jsonEquals', path: '$.user.name', value: '{{ name }}' }), { body }, true],
    [expecting<'jsonEquals'>({ kind: 'jsonEquals', path: '$.user.id', value: '1' }), { body }, false],
    [expecting<'jsonEquals'>({ kind: 'jsonEquals', path: '$.list', value: [] }), { body }, true],
    [expecting<'jsonEquals'>({ kind: 'jsonEquals', path: '$.nobody', value: null }), { body }, false],
    [expecting<'jsonEquals'>({ kind: 'jsonEquals', path: '$.user', value: { name: 'Ada', id: 1 } }), { body }, true],
  ])('%j of %j: %s', (expectation, reply, held) => {
    expect(holds(expectation, reply)).toBe(held)
  })

  it('of the response time counts from the moment the request was due', () => {
    const within = expecting<'responseTime'>({ kind: 'responseTime', maxMs: 100 })
    expect([99, 100, 100.1].map((ms) => holds(within, {}, ms))).toEqual([true, true, false])
  })

  it('asks for the body only when it looks into it', () => {
    expect(compileExpectation(expecting<'status'>({ kind: 'status', codes: [200] })).needsBody).toBe(false)
    expect(compileExpectation(expecting<'contentType'>({ kind: 'contentType', type: 'json' })).needsBody).toBe(false)
    expect(compileExpectation(expecting<'matchesRegexp'>({ kind: 'matchesRegexp', pattern: 'a' })).needsBody).toBe(true)
  })

  it.each([[expecting<'status'>({ kind: 'status', codes: ['2x'] })], [expecting<'status'>({ kind: 'status', codes: [99] })], [expecting<'matchesRegexp'>({ kind: 'matchesRegexp', pattern: '(' })], [expecting<'hasProperty'>({ kind: 'hasProperty', path: 'a[', present: true })]])(
    '%j is refused before the run', (expectation) => {
      expect(() => compileExpectation(expectation)).toThrow(UserError)
      expect(() => compileExpectation(expectation)).toThrow(expect.objectContaining({ where: WHERE }))
    },
  )
})
