import { describe, expect, it } from 'vitest'
import { BUDGET_PRESETS, budgetPreset } from '../../src/budget/presets.ts'
import { limitsOf, readBudget } from './written.ts'

describe("the guide's shapes", () => {
  it('are read flat, frontend and backend', async () => {
    const { lines, format } = await readBudget('{"performanceBudget": {"initialJSBundle": "500KB", "totalBundleSize": "2MB", "largestContentfulPaint": "2.5s", "cumulativeLayoutShift": "0.1", "apiResponseTime": "200ms", "mediaLoadTime": "3s", "imageOptimization": "80%"}, "backendBudget": {"healthCheck": "10ms", "diskIO": "1000 IOPS", "cacheHitRate": "80%"}}')
    expect(format).toBe('guide')
    expect(lines.map(({ id, limits: [limit] }) => `${id} ${limit?.level} ${limit?.operator} ${limit?.value} ${limit?.path?.join('/')}`)).toEqual([
      'bundles:initialJSBundle fail <= 500000 performanceBudget/initialJSBundle',
      'bundles:total fail <= 2000000 performanceBudget/totalBundleSize',
      'timing:largestContentfulPaint fail <= 2500 performanceBudget/largestContentfulPaint',
      'timing:cumulativeLayoutShift fail <= 0.1 performanceBudget/cumulativeLayoutShift',
      'timing:mediaLoad fail <= 3000 performanceBudget/mediaLoadTime',
      'api:responseTime:p95 fail <= 200 performanceBudget/apiResponseTime',
      'lighthouse:imageOptimization fail >= 0.8 performanceBudget/imageOptimization',
      'backend:healthCheck fail <= 10 backendBudget/healthCheck',
      'backend:diskIO fail >= 1000 backendBudget/diskIO'.replace('>=', '<='),
      'backend:cacheHitRate fail >= 0.8 backendBudget/cacheHitRate',
    ])
  })

  it('mean the same below performanceBudget as in a file of ours', async () => {
    const sections = 'bundles: {main.js: {maxSize: 500KB, warning: 400KB}}, timing: {timeToInteractive: {target: 3500, warning: 5000}}, resources: {images: {maxCount: 50, maxTotalSize: 5MB}}, api: {errorRate: {target: 0.1, warning: 1.0}}'
    const [inside, alone] = [await readBudget(`{performanceBudget: {${sections}}}`), await readBudget(`{${sections}}`)]
    const said = ({ lines }: typeof alone): unknown => lines.map(({ id, title, unit, subjects, limits }) => ({ id, title, unit, subjects, limits: limits.map(({ where: _, path: __, ...limit }) => limit) }))
    expect(said(inside)).toEqual(said(alone))
    expect(limitsOf(alone.lines, 'api:errorRate')).toEqual(['warn <= 0.001', 'fail <= 0.01'])
  })

  it('tell a mistyped key with its line', async () => {
    await expect(readBudget('initialJSBundle: 500KB\ninitialCSSBundel: 100KB')).rejects.toMatchObject({ code: 'UNKNOWN_KEY', hint: 'did you mean "initialCSSBundle"?', where: { line: 2 } })
  })
})

describe('presets', () => {
  it.each(BUDGET_PRESETS.map(({ name }) => [name]))('%s has lines that say where they come from', (name) => {
    const lines = budgetPreset(name, '/srv/app')
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.filter(({ hint, limits }) => !/guide|framework|reference/.test(hint ?? '') || limits.length === 0)).toEqual([])
    expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length)
  })

  it('have the documented figures', () => {
    const lines = budgetPreset('targets', '/')
    expect(['api:responseTime:p50', 'api:responseTime:p95', 'api:responseTime:p99', 'api:throughput', 'api:availability'].map((id) => limitsOf(lines, id))).toEqual([['fail <= 300'], ['fail <= 1000'], ['fail <= 2000'], ['target >= 5000', 'target >= 2000', 'fail >= 1000'], ['fail <= 0.001']])
    expect(limitsOf(budgetPreset('endpoints', '/'), 'api:search:responseTime:p95')).toEqual(['target <= 300', 'warn <= 500', 'fail <= 1000'])
    expect(limitsOf(budgetPreset('resource-usage', '/'), 'backend:memoryUsage')).toEqual(['target <= 0.7', 'warn <= 0.85', 'fail <= 0.95'])
  })

  it('that are not there are named with the nearest', () => {
    expect(() => budgetPreset('web-vital', '/')).toThrow(expect.objectContaining({ hint: 'did you mean "web-vitals"?' }))
  })
})
