import type { Unit } from '../../model/unit.ts'

/** The improvement over all categories that the performance guide aims at, percent. */
export const IMPROVEMENT_TARGET = 84.8

/** The guide's categories: which way is better, and the target in its unit. */
export const IMPROVEMENT_CATEGORIES: Readonly<Record<string, { readonly title: string; readonly better: 'lower' | 'higher'; readonly unit: Unit; readonly target: number }>> = {
  apiResponseTime: { title: 'API response time', better: 'lower', unit: 'ms', target: 200 },
  databaseQueries: { title: 'Database queries', better: 'lower', unit: 'ms', target: 50 },
  pageLoadTime: { title: 'Page load time', better: 'lower', unit: 'ms', target: 2_000 },
  bundleSize: { title: 'Bundle size', better: 'lower', unit: 'bytes', target: 2e6 },
  memoryUsage: { title: 'Memory usage', better: 'lower', unit: 'bytes', target: 512e6 },
  cacheHitRate: { title: 'Cache hit rate', better: 'higher', unit: 'ratio', target: 0.8 },
}

/** One category then and now, in one unit. */
export interface ImprovementStep {
  readonly category: string
  readonly better: 'lower' | 'higher'
  readonly baseline: number
  readonly current: number
}

/** The documented record of a category; changes are above zero when it got better. */
export interface Improvement {
  readonly category: string
  readonly baseline: number
  readonly current: number
  /** Of one of the guide's categories: what it should come to, and whether it has; null for others. */
  readonly target: { readonly value: number; readonly reached: boolean } | null
  readonly improvement: {
    readonly absoluteChange: number
    readonly percentageChange: number
    readonly isImprovement: boolean
    /** More than 10 % either way; a label of size, not of chance. */
    readonly significant: boolean
  }
}

/** The documented report of progress; numbers are null when no category can be compared. */
export interface ImprovementProgress {
  readonly totalOptimizations: number
  readonly significantImprovements: number
  readonly averageImprovement: number | null
  /** 0..100: the mean of what got better (what got worse counts 0) as a share of the target. */
  readonly targetAchievement: number | null
  readonly improvements: readonly Improvement[]
  /** Categories without two numbers, or with a baseline of 0. */
  readonly missing: readonly string[]
}

/** How far categories have come towards the target (percent, above 0). */
export function improvementProgress(steps: readonly ImprovementStep[], target = IMPROVEMENT_TARGET): ImprovementProgress {
  const isKnown = ({ baseline, current }: ImprovementStep): boolean => baseline > 0 && Number.isFinite(baseline) && Number.isFinite(current)
  const improvements = steps.filter(isKnown).map(({ category, better, baseline, current }): Improvement => {
    const absoluteChange = better === 'lower' ? baseline - current : current - baseline
    const percentageChange = (absoluteChange / baseline) * 100
    return { category, baseline, current, target: targetOf(category, current), improvement: { absoluteChange, percentageChange, isImprovement: absoluteChange > 0, significant: Math.abs(percentageChange) > 10 } }
  })
  const mean = (values: readonly number[]): number | null => (values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length)
  const changes = improvements.map(({ improvement }) => improvement.percentageChange)
  const gained = mean(changes.map((change) => Math.max(0, change)))
  return {
    totalOptimizations: improvements.length,
    significantImprovements: improvements.filter(({ improvement }) => improvement.significant && improvement.isImprovement).length,
    averageImprovement: mean(changes),
    targetAchievement: gained === null ? null : Math.min(100, (gained / target) * 100),
    improvements,
    missing: steps.filter((step) => !isKnown(step)).map(({ category }) => category),
  }
}

function targetOf(category: string, current: number): Improvement['target'] {
  const known = Object.hasOwn(IMPROVEMENT_CATEGORIES, category) ? IMPROVEMENT_CATEGORIES[category] : undefined
  if (known === undefined) return null
  return { value: known.target, reached: known.better === 'lower' ? current < known.target : current > known.target }
}
