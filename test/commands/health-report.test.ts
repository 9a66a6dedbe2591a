import { describe, expect, it } from 'vitest'
import { healthReport, type HealthTerms } from '../../src/commands/health-report.ts'
import { foldState } from '../../src/health/state.ts'
import type { Measure, Range } from '../../src/model/health.ts'
import type { Cell, Report } from '../../src/model/report.ts'
import { checkResult } from '../output/health-case.ts'

const at = (minute: number): Date => new Date(Date.UTC(2026, 2, 1, 12, minute))
const above = (level: number): Range => ({ from: Number.NEGATIVE_INFINITY, to: level, isInside: false })
const usage = (value: number, levels: Partial<Measure> = { warning: above(0.85), critical: above(0.95) }): Measure => ({ name: 'usage', value, unit: 'ratio', ...levels })
const terms: HealthTerms = { name: 'nas', results: [], verdict: 'ok', uptimeMs: null, detailed: false, startedAt: at(0), finishedAt: at(0), changes: [], state: null }
const make = (parts: Partial<HealthTerms>): Report => healthReport({ ...terms, ...parts })
const labels = ({ tables }: Report): readonly string[] => (tables[0]?.columns ?? []).map(({ label }) => label)
const row = ({ tables }: Report, nth = 0): readonly Cell[] => tables[0]?.rows[nth] ?? []

describe('the table of checks', () => {
  it('has a column of bars and one of times only where there is something in them', () => {
    expect(labels(make({ results: [checkResult('a')] }))).toEqual(['state', 'check', 'what was found'])
    expect(labels(make({ results: [checkResult('a'), checkResult('b', { outcome: { responseTimeMs: 3 } })] }))).toEqual(['state', 'check', 'took', 'what was found'])
    expect(labels(make({ results: [checkResult('a', { outcome: { measures: [usage(0.3)] } })] }))).toEqual(['state', 'check', 'level', 'what was found'])
  })

  it('draws the share that is nearest to its level', () => {
    const report = make({ results: [checkResult('disk', { verdict: 'warn', outcome: { verdict: 'warn', message: 'full', measures: [usage(0.2), usage(0.9), usage(0.5, {})] } })] })
    expect(row(report)[2]).toEqual({ share: 0.9, tone: 'warn' })
  })

  it('says since when something is wrong, but not of what began with this run', () => {
    const down = checkResult('db', { verdict: 'fail', outcome: { verdict: 'fail', message: 'down' } })
    const first = foldState(null, [down], 'fail', at(0)).state
    expect(row(make({ results: [down], state: first })).at(-1)).toBe('down')
    const second = foldState(first, [down], 'fail', at(12)).state
    expect(row(make({ results: [down], state: second, finishedAt: at(12) })).at(-1)).toMatch(/^down, since \d\d:\d\d \(12m\)$/)
  })
})

describe('the evidence of a finding', () => {
  const evidence = (verdict: 'warn' | 'fail' | 'ok', measures: readonly Measure[]): readonly unknown[] => {
    const [finding] = make({ results: [checkResult('a', { verdict, outcome: { verdict, message: 'm', measures } })] }).findings
    return [finding?.observed, finding?.limit]
  }

  it('is the figure that made the check what it is, with the level it reached', () => {
    expect(evidence('fail', [usage(0.9), usage(0.96)])).toEqual([0.96, 0.95])
    expect(evidence('warn', [usage(0.3), usage(0.85)])).toEqual([0.85, 0.85])
    expect(evidence('fail', [{ name: 'free', value: 1, unit: 'bytes', critical: { from: 5, to: Number.POSITIVE_INFINITY, isInside: false } }])).toEqual([1, 5])
  })

  it('is not a figure that has nothing to do with it', () => {
    expect(evidence('fail', [usage(0.9)])).toEqual([undefined, undefined])
    expect(evidence('ok', [usage(0.99)])).toEqual([undefined, undefined])
    expect(evidence('fail', [{ name: 'count', value: 1, unit: 'count', critical: { from: 1, to: Number.POSITIVE_INFINITY, isInside: false } }])).toEqual([undefined, undefined])
  })
})

it('lists with --detailed what was measured beside its levels, and paints nothing worse than its check found', () => {
  const count: Measure = { name: 'count', value: 3, unit: 'count', critical: { from: 1, to: 3, isInside: false } }
  const free: Measure = { name: 'free', of: '/', value: 4e9, unit: 'bytes', warning: { from: 5e9, to: Number.POSITIVE_INFINITY, isInside: false } }
  const { tables } = make({ detailed: true, results: [checkResult('nginx', { outcome: { measures: [count] } }), checkResult('disk', { verdict: 'warn', outcome: { verdict: 'warn', message: '', measures: [free] } })] })
  expect(tables[1]?.rows).toEqual([
    ['nginx', 'count', '', { text: '3', tone: 'ok' }, '', 'outside 1 to 3'],
    ['disk', 'free', '/', { text: '4 GB', tone: 'warn' }, 'below 5 GB', ''],
  ])
})

it('says the same of all together everywhere: a verdict that no check accounts for is the status as well', () => {
  const { data, samples } = make({ results: [checkResult('a')], verdict: 'unknown', findings: [{ id: 'state', verdict: 'unknown', title: 'the state cannot be written' }] })
  expect(data).toMatchObject({ overall: { status: 'unknown', score: 100 } })
  expect(samples?.samples.get('health.status')?.get('')).toBe(3)
})

it('does not say that checks ran where none did, for an alert on their age would stay silent', () => {
  expect(make({ verdict: 'unknown' }).samples?.samples.has('health.last_run')).toBe(false)
  expect(make({ results: [checkResult('a')] }).samples?.samples.has('health.last_run')).toBe(true)
})

it('tells the uptime of a longer time only where more was watched than in a shorter one', () => {
  const well = checkResult('a')
  const later = foldState(foldState(null, [well], 'ok', at(0)).state, [well], 'ok', at(5)).state
  const { facts } = make({ results: [well], state: later, finishedAt: at(5) })
  expect(facts.find(({ label }) => label === 'was up')?.value).toBe('100% of the 5m watched in 24h')
})
