import { describe, expect, it } from 'vitest'
import { openLimiter, readAllowances, readRetryAfter } from '../../src/api/rate-limit.ts'

const NOW = 1_795_226_169_000

describe('what an instance allows', () => {
  it.each([
    ['seconds left', { 'ratelimit-remaining': '97', 'ratelimit-reset': '900' }, [{ remaining: 97, resetMs: 900_000 }]],
    ['seconds since 1970', { 'x-ratelimit-remaining': '99', 'x-ratelimit-reset': '1795226229' }, [{ remaining: 99, resetMs: 60_000 }]],
    ['milliseconds since 1970', { 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': '1795226170000' }, [{ remaining: 5, resetMs: 1_000 }]],
    ['both families', { 'ratelimit-remaining': '97', 'ratelimit-reset': '900', 'x-ratelimit-remaining': '99', 'x-ratelimit-reset': '60' }, [{ remaining: 97, resetMs: 900_000 }, { remaining: 99, resetMs: 60_000 }]],
    ['one line of draft 7', { ratelimit: 'limit=100, remaining=50, reset=5' }, [{ remaining: 50, resetMs: 5_000 }]],
    ['one line of draft 8', { ratelimit: '"default";r=50;t=30' }, [{ remaining: 50, resetMs: 30_000 }]],
    ['a clock ahead of ours', { date: new Date(NOW + 30_000).toUTCString(), 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': String(NOW / 1_000 + 40) }, [{ remaining: 1, resetMs: 10_000 }]],
    ['a time that is over', { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '1795220000' }, [{ remaining: 1, resetMs: 0 }]],
    ['a time without end', { 'ratelimit-remaining': '1', 'ratelimit-reset': '99999999' }, [{ remaining: 1, resetMs: 3_600_000 }]],
    ['nonsense', { 'ratelimit-remaining': 'lots', 'ratelimit-reset': '-5' }, []],
    ['half of it', { 'ratelimit-remaining': '5' }, []],
  ])('is read from %s', (_form, headers, expected) => {
    expect(readAllowances(headers, NOW)).toEqual(expected)
  })

  it.each([['59', 59_000], ['0', 0], [new Date(NOW + 5_000).toUTCString(), 5_000], [new Date(NOW - 5_000).toUTCString(), 0], ['999999999', 3_600_000], ['soon', null]])('makes wait after Retry-After: %s', (text, expected) => {
    expect(readRetryAfter({ 'retry-after': text }, NOW)).toBe(expected)
  })

  it('is spread over the time until it is renewed', () => {
    let now = 0
    const limiter = openLimiter(() => now, () => NOW)
    expect(limiter.spacingMs()).toBe(0)
    limiter.note(200, { 'ratelimit-remaining': '10', 'ratelimit-reset': '90' })
    expect([limiter.spacingMs(), limiter.waitMs()]).toEqual([10_000, 0])
    limiter.note(200, { 'ratelimit-remaining': '0', 'ratelimit-reset': '90' })
    expect(limiter.waitMs()).toBe(90_000)
    now = 90_000
    expect([limiter.spacingMs(), limiter.waitMs()]).toEqual([0, 0])
  })

  it('is nothing for a while after a refusal, also one that says no time', () => {
    const limiter = openLimiter(() => 0, () => NOW)
    limiter.note(429, {})
    expect(limiter.waitMs()).toBe(10_000)
    limiter.note(503, {})
    limiter.note(503, { 'retry-after': '20' })
    expect(limiter.waitMs()).toBe(20_000)
  })
})
