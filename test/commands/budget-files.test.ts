import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { initBudget, type InitContext } from '../../src/commands/budget-init.ts'
import { updateBudget } from '../../src/commands/budget-update.ts'
import type { BudgetResult, Measured } from '../../src/model/budget.ts'
import type { Measurements } from '../../src/model/measurements.ts'
import { readBudget } from '../budget/written.ts'

const measured = (observed: number, parts: Measured['parts'] = []): Measured => ({ of: '', observed, values: [observed], from: [], how: '', parts })

function worldOf(files: Record<string, string>): InitContext['host'] {
  return {
    files: {
      read: async (path) => files[path] ?? Promise.reject(new Error('no such file')),
      bytes: async function* (path) { yield Buffer.from(files[path] ?? '') },
      exists: async (path) => Object.keys(files).some((name) => name === path || name.startsWith(`${path}/`)),
      write: async (path, data) => { files[path] = String(data) },
      resolve: (...parts) => posix.resolve('/srv/app', ...parts),
    },
    wallTime: () => new Date('2026-11-22T00:00:00Z'),
    interrupts: { drain: new AbortController().signal },
  }
}

describe('budget init', () => {
  const measure = async (subject: { readonly kind: string; readonly patterns?: readonly string[]; readonly measure: string }): Promise<Measured[]> =>
    [subject.kind === 'packages' ? measured(subject.measure === 'direct' ? 12 : 80) : subject.patterns?.[0]?.startsWith('**/main') ? measured(100_000) : measured(123_456, [{ name: 'assets/main-DiwrgTda.js', value: 100_000 }, { name: 'a.css', value: 20 }])]

  it('writes what is there now and the margin, and can read it', async () => {
    const files: Record<string, string> = { 'dist/main.js': '', 'package.json': '{}', 'package-lock.json': '{}', 'sizes.json': JSON.stringify({ version: 1, series: [] }) }
    const reports = []
    for await (const each of initBudget({ host: worldOf(files), arguments: ['init'], flags: {} }, measure)) reports.push(each)
    expect(files['budget.yaml']).toContain('bundles:\n  main.js: 110KB  # now 100 kB\n  total: 136KB  # now 123 kB\n\npackages:\n  direct: 14  # now 12\n  installed: 88  # now 80\n')
    const { lines } = await readBudget(files['budget.yaml'] ?? '')
    expect(lines.map(({ title, limits: [limit] }) => [title, limit?.value])).toEqual([['main.js (gzip -9)', 110_000], ['total (gzip -9)', 136_000], ['direct dependencies', 14], ['installed packages', 88]])
    expect(reports[0]?.title).toBe('wrote budget.yaml: what is there now and 10%')
  })

  it('writes a line for each endpoint of a load result and for each size of size-limit, which hold', async () => {
    const series = (metric: string, unit: string, of: string, value: number, statistic: object | null) => ({ metric, unit, of, statistic, better: 'lower', class: 'sampled', values: [value] })
    const results = [['', 200], ['GET /api/media?q=1', 100], ['GET /api/media?q=2', 300], ['POST /a b', 1], ['http://x/y', 1]] as const
    const { resultLines, draftText } = await import('../../src/budget/draft.ts')
    const lines = resultLines([{ series: [...results.map(([of, value]) => series('http.duration', 'ms', of, value, { kind: 'p', percent: 95 })), series('size', 'bytes', 'dist/*.js', 1_000, null), series('size', 'bytes', 'a, b', 1, null)] } as unknown as Measurements]) // only series are looked at
    const text = draftText(lines, { root: null, compression: 'gzip', margin: 0.1, on: new Date(0) })
    const { lines: read } = await readBudget(text)
    expect(read.map(({ id, unit, limits: [limit] }) => [id, unit, limit?.value])).toEqual([
      ['api:responseTime:p95', 'ms', 220], ['api:GET /api/media:responseTime:p95', 'ms', 330], ['thresholds:size{name:dist/*.js}:value<=1100', 'bytes', 1_100],
    ])
  })

  it('says what it had to leave out', async () => {
    const files: Record<string, string> = { 'package.json': '{}', 'yarn.lock': '' }
    const only = async (subject: { readonly measure: string }): Promise<Measured[]> => [subject.measure === 'direct' ? measured(12) : { ...measured(0), observed: null, problem: 'yarn.lock is not read' }]
    const { value } = await initBudget({ host: worldOf(files), arguments: ['init'], flags: {} }, only).next()
    expect(value).toMatchObject({ notes: ['left out packages:installed: yarn.lock is not read'] })
  })

  it('does not write over a budget unless it is told to', async () => {
    const files: Record<string, string> = { 'budget.yaml': 'mine', 'package.json': '{}' }
    await expect(initBudget({ host: worldOf(files), arguments: ['init'], flags: {} }, measure).next()).rejects.toMatchObject({ code: 'BUDGET_EXISTS' })
    expect(files['budget.yaml']).toBe('mine')
    await initBudget({ host: worldOf(files), arguments: ['init'], flags: { yes: true, margin: 0.5 } }, measure).next()
    expect(files['budget.yaml']).toContain('direct: 18')
  })

  it('says when there is nothing to make one of', async () => {
    await expect(initBudget({ host: worldOf({}), arguments: ['init'], flags: {} }, measure).next()).rejects.toMatchObject({ code: 'NOTHING_TO_BUDGET' })
  })
})

describe('budget --update', () => {
  const resultsOf = async (text: string, observed: number): Promise<BudgetResult[]> => (await readBudget(text)).lines.map((line) => ({ line, measured: measured(observed), verdict: 'ok', limit: null, limitValue: null, margin: null, baseline: null, why: '' }))
  const text = 'margin: 20%\nbundles: {main.js: 500KB} # ours\n'

  it('writes the file anew with the margin that it names, and tells each change', async () => {
    const files = { 'budget.yaml': text }
    const notes = await updateBudget({ host: worldOf(files), flags: { yes: undefined } }, await resultsOf(text, 100_000))
    expect(files['budget.yaml']).toBe('margin: 20%\nbundles: {main.js: 120KB} # ours\n')
    expect(notes).toEqual(['tightened bundles:main.js: 500KB -> 120KB (budget.yaml:2)'])
  })

  it('refuses a file that is no longer what was judged', async () => {
    const files = { 'budget.yaml': 'bundles: {main.js: 300KB}' }
    await expect(updateBudget({ host: worldOf(files), flags: { yes: true } }, await resultsOf(text, 100_000))).rejects.toMatchObject({ code: 'BUDGET_CHANGED' })
    expect(files['budget.yaml']).toBe('bundles: {main.js: 300KB}')
  })

  it('leaves presets alone, which stand in no file', async () => {
    const files = { 'budget.yaml': 'extends: web-vitals' }
    expect(await updateBudget({ host: worldOf(files), flags: { yes: true } }, await resultsOf('extends: web-vitals', 1))).toEqual(['nothing to tighten'])
    expect(files['budget.yaml']).toBe('extends: web-vitals')
  })
})
