import { describe, expect, it } from 'vitest'
import { openBackoff } from '../../src/api/backoff.ts'
import { openFloodGate } from '../../src/api/flood.ts'
import { openSequence } from '../../src/api/sequence.ts'

const BOUNDS = { backoffMs: 500, backoffMostMs: 30_000, healthyMs: 60_000 }

describe('waits before a reconnect', () => {
  it('double up to half a minute, and anything from nothing to that is drawn', () => {
    const longest = openBackoff(BOUNDS, () => 0, () => 1)
    expect(Array.from({ length: 8 }, () => longest.next())).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
    expect(openBackoff(BOUNDS, () => 0, () => 0).next()).toBe(0)
  })

  it('begin anew after a minute of health, not before', () => {
    let now = 0
    const backoff = openBackoff(BOUNDS, () => now, () => 1)
    const afterHealth = (ms: number): number => {
      backoff.healthy()
      now += ms
      return backoff.next()
    }
    expect([backoff.next(), afterHealth(59_000), afterHealth(60_000), backoff.next()]).toEqual([500, 1_000, 500, 1_000])
  })

  it('are no shorter than the instance wishes, within bounds', () => {
    const backoff = openBackoff(BOUNDS, () => 0, () => 0)
    backoff.setLeast(3_000)
    expect(backoff.next()).toBe(3_000)
    backoff.setLeast(1e9)
    expect(backoff.next()).toBe(30_000)
  })
})

describe('what an instance sends again', () => {
  it('is known by its id or its time', () => {
    const sequence = openSequence(() => 0, () => 1_000)
    expect(([['a', 10], ['a', 11], ['b', 10], ['c', 9], ['d', 12], [undefined, 12], [undefined, null], [undefined, 13]] as const).map(([id, at]) => sequence.isNews(id, at))).toEqual([true, false, false, false, true, false, true, true])
  })
})

describe('a flood gate', () => {
  it('lets a backfill through whole, and holds no more than one event of a flood', () => {
    const through: number[] = []
    const gate = openFloodGate<number>((event) => void through.push(event), () => 0, 10_000)
    for (let event = 1; event <= 100_000; event++) gate.push(event)
    expect(through.length).toBeGreaterThanOrEqual(700)
    expect(through.length).toBeLessThan(900)
    gate.close()
    expect(through.at(-1)).toBe(100_000)
  })

  it('opens again when the flood is over', () => {
    let now = 0
    const through: number[] = []
    const gate = openFloodGate<number>((event) => void through.push(event), () => now, 10_000)
    for (let event = 1; event <= 10_000; event++) gate.push(event)
    for (const event of [10_001, 10_002, 10_003]) {
      now += 1_000
      gate.push(event)
    }
    gate.close()
    expect(through.slice(-2)).toEqual([10_002, 10_003])
  })
})
