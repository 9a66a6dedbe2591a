/** The answer to "is it good?"; there is no boolean, because "not measured" is never "passed". */
export type Verdict = 'ok' | 'warn' | 'unknown' | 'fail'

/** Every verdict, the best first: a later one outweighs an earlier one. */
export const VERDICTS: readonly Verdict[] = ['ok', 'warn', 'unknown', 'fail']

/** The verdict that decides among several: fail, then unknown, then warn, then ok; `ok` for none. */
export function worst(verdicts: Iterable<Verdict>): Verdict {
  let rank = 0
  for (const verdict of verdicts) rank = Math.max(rank, VERDICTS.indexOf(verdict))
  return VERDICTS[rank] ?? 'ok'
}
