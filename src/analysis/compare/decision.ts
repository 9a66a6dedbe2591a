import type { Interval } from './hodges-lehmann.ts'
import type { Severity } from './rules.ts'

export type ChangeVerdict = 'regressed' | 'improved' | 'unchanged' | 'inconclusive' | 'incomparable'

/** Whether changes are shares of the base (0.1 is 10 % more) or differences of shares (0.01 is one point). */
export type ChangeScale = 'relative' | 'points'

/** What was found of one figure on two sides. No number in it is NaN or infinite. */
export interface Decision {
  readonly verdict: ChangeVerdict
  readonly scale: ChangeScale
  /** How much more (below zero: less) the head has, whichever way is better; null where it cannot be told. */
  readonly estimate: number | null
  /** Of the level 1 - alpha; null where there are too few values, or none is needed. */
  readonly interval: Interval | null
  /** Two-sided; null where nothing was tested. */
  readonly p: number | null
  /** The same after Holm, where figures were judged together; what decides. */
  readonly adjustedP: number | null
  /** Values that were used (of counted shares: events). */
  readonly n: { readonly base: number; readonly head: number }
  /** The smallest change for the worse that data like these would show with the chance 80 %, above 0, were the figure judged by itself; null where nothing can be shown. */
  readonly detectable: number | null
  /** Of a regression. */
  readonly severity: Severity | null
  /** A sentence for people, without the figure's name. */
  readonly why: string
}
