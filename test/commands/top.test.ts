import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { printTop, type PrintTerms } from '../../src/commands/top-lines.ts'
import { recordTo } from '../../src/commands/top-record.ts'
import type { TopContext } from '../../src/commands/top-run.ts'
import { fromFirstWhole } from '../../src/commands/whole-feed.ts'
import { main } from '../../src/main.ts'
import type { Process } from '../../src/model/process.ts'
import type { Feed } from '../../src/model/feed.ts'
import type { Report } from '../../src/model/report.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { testHost } from '../host.ts'
import { FACTS, snapshotOf } from '../samples.ts'
import { process } from '../tui/top/processes.ts'
import { fakeFeed } from './feed.ts'

let cwd: string
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'medianest-top-flags-'))
})
afterAll(() => rmSync(cwd, { recursive: true }))

const TWO = ['--url', 'http://127.0.0.1:1', '--url', 'http://127.0.0.1:2']

const looked = (load: number, elapsedMs = 1_000): Snapshot => ({ ...snapshotOf({ 'load.1': load }), elapsedMs })

/** What is printed of a feed, and what is noted beside it. */
async function print(feed: Feed, terms: Pick<PrintTerms, 'most' | 'onlyLast'>): Promise<{ readonly reports: Report[]; readonly notes: string[] }> {
  const notes: string[] = []
  const context = { host: testHost([]), flags: {}, note: async (text: string) => void notes.push(text) } as unknown as TopContext
  const reports: Report[] = []
  for await (const report of printTop(context, feed, null, { intervalMs: 1_000, asLines: false, ...terms })) reports.push(report)
  return { reports, notes }
}

describe('top where it prints', () => {
  it.each([
    [['--tree'], '--tree'], [['--hide', 'cpu'], '--hide'], [['--ascii', '--once'], '--ascii'], [['--mouse', '--count', '2'], '--mouse'],
    [['--count', '2', '--format', 'json'], '--count'], [['--count', '2', '--once'], '--count'], [['--speed', '2'], '--speed'], [['--speed', '2', '--replay', 'x.ndjson', '--once'], '--speed'], [['--interval', '2s', '--replay', 'x.ndjson'], '--interval'],
    [['--filter', 'cpu>>3'], 'column 5'], [TWO, '2 instances'],
  ])('refuses %j before a file is made, with a hint', async (args, words) => {
    const host = testHost(['top', ...args, '--record', 'night.ndjson'], { cwd })
    expect(await main(host)).toBe(64)
    expect(host.out() + host.err()).toContain(words)
    expect(host.out() + host.err()).toMatch(/hint"?:/)
    expect(readdirSync(cwd)).toEqual([])
  })

  it('shows a recording whatever instance the environment names, but not one that is asked for', async () => {
    const run = async (...args: readonly string[]): Promise<[number, string]> => {
      const host = testHost(['top', '--replay', 'nowhere.ndjson', ...args], { cwd, env: { MEDIANEST_API_URL: 'http://nas:4000' } })
      return [await main(host), host.err()]
    }
    expect(await run()).toEqual([65, expect.stringContaining('nowhere.ndjson')])
    expect(await run('--token-file', 'secret')).toEqual([64, expect.stringContaining('--replay means nothing here')])
    expect(await run('--token', 'secret')).toEqual([64, expect.stringContaining('--replay means nothing here')])
    expect(await run('--url', 'http://nas:4000')).toEqual([64, expect.stringContaining('--replay means nothing here')])
  })

  it('is a bounded run with --once, and none without', async () => {
    const codeOf = async (...args: readonly string[]): Promise<number> => {
      const host = testHost(['top', ...args], { cwd })
      host.interrupt('SIGTERM')
      return main(host)
    }
    expect([await codeOf('--once'), await codeOf('--format', 'json'), await codeOf('--format', 'ndjson'), await codeOf()]).toEqual([143, 143, 0, 0])
  })

  it('shows the last look of a recording where one is wanted, with the facts that were known in the end', async () => {
    const feed = fakeFeed([{ snapshot: looked(1, Number.NaN) }, { snapshot: looked(2) }, { snapshot: looked(3) }, { facts: FACTS }, { state: { kind: 'ended', reason: 'cut off after 07:47:49', isIncomplete: true } }], 'recording')
    const { reports, notes } = await print(feed, { most: 1, onlyLast: true })
    expect(reports.map(({ samples }) => samples?.samples.get('load.1')?.get(''))).toEqual([3])
    expect(reports[0]?.facts[0]).toEqual({ label: 'system', value: expect.stringContaining(FACTS.os) })
    expect(notes).toEqual(['web-01: cut off after 07:47:49'])
  })

  it('counts no look without rates, unless a recording has no other', async () => {
    const ended = { state: { kind: 'ended', reason: 'over' } } as const
    const loads = async (tellings: Parameters<typeof fakeFeed>[0], most: number): Promise<(number | undefined)[]> => (await print(fakeFeed(tellings, 'recording'), { most, onlyLast: false })).reports.map(({ samples }) => samples?.samples.get('load.1')?.get(''))
    const [first, second] = [{ snapshot: looked(1, Number.NaN) }, { snapshot: looked(2) }]
    expect(await loads([first, second, ended], 1)).toEqual([2])
    expect(await loads([first, ended], 1)).toEqual([1])
    expect(await loads([first, second, ended], Number.POSITIVE_INFINITY)).toEqual([1, 2])
  })

  it('begins with a whole look, and records no other', async () => {
    const feed = fromFirstWhole(fakeFeed([{ snapshot: looked(1, Number.NaN) }, { facts: FACTS }, { snapshot: looked(2, 250) }, { snapshot: looked(3) }, { snapshot: looked(4, 10) }]), 1_000)
    const recording = await recordTo(testHost([], { cwd }), 'looks.ndjson', 1_000)
    const { reports } = await print(recording.tap(feed), { most: 2, onlyLast: false })
    expect(recording.isWriting()).toBe(true)
    expect(reports.map(({ samples }) => samples?.samples.get('load.1')?.get(''))).toEqual([3, 4])
    expect(await recording.close()).toBe('recorded 2 looks to looks.ndjson')
    rmSync(join(cwd, 'looks.ndjson'))
  })

  it('lists processes in the order that was asked for, in tables and as data', async () => {
    const rows: readonly Process[] = [[7, 0.9, 10], [8, 0.1, 30], [9, 0.5, 20]].map(([pid = 0, cpu = 0, residentBytes = 0]) => process({ program: { pid }, cpu, residentBytes }))
    const feed = fakeFeed([{ facts: FACTS }, { snapshot: { ...snapshotOf({ 'load.1': 1 }), processes: { at: 0, total: 3, rows } } }], 'recording')
    const context = { host: testHost([]), flags: { sort: 'memory' }, note: async () => undefined } as unknown as TopContext
    const reports: Report[] = []
    for await (const report of printTop(context, feed, null, { intervalMs: 1_000, most: 1, asLines: false, onlyLast: false })) reports.push(report)
    expect((reports[0]?.data as { processes: { pid: number }[] }).processes.map(({ pid }) => pid)).toEqual([8, 9, 7])
    expect(reports[0]?.tables.find(({ columns }) => columns[0]?.label === 'pid')?.rows.map(([pid]) => pid)).toEqual(['8', '9', '7'])
  })
})
