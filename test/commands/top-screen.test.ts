import { EventEmitter } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { showTop } from '../../src/commands/top-screen.ts'
import type { TopContext } from '../../src/commands/top-run.ts'
import type { Feed } from '../../src/model/feed.ts'
import type { Report } from '../../src/model/report.ts'
import { testHost } from '../host.ts'
import { FACTS, snapshotOf } from '../samples.ts'
import { fakeFeed } from './feed.ts'

let cwd: string
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'medianest-screen-'))
})
afterAll(() => rmSync(cwd, { recursive: true }))

/** Shows a feed, types keys until the screen has said something, quits; what the report says in the end. */
async function show(feed: Feed, ready: string, keys = ''): Promise<{ readonly screen: string; readonly report: Report | undefined }> {
  let screen = ''
  const write = (text: string): void => {
    screen += text
  }
  const stream = Object.assign(new EventEmitter(), { writableNeedDrain: false })
  const stdin = Object.assign(new EventEmitter(), { setRawMode: () => stdin, setEncoding: () => stdin, resume: () => stdin, pause: () => stdin })
  const host = {
    ...testHost([], { cwd }),
    // The view uses no more of the streams than this.
    stdout: { write: async (text: string) => write(text), writeNow: write, isTerminal: true, isGone: false, columns: 100, rows: 30, stream: stream as unknown as NodeJS.WriteStream },
    stdin: { isTerminal: true, isGone: false, stream: stdin as unknown as NodeJS.ReadStream },
  }
  const context = { host, flags: {}, stdout: { format: 'human', color: false, unicode: true } } as unknown as TopContext
  const shown = showTop(context, [feed], { intervalMs: 1_000, filter: null, isRecording: () => true }).next()
  await vi.waitFor(async () => {
    if (keys !== '') stdin.emit('data', keys)
    await sleep(20)
    expect(screen).toContain(ready)
  }, { timeout: 5_000, interval: 100 })
  // Ctrl-C ends it whatever lies over the panes; before the keyboard is taken nobody hears it.
  const ending = setInterval(() => stdin.emit('data', '\x03'), 50)
  const { value } = await shown.finally(() => clearInterval(ending))
  return { screen, report: value === undefined ? undefined : value }
}

it('reports the last look in the end, for files beside the screen, and says that it records', async () => {
  const feed = fakeFeed([{ state: { kind: 'live' } }, { snapshot: snapshotOf({ 'load.1': 1 }) }, { snapshot: snapshotOf({ 'load.1': 2 }) }, { facts: FACTS }])
  const { screen, report } = await show(feed, 'REC')
  expect(screen).toMatch(/●.*REC/)
  expect(report).toMatchObject({ command: 'top', text: '', verdict: 'ok', data: { system: { hostname: FACTS.host } } })
  expect(report?.samples?.samples.get('load.1')?.get('')).toBe(2)
})

it('has nothing to save and reports that before the first tick, which is no failure', async () => {
  const { report } = await show(fakeFeed([]), 'nothing to save yet', 'w')
  expect(report).toMatchObject({ command: 'top', text: '', verdict: 'ok', findings: [{ id: 'no-samples' }] })
  expect(readdirSync(cwd)).toEqual([])
})

it('saves with the interval that was chosen on the way', async () => {
  await show(fakeFeed([{ snapshot: snapshotOf({ 'load.1': 1 }) }]), 'ticks saved to', '+w')
  const name = readdirSync(cwd).find((each) => each.startsWith('top-')) ?? ''
  expect(existsSync(join(cwd, name))).toBe(true)
  expect(JSON.parse(gunzipSync(readFileSync(join(cwd, name))).toString().split('\n')[0] ?? '')).toMatchObject({ intervalMs: expect.toSatisfy((ms: number) => ms >= 2_000) })
})
