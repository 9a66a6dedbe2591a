import type { MetricName } from '../model/metric.ts'
import { valueOf, type Snapshot } from '../model/snapshot.ts'
import { showQuantity, showRatio, type Unit } from '../model/unit.ts'
import { THROTTLED } from './usage-alert.ts'

export type AlarmLevel = 'warning' | 'critical'

/** What is wrong when it is above a level for long enough. */
export interface LevelRule {
  readonly metric: MetricName
  /** The one series that is watched; all of the metric without it. */
  readonly only?: string
  /** Levels in the unit of the metric; Infinity where there is none. */
  readonly limits: Readonly<Record<AlarmLevel, number>>
  /** For how long it has to be above, milliseconds. */
  readonly holdMs: number
  /** The levels are for each processor of the machine. */
  readonly perCore?: boolean
  /** What is missing to the whole is compared: of a share that is bad when it is low. */
  readonly isComplement?: boolean
  readonly text: (tag: string, limit: number) => string
}

/** What happens in an instant. */
export interface EventRule {
  readonly metric: MetricName
  readonly level: AlarmLevel
  /** How far the metric has to move in one tick: up from the tick before for a counter, from 0 either way for a level. */
  readonly beyond: number
  readonly text: (moved: number) => string
}

const above = (name: string) => (_: string, limit: number): string => `${name} > ${showRatio(limit)}`
const tagAbove = (tag: string, limit: number): string => `${tag} > ${showRatio(limit)}`
const rateAbove = (name: string, unit: Unit) => (_: string, limit: number): string => `${name} > ${showQuantity({ value: limit, unit })}`
const NEVER = Number.POSITIVE_INFINITY
const [AT_ONCE, TEN_SECONDS, HALF_A_MINUTE, A_MINUTE] = [0, 10_000, 30_000, 60_000]

export const LEVEL_RULES: readonly LevelRule[] = [
  { metric: 'cpu.usage', limits: { warning: 0.8, critical: 0.95 }, holdMs: TEN_SECONDS, text: above('CPU') },
  { metric: 'memory.usage', limits: { warning: 0.85, critical: 0.95 }, holdMs: TEN_SECONDS, text: above('memory') },
  { metric: 'filesystem.usage', limits: { warning: 0.85, critical: 0.95 }, holdMs: AT_ONCE, text: tagAbove },
  { metric: 'filesystem.inodes.usage', limits: { warning: 0.85, critical: 0.95 }, holdMs: AT_ONCE, text: (tag, limit) => `${tag} inodes > ${showRatio(limit)}` },
  { metric: 'filesystem.silent', limits: { warning: NEVER, critical: 0.5 }, holdMs: AT_ONCE, text: (tag) => `${tag} does not answer` },
  { metric: 'cgroup.cpu.throttled', limits: THROTTLED, holdMs: TEN_SECONDS, text: above('held back by the processor limit') },
  { metric: 'swap.in.rate', limits: { warning: 1e6, critical: 20e6 }, holdMs: HALF_A_MINUTE, text: rateAbove('swapping in', 'bytes_per_second') },
  { metric: 'pressure.some', only: 'memory', limits: { warning: 0.1, critical: 0.4 }, holdMs: TEN_SECONDS, text: above('memory pressure') },
  { metric: 'pressure.some', only: 'io', limits: { warning: 0.4, critical: 0.8 }, holdMs: TEN_SECONDS, text: above('I/O pressure') },
  { metric: 'load.1', limits: { warning: 2, critical: 4 }, holdMs: A_MINUTE, perCore: true, text: (_, limit) => `load > ${limit} per core` },
  { metric: 'db.pool.usage', limits: { warning: 0.8, critical: 0.95 }, holdMs: TEN_SECONDS, text: above('database pool') },
  { metric: 'api.errors', limits: { warning: 0.05, critical: 0.1 }, holdMs: TEN_SECONDS, text: above('API errors') },
]

const killed = (count: number): string => `${count === 1 ? '1 process' : `${count} processes`} killed`
export const EVENT_RULES: readonly EventRule[] = [
  { metric: 'memory.oom_kills', level: 'critical', beyond: 0, text: (count) => `out of memory: ${killed(count)}` },
  { metric: 'cgroup.oom_kills', level: 'critical', beyond: 0, text: (count) => `memory limit reached: ${killed(count)}` },
  { metric: 'clock.step', level: 'warning', beyond: 1_000, text: (ms) => `clock set ${ms > 0 ? 'forward' : 'back'} by ${showQuantity({ value: Math.abs(ms), unit: 'ms' })}` },
]

/** The figure that a rule compares with its levels; NaN where it is not known. */
export function watchedValue(rule: LevelRule, value: number, snapshot: Snapshot): number {
  return rule.perCore ? value / valueOf(snapshot, 'cpu.cores') : rule.isComplement ? 1 - value : value
}
