import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FeedListener } from '../../src/model/feed.ts'
import type { Snapshot, SystemFacts } from '../../src/model/snapshot.ts'
import { laneFeed, type Lane, type LaneLook } from '../../src/sources/local-feed.ts'
import { testHost } from '../host.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const FACTS: SystemFacts = { host: 'web-01', os: '', platform: 'linux', arch: '', kernel: '', node: '', cpuModel: '', cores: 1, container: null, filesystems: {} }

/** A feed of looks that each take as long as told, and when they began. */
function begin(intervalMs: number, { lookMs = () => 0, facts = () => FACTS }: { readonly lookMs?: (look: number) => number; readonly facts?: () => SystemFacts } = {}) {
  const host = { ...testHost([]), now: () => Date.now() }
  const start = host.now()
  const begun: number[] = []
  const told: Snapshot[] = []
  const toldFacts: SystemFacts[] = []
  let [underWay, mostAtOnce] = [0, 0]
  const look = async (): Promise<LaneLook> => {
    begun.push(host.now() - start)
    mostAtOnce = Math.max(mostAtOnce, ++underWay)
    const at = host.now()
    await new Promise((done) => setTimeout(done, lookMs(begun.length)))
    underWay--
    return { look: { monotonicMs: at, wallMs: at, samples: new Map() }, table: null, tableMs: 0 }
  }
  const lane: Lane = { look, lookSlowly: async () => facts(), close: () => undefined }
  const feed = laneFeed(host, lane, { intervalMs, processes: false })
  const listener: FeedListener = { snapshot: (snapshot) => void told.push(snapshot), facts: (news) => void toldFacts.push(news), alert: () => undefined, state: () => undefined }
  feed.start(listener)
  return { feed, begun, told, toldFacts, mostAtOnce: () => mostAtOnce }
}

describe('looking at this machine', () => {
  it('keeps an even pace, the second look early', async () => {
    const { feed, begun } = begin(1_000)
    await vi.advanceTimersByTimeAsync(4_000)
    expect(begun).toEqual([0, 250, 1_250, 2_250, 3_250])
    await feed.close()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(begun).toHaveLength(5)
  })

  it('does not look twice in short succession after a look that took long', async () => {
    const { feed, begun, told } = begin(1_000, { lookMs: (look) => (look === 3 ? 5_400 : 0) })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(begun.slice(0, 5)).toEqual([0, 250, 1_250, 7_250, 8_250])
    expect(told.slice(1).every(({ elapsedMs }) => elapsedMs >= 250)).toBe(true)
    await feed.close()
  })

  it('does not look twice in short succession after the program was stopped', async () => {
    const { feed, begun } = begin(1_000)
    await vi.advanceTimersByTimeAsync(1_500)
    // Timers of a stopped program fire when it goes on.
    vi.setSystemTime(Date.now() + 60_700)
    await vi.advanceTimersByTimeAsync(3_000)
    const gaps = begun.slice(1).map((at, index) => at - (begun[index] ?? 0))
    expect(Math.min(...gaps.slice(1))).toBeGreaterThanOrEqual(500)
    await feed.close()
  })

  it('never has two looks under way, though the interval is changed in the middle of one', async () => {
    const { feed, begun, told, mostAtOnce } = begin(1_000, { lookMs: () => 600 })
    await vi.advanceTimersByTimeAsync(2_700)
    const before = begun.length
    feed.setInterval(100)
    feed.setInterval(250)
    await vi.advanceTimersByTimeAsync(3_000)
    expect(mostAtOnce()).toBe(1)
    expect(begun.length).toBeGreaterThan(before)
    expect(told.slice(1).every(({ elapsedMs }) => elapsedMs >= 250)).toBe(true)
    await feed.close()
  })

  it('tells facts once, and again when they have changed', async () => {
    let container: string | null = null
    const { feed, toldFacts } = begin(1_000, { facts: () => ({ ...FACTS, container }) })
    await vi.advanceTimersByTimeAsync(40_000)
    expect(toldFacts).toHaveLength(1)
    container = 'docker'
    await vi.advanceTimersByTimeAsync(20_000)
    expect(toldFacts.map((facts) => facts.container)).toEqual([null, 'docker'])
    await feed.close()
  })

  it('tells nothing any more when it is closed in the middle of a look', async () => {
    const { feed, told } = begin(1_000, { lookMs: () => 600 })
    await vi.advanceTimersByTimeAsync(300)
    await feed.close()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(told).toEqual([])
  })

  it('looks at processes less often where that costs more than a fiftieth of the interval, and counts them in every look', async () => {
    const asked: boolean[] = []
    const told: Snapshot[] = []
    const host = { ...testHost([]), now: () => Date.now() }
    const table = { at: 0, total: 7, rows: [] }
    const lane: Lane = {
      look: (processes) => {
        asked.push(processes)
        return { look: { monotonicMs: Date.now(), wallMs: Date.now(), samples: new Map() }, table: processes ? table : null, tableMs: 50 }
      },
      lookSlowly: async () => FACTS,
      close: () => undefined,
    }
    const feed = laneFeed(host, lane, { intervalMs: 1_000, processes: true })
    feed.start({ snapshot: (snapshot) => void told.push(snapshot), facts: () => undefined, alert: () => undefined, state: () => undefined })
    await vi.advanceTimersByTimeAsync(9_000)
    expect(asked.map(Number).join('')).toBe('1101001001')
    expect(told.map(({ samples }) => samples.get('processes.total')?.get(''))).toEqual(asked.map(() => 7))
    await feed.close()
  })
})
