import type { Slot } from './ring.ts'

/** What many values are made one by. */
export type Aggregation = 'avg' | 'min' | 'max' | 'p95' | 'p99'

/** One figure for many steps, NaN for none: the mean of all values, their extremes, or the mean of a step that 95 or 99 % of the steps do not exceed. */
export function foldSlots(slots: readonly Slot[], aggregation: Aggregation): number {
  return slots.length === 0 ? Number.NaN : FOLDS[aggregation](slots)
}

const FOLDS: Readonly<Record<Aggregation, (slots: readonly Slot[]) => number>> = {
  avg: (slots) => slots.reduce((sum, { mean, count }) => sum + mean * count, 0) / slots.reduce((sum, { count }) => sum + count, 0),
  min: (slots) => Math.min(...slots.map(({ min }) => min)),
  max: (slots) => Math.max(...slots.map(({ max }) => max)),
  p95: (slots) => percentile(slots, 0.95),
  p99: (slots) => percentile(slots, 0.99),
}

/** The nearest rank. */
function percentile(slots: readonly Slot[], share: number): number {
  const means = slots.map(({ mean }) => mean).sort((a, b) => a - b)
  return means[Math.max(0, Math.ceil(share * means.length * (1 - 1e-12)) - 1)] ?? Number.NaN
}
