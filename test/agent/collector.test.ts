import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Collector } from '../../src/agent/collector.ts'
import { healthOf } from '../../src/agent/collected-source.ts'
import type { Source } from '../../src/model/source.ts'
import { madeUpSource, START, stopClock } from './made-up.ts'

let collector: Collector | undefined
beforeEach(stopClock)
afterEach(async () => {
  await collector?.close()
  vi.useRealTimers()
})
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

function start(sources: readonly Source[], { isAdaptive = true }: { readonly isAdaptive?: boolean } = {}): Collector {
  collector = new Collector({
    now: () => Date.now() - START, wallTime: () => new Date(), sources, disabled: new Set(['off']), isEnabled: true, isAdaptive,
    limits: { cpu: 0.7, memory: 0.8, redisMemory: 100e6 }, log: () => undefined, onCollected: () => undefined,
  })
  collector.start()
  return collector
}
const stateOf = (of: Collector, id: string) => of.states.find(({ source }) => source.id === id)!
const failing = (id: string, intervalMs: number) => madeUpSource({ id, intervalMs }, () => {
  throw new Error('refused')
})

describe('sources', () => {
  it('are asked at their own intervals, the second time early', async () => {
    const [quick, slow, off] = [madeUpSource({ id: 'quick', intervalMs: 2_000 }), madeUpSource({ id: 'slow', intervalMs: 60_000 }), madeUpSource({ id: 'off' })]
    start([quick, slow, off])
    await pass(60_500)
    expect([quick.asked, slow.asked, off.asked]).toEqual([31, 2, 0])
    await pass(5_000)
    expect(slow.asked).toBe(3)
  })

  it('are never asked twice at once, also when one does not heed its end', async () => {
    let end = (): void => undefined
    const stubborn = madeUpSource({ id: 'stubborn', intervalMs: 1_000, timeoutMs: 500 }, () => new Promise((done) => (end = () => done({ samples: new Map() }))))
    const of = start([stubborn])
    await pass(10_000)
    await of.collect('stubborn')
    expect([stubborn.asked, stubborn.most]).toEqual([1, 1])
    expect(stateOf(of, 'stubborn')).toMatchObject({ failures: 1, problem: 'did not answer within 2.5 s' })
    end()
    await pass(100)
    expect(stubborn.asked).toBe(2)
  })

  it('share a collection with all who want one meanwhile', async () => {
    const source = madeUpSource({ id: 'a', intervalMs: 60_000 }, async () => {
      await new Promise((done) => setTimeout(done, 100))
      return { samples: new Map() }
    })
    const of = start([source])
    await pass(1_000)
    const all = Promise.all(Array.from({ length: 50 }, () => of.collect('a')))
    await pass(200)
    await all
    expect([source.asked, source.most]).toEqual([2, 1])
  })

  it('that fail are degraded, then unhealthy, then left alone for a minute, two, four', async () => {
    const source = failing('a', 1_000)
    const of = start([source])
    const seen: [number, string][] = []
    for (let second = 0; second < 30; second++) {
      await pass(1_000)
      if (seen.at(-1)?.[0] !== source.asked) seen.push([source.asked, healthOf(stateOf(of, 'a'))])
    }
    expect(seen).toEqual([[1, 'degraded'], [2, 'degraded'], [3, 'unhealthy'], [4, 'unhealthy'], [5, 'unhealthy']])
    expect(stateOf(of, 'a').openUntil).toBeGreaterThan(Date.now() - START)
    await pass(60_000)
    expect(source.asked).toBe(6)
    await pass(95_000)
    expect(source.asked).toBe(6)
    await pass(20_000)
    expect(source.asked).toBe(7)
  })

  it('that answer again are well at once', async () => {
    let isBroken = true
    const source = madeUpSource({ id: 'a', intervalMs: 1_000 }, () => {
      if (isBroken) throw new Error('refused')
      return { samples: new Map() }
    })
    const of = start([source])
    await pass(3_500)
    isBroken = false
    await pass(10_000)
    expect(stateOf(of, 'a')).toMatchObject({ failuresInARow: 0, problem: null, openUntil: null })
    expect(healthOf(stateOf(of, 'a'))).toBe('healthy')
  })
})

describe('zones', () => {
  const sources = () => (['critical', 'high', 'medium', 'low'] as const).map((priority) => madeUpSource({ id: priority, priority, intervalMs: 10_000 }))
  const fill = async (of: Collector, cpu: number) => {
    for (let time = 0; time < 12; time++) {
      of.observe({ cpu, memory: 0.1, redisMemory: Number.NaN })
      await pass(5_000)
    }
  }

  it.each([
    [0.1, [10_000, 10_000, 10_000, 10_000]], [0.62, [10_000, 10_000, 10_000, 20_000]], [0.8, [10_000, 10_000, null, null]], [0.9, [10_000, null, null, null]], [0.97, [40_000, null, null, null]],
  ])('at %s of the processors', async (cpu, intervals) => {
    const all = sources()
    const of = start(all)
    await fill(of, cpu)
    expect(of.states.map((state) => of.intervalOf(state))).toEqual(intervals)
    const before = all.map(({ asked }) => asked)
    await pass(80_000)
    expect(all.map(({ asked }, index) => asked - (before[index] ?? 0))).toEqual(intervals.map((each) => (each === null ? 0 : 80_000 / each)))
    await fill(of, 0.1)
    expect(of.states.map((state) => of.intervalOf(state))).toEqual([10_000, 10_000, 10_000, 10_000])
    await pass(15_000)
    expect(all.every(({ asked }, index) => asked > (before[index] ?? 0))).toBe(true)
  })

  it('do nothing where intervals are not to adapt, but are told', async () => {
    const of = start(sources(), { isAdaptive: false })
    await fill(of, 0.97)
    expect([of.zone, of.ruling, of.states.map((state) => of.intervalOf(state))]).toEqual(['critical', 'green', [10_000, 10_000, 10_000, 10_000]])
  })
})
