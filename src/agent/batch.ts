import type { MetricName } from '../model/metric.ts'
import { PRIORITIES, type Priority } from '../model/source.ts'
import type { Span } from '../analysis/recent/ring.ts'

/** Values of one series of one source: one value, or several that were folded together. */
export interface BatchValue extends Span {
  readonly source: string
  readonly priority: Priority
  readonly metric: MetricName
  /** Empty for the one series of a metric, or all of them together. */
  readonly tag: string
  /** The newest of them. */
  readonly last: number
}

/** What was collected over some time. */
export interface Batch {
  readonly values: readonly BatchValue[]
  /** How many values there were before any were folded. */
  readonly taken: number
}

/** Values are folded within steps of the finest past that is kept, so that none gets into a step that is not its own, milliseconds. */
const STEP_MS = 10_000

/** One value that was just collected. */
export function singleValue({ source, priority, metric, tag, at, value }: Pick<BatchValue, 'source' | 'priority' | 'metric' | 'tag' | 'at'> & { readonly value: number }): BatchValue {
  return { source, priority, metric, tag, at, count: 1, sum: value, min: value, max: value, last: value }
}

/**
 * Folds values of the same series and step together until at least this share (0..1) of them is gone or nothing is left to fold; series of the lowest
 * priority go first. Counts and sums are kept, so means stay true, and so do extremes and the newest value.
 */
export function foldValues(values: readonly BatchValue[], share: number): readonly BatchValue[] {
  let left = Math.ceil(values.length * share)
  if (left <= 0) return values
  const groups = new Map<string, BatchValue[]>()
  for (const value of values) {
    const key = `${value.source}\n${value.metric}\n${value.tag}\n${Math.floor(value.at / STEP_MS)}`
    const group = groups.get(key)
    if (group) group.push(value)
    else groups.set(key, [value])
  }
  const folded = new Set<BatchValue>()
  const kept: BatchValue[] = []
  for (const priority of PRIORITIES.toReversed()) {
    for (const group of groups.values()) {
      if (left <= 0 || group.length < 2 || group[0]?.priority !== priority) continue
      kept.push(group.reduce(join))
      for (const each of group) folded.add(each)
      left -= group.length - 1
    }
  }
  return [...values.filter((value) => !folded.has(value)), ...kept]
}

function join(one: BatchValue, other: BatchValue): BatchValue {
  const newer = other.at >= one.at ? other : one
  return { ...newer, count: one.count + other.count, sum: one.sum + other.sum, min: Math.min(one.min, other.min), max: Math.max(one.max, other.max) }
}
