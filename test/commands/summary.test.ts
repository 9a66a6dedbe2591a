import { describe, expect, it, vi } from 'vitest'
import { runSummary } from '../../src/commands/summary-run.ts'
import type { Report } from '../../src/model/report.ts'
import { FORMATS } from '../../src/output/formats.ts'
import { testHost } from '../host.ts'
import { OPTIONS } from '../output/cases.ts'
import { readPrometheus } from '../output/exposition.ts'
import { FACTS, snapshotOf, type Values } from '../samples.ts'
import { fakeFeed, type FakeFeed, type Telling } from './feed.ts'

const first: Telling = { snapshot: snapshotOf({ 'load.1': 1 }, { elapsedMs: Number.NaN }) }
const look = (values: Values): Telling => ({ snapshot: snapshotOf({ 'cpu.usage': 0.2, 'memory.usage': 0.5, ...values }) })
const facts: Telling = { facts: FACTS }

async function run(tellings: readonly Telling[], flags: { for?: number; interval?: number } = {}, host = testHost([])): Promise<{ report: Report; feed: FakeFeed }> {
  const feed = fakeFeed(tellings)
  const reports: Report[] = []
  for await (const report of runSummary({ host, flags: { for: flags.for, interval: flags.interval } }, { openFeed: async (wish) => (Object.assign(feed.wish, wish), feed) })) reports.push(report)
  expect(reports).toHaveLength(1)
  return { report: reports[0]!, feed }
}

describe('summary', () => {
  it('has every documented field, and does not make up a trend', async () => {
    const { report, feed } = await run([first, facts, look({ 'cpu.usage': 0.2 }), look({ 'cpu.usage': 0.3 }), look({})], { for: 2_000 })
    expect(report.data).toEqual({
      status: 'optimal', score: 100,
      currentMetrics: { responseTime: null, memoryUsage: 50, cpuUsage: 25, errorRate: null },
      trends: Object.fromEntries(['responseTime', 'memory', 'cache'].map((name) => [name, { trend: 'unknown', change: null, period: '2s', reason: 'no history is recorded yet' }])),
      recentOptimizations: [], recommendations: ['nothing that was measured is above its target'], alerts: [], issues: [],
    })
    expect(report).toMatchObject({ verdict: 'ok', title: 'summary of web-01', findings: [] })
    expect(feed.closed()).toBe(true)
    expect(feed.wish).toEqual({ intervalMs: 400, processes: false })
  })

  it('turns the verdict by what is bad, and advises on the rest', async () => {
    const { report } = await run([facts, look({ 'memory.usage': 0.88, 'swap.usage': 0.9 })], { for: 1_000 })
    expect(report).toMatchObject({
      verdict: 'warn', data: { status: 'degraded', score: 70, recommendations: [expect.stringContaining('memory: 88% in use'), expect.stringContaining('90% of the swap space')] },
      findings: [{ id: 'issue:memory.usage', verdict: 'warn', observed: 0.88, limit: 0.85, unit: 'ratio', hint: expect.any(String) }], alerts: [{ level: 'warning', metric: 'memory.usage' }],
    })
    const human = await FORMATS.human.render(report, OPTIONS)
    for (const text of ['degraded', '70 of 100', 'hint: ', 'could be better: ', '90% of the swap space']) expect(human).toContain(text)
    expect((await run([facts, look({ 'cpu.usage': 0.99 })], { for: 1_000 })).report).toMatchObject({ verdict: 'fail', data: { status: 'critical', score: 70 } })
  })

  it('does not wait for ever for a system that has fallen silent, and says so', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const summed = run([facts, first, look({}), { call: () => void vi.advanceTimersByTime(60_000) }], { for: 10_000 })
      const { report, feed } = await summed
      expect(report).toMatchObject({ verdict: 'unknown', interrupted: undefined, findings: [{ id: 'silent', title: 'web-01 told nothing more after 1 s' }] })
      expect(feed.closed()).toBe(true)
    } finally {
      vi.useRealTimers()
    }
  })

  it('has the application\'s figures where there are some', async () => {
    const { report } = await run([facts, look({ 'api.duration.avg': 234, 'api.errors': 0.002 })], { for: 1_000 })
    expect(report.data).toMatchObject({ currentMetrics: { responseTime: 234, errorRate: 0.002 } })
  })

  it('keeps what it had when it is interrupted, and is unknown when that is nothing', async () => {
    const host = testHost([])
    expect((await run([facts, look({}), { call: () => host.interrupt() }], {}, host)).report).toMatchObject({ interrupted: 'SIGINT', data: { status: 'optimal' } })
    const other = testHost([])
    expect((await run([{ call: () => other.interrupt() }], {}, other)).report).toMatchObject({ interrupted: 'SIGINT', verdict: 'unknown', command: 'summary' })
  })

  it('is unknown when a probe failed', async () => {
    expect((await run([facts, look({ 'probe.success': { memory: 0 } })], { for: 1_000 })).report).toMatchObject({ verdict: 'unknown', findings: [{ id: 'probe:memory' }] })
  })

  it('has each alert once: what is too high at the end, and what the source sent meanwhile', async () => {
    const alert = { level: 'info' as const, metric: 'cache.hit_rate', message: 'the cache is warm', at: 0 }
    const { report } = await run([facts, look({ 'cpu.usage': 0.9 }), { alert }, look({ 'cpu.usage': 0.85 }), look({ 'cpu.usage': 0.86 })], { for: 3_000 })
    expect(report.alerts).toMatchObject([{ metric: 'cpu.usage', value: 86 }, { level: 'info', message: 'the cache is warm' }])
  })

  it('has samples', async () => {
    const { report } = await run([facts, look({})], { for: 1_000 })
    expect(readPrometheus(await FORMATS.prometheus.render(report, OPTIONS)).has('medianest_cpu_usage_ratio')).toBe(true)
  })
})
