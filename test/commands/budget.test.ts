import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { budget } from '../../src/commands/budget.ts'
import type { Budgets } from '../../src/commands/budget-files.ts'
import { runBudget, type BudgetContext, type BudgetRooms } from '../../src/commands/budget-run.ts'
import { loadConfig } from '../../src/config.ts'
import { main } from '../../src/main.ts'
import type { BudgetLine, Measured } from '../../src/model/budget.ts'
import { UserError } from '../../src/model/error.ts'
import type { Report } from '../../src/model/report.ts'
import { FORMATS } from '../../src/output/formats.ts'
import { readMeasurements } from '../../src/sources/artifacts/read-measurements.ts'
import { limit, line, measured, subject } from '../analysis/budget/lines.ts'
import { testHost } from '../host.ts'

const FIXTURES = join(import.meta.dirname, '../fixtures/artifacts')
const OPTIONS = { command: 'budget', version: '0', host: 'web-01', columns: 80, rows: 40, unicode: true, color: false }

interface Given {
  readonly lines: readonly BudgetLine[]
  readonly inputs?: readonly string[]
  readonly flags?: Partial<BudgetContext['flags']>
  readonly built?: readonly Measured[]
  readonly cwd?: string
  readonly budgets?: Partial<Budgets['files'][number]>
}

async function run({ lines, inputs = [], flags = {}, built = [], cwd = mkdtempSync(join(tmpdir(), 'medianest-budget-')), budgets = {} }: Given): Promise<Report> {
  const host = testHost(['budget'], { cwd })
  const none = Object.fromEntries(Object.keys(budget.flags).map((name) => [name, undefined])) as BudgetContext['flags']
  const context: BudgetContext = {
    host, config: await loadConfig({ env: {}, home: undefined, files: host.files }, undefined), arguments: inputs, flags: { ...none, ...flags },
    instances: () => Promise.resolve([]), global: { timeoutMs: undefined, quiet: true, namesInstance: false }, note: () => Promise.resolve(),
  }
  const rooms: BudgetRooms = {
    openBudgets: () => Promise.resolve({ files: [{ file: 'budget.yaml', format: 'medianest', lines, notes: [], ...budgets }], notes: [] }),
    build: () => () => Promise.resolve(built),
  }
  const reports: Report[] = []
  for await (const report of runBudget(context, rooms)) reports.push(report)
  expect(reports).toHaveLength(1)
  return reports[0]!
}

const FILES = { kind: 'files', root: '/', patterns: ['dist/*.js'], ignore: [], type: null, encoding: { kind: 'gzip', level: 9 }, measure: 'total' } as const
const bundle = (most: number, parts: Partial<BudgetLine> = {}): BudgetLine => line([limit('<=', most, { where: { file: 'budget.yaml', line: 3, column: 9 } })], { id: 'bundles:main.js', section: 'bundles', title: 'main.js (gzip -9)', unit: 'bytes', subjects: [FILES], ...parts })
const BUILT = measured(512_000, { from: ['dist/main.js', 'dist/vendor.js'], how: 'gzip -9', parts: [{ name: 'dist/vendor.js', value: 400_000 }, { name: 'dist/main.js', value: 112_000 }] })
const p95 = (most: number): BudgetLine => line([limit('<=', most)], { title: 'response time, p95' })
const k6 = join(FIXTURES, 'k6-handle-summary.json')

function folder(files: Readonly<Record<string, string>>): string {
  const cwd = mkdtempSync(join(tmpdir(), 'medianest-budget-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(cwd, name, '..'), { recursive: true })
    writeFileSync(join(cwd, name), text)
  }
  return cwd
}

describe('budget', () => {
  it('fails what is over, and says by how much, what it is made of and where the limit stands', async () => {
    const report = await run({ lines: [bundle(500_000)], built: [BUILT] })
    expect(report.verdict).toBe('fail')
    expect(report.findings).toEqual([{
      id: 'budget:bundles:main.js', verdict: 'fail', title: 'main.js (gzip -9): 12 kB over the budget (gzip -9, dist/main.js, dist/vendor.js)', metric: 'bundles:main.js', observed: 512_000, limit: 500_000, unit: 'bytes',
      where: { file: 'budget.yaml', line: 3, column: 9 },
    }])
    const text = await FORMATS.human.render(report, OPTIONS)
    expect(text).toContain('main.js (gzip -9)    512 kB  500 kB  12 kB over')
    expect(text).toMatch(/Largest of main\.js[^]*dist\/vendor\.js +400 kB +78\.1%/)
    expect(text).toContain('at budget.yaml:3:9')
  })

  it('judges each file by itself, and names few of those that are within their limit', async () => {
    const file = (name: string, bytes: number): Measured => measured(bytes, { of: `dist/${name}.js`, from: [`dist/${name}-DiwrgTda.js`], how: 'gzip -9' })
    const built = [file('a', 68_400), file('b', 34_200), ...Array.from({ length: 30 }, (_, index) => file(`c${index}`, 1_000))]
    const { data, tables, notes } = await run({ lines: [bundle(30_000, { title: 'assets, each file' })], built })
    expect(data).toMatchObject({ violations: [{ file: 'dist/a-DiwrgTda.js', actual: 68_400 }, { file: 'dist/b-DiwrgTda.js', actual: 34_200 }], summary: { total: 32 } })
    expect(tables[0]?.rows).toHaveLength(7)
    expect(notes).toContain('25 more figures within budget: --format json has them')
  })

  it('has the documented report of violations, and every result with its evidence', async () => {
    const { data } = await run({ lines: [bundle(500_000), bundle(600_000, { id: 'bundles:all', limits: [limit('<=', 600_000), limit('<=', 400_000, { level: 'warn' })] })], built: [BUILT] })
    expect(data).toMatchObject({
      timestamp: expect.stringMatching(/^\d{4}-/), passed: false,
      violations: [
        { metric: 'bundles:main.js', file: 'dist/main.js', actual: 512_000, budget: 500_000, severity: 'error' },
        { metric: 'bundles:all', file: 'dist/main.js', actual: 512_000, budget: 400_000, severity: 'warning' },
      ],
      summary: { totalViolations: 2, errorViolations: 1, warningViolations: 1, total: 2, withinBudget: 0, notMeasured: 0 },
      results: [{ id: 'bundles:main.js', measured: 512_000, margin: -12_000, from: ['dist/main.js', 'dist/vendor.js'], how: 'gzip -9', class: 'exact', limit: { level: 'fail', value: 500_000 }, why: '512 kB is 12 kB (2.4%) over the limit of at most 500 kB' }, { id: 'bundles:all' }],
      budgets: [{ file: 'budget.yaml', format: 'medianest', lines: 2 }],
    })
  })

  it('puts the worst first and what uses most of its limit before what uses little', async () => {
    const lines = [bundle(5_000_000, { id: 'a', title: 'a' }), bundle(520_000, { id: 'b', title: 'b' }), bundle(1, { id: 'c', title: 'c', subjects: [subject()] }), bundle(400_000, { id: 'd', title: 'd' })]
    const { tables, findings } = await run({ lines, built: [{ ...BUILT, parts: [] }] })
    expect(tables[0]?.rows.map(([what]) => what)).toEqual(['d', 'c', 'b', 'a'])
    expect(findings.map(({ verdict }) => verdict)).toEqual(['fail', 'unknown', 'ok', 'ok'])
  })

  it('takes the first way to measure a line that gives a value', async () => {
    const { data } = await run({ lines: [line([limit('<=', 50)], { subjects: [subject({ metric: 'no.such' }), subject()] })], inputs: [k6] })
    expect(data).toMatchObject({ passed: true, results: [{ how: 'p(95)', from: [k6], verdict: 'ok' }] })
  })

  it('is unknown where nothing tells a line, and says once what to give', async () => {
    const { verdict, findings, data } = await run({ lines: [p95(50), { ...p95(70), id: 'api:other', title: 'other' }] })
    expect(verdict).toBe('unknown')
    expect(findings.map(({ title, hint }) => [title, hint])).toEqual([
      ['response time, p95: not measured, nothing that was given tells it', expect.stringContaining('medianest-perf load URL --save run.json')],
      ['other: not measured, nothing that was given tells it', undefined],
    ])
    expect(data).toMatchObject({ passed: false, violations: [], summary: { notMeasured: 2 } })
  })

  it.each([
    ['of a budget without lines', { lines: [] }, 'there is no limit in budget.yaml'],
    ['of a part that it lacks', { lines: [p95(50)], flags: { only: ['bundles'] } }, 'none of the 1 lines of budget.yaml is of the parts that were asked for'],
  ] as const)('is unknown %s', async (_, given, title) => {
    expect(await run(given)).toMatchObject({ verdict: 'unknown', findings: [{ title }], data: { passed: false } })
  })

  it('says which percentile a tool lacks, rather than to pass', async () => {
    const { verdict, findings } = await run({ lines: [p95(50_000)], inputs: [join(FIXTURES, 'autocannon.json')] })
    expect({ verdict, title: findings[0]?.title }).toEqual({ verdict: 'unknown', title: expect.stringMatching(/autocannon.*has no p\(95\) of http\.duration: there are/) })
  })

  it('takes the reports that lhci left, where pages are judged and none is given', async () => {
    const lcp = line([limit('<=', 60_000)], { section: 'timing', title: 'LCP', subjects: [subject({ metric: 'largest-contentful-paint', statistic: null })] })
    const report = JSON.stringify({ ...(JSON.parse(readFileSync(join(FIXTURES, 'lighthouse-1.json'), 'utf8')) as object), fetchTime: new Date().toISOString() })
    const { verdict, data, notes } = await run({ lines: [lcp], cwd: folder({ '.lighthouseci/lhr-1.json': report, '.lighthouseci/links.json': '{}', '.lighthouseci/lhr-2.json': report }) })
    expect({ verdict, data }).toMatchObject({ verdict: 'ok', data: { results: [{ how: 'median of 2 runs', from: ['.lighthouseci/lhr-1.json', '.lighthouseci/lhr-2.json'] }] } })
    expect(notes).toContain('no Lighthouse report was given: read 2 of .lighthouseci, the newest made just now')
  })

  it.each([
    ['of an hour ago', 3_600_000, 'ok', '1h ago', 0],
    ['of before yesterday', 3 * 86_400_000, 'warn', '3 days ago', 1],
  ] as const)('warns of reports of lhci that are older than a day: %s', async (_, ageMs, verdict, age, warnings) => {
    const lcp = line([limit('<=', 60_000)], { section: 'timing', title: 'LCP', subjects: [subject({ metric: 'largest-contentful-paint', statistic: null })] })
    const report = JSON.parse(readFileSync(join(FIXTURES, 'lighthouse-1.json'), 'utf8')) as object
    const told = await run({ lines: [lcp], cwd: folder({ '.lighthouseci/lhr-1.json': JSON.stringify({ ...report, fetchTime: new Date(Date.now() - ageMs).toISOString() }) }) })
    expect(told.verdict).toBe(verdict)
    expect(told.notes).toContain(`no Lighthouse report was given: read 1 of .lighthouseci, the newest made ${age}`)
    expect(told.findings.filter(({ id }) => id === 'lighthouseci:old')).toHaveLength(warnings)
  })

  it('says by which Lighthouse, on which device and with what throttling pages were measured', async () => {
    const lcp = line([limit('<=', 60_000)], { section: 'timing', title: 'LCP', subjects: [subject({ metric: 'largest-contentful-paint', statistic: null })] })
    const { facts, data } = await run({ lines: [lcp], inputs: [join(FIXTURES, 'lighthouse-1.json')] })
    expect(facts[0]).toEqual({ label: 'Judged', value: expect.stringMatching(/lighthouse-1\.json \(Lighthouse \d+\.\d+\.\d+, (mobile|desktop), (simulated|applied|no) throttling\)$/) })
    expect(data).toMatchObject({ inputs: [{ format: 'lighthouse', tool: expect.stringMatching(/^Lighthouse \d+/), plan: expect.stringMatching(/^(mobile|desktop), \w+, [0-9a-f]{12}$/) }] })
  })

  it.each([
    ['update', 'budget --update?'], ['innit', 'budget init?'], ['machin', 'budget --machine?'],
  ])('a word that is no file is not taken for one: %s', async (word, meant) => {
    await expect(run({ lines: [p95(50)], inputs: [word] })).rejects.toMatchObject({ kind: 'usage', message: `there is no file ${word} to be judged`, hint: expect.stringContaining(meant) })
    await expect(run({ lines: [p95(50)], inputs: [word], cwd: folder({ [word]: 'no results' }) })).rejects.toMatchObject({ code: 'UNKNOWN_ARTIFACT' })
  })

  it('init does not overlook a result that is not there', async () => {
    await expect(run({ lines: [], inputs: ['init', 'foo.json'], cwd: folder({ 'dist/app.js': 'x' }) })).rejects.toMatchObject({ code: 'CANNOT_READ', message: 'foo.json cannot be read: there is no such file' })
  })

  it('measures this machine with --machine', async () => {
    const memory = line([limit('<=', 1)], { section: 'backend', title: 'memory', unit: 'ratio', subjects: [subject({ metric: 'memory', statistic: null })] })
    expect((await run({ lines: [memory] })).findings[0]?.hint).toContain('--machine')
    expect(await run({ lines: [memory], flags: { machine: true } })).toMatchObject({ verdict: 'ok', data: { results: [{ from: ['this machine'] }] } })
  })
})

describe('a budget against an earlier one', () => {
  const grown = (share: number): BudgetLine => bundle(0, { limits: [limit('<=', share, { against: 'share-of-baseline', text: `${share * 100}%` })] })
  const earlier = async (observed: number): Promise<string> => {
    const { data } = await run({ lines: [bundle(1e9)], built: [measured(observed, { of: 'dist/main-a1b2.js' })] })
    return JSON.stringify({ success: true, command: 'budget', verdict: 'ok', data })
  }
  const renamed = measured(512_000, { of: 'dist/main-c3d4.js', parts: [] })

  it('knows what a line was, though its file has another name now', async () => {
    const cwd = folder({ 'main.json': await earlier(500_000) })
    const told = await run({ lines: [grown(0.01)], built: [renamed], cwd, flags: { baseline: ['main.json'] } })
    expect(told).toMatchObject({ verdict: 'fail', data: { results: [{ baseline: 500_000, change: 0.024, limit: { value: 505_000 } }] } })
    expect(told.figures).toMatchObject([{ name: 'bundles:main.js', section: 'bundles', value: 512_000, baseline: 500_000, limit: 505_000, change: { estimate: 0.024, scale: 'relative' }, word: 'over budget', decides: true, finding: 'budget:bundles:main.js' }])
    expect(await FORMATS.human.render(told, OPTIONS)).toMatch(/Change[^]*\+2\.4%/)
    expect((await run({ lines: [grown(0.05)], built: [renamed], cwd, flags: { baseline: ['main.json'] } })).verdict).toBe('ok')
  })

  it('cannot be judged without it, and says what to give', async () => {
    expect(await run({ lines: [grown(0.05)], built: [renamed] })).toMatchObject({ verdict: 'unknown', findings: [{ title: 'main.js (gzip -9): dist/main-c3d4.js: cannot be judged, its limit of +5% is against a baseline and there is none', hint: expect.stringContaining('--baseline') }] })
  })

  it('takes results of a tool for it too', async () => {
    const relative = line([limit('<=', 0.5, { against: 'share-of-baseline' })], { title: 'response time, p95' })
    expect(await run({ lines: [relative], inputs: [k6], flags: { baseline: [k6] } })).toMatchObject({ verdict: 'ok', data: { results: [{ change: 0 }] } })
  })

  it('takes the one that the budget names, or says that it is not there yet', async () => {
    const given = { lines: [grown(0.05)], built: [renamed], budgets: { baseline: 'main.json' } }
    expect((await run({ ...given, cwd: folder({ 'main.json': await earlier(500_000) }) })).verdict).toBe('ok')
    expect((await run(given)).notes).toContain('the budget\'s baseline main.json is not there yet: --output json=main.json writes it')
  })

  it('is read back figure for figure, so that compare can tell what changed', async () => {
    const text = await earlier(500_000)
    const { format, series, takenAt } = await readMeasurements('main.json', bytes(text))
    expect({ format, series }).toEqual({ format: 'medianest-budget', series: [{ metric: 'bundles:main.js', statistic: null, of: 'dist/main-a1b2.js', unit: 'bytes', better: 'lower', class: 'exact', values: [500_000] }] })
    expect(takenAt).toBeGreaterThan(0)
    const cwd = folder({ 'main.json': text.replaceAll('a1b2', 'x'), 'now.json': (await earlier(560_000)).replaceAll('a1b2', 'x') })
    const host = testHost(['compare', 'main.json', 'now.json'], { cwd })
    expect(await main(host)).toBe(1)
    expect(host.out()).toContain('bundles:main.js dist/main-x.js regressed')
  })

  it.each([
    ['results that were not told', '{"violations": [], "budgets": [], "results": [{"id": "a", "unit": "bytes", "better": "lower", "class": "exact", "measured": null, "values": []}]}', undefined],
    ['a result of no known unit', '{"violations": [], "budgets": [], "results": [{"id": "a", "unit": "stones", "better": "lower", "class": "exact", "measured": 1}]}', 'has no unit that is known'],
    ['an error', '{"success": false, "command": "budget", "error": {"message": "no budget"}}', 'the budget says "no budget"'],
  ])('with %s is never taken for a good one', async (_, text, problem) => {
    const reading = readMeasurements('main.json', bytes(text))
    if (problem === undefined) expect((await reading).series[0]?.values).toEqual([Number.NaN])
    else await expect(reading).rejects.toThrow(problem)
  })
})

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}

describe('a wrong command line', () => {
  it.each([
    ['a file twice', { lines: [p95(50)], inputs: [k6, k6] }, 'is given twice'],
    ['--runs without a page', { lines: [p95(50)], flags: { runs: 3 } }, '--runs belongs to --lighthouse'],
    ['--yes without --update', { lines: [p95(50)], flags: { yes: true } }, '--yes belongs to --update and to init'],
    ['a baseline that is not there', { lines: [p95(50)], flags: { baseline: ['gone.json'] } }, 'gone.json cannot be read: there is no such file'],
    ['a result of no known format', { lines: [p95(50)], inputs: [join(import.meta.dirname, 'budget.test.ts')] }, 'is no file of results that is known here'],
  ])('%s is refused', async (_, given, message) => {
    await expect(run(given)).rejects.toSatisfy((error) => error instanceof UserError && error.message.includes(message))
  })

  it('without any budget tells which names were looked for and what else there is', async () => {
    const host = testHost(['budget', '--format', 'json'], { cwd: folder({}) })
    expect(await main(host)).toBe(64)
    expect(JSON.parse(host.out())).toMatchObject({ success: false, error: { code: 'NO_BUDGET', hint: expect.stringMatching(/budget init.*--budget FILE.*--preset/) } })
  })
})
