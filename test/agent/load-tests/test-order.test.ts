import { describe, expect, it } from 'vitest'
import { orderTest, type LoadTestBody } from '../../../src/agent/load-tests/test-order.ts'
import { readQuestion } from '../../../src/contract/read-question.ts'
import { body } from './body.ts'

const SECTION = { targets: 'http://127.0.0.1:4000', maxRate: 100, maxUsers: 50, maxDuration: '5m' }
const order = (asked: LoadTestBody): ReturnType<typeof orderTest> => orderTest('t1', asked, SECTION)

describe('the order that is made of a body', () => {
  it('says how long it takes, has the cap of users, and sends parameters as the query', async () => {
    const made = await order(body({ thresholds: { http_req_duration: ['p(95)<500', 'avg<100'] } }, { parameters: { query: 'a-{{$randomString}}' } }))
    expect(made).toMatchObject({ testId: 't1', target: 'http://127.0.0.1:4000', scenarios: 1, durationMs: 2_000, phases: [{ name: 'first', durationMs: 1_000 }, { name: 'second', durationMs: 1_000 }] })
    expect(made.body).toMatchObject({ scenarios: [{ parameters: { query: 'a-{{$randomString}}' } }], load: { phases: [{ maxVusers: 50 }, { maxVusers: 50 }] } })
  })

  it('without the section is refused, and says which setting allows it', async () => {
    await expect(orderTest('t1', body(), undefined)).rejects.toMatchObject({ code: 'FORBIDDEN', details: { setting: 'serve.loadTest.targets' } })
  })
})

describe('what is too much is refused with the limit and the value', () => {
  const phases = (...list: LoadTestBody['load']['phases']): LoadTestBody => body({ load: { phases: list } })
  it.each([
    ['a rate', phases({ duration: 1, arrivalRate: 101 }), { setting: 'serve.loadTest.maxRate', limit: 100, value: 101 }],
    ['a ramp', phases({ duration: 1, arrivalRate: 1, rampTo: 500 }), { setting: 'serve.loadTest.maxRate', limit: 100, value: 500 }],
    ['the sum of phases', phases({ duration: 200, arrivalRate: 1 }, { duration: 101, arrivalRate: 1 }), { setting: 'serve.loadTest.maxDuration', limit: 300, value: 301 }],
    ['the duration', body({ duration: 301 }), { setting: 'serve.loadTest.maxDuration', limit: 300, value: 301 }],
  ])('%s', async (_, asked, details) => {
    await expect(order(asked)).rejects.toMatchObject({ code: 'VALIDATION_ERROR', details })
  })
})

describe('what could read files, run code or lead astray is refused', () => {
  it.each([
    [{ ...body(), config: { processor: './evil.js' } }], [{ ...body(), payload: { path: '/etc/passwd' } }], [{ ...body(), before: [] }], [{ ...body(), variables: { a: 1 } }], [{ ...body(), target: 'http://evil' }],
    [{ ...body(), scenarios: [{ ...body().scenarios[0], beforeRequest: 'f', flow: [] }] }], [{ ...body(), load: { phases: [{ duration: 1, arrivalRate: 1, maxVusers: 1e9 }] } }], [{ ...body(), thresholds: { checks: [{ threshold: 'rate>1', abortOnFail: true }] } }],
  ])('by the schema: %j', (asked) => {
    expect(() => readQuestion('loadTest', { body: asked })).toThrow(expect.objectContaining({ code: 'VALIDATION_ERROR' }))
  })

  it.each([
    ['an environment variable', { parameters: { q: '{{ $env.HOME }}' } }], ['the same, as Artillery spells it', { target: '/{{ $processEnvironment.HOME }}' }], ['a nested one', { body: { a: [{ b: 'x{{$env.HOME}}' }] } }], ['one in a key', { body: { '{{$env.HOME}}': 1 } }],
    ['one in a header', { headers: { 'x-a': '{{ $env.HOME }}' } }], ['one behind a harmless one', { parameters: { q: '{{$uuid}}{{ $env.HOME }}' } }], ['one in three braces', { parameters: { q: '{{{ $env.HOME }}}' } }], ['an unknown variable', { target: '/a/{{ name }}' }], ['the target', { body: '{{ target }}' }],
    ['an empty text', { parameters: { q: '{{$randomString(0)}}' } }], ['a name for somebody else', { headers: { HOST: 'evil.example' } }], ['a second length', { headers: { 'Transfer-Encoding': 'chunked' } }], ['a line break', { headers: { 'x-a': 'a\r\nx: y' } }], ['an address', { target: 'http://evil.example/' }],
    ['more than a generator has memory for', { body: { a: '{{$randomString(999999)}}{{ randomString( 2 ) }}' } }],
  ])('by its check: %s', async (_, scenario) => {
    await expect(order(body({}, scenario))).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
  })

  it.each([[{ nonsense: 'p(95)<5' }], [{ http_req_duration: 'p(950)<5' }], [{ http_req_failed: 'p(95)<5' }]])('by the reader: thresholds %j', async (thresholds) => {
    await expect(order(body({ thresholds }))).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
  })
})
