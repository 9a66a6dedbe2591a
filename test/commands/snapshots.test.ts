import { describe, expect, it } from 'vitest'
import { snapshots, type FeedLook } from '../../src/commands/snapshots.ts'
import { FACTS, snapshotOf } from '../samples.ts'
import { fakeFeed, type FakeFeed, type Telling } from './feed.ts'

const look = (load: number): Telling => ({ snapshot: snapshotOf({ 'load.1': load }) })
const loadOf = ({ snapshot }: FeedLook): number | undefined => snapshot.samples.get('load.1')?.get('')

async function read(feed: FakeFeed, signal = new AbortController().signal, most = 10): Promise<FeedLook[]> {
  const looks: FeedLook[] = []
  for await (const each of snapshots(feed, signal)) {
    looks.push(each)
    if (looks.length >= most) break
  }
  return looks
}

describe('a feed as a stream', () => {
  it('yields the looks in order, each with the facts that were known by then', async () => {
    const feed = fakeFeed([look(1), { facts: FACTS }, look(2), look(3), { state: { kind: 'ended', reason: 'the recording is over' } }], 'recording')
    expect((await read(feed)).map((each) => [loadOf(each), each.facts?.host])).toEqual([[1, undefined], [2, 'web-01'], [3, 'web-01']])
    expect(feed.closed()).toBe(true)
  })

  it('closes the feed when the reader has enough', async () => {
    const feed = fakeFeed([look(1), look(2), look(3)])
    expect(await read(feed, undefined, 1)).toHaveLength(1)
    expect(feed.closed()).toBe(true)
  })

  it('ends when it is told to, with what was there', async () => {
    const stop = new AbortController()
    const feed = fakeFeed([look(1), { call: () => stop.abort() }, look(2)])
    expect((await read(feed, stop.signal)).map(loadOf)).toEqual([1])
    expect(feed.closed()).toBe(true)
    expect(await read(fakeFeed([look(1)]), AbortSignal.abort())).toEqual([])
  })

  it('keeps all of the past that an instance tells at once, and the present after it', async () => {
    let told: () => void = () => undefined
    const all = new Promise<void>((done) => { told = done })
    const feed = fakeFeed([...Array.from({ length: 60 }, (_, load) => look(load)), { state: { kind: 'live' } }, ...Array.from({ length: 30 }, (_, load) => look(60 + load)), { call: () => told() }, { state: { kind: 'ended', reason: '' } }], 'remote')
    const loads: (number | undefined)[] = []
    for await (const each of snapshots(feed, new AbortController().signal)) {
      if (loads.length === 0) await all
      loads.push(loadOf(each))
    }
    expect(loads).toEqual(Array.from({ length: loads.length }, (_, load) => load))
    expect(loads.length).toBeGreaterThan(60)
    expect(loads.length).toBeLessThan(75)
  })

  it('hands over alerts with the look that follows them, once', async () => {
    const alert = { level: 'warning' as const, metric: 'cpu.usage', message: 'high', at: 0 }
    const looks = await read(fakeFeed([look(1), { alert }, look(2), look(3), { state: { kind: 'ended', reason: '' } }]))
    expect(looks.map(({ alerts }) => alerts.length)).toEqual([0, 1, 0])
  })

  it.each([['local', 11], ['recording', 40]] as const)('keeps few looks of a %s feed for a slow reader, and every alert', async (kind, most) => {
    const alert = { level: 'warning' as const, metric: 'cpu.usage', message: 'high', at: 0 }
    let told: () => void = () => undefined
    const all = new Promise<void>((done) => { told = done })
    const feed = fakeFeed([...Array.from({ length: 20 }, (_, load) => look(load)), { alert }, ...Array.from({ length: 20 }, (_, load) => look(20 + load)), { call: () => told() }, look(40), { state: { kind: 'ended', reason: '' } }], kind)
    const looks: FeedLook[] = []
    for await (const each of snapshots(feed, new AbortController().signal)) {
      if (looks.length === 0) await all
      looks.push(each)
    }
    expect(looks.slice(0, most).map(loadOf)).toEqual(Array.from({ length: most }, (_, load) => load))
    expect(looks.flatMap(({ alerts }) => alerts)).toHaveLength(1)
    expect(loadOf(looks.at(-1) ?? looks[0]!)).toBe(40)
  })

  it.each([
    ['is lost', { kind: 'lost', reason: 'connection refused', retryAt: 5 }],
    ['ends', { kind: 'ended', reason: 'the instance refuses the token' }],
  ] as const)('fails when the feed %s before anything was seen', async (_, state) => {
    const feed = fakeFeed([{ state: { kind: 'connecting' } }, { state }], 'remote')
    await expect(read(feed)).rejects.toMatchObject({ code: 'NO_ANSWER', kind: 'unreachable', message: `web-01 shows nothing: ${state.reason}` })
    expect(feed.closed()).toBe(true)
  })

  it('waits for a feed that is lost later', async () => {
    const looks = await read(fakeFeed([look(1), { state: { kind: 'lost', reason: 'no news', retryAt: null } }, look(2), { state: { kind: 'ended', reason: '' } }], 'remote'))
    expect(looks.map(loadOf)).toEqual([1, 2])
  })
})
