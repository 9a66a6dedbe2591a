import type { ChangeVerdict } from '../analysis/compare/decision.ts'
import { middle, type Judged } from '../analysis/shape/compare-shape.ts'
import type { Figure } from '../model/figure.ts'
import type { Verdict } from '../model/verdict.ts'

/** What a change comes to where it decides. */
export const OF_CHANGE: Readonly<Record<ChangeVerdict, Verdict>> = { regressed: 'fail', improved: 'ok', unchanged: 'ok', inconclusive: 'warn', incomparable: 'unknown' }

/** The verdict of a figure that was judged; one that was not measured is not merely unclear. */
export function verdictOf({ base, head, decision: { verdict } }: Judged): Verdict {
  const isLost = [...base.values, ...head.values].some((value) => !Number.isFinite(value))
  return isLost && verdict === 'inconclusive' ? 'unknown' : OF_CHANGE[verdict]
}

/** The id of the finding of a deciding figure: the same from run to run, whatever is found, so that servers can keep its history. */
export function findingId(key: string): string {
  return `compare:${key}`
}

/** The figures of a comparison, in their order; where a preset decides, none of them does. */
export function compareFigures(figures: readonly Judged[], isPreset: boolean): Figure[] {
  return figures.map((judged): Figure => {
    const { key, base, head, gates, decision: { verdict, estimate, interval, scale } } = judged
    const decides = gates && !isPreset
    const good = head.values.filter(Number.isFinite)
    return {
      name: key, section: '', unit: head.unit, better: head.better,
      value: known(middle(head)), baseline: known(middle(base)),
      spread: good.length > 1 ? { low: Math.min(...good), high: Math.max(...good) } : undefined,
      change: estimate === null ? undefined : { estimate, low: interval?.low, high: interval?.high, scale },
      verdict: decides ? verdictOf(judged) : 'ok', word: verdict, decides,
      finding: decides ? findingId(key) : undefined,
    }
  })
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
