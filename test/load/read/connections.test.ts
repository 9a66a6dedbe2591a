import { describe, expect, test } from 'vitest'
import { planFromUrl } from '../../../src/load/read/url.ts'
import { read, readFixture, refusal } from './reading.ts'

describe('a test by connections', () => {
  test('is read whole, in its own words and in those every engine knows', async () => {
    expect(await readFixture('connections.yaml')).toMatchObject({
      dialect: 'connections',
      target: 'http://localhost:3000',
      settings: { timeoutMs: 5_000, maxConnections: 50, connections: { connections: 50, pipelining: 4, durationMs: 30_000, amount: null, overallRate: null } },
      workloads: [{ model: 'closed', stages: [{ durationMs: 30_000, from: 50, to: 50 }] }],
      flows: [{ steps: [{ name: 'GET /api/items', headers: { accept: 'application/json' } }, { name: 'POST /api/items', body: { kind: 'json', value: { name: 'x' } } }] }],
    })
  })

  test.each<[string, object]>([
    ['connections: 5\nurl: http://localhost:1/a?b=c\namount: 7', { workloads: [{ model: 'iterations', users: 5, iterations: 7, shared: true }], flows: [{ steps: [{ url: '/a?b=c' }] }] }],
    ['connections: 5\nurl: demo\nrate: 100', { workloads: [{ model: 'open', segments: [{ from: 100, to: 100, maxUsers: 5, durationMs: 10_000 }] }] }],
    ['connections: 5\ntarget: http://localhost:1\nmethod: post\nbody: text', { flows: [{ steps: [{ method: 'POST', url: '/', body: { kind: 'text', text: 'text' } }] }] }],
  ])('%j', async (text, expected) => {
    expect(await read(text)).toMatchObject(expected)
  })

  test.each<[string, string]>([
    ['connections: 5', 'NO_TARGET test.yaml:1:1 test.yaml does not say which server to send to | add "url" to it or pass --target'],
    ['connections: 0\nurl: demo', 'INVALID_VALUE test.yaml:1:14 "connections" must be a number from 1 to 100000, but it is 0 | correct the value'],
    ['connections: 1\nurl: demo\namount: 3\nduration: 3', 'CONFLICTING_KEYS test.yaml:1:1 test.yaml has "duration" and "amount": one of them decides | keep one of them'],
    ['connections: 1\nurl: demo\nrequests: []', 'EMPTY_FLOW test.yaml:3:11 "requests" is empty | add one or remove it'],
  ])('%j is refused', async (text, expected) => {
    expect(await refusal(read(text))).toBe(expected)
  })
})

describe('a one-liner', () => {
  test('is a constant number of users who repeat one request', () => {
    expect(planFromUrl({ url: 'http://localhost:3000/a?b=1', connections: 20, durationMs: 5_000, method: 'put', headers: { 'x-a': 'b' }, body: 'c', timeoutMs: 900 })).toMatchObject({
      dialect: 'url',
      target: 'http://localhost:3000',
      workloads: [{ model: 'closed', stages: [{ durationMs: 5_000, from: 20, to: 20 }] }],
      flows: [{ steps: [{ name: 'PUT /a', url: '/a?b=1', headers: { 'x-a': 'b' }, body: { kind: 'text', text: 'c' } }] }],
      settings: { timeoutMs: 900 },
    })
    expect(planFromUrl({ url: 'demo', connections: 1, durationMs: 1 })).toMatchObject({ target: 'demo', flows: [{ steps: [{ url: '/' }] }] })
  })

  test.each<[Parameters<typeof planFromUrl>[0], string]>([
    [{ url: 'localhost:3000', connections: 1, durationMs: 1 }, 'did you mean http://localhost:3000?'],
    [{ url: 'demo', connections: 0, durationMs: 1 }, '"connections" must be a whole number from 1'],
    [{ url: 'demo', connections: 1, durationMs: 0 }, '"duration" must be more than 0'],
    [{ url: 'demo', connections: 1, durationMs: 1, method: 'fetch' }, 'unknown method "FETCH"'],
  ])('%j is refused', async (input, expected) => {
    expect(await refusal((async () => planFromUrl(input))())).toContain(expected)
  })
})
