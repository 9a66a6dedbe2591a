import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { main } from '../../src/main.ts'
import { type Answer, hang, json, metricsBody, startInstance } from '../api/instance.ts'
import { testHost } from '../host.ts'

const rows = (count: number, parts: object = {}): object[] => Array.from({ length: count }, (_, index) => ({ client_id: `u${index % 5}`, page: '/home', component: '', metric_type: 'LCP', value: `${index + 1}ms`, ...parts }))
const USERS = json({ metrics: [...rows(40), ...rows(8, { page: '/films/1', value: 3_000 }), ...rows(20, { metric_type: 'CLS', value: 0.05 }), ...rows(20, { metric_type: 'FID', value: 12 })] })
const TIMES = 'timing:\n  largestContentfulPaint: 2500ms\n  cumulativeLayoutShift: 0.1\n'
const MEMORY = 'backend:\n  memoryUsage: 90%\n'

interface Said { readonly code: number; readonly results: Record<string, { verdict: string; measured: number | null; how: string; of: string }>; readonly notes: string; readonly error: { code: string } | undefined }

async function judged(budget: string, answers: Readonly<Record<string, Answer>>, argv: readonly string[] = []): Promise<Said & { readonly asked: string[] }> {
  const { url, requests } = await startInstance(answers)
  const cwd = mkdtempSync(join(tmpdir(), 'medianest-budget-'))
  writeFileSync(join(cwd, 'budget.yaml'), budget)
  const host = testHost(['budget', '--url', url, '--timeout', '500ms', '--format', 'json', '--output', 'junit=said.xml', ...argv], { cwd })
  const code = await main(host)
  const { data, error } = JSON.parse(host.out()) as { data?: { results: (Said['results'][string] & { id: string })[] }; error?: { code: string } } // our own report
  return { code, results: Object.fromEntries((data?.results ?? []).map((each) => [each.id, each])), notes: data ? readFileSync(join(cwd, 'said.xml'), 'utf8') : '', error, asked: requests.map(({ endpoint }) => endpoint) }
}

describe('an instance that is asked by a budget', () => {
  it('tells the 75th percentile of what its users saw, and of how many values', async () => {
    const { code, results } = await judged(TIMES, { metrics: json(metricsBody()), me: USERS })
    expect(code).toBe(0)
    expect(results).toMatchObject({ 'timing:largestContentfulPaint': { verdict: 'ok', measured: 36, how: 'p(75) of 48 values' }, 'timing:cumulativeLayoutShift': { measured: 0.05, how: 'p(75) of 20 values' } })
  })

  it('tells it of pages, and a note says where few values are behind it', async () => {
    const { code, results, notes } = await judged('timing:\n  pages:\n    /films/*:\n      largestContentfulPaint: 2s\n', { metrics: json(metricsBody()), '/api/performance/me': USERS })
    expect(code).toBe(1)
    expect(Object.values(results)).toMatchObject([{ verdict: 'fail', of: '/films/1', measured: 3_000, how: 'p(75) of 8 values' }])
    expect(notes).toMatch(/fewer than 20 values say little of all users: .*\(8\)/)
  })

  it('is judged by its users alone where it offers nothing else', async () => {
    expect(await judged(TIMES, { me: USERS })).toMatchObject({ code: 0, error: undefined })
  })

  it.each([
    ['does not offer them', {}, 'this instance does not offer metrics of its users (404 from'],
    ['hangs when asked for them', { me: hang }, '/me within 500 ms'],
    ['fails when asked for them', { me: json({ error: 'oops' }, 500) }, 'oops'],
    ['has none yet', { me: json({ metrics: [] }) }, 'it keeps no metrics of its users yet'],
    ['has others', { me: json({ metrics: rows(3, { metric_type: 'click' }) }) }, '3 rows is a Core Web Vital or the time of a page (click)'],
  ])('that %s tells its other figures all the same, and why these are unknown', async (_, answers, note) => {
    const { code, results, notes } = await judged(`${TIMES}${MEMORY}`, { metrics: json(metricsBody()), ...answers })
    expect(code).toBe(2)
    expect(results).toMatchObject({ 'timing:largestContentfulPaint': { verdict: 'unknown', measured: null }, 'backend:memoryUsage': { verdict: 'ok', measured: 0.5 } })
    expect(notes).toContain(note)
  })

  it('is not asked for its users where no line is about them', async () => {
    const { code, asked } = await judged(MEMORY, { metrics: json(metricsBody()), me: hang })
    expect({ code, asked }).toEqual({ code: 0, asked: ['application', 'metrics'] })
  })

  it('that offers nothing at all leaves its lines unknown, and says so', async () => {
    const { code, results, notes } = await judged(TIMES, {})
    expect({ code, verdicts: Object.values(results).map(({ verdict }) => verdict) }).toEqual({ code: 2, verdicts: ['unknown', 'unknown'] })
    expect(notes).toMatch(/instance:nothing.*does not offer/s)
  })

  it('is believed before Lighthouse where Lighthouse can only guess, and after it elsewhere', async () => {
    const report = join(import.meta.dirname, '../fixtures/lighthouse/page-1.json')
    const { results, asked } = await judged('timing:\n  firstInputDelay: 100s\n  largestContentfulPaint: 60s\n', { metrics: json(metricsBody()), me: USERS }, [report])
    expect(results['timing:firstInputDelay']).toMatchObject({ measured: 12, how: 'p(75) of 20 values' })
    expect(results['timing:largestContentfulPaint']?.how).toBe('one value')
    expect(asked).toContain('me')
  })
})

describe('an instance of the running kind', () => {
  it('is judged by what it tells, and what it does not is unknown', async () => {
    const seen = JSON.parse(readFileSync(new URL('../fixtures/instances/running.json', import.meta.url), 'utf8')) as { request: string; status: number; body: unknown }[] // what is written there
    const metrics = seen.find(({ request, status }) => request.includes('/metrics?') && status === 200)
    const { code, results } = await judged(`${TIMES}thresholds:\n  api.errors: ["value<1"]\n`, { metrics: json(metrics?.body) })
    expect(code).toBe(2)
    expect(Object.values(results).map(({ verdict }) => verdict)).toEqual(expect.arrayContaining(['unknown', 'ok']))
  })
})
