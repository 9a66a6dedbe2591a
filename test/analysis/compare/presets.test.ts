import { describe, expect, it } from 'vitest'
import { comparable } from '../../../src/analysis/compare/comparable.ts'
import { improvementProgress } from '../../../src/analysis/compare/improvement.ts'
import { presetFigures, simple, tiers } from '../../../src/analysis/compare/presets.ts'
import type { MeasuredSeries, Surroundings } from '../../../src/model/measurements.ts'

const BASE = { p95: 200, throughput: 100, errorRate: 1 }

describe('the preset tiers', () => {
  it.each([
    ['10 % is not beyond 10 %', { p95: 220 }, []],
    ['11 % slower', { p95: 222 }, ['minor']],
    ['25 % slower', { p95: 250 }, ['major']],
    ['50 % slower', { p95: 300 }, ['critical']],
    ['a quarter of the throughput gone', { throughput: 75 }, ['major']],
    ['2.5 points more errors', { errorRate: 3.5 }, ['minor']],
    ['10 points more errors', { errorRate: 11 }, ['critical']],
    ['all of it', { p95: 230, throughput: 10, errorRate: 7 }, ['minor', 'critical', 'major']],
  ])('%s', (_, parts, severities) => {
    const { regressions, hasRegression, passed } = tiers(BASE, { ...BASE, ...parts })
    expect(regressions.map(({ severity }) => severity)).toEqual(severities)
    expect(hasRegression).toBe(severities.length > 0)
    expect(passed).toBe(!severities.includes('critical'))
  })

  it('has the documented shape', () => {
    expect(tiers(BASE, { ...BASE, p95: 300 })).toMatchObject({
      hasRegression: true, summary: 'Worse by more than its limit: Response Time (P95) +50% (critical).',
      regressions: [{ metric: 'Response Time (P95)', baseline: 200, current: 300, change: 100, changePercent: 50, severity: 'critical' }],
    })
  })

  it('does not divide by nothing, nor pass what is not known', () => {
    expect(tiers({ ...BASE, p95: 0 }, BASE).regressions[0]).toMatchObject({ changePercent: null, severity: 'critical' })
    expect(tiers({ ...BASE, errorRate: 0 }, { ...BASE, errorRate: 3 }).regressions[0]).toMatchObject({ changePercent: null, severity: 'minor' })
    expect(tiers(BASE, { ...BASE, throughput: Number.NaN })).toMatchObject({ hasRegression: false, passed: false, missing: ['Throughput'] })
  })
})

describe('the preset simple', () => {
  it.each([
    ['20 % is not beyond 20 %', { p95: 240 }, []],
    ['21 % slower', { p95: 242 }, ['warning']],
    ['51 % slower', { p95: 302 }, ['critical']],
    ['errors doubled', { errorRate: 2 }, []],
    ['errors more than doubled', { errorRate: 2.1 }, ['critical']],
    ['it does not look at throughput', { throughput: 1 }, []],
  ])('%s', (_, parts, severities) => {
    expect(simple(BASE, { ...BASE, ...parts }).regressions.map(({ severity }) => severity)).toEqual(severities)
  })
})

describe('the figures of the presets', () => {
  const series = (metric: string, parts: Partial<MeasuredSeries>): MeasuredSeries => ({ metric, statistic: null, of: '', unit: 'ms', better: 'lower', class: 'sampled', values: [1], ...parts })

  it('are those of all endpoints together, the median of several runs', () => {
    const p95 = { statistic: { kind: 'p', percent: 95 } } as const
    expect(presetFigures([
      series('http.duration', { ...p95, of: 'GET /', values: [1] }), series('http.duration', { ...p95, values: [30, 10, 20] }),
      series('http.requests', { statistic: { kind: 'rate' }, unit: 'per_second', values: [150] }), series('http.failed', { statistic: { kind: 'rate' }, unit: 'ratio', values: [0.02] }),
    ])).toEqual({ p95: 20, throughput: 150, errorRate: 2 })
    expect(presetFigures([])).toEqual({ p95: Number.NaN, throughput: Number.NaN, errorRate: Number.NaN })
  })
})

describe('progress towards a target', () => {
  it('is the mean of what got better, as a share of it', () => {
    const progress = improvementProgress([
      { category: 'apiResponseTime', better: 'lower', baseline: 800, current: 200 },
      { category: 'cacheHitRate', better: 'higher', baseline: 0.4, current: 0.8 },
      { category: 'bundleSize', better: 'lower', baseline: 4e6, current: 5e6 },
      { category: 'memoryUsage', better: 'lower', baseline: 0, current: 5e6 },
    ])
    expect(progress).toMatchObject({ totalOptimizations: 3, significantImprovements: 2, averageImprovement: 50, missing: ['memoryUsage'] })
    expect(progress.targetAchievement).toBeCloseTo((175 / 3 / 84.8) * 100, 9)
    expect(progress.improvements.map(({ target }) => target)).toEqual([{ value: 200, reached: false }, { value: 0.8, reached: false }, { value: 2e6, reached: false }])
    expect(improvementProgress([{ category: 'own', better: 'lower', baseline: 2, current: 1 }]).improvements[0]!.target).toBeNull()
    expect(improvementProgress([{ category: 'cacheHitRate', better: 'higher', baseline: 0.4, current: 0.85 }]).improvements[0]!.target?.reached).toBe(true)
    expect(progress.improvements[0]!.improvement).toEqual({ absoluteChange: 600, percentageChange: 75, isImprovement: true, significant: true })
  })

  it('is not known without categories', () => {
    expect(improvementProgress([])).toMatchObject({ averageImprovement: null, targetAchievement: null })
  })
})

describe('the surroundings of two sides', () => {
  const HERE: Surroundings = { cpu: 'AMD EPYC', cores: 2, memoryBytes: 8e9, os: 'Linux 6.18.44', tool: 'k6 0.49.0', plan: 'abc' }
  const reasons = (parts: Partial<Surroundings>): readonly string[] => comparable(HERE, { ...HERE, ...parts }).reasons

  it.each([
    ['another processor', { cpu: 'Intel Xeon' }, 'the processor differs: AMD EPYC, then Intel Xeon'],
    ['more cores', { cores: 4 }, 'the number of cores differs: 2, then 4'],
    ['twice the memory', { memoryBytes: 16e9 }, 'the memory differs: 8 GB, then 16 GB'],
    ['another system', { os: 'Darwin 24.1' }, 'the operating system differs: Linux 6.18.44, then Darwin 24.1'],
    ['another kernel', { os: 'Linux 5.10.1' }, 'the operating system differs: Linux 6.18.44, then Linux 5.10.1'],
    ['another tool', { tool: 'wrk 4.1' }, 'the tool differs: k6 0.49.0, then wrk 4.1'],
    ['another plan', { plan: 'xyz' }, 'the load plan differs: abc, then xyz'],
  ])('are not comparable with %s', (_, parts, reason) => {
    expect(reasons(parts)).toEqual([reason])
  })

  it('are comparable when little differs, which is noted', () => {
    const { comparable: is, notes } = comparable(HERE, { ...HERE, memoryBytes: 8.2e9, os: 'Linux 6.18.50', tool: 'k6 0.50.0', cpu: 'AMD  Epyc' })
    expect(is).toBe(true)
    expect(notes).toHaveLength(4)
  })

  it('are compared with a note when they are not known', () => {
    const nothing: Surroundings = { cpu: null, cores: null, memoryBytes: null, os: null, tool: null, plan: null }
    expect(comparable(HERE, nothing)).toEqual({ comparable: true, reasons: [], notes: [], unknown: ['processor', 'number of cores', 'memory', 'operating system', 'tool', 'load plan'] })
  })

  it('do not bring a terminal into disorder', () => {
    expect(reasons({ cpu: 'x\u001b[2J' })[0]).not.toContain('\u001b')
  })
})
