import { mkdtemp, readFile, rm, truncate, writeFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { files } from '../../../src/files.ts'
import type { FeedListener } from '../../../src/model/feed.ts'
import { valueOf, type Snapshot } from '../../../src/model/snapshot.ts'
import { createRecordingFile } from '../../../src/sources/recording/file.ts'
import { createRecorder } from '../../../src/sources/recording/recorder.ts'
import { openReplay } from '../../../src/sources/recording/replay.ts'
import { snapshot } from '../../analysis/looks.ts'
import { FACTS, record } from './recordings.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medianest-recording-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const now = (): number => performance.now()
const ticks = (count: number, elapsedMs = 1_000): Snapshot[] => Array.from({ length: count }, (_, index) => snapshot(1e12 + index * 1_000, { 'load.1': index }, { elapsedMs: index === 0 ? Number.NaN : elapsedMs }))

/** What a feed tells, and a promise that it has ended. */
function listen(): { readonly told: string[]; readonly loads: number[]; readonly ended: Promise<void>; readonly listener: FeedListener } {
  const told: string[] = []
  const loads: number[] = []
  let end = (): void => undefined
  const ended = new Promise<void>((done) => (end = done))
  return {
    told, loads, ended,
    listener: {
      snapshot: (each) => void loads.push(valueOf(each, 'load.1')),
      facts: ({ host }) => void told.push(`facts ${host}`),
      alert: ({ message }) => void told.push(`alert ${message}`),
      state: (state) => {
        told.push(state.kind === 'ended' ? `ended: ${state.reason}` : state.kind)
        if (state.kind === 'ended') end()
      },
    },
  }
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

describe('replaying', () => {
  test('a recording is a feed: facts, ticks in their order, an end', async () => {
    const feed = await openReplay(await file('all.ndjson', await record(ticks(130))), { speed: Number.POSITIVE_INFINITY, now })
    const { told, loads, ended, listener } = listen()
    feed.start(listener)
    await ended
    await feed.close()
    expect([feed.name, feed.kind, told]).toEqual(['web-01', 'recording', ['facts web-01', 'live', 'ended: the recording is over after 130 ticks']])
    expect(loads).toEqual(Array.from({ length: 130 }, (_, index) => index))
  })

  test('all at once gives the last ten minutes of an hour', async () => {
    const feed = await openReplay(await file('hour.ndjson', await record(ticks(3_600))), { speed: Number.POSITIVE_INFINITY, now })
    const { loads, ended, listener } = listen()
    feed.start(listener)
    await ended
    expect([loads.at(-1), loads.length >= 600, loads.length < 720]).toEqual([3_599, true, true])
  })

  test('the times between ticks are kept, divided by the speed', async () => {
    const feed = await openReplay(await file('slow.ndjson', await record(ticks(11))), { speed: 50, now })
    const { loads, ended, listener } = listen()
    const began = now()
    feed.start(listener)
    await sleep(70)
    expect(loads.length).toBeLessThan(11)
    await ended
    expect(now() - began).toBeGreaterThanOrEqual(195)
    expect(loads).toHaveLength(11)
  })

  test('paused, it tells nothing, and then goes on with the next tick; it has the interval it was made with', async () => {
    const feed = await openReplay(await file('paused.ndjson', await record(ticks(5, 20))), { now })
    const { loads, ended, listener } = listen()
    expect([feed.intervalMs, feed.faster?.(-1)]).toEqual([1_000, 0.5])
    feed.pause?.(true)
    feed.start(listener)
    await sleep(80)
    expect(loads).toEqual([])
    feed.pause?.(false)
    await ended
    expect(loads).toEqual([0, 1, 2, 3, 4])
  })

  test('what was cut off is said with the local time of its last tick', async () => {
    const path = await file('cut.ndjson', (await record(ticks(4))).slice(0, -5))
    const feed = await openReplay(path, { speed: Number.POSITIVE_INFINITY, now, zoneMinutes: 120 })
    const { told, ended, listener } = listen()
    feed.start(listener)
    await ended
    expect(told.at(-1)).toBe('ended: the recording is cut off after 03:46:42')
  })

  test('closing in the middle of a wait ends at once and tells no more', async () => {
    const feed = await openReplay(await file('long.ndjson', await record(ticks(5, 3_600_000))), { now })
    const { told, loads, listener } = listen()
    feed.start(listener)
    await sleep(20)
    await feed.close()
    expect([loads, told]).toEqual([[0], ['facts web-01', 'live']])
  })

  test('what was damaged is said at the end', async () => {
    const text = await record(ticks(62))
    const path = await file('bad.ndjson', text.replace('"t":1000000002000', '"t":').replace(/.{9}$/s, ''))
    const feed = await openReplay(path, { speed: Number.POSITIVE_INFINITY, now })
    const { told, ended, listener } = listen()
    feed.start(listener)
    await ended
    expect(told.at(-1)).toBe(`ended: the recording is cut off after 01:47:40; ${path}:4: the line is damaged; what follows is left out up to the next full tick`)
  })

  test.each([
    ['none.ndjson', null, 'CANNOT_READ', 'it does not exist'],
    ['empty.ndjson', '', 'NOT_A_RECORDING', 'it is empty'],
    ['plain.ndjson.gz', 'hello', 'NOT_A_RECORDING', 'it is not packed'],
  ])('%s is refused before anything is shown', async (name, text, code, why) => {
    const path = text === null ? join(folder, name) : await file(name, text)
    await expect(openReplay(path, { now })).rejects.toMatchObject({ code, message: expect.stringContaining(why) })
  })

  test('a recording without a tick is refused, with what is wrong with it', async () => {
    const path = await file('header.ndjson', `${await record([])}{"t"`)
    await expect(openReplay(path, { now })).rejects.toMatchObject({ code: 'EMPTY_RECORDING', message: `there is nothing to replay in ${path}: ${path}:2: the last line is cut off and left out` })
    await expect(openReplay(folder, { now })).rejects.toMatchObject({ code: 'CANNOT_READ', message: expect.stringContaining('it is a directory') })
  })
})

describe('recording into a file', () => {
  test.each(['killed.ndjson', 'killed.ndjson.gz'])('%s can be read whenever its writer is killed', async (name) => {
    const path = join(folder, name)
    const target = await createRecordingFile(files(folder), name)
    const recorder = createRecorder({ write: (text) => target.write(text), facts: FACTS, version: '1', startedAt: 0, intervalMs: 1_000 })
    for (const each of ticks(70)) {
      recorder.push(each)
      await sleep(0)
    }
    await recorder.close()
    // Here the writer would be killed: the file is not closed, and the last bytes did not make it.
    await truncate(path, (await stat(path)).size - 3)
    const feed = await openReplay(path, { speed: Number.POSITIVE_INFINITY, now })
    const { loads, ended, listener } = listen()
    feed.start(listener)
    await ended
    expect(loads.length).toBeGreaterThanOrEqual(68)
    await target.close()
    await target.close()
  })

  test.each(['full.ndjson', 'full.ndjson.gz'])('%s on a full disk says so once, and is closed', async (name) => {
    let closed = 0
    const target = await createRecordingFile({ append: async () => ({ write: () => Promise.reject(new Error('the disk is full')), close: async () => void closed++ }) }, name)
    const recorder = createRecorder({ write: (text) => target.write(text), facts: FACTS, version: '1', startedAt: 0, intervalMs: 1_000 })
    await expect(recorder.close()).rejects.toThrow('the disk is full')
    await target.close()
    expect(closed).toBe(1)
  })

  test('packed and closed it is an ordinary gzip file, only for its owner', async () => {
    const target = await createRecordingFile(files(folder), 'closed.ndjson.gz')
    await target.write('one\n')
    await target.write('two\n')
    await target.close()
    const { gunzipSync } = await import('node:zlib')
    expect(gunzipSync(await readFile(join(folder, 'closed.ndjson.gz'))).toString()).toBe('one\ntwo\n')
    expect((await stat(join(folder, 'closed.ndjson.gz'))).mode & 0o777).toBe(0o600)
  })

  test.each([['full.ndjson', 'there is something in it already'], ['.', 'it is a directory'], ['no/such/file', 'its folder does not exist']])('%s is not written to', async (name, why) => {
    await writeFile(join(folder, 'full.ndjson'), 'precious')
    await expect(createRecordingFile(files(folder), name)).rejects.toMatchObject({ code: 'CANNOT_WRITE', message: expect.stringContaining(why) })
    expect(await readFile(join(folder, 'full.ndjson'), 'utf8')).toBe('precious')
  })
})

describe('the recorder', () => {
  const options = { facts: FACTS, version: '1', startedAt: 0, intervalMs: 1_000 }

  test('leaves out ticks when the disk does not keep up, counts them, and the next says how long it was', async () => {
    let text = ''
    let goOn = (): void => undefined
    const stuck = new Promise<void>((done) => (goOn = done))
    const recorder = createRecorder({ ...options, write: async (more) => void (text += (await stuck, more)) })
    const wide = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`interface-${index}`, index]))
    for (let tick = 0; tick < 200; tick++) recorder.push(snapshot(tick * 1_000, { 'network.receive.rate': Object.fromEntries(Object.keys(wide).map((name) => [name, Math.random()])) }))
    const { dropped } = recorder
    expect(dropped).toBeGreaterThan(50)
    goOn()
    await sleep(20)
    recorder.push(snapshot(999_000, { 'load.1': 1 }))
    await recorder.close()
    const last = JSON.parse(text.trimEnd().split('\n').at(-1)!)
    expect([last.t, last.e, recorder.ticks]).toEqual([999_000, (dropped + 1) * 1_000, 201 - dropped])
  })

  test('a disk that is full is told when it is closed, and disturbs nobody before', async () => {
    const recorder = createRecorder({ ...options, write: () => Promise.reject(new Error('the disk is full')) })
    for (const each of ticks(5)) {
      recorder.push(each)
      await sleep(1)
    }
    expect(recorder.failure?.message).toBe('the disk is full')
    await expect(recorder.close()).rejects.toThrow('the disk is full')
    recorder.push(snapshot(9))
    expect(recorder.dropped).toBeGreaterThan(0)
  })

  test('new facts and alerts between ticks are kept in their order', async () => {
    let text = ''
    const recorder = createRecorder({ ...options, write: async (more) => void (text += more) })
    recorder.push(snapshot(0))
    recorder.alert({ level: 'warning', metric: 'm', message: 'slow', at: 5 })
    recorder.facts({ ...FACTS, host: 'renamed' })
    await recorder.close()
    const feed = await openReplay(await file('news.ndjson', text), { speed: Number.POSITIVE_INFINITY, now })
    const { told, ended, listener } = listen()
    feed.start(listener)
    await ended
    expect(told).toEqual(['facts web-01', 'live', 'alert slow', 'facts renamed', 'ended: the recording is over after 1 tick'])
  })
})
