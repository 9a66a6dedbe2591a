import { normalQuantile, normalTail } from './normal.ts'
import type { Interval } from './hodges-lehmann.ts'
import { tails, type Tails } from './tails.ts'

/** How many of a number of events said yes. */
export interface Events {
  readonly yes: number
  readonly total: number
}

/** A distribution wider than this (from some 10^9 events) is taken as normal; to walk through it would take long. */
const WALKED_UP_TO = 1e4
const NOTHING = 1e-300
/** As R does: chances that differ by rounding alone are the same. */
const SAME = 1 + 1e-7

/**
 * Fisher's exact test of two shares: `greater` is the chance of as many yes in the head as there are when both shares are one; `p` adds up all tables that are no likelier than this one.
 * Counts are whole, yes <= total; no factorial is ever taken, so none overflows. Huge counts: the pooled two-proportion test with continuity.
 * Source: R. A. Fisher, The Design of Experiments (1935), ch. 2; two-sided as in R's fisher.test.
 */
export function fisher(base: Events, head: Events): Tails {
  const yes = base.yes + head.yes
  const all = base.total + head.total
  const [least, most] = [Math.max(0, yes - base.total), Math.min(yes, head.total)]
  if (least === most) return tails(1, 1, true)
  const deviation = Math.sqrt(yes * (head.total / all) * (base.total / all) * ((all - yes) / (all - 1)))
  if (deviation > WALKED_UP_TO) {
    const above = head.yes - yes * (head.total / all)
    return tails(normalTail(-(above + 0.5) / deviation), normalTail((above - 0.5) / deviation), false)
  }

  const up = (k: number): number => ((yes - k) / (k + 1)) * ((head.total - k) / (base.total - yes + k + 1))
  const mode = Math.min(most, Math.max(least, Math.floor((yes + 1) * ((head.total + 1) / (all + 2)))))
  // Weights relative to the likeliest table; those that are next to nothing are not walked to (beyond, rounding would keep them from ever reaching 0).
  const upward: number[] = [1]
  for (let k = mode, weight = 1; k < most && (weight *= up(k)) > NOTHING; k++) upward.push(weight)
  const downward: number[] = []
  for (let k = mode, weight = 1; k > least && (weight /= up(k - 1)) > NOTHING; k--) downward.push(weight)
  const observed = (head.yes >= mode ? upward[head.yes - mode] : downward[mode - 1 - head.yes]) ?? 0

  let [sum, less, greater, unlikely] = [0, 0, 0, 0]
  const add = (weight: number, k: number): void => {
    sum += weight
    if (k <= head.yes) less += weight
    if (k >= head.yes) greater += weight
    if (weight <= observed * SAME) unlikely += weight
  }
  // The smallest first, so that they are not lost beside the great ones.
  for (let at = downward.length - 1; at >= 0; at--) add(downward[at]!, mode - 1 - at)
  for (let at = upward.length - 1; at >= 0; at--) add(upward[at]!, mode + at)
  return { ...tails(less / sum, greater / sum, true), p: Math.min(1, Math.max(unlikely / sum, Number.MIN_VALUE)) }
}

/** A share's interval of the level 1 - alpha. Source: E. B. Wilson, JASA 22 (1927). */
function wilson({ yes, total }: Events, z: number): Interval {
  const share = yes / total
  const middle = (share + (z * z) / (2 * total)) / (1 + (z * z) / total)
  const half = (z / (1 + (z * z) / total)) * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total))
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}

/** By how much head's share exceeds base's (0.01 is one point), with its interval of the level 1 - alpha; totals above 0. Source: R. G. Newcombe, Statistics in Medicine 17 (1998), method 10. */
export function shareDifference(base: Events, head: Events, alpha: number): { readonly estimate: number; readonly interval: Interval } {
  const z = normalQuantile(alpha / 2)
  const [a, b] = [base.yes / base.total, head.yes / head.total]
  const [x, y] = [wilson(base, z), wilson(head, z)]
  const estimate = b - a
  return { estimate, interval: { low: estimate - Math.hypot(b - y.low, x.high - a), high: estimate + Math.hypot(y.high - b, a - x.low) } }
}
