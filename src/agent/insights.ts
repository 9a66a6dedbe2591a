import type { Issue } from '../analysis/advice.ts'
import { scoreOf } from '../analysis/shape/summary-shape.ts'
import type { Severity } from '../analysis/usage-alert.ts'

/** A bottleneck, from when it was first seen to when it was last. */
export interface Insight {
  readonly issue: Issue
  /** Milliseconds since 1970. */
  readonly since: number
  readonly until: number
}

/** Those that are over are remembered, the latest of many. */
const MOST = 200

const SYSTEM_HEALTH = [[90, 'excellent'], [75, 'good'], [50, 'fair'], [25, 'poor'], [0, 'critical']] as const

/** What could be better and could have been, as it was seen one time after another. */
export class Insights {
  #all: Insight[] = []
  #open = new Map<string, Insight>()
  /** How often an insight began, by severity. */
  readonly counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0 }

  observe(issues: readonly Issue[], at: number): void {
    const before = this.#open
    this.#open = new Map(issues.map((issue) => {
      const known = before.get(issue.id)
      const goesOn = known?.issue.severity === issue.severity
      if (!goesOn) this.counts[issue.severity]++
      return [issue.id, { issue, since: goesOn ? known.since : at, until: at }]
    }))
    const over = [...before.values()].filter(({ issue }) => this.#open.get(issue.id)?.issue.severity !== issue.severity)
    this.#all = [...this.#all, ...over].slice(-MOST)
  }

  /** Those that were seen since a moment, the worst and newest first. */
  since(from: number): readonly Insight[] {
    const rank: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2 }
    return [...this.#open.values(), ...this.#all].filter(({ until }) => until >= from).sort((a, b) => rank[a.issue.severity] - rank[b.issue.severity] || b.since - a.since)
  }

  /** What is the case now, the worst first. */
  now(): readonly Issue[] {
    return [...this.#open.values()].map(({ issue }) => issue)
  }
}

/** The word for a score of issues. */
export function systemHealthOf(issues: readonly Issue[]): (typeof SYSTEM_HEALTH)[number][1] {
  const score = scoreOf(issues)
  return SYSTEM_HEALTH.find(([least]) => score >= least)?.[1] ?? 'critical'
}
