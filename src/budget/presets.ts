import { RESPONSE_TARGETS } from '../analysis/response-targets.ts'
import { USAGE_LEVELS } from '../analysis/usage-alert.ts'
import type { BudgetText } from '../budget-schema/schema.ts'
import type { BudgetLimit, BudgetLine } from '../model/budget.ts'
import { UserError } from '../model/error.ts'
import { nearest } from '../model/nearest.ts'
import { flatGuideLines } from './guide.ts'
import { originOfPreset } from './origin.ts'
import { linesOf } from './sections.ts'

interface Preset {
  readonly name: string
  readonly about: string
  /** Where its limits come from, in the hint of each line. */
  readonly source: string
  readonly lines: (root: string) => readonly BudgetLine[]
}

const ours = (budget: BudgetText) => (root: string): readonly BudgetLine[] => linesOf(budget, originOfPreset(root), root)

const usage = (metric: string): { readonly target: number; readonly warning: number; readonly fail: number } => {
  const level = USAGE_LEVELS.find((each) => each.metric === metric)
  if (!level) throw new Error(`no level of ${metric}`)
  return { target: level.good, warning: level.warning, fail: level.critical }
}

function usedBelow(metric: string): { target: number; warning: number; max: number } {
  const { target, warning, fail } = usage(metric)
  return { target, warning, max: fail }
}

function hitRate(): { target: number; warning: number; min: number } {
  const { target, warning, fail } = usage('cache.hit_rate')
  return { target, warning, min: fail }
}

const TESTING = 'one of the targets of the performance testing framework'
const GUIDE = 'from the budgets of the performance guide'
const GOALS = 'one of the primary targets of the performance guide'
const API = 'from the thresholds of the performance API\'s reference'

/** Ready-made budgets, the documented targets. */
const PRESETS: readonly Preset[] = [
  { name: 'response-times', about: 'response times: p50 300 ms, p95 1000 ms, p99 2000 ms', source: TESTING, lines: ours({ api: { responseTime: { p50: '300ms', p95: '1000ms', p99: '2000ms' } } }) },
  { name: 'throughput', about: 'requests: at least 1000/s; 2000/s is aimed at, 5000/s the most that is planned for', source: TESTING, lines: (root) => ours({ api: { throughput: { target: '2000/s', min: '1000/s' } } })(root).map((line) => ({ ...line, limits: [mostPlanned, ...line.limits] })) },
  { name: 'availability', about: 'availability 99.9 %: at most one request of a thousand fails', source: TESTING, lines: ours({ api: { availability: '99.9%' } }) },
  { name: 'targets', about: 'response times, throughput and availability together', source: TESTING, lines: (root) => ['response-times', 'throughput', 'availability'].flatMap((name) => presetNamed(name).lines(root)) },
  {
    name: 'endpoints', about: 'p95 by kind of endpoint: authentication, search, media, dashboard, admin', source: API,
    lines: ours({ api: { categories: Object.fromEntries(Object.entries(RESPONSE_TARGETS).map(([name, { target, warning, critical }]) => [name, { responseTime: { target, warning, max: critical } }])) } }),
  },
  {
    name: 'resource-usage', about: 'processor, memory, database connections and cache hit rate: warning and critical levels', source: API,
    lines: ours({ backend: { cpuUsage: usedBelow('cpu.usage'), memoryUsage: percents(usedBelow('memory.usage')), connectionPool: percents(usedBelow('db.pool.usage')), cacheHitRate: hitRate() } }),
  },
  {
    name: 'web-vitals', about: 'LCP 2.5 s, FID 100 ms, CLS 0.1, FCP 1.8 s, TTI 5 s', source: 'from the table of Core Web Vitals of the performance guide',
    lines: ours({ timing: { largestContentfulPaint: '2.5s', firstInputDelay: '100ms', cumulativeLayoutShift: 0.1, firstContentfulPaint: '1.8s', timeToInteractive: '5s' } }),
  },
  {
    name: 'frontend', about: 'first and all bundles, loading metrics, API answers, media and images', source: GUIDE,
    lines: (root) => flatGuideLines({
      initialJSBundle: '500KB', initialCSSBundle: '100KB', totalBundleSize: '2MB', firstContentfulPaint: '1.5s', largestContentfulPaint: '2.5s', cumulativeLayoutShift: '0.1', firstInputDelay: '100ms',
      apiResponseTime: '200ms', mediaLoadTime: '3s', imageOptimization: '80%',
    }, originOfPreset(root), root),
  },
  {
    name: 'backend', about: 'response times by kind of endpoint, processor, memory, disks, queries, pool and cache', source: GUIDE,
    lines: ours({ backend: { healthCheck: '10ms', authentication: '100ms', dataQueries: '200ms', fileOperations: '500ms', cpuUsage: '70%', memoryUsage: '512MB', diskIO: '1000 IOPS', queryTime: '50ms', connectionPool: '20 connections', cacheHitRate: '80%' } }),
  },
  {
    name: 'pages', about: 'bundles by name, timings and resources of pages, and the API, each with a warning level', source: GUIDE,
    lines: ours({
      bundles: { 'main.js': { max: '500KB', warning: '400KB' }, 'vendor.js': { max: '1MB', warning: '800KB' }, 'main.css': { max: '100KB', warning: '80KB' }, total: { max: '2MB', warning: '1.5MB' } },
      timing: { firstContentfulPaint: { target: 1_500, warning: 2_000 }, largestContentfulPaint: { target: 2_500, warning: 3_000 }, firstInputDelay: { target: 100, warning: 200 }, cumulativeLayoutShift: { target: 0.1, warning: 0.15 }, timeToInteractive: { target: 3_500, warning: 5_000 } },
      resources: { images: { maxCount: 50, maxTotalSize: '5MB' }, fonts: { maxCount: 4, maxTotalSize: '500KB' }, scripts: { maxCount: 10, maxTotalSize: '2MB' }, stylesheets: { maxCount: 5, maxTotalSize: '200KB' } },
      api: { responseTime: { target: 200, warning: 500 }, errorRate: { target: 0.1, warning: 1 }, throughput: { target: 1_000, warning: 500 } },
    }),
  },
  {
    name: 'goals', about: 'API below 200 ms, queries 50 ms, page load 2 s, bundles 2 MB, memory 512 MB, cache hits above 80 %', source: GOALS,
    lines: ours({ api: { responseTime: '200ms' }, backend: { queryTime: '50ms', memoryUsage: '512MB', cacheHitRate: '80%' }, timing: { pageLoad: '2s' }, bundles: { total: '2MB' } }),
  },
  {
    name: 'loading', about: 'page load 2 s, media load 3 s; images at most 5 MB and 50 of them', source: GUIDE,
    lines: ours({ timing: { pageLoad: '2s', mediaLoad: '3s' }, resources: { images: { maxCount: 50, maxTotalSize: '5MB' } } }),
  },
]

const mostPlanned: BudgetLimit = { level: 'target', operator: '>=', value: 5_000, against: 'nothing', text: '5000/s' }

/** A number alone would be bytes, or connections. */
function percents<L extends Readonly<Record<string, number>>>(levels: L): { [K in keyof L]: string } {
  return Object.fromEntries(Object.entries(levels).map(([key, share]) => [key, `${Math.round(share * 100)}%`])) as { [K in keyof L]: string } // the same keys
}

/** The ready-made budgets by name. */
export const BUDGET_PRESETS: readonly { readonly name: string; readonly about: string }[] = PRESETS.map(({ name, about }) => ({ name, about }))

/** Whether a name is a preset's. */
export function isPresetName(name: string): boolean {
  return PRESETS.some((preset) => preset.name === name)
}

function presetNamed(name: string): Preset {
  const preset = PRESETS.find((each) => each.name === name)
  if (preset) return preset
  const near = nearest(name, PRESETS.map((each) => each.name))
  throw new UserError({ code: 'UNKNOWN_PRESET', kind: 'usage', message: `there is no preset "${name}"`, hint: near === undefined ? `there are ${PRESETS.map((each) => each.name).join(', ')}` : `did you mean "${near}"?` })
}

/** What to do about a line that says nothing itself, by its id: the first that fits. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^bundles:/, 'see its largest files: leave out, split or load later what a page does not need at first'],
  [/^resources:.*:count$/, 'load fewer of them: join them, or load later what is not seen at first'],
  [/^resources:/, 'make them smaller: compress them, or leave out what is not used'],
  [/^api:(.*:)?throughput$/, 'see what the server waits for under load: medianest-perf top, and its slowest queries'],
  [/^api:(.*:)?errorRate$/, 'see which requests fail: the load result counts them by endpoint and status'],
  [/^(api|backend):/, 'find out what the slowest of them wait for: queries, other services, or the processor'],
]
const BACKEND_ADVICE: Readonly<Record<string, string>> = {
  'backend:cpuUsage': 'see which process works: medianest-perf top', 'backend:memoryUsage': 'look for what grows: take a heap snapshot now and one later', 'backend:diskIO': 'see which process reads and writes: medianest-perf top; cache what is read again',
  'backend:queryTime': 'look at the slowest queries with EXPLAIN (ANALYZE): an index may be missing', 'backend:connectionPool': 'give connections back sooner: look for long transactions before the pool is made larger', 'backend:cacheHitRate': 'see what is missed: longer lifetimes, more memory, or other keys',
}

function adviceFor({ id, hint }: Pick<BudgetLine, 'id' | 'hint'>): string {
  return hint ?? BACKEND_ADVICE[id] ?? ADVICE.find(([pattern]) => pattern.test(id))?.[1] ?? 'see what it is made of'
}

/** The lines of a preset; globs of files are named from `root`, absolute. Throws UserError `UNKNOWN_PRESET`. */
export function budgetPreset(name: string, root: string): BudgetLine[] {
  const { source, lines } = presetNamed(name)
  return lines(root).map((line) => ({ ...line, hint: `${adviceFor(line)} (the limit is ${source})` }))
}
