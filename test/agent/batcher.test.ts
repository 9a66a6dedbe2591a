import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Batch } from '../../src/agent/batch.ts'
import { Batcher, type Sink } from '../../src/agent/batcher.ts'
import { samplesOf, START, stopClock } from './made-up.ts'

beforeEach(stopClock)
afterEach(() => void vi.useRealTimers())

const source = { id: 'redis', priority: 'low' as const }

function open({ size = 4, fold = 0, write }: { readonly size?: number; readonly fold?: number; readonly write?: Sink['write'] } = {}) {
  const batches: Batch[] = []
  const sink: Sink = { name: 'the sink', keeps: (metric) => metric !== 'load.1', write: write ?? ((batch) => void batches.push(batch)) }
  return { batches, batcher: new Batcher({ size, flushMs: 15_000, sinks: [sink], fold: () => fold, log: () => undefined }) }
}
const values = (batch: Batch | undefined) => batch?.values.map(({ metric, tag, count, sum, last }) => [metric, tag, count, sum, last])

describe('a batch', () => {
  it('is flushed when it is full, or after a while, or when all ends', async () => {
    const { batches, batcher } = open()
    batcher.add(source, START, samplesOf({ 'cache.keys': 1, 'cache.clients': 2, 'load.1': 9 }))
    expect(batches).toHaveLength(0)
    batcher.add(source, START + 1_000, samplesOf({ 'cache.keys': 3, 'cache.clients': 4 }))
    expect(batches.map(values)).toEqual([[['cache.keys', '', 1, 1, 1], ['cache.clients', '', 1, 2, 2], ['cache.keys', '', 1, 3, 3], ['cache.clients', '', 1, 4, 4]]])
    batcher.add(source, START, samplesOf({ 'cache.keys': 5 }))
    await vi.advanceTimersByTimeAsync(15_000)
    expect(batches).toHaveLength(2)
    batcher.add(source, START, samplesOf({ 'cache.keys': 6 }))
    await batcher.close()
    expect([batches.length, values(batches[2])]).toEqual([3, [['cache.keys', '', 1, 6, 6]]])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('has one figure for all disks and interfaces together, and none twice', async () => {
    const { batches, batcher } = open({ size: 100 })
    batcher.add(source, START, samplesOf({ 'network.receive.rate': { lo: 1, eth0: 10, eth1: 20 }, 'cpu.usage': Number.NaN }))
    await batcher.flush()
    expect(values(batches[0])?.find(([, tag]) => tag === '')).toEqual(['network.receive.rate', '', 1, 30, 30])
  })

  it('loses nothing where it is folded: counts, sums, extremes and the newest stay', async () => {
    const { batches, batcher } = open({ size: 100, fold: 1 })
    for (const [index, value] of [5, 1, 3].entries()) batcher.add(source, START + index * 1_000, samplesOf({ 'cache.keys': value }))
    batcher.add(source, START + 10_000, samplesOf({ 'cache.keys': 7 }))
    await batcher.flush()
    expect(batches[0]?.taken).toBe(4)
    expect(batches[0]?.values).toMatchObject([{ count: 1, last: 7 }, { count: 3, sum: 9, min: 1, max: 5, last: 3, at: START + 2_000 }])
  })

  it('that a sink could not take is given to it again', async () => {
    const taken: number[] = []
    let isBroken = true
    const { batcher } = open({ size: 1, write: async ({ values: [first] }) => {
      if (isBroken) throw new Error('disk full')
      taken.push(first?.last ?? 0)
    } })
    batcher.add(source, START, samplesOf({ 'cache.keys': 1 }))
    batcher.add(source, START, samplesOf({ 'cache.keys': 2 }))
    await vi.advanceTimersByTimeAsync(1)
    isBroken = false
    batcher.add(source, START, samplesOf({ 'cache.keys': 3 }))
    await batcher.close()
    expect(taken).toEqual([1, 2, 3])
  })
})
