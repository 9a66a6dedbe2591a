import type { MetricName } from '../model/metric.ts'
import type { Alert } from '../model/report.ts'
import { tagsOf, valueOf, type Snapshot } from '../model/snapshot.ts'
import { plain } from '../model/text.ts'
import { showRatio } from '../model/unit.ts'
import type { Verdict } from '../model/verdict.ts'

/** From where on the use of a resource is no longer good, deserves a warning, or is critical: shares. */
export interface UsageLevel {
  readonly metric: MetricName
  readonly name: string
  readonly good: number
  readonly warning: number
  readonly critical: number
}

/** The documented targets of resource usage; a hit rate is bad when it is low. */
export const USAGE_LEVELS: readonly UsageLevel[] = [
  { metric: 'cpu.usage', name: 'processor', good: 0.5, warning: 0.8, critical: 0.95 },
  { metric: 'memory.usage', name: 'memory', good: 0.7, warning: 0.85, critical: 0.95 },
  { metric: 'filesystem.usage', name: 'file system', good: 0.85, warning: 0.85, critical: 0.95 },
  { metric: 'db.pool.usage', name: 'database pool', good: 0.5, warning: 0.8, critical: 0.95 },
  { metric: 'cache.hit_rate', name: 'cache hit rate', good: 0.85, warning: 0.7, critical: 0.5 },
]

/** From where on it matters that a control group is held back by its processor limit: shares of time. */
export const THROTTLED = { good: 0.05, warning: 0.25, critical: 0.5 } as const

/** How bad a use is: nothing to say, above what is good, a warning, or critical. */
export type Severity = 'medium' | 'high' | 'critical'

/** How bad a value is by its levels; null where it is good or not known. */
export function severityOf({ good, warning, critical }: Pick<UsageLevel, 'good' | 'warning' | 'critical'>, value: number): Severity | null {
  const isBeyond = critical > warning ? (limit: number) => value >= limit : (limit: number) => value <= limit
  return isBeyond(critical) ? 'critical' : isBeyond(warning) ? 'high' : good !== warning && isBeyond(good) ? 'medium' : null
}

/** The tags whose use can be judged: a file system that is read-only by its nature is always full. */
export function judgedTags(snapshot: Pick<Snapshot, 'samples'>, metric: MetricName): string[] {
  return tagsOf(snapshot, metric).filter((tag) => metric !== 'filesystem.usage' || valueOf(snapshot, 'filesystem.readonly', tag) !== 1)
}

/** What uses too much right now, by the documented targets, in percent; what its limit holds back, and file systems that do not answer. */
export function usageAlerts(snapshot: Pick<Snapshot, 'samples'>): Alert[] {
  const high = USAGE_LEVELS.flatMap((level) => judgedTags(snapshot, level.metric).flatMap((tag): Alert[] => {
    const value = valueOf(snapshot, level.metric, tag)
    const severity = severityOf(level, value)
    if (severity !== 'critical' && severity !== 'high') return []
    const limit = severity === 'critical' ? level.critical : level.warning
    const verb = level.critical > level.warning ? 'in use' : 'only'
    return [{
      level: severity === 'critical' ? 'critical' : 'warning', metric: level.metric,
      message: `${level.name}${tag === '' ? '' : ` ${plain(tag)}`}: ${level.critical > level.warning ? `${showRatio(value)} ${verb}` : `${verb} ${showRatio(value)}`}`,
      value: round(value * 100), threshold: round(limit * 100),
    }]
  }))
  const silent = tagsOf(snapshot, 'filesystem.silent').filter((tag) => valueOf(snapshot, 'filesystem.silent', tag) === 1)
  const throttled = valueOf(snapshot, 'cgroup.cpu.throttled')
  const held: Alert[] = throttled < THROTTLED.warning || Number.isNaN(throttled) ? [] : [{
    level: throttled >= THROTTLED.critical ? 'critical' : 'warning', metric: 'cgroup.cpu.throttled', message: `the control group was held back ${showRatio(throttled)} of the time by its processor limit`,
    value: round(throttled * 100), threshold: round((throttled >= THROTTLED.critical ? THROTTLED.critical : THROTTLED.warning) * 100),
  }]
  return [...high, ...held, ...silent.map((tag): Alert => ({ level: 'warning', metric: 'filesystem.silent', message: `the file system ${plain(tag)} does not answer` }))]
}

/** The tone of a share by its levels: what is at a warning level is `warn`, what is critical `fail`. */
export function toneOfUsage(metric: MetricName, value: number): Verdict {
  const level = USAGE_LEVELS.find((each) => each.metric === metric)
  const severity = level ? severityOf(level, value) : null
  return severity === 'critical' ? 'fail' : severity === 'high' ? 'warn' : 'ok'
}

function round(value: number): number {
  return Number(value.toFixed(2))
}
