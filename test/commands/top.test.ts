import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { printTop } from '../../src/commands/top-lines.ts'
import type { TopContext } from '../../src/commands/top-run.ts'
import { main } from '../../src/main.ts'
import type { Process } from '../../src/model/process.ts'
import type { Report } from '../../src/model/report.ts'
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

describe('top where it prints', () => {
  it.each([
    [['--tree'], '--tree'], [['--hide', 'cpu'], '--hide'], [['--ascii', '--once'], '--ascii'], [['--mouse', '--count', '2'], '--mouse'],
    [['--count', '2', '--format', 'json'], '--count'], [['--count', '2', '--once'], '--count'], [['--speed', '2'], '--speed'], [['--interval', '2s', '--replay', 'x.ndjson'], '--interval'],
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
    expect(await run('--url', 'http://nas:4000')).toEqual([64, expect.stringContaining('--replay means nothing here')])
  })

  it('is a bounded run with --once, and none without', async () => {
    const codeOf = async (...args: readonly string[]): Promise<number> => {
      const host = testHost(['top', ...args], { cwd })
      host.interrupt('SIGTERM')
      return main(host)
    }
    expect([await codeOf('--once'), await codeOf('--format', 'ndjson')]).toEqual([143, 0])
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
