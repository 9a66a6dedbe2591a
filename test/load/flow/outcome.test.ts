import { describe, expect, it } from 'vitest'
import type { RequestStep } from '../../../src/model/plan.ts'
import { capture, expecting, fakeWorld, get, planOf, runUser, type FakeReply } from './fake-world.ts'

const is404 = expecting<'status'>({ kind: 'status', codes: [404] })
const not5xx = expecting<'notStatus'>({ kind: 'notStatus', codes: ['5xx'] })
const isJson = expecting<'contentType'>({ kind: 'contentType', type: 'json' })
const token = capture('$.token', 'token')

/** What the first of two requests is recorded as, and whether the second one is sent. */
function judged(step: Partial<RequestStep>, reply: FakeReply): string {
  const { told, sent } = runUser([get('/first', step), get('/second')], (_, count) => (count === 0 ? reply : {}))
  const outcome = told.find((line) => line.startsWith('GET /first')) ?? ''
  return `${outcome.replace(/^.*?: /, '')}${sent.length === 2 ? ', goes on' : ', ends'}`
}

describe('a request has failed, and its flow ends or goes on, by this table:', () => {
  it.each<[string, Partial<RequestStep>, FakeReply, string]>([
    ['200', {}, { status: 200 }, '200, goes on'],
    ['399', {}, { status: 399 }, '399, goes on'],
    ['400', {}, { status: 400 }, 'failed (status 400), goes on'],
    ['503', {}, { status: 503 }, 'failed (status 503), goes on'],
    ['no answer', {}, { error: 'timeout' }, 'failed (timeout), ends'],
    ['no answer where a status is expected', { expects: [is404] }, { error: 'reset' }, 'failed (reset), ends'],
    ['an expected 404', { expects: [is404] }, { status: 404 }, '404, goes on'],
    ['200 where 404 is expected', { expects: [is404] }, { status: 200 }, 'failed (expectation: status), goes on'],
    ['404 where only 5xx is bad', { expects: [not5xx] }, { status: 404 }, '404, goes on'],
    ['404 where something else is expected too', { expects: [isJson] }, { status: 404, headers: { 'content-type': 'application/json' } }, 'failed (status 404), goes on'],
    ['an expectation that does not hold', { expects: [isJson] }, { status: 200 }, 'failed (expectation: contentType), goes on'],
    ['a capture that finds something', { captures: [token] }, { body: '{"token": "t"}' }, '200, goes on'],
    ['a strict capture that finds nothing', { captures: [token] }, { body: '{}' }, 'failed (capture: token), ends'],
    ['a lenient capture that finds nothing', { captures: [{ ...token, strict: false }] }, { body: '{}' }, '200, goes on'],
    ['500 without what is captured', { captures: [token] }, { status: 500 }, 'failed (status 500), ends'],
    ['500 with what is captured', { captures: [token] }, { status: 500, body: '{"token": "t"}' }, 'failed (status 500), goes on'],
    ['a lost capture and a lost expectation', { captures: [token], expects: [isJson] }, { body: '{}' }, 'failed (capture: token), ends'],
  ])('%s', (_, step, reply, outcome) => {
    expect(judged(step, reply)).toBe(outcome)
  })

  it('a failed expectation ends the flow when that is asked for', () => {
    const fake = fakeWorld(planOf([get('/first', { expects: [isJson] }), get('/second')]), () => ({}), true)
    fake.user.start(fake.program, 0)
    fake.pass()
    expect(fake.sent).toHaveLength(1)
    expect(fake.ended).toEqual([{ at: 10, outcome: 'failed' }])
  })

  it('every expectation is a check; without an answer none held', () => {
    const both = { expects: [is404, isJson] }
    expect(runUser([get('/a', both)], () => ({ status: 404 })).told).toEqual(['check status: true', 'check contentType: false', 'GET /a due 0 end 10: failed (expectation: contentType)'])
    expect(runUser([get('/a', both)], () => ({ error: 'refused' })).told).toEqual(['check status: false', 'check contentType: false', 'GET /a due 0 end 10: failed (refused)'])
  })

  it('when a strict capture is lost no capture of the request is taken, and when a lenient one is, its old value is gone', () => {
    const mixed = { captures: [capture('$.a', 'a', false), capture('$.b', 'b', false)] }
    const fake = runUser([get('/1', mixed), get('/2', mixed), get('/3?a={{ a }}&b={{ b }}')], (_, count) => ({ body: ['{"a": 1, "b": 1}', '{"b": 2}'][count] ?? '' }))
    expect(fake.sent[2]?.text).toContain('GET /3?a=&b=2 ')
    expect(fake.told).toContain('no a')
    expect(fake.told).toContain('missing a')
  })
})
