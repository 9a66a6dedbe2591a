import type { Measure, Outcome } from '../model/health.ts'
import { VERDICTS, worst, type Verdict } from '../model/verdict.ts'

/** One thing a check noticed. */
export interface Remark {
  readonly verdict: Verdict
  /** A few words that stand beside the check's name; untrusted parts made safe. */
  readonly text: string
  readonly recommendation?: string | undefined
}

interface Parts extends Partial<Pick<Outcome, 'responseTimeMs' | 'details'>> {
  /** The message where all is well. */
  readonly fine: string
  readonly remarks: readonly (Remark | null)[]
  readonly measures?: readonly Measure[] | undefined
}

/** The outcome of a look: the worst remark decides and comes first; the recommendation is of the first that has one. */
export function outcomeOf({ fine, remarks, measures = [], details = {}, responseTimeMs }: Parts): Outcome {
  const bad = remarks.filter((remark) => remark !== null && remark.verdict !== 'ok').toSorted((a, b) => VERDICTS.indexOf(b?.verdict ?? 'ok') - VERDICTS.indexOf(a?.verdict ?? 'ok')) as readonly Remark[]
  return {
    verdict: worst(bad.map(({ verdict }) => verdict)),
    message: bad.length === 0 ? fine : bad.map(({ text }) => text).join('; '),
    recommendation: bad.find(({ recommendation }) => recommendation !== undefined)?.recommendation,
    responseTimeMs, measures, details,
  }
}

/** The outcome of a look that found out one thing only. */
export function single(verdict: Verdict, message: string, recommendation?: string, more: Partial<Outcome> = {}): Outcome {
  return { verdict, message, recommendation, measures: [], details: {}, ...more }
}
