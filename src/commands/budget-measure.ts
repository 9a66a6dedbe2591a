import { measureSeries } from '../analysis/budget/series-lookup.ts'
import { whatToGive } from '../analysis/budget/what-to-give.ts'
import { whyNotGiven } from '../analysis/budget/why-not-given.ts'
import type { BudgetLine, Measured, Subject } from '../model/budget.ts'
import type { Measurements } from '../model/measurements.ts'

/** What lines are measured with. */
export interface BudgetSources {
  /** Results by where they come from, the most deliberate first: what a file says is not asked of an instance. */
  readonly tiers: readonly (readonly Measurements[])[]
  /** Measures what is built. */
  readonly build: (subject: Exclude<Subject, { readonly kind: 'series' }>) => Promise<readonly Measured[]>
}

/** Measures a line by the first of its subjects that gives a value; what nobody could measure has one entry that says why. Throws UserError. */
export async function measureLine(line: BudgetLine, { tiers, build }: BudgetSources): Promise<readonly Measured[]> {
  let problems: readonly Measured[] = []
  for (const subject of line.subjects) {
    // Where a result knows the metric but lacks the statistic, another source's would hide that.
    const found = subject.kind === 'series' ? (tiers.map((tier) => measureSeries(subject, line, tier)).find(({ length }) => length > 0) ?? []) : await build(subject)
    if (found.some(({ observed }) => observed !== null)) return found
    if (problems.length === 0) problems = found
  }
  return problems.length > 0 ? problems : [notGiven(line)]
}

/** Whether nothing that was given knows anything of it. */
export function isNotGiven({ observed, problem }: Measured): boolean {
  return observed === null && problem === NOTHING_GIVEN
}

/** The same, of what nothing told with the reason why what was given did not. */
export function explained(line: BudgetLine, measured: Measured, inputs: readonly Measurements[]): Measured {
  return isNotGiven(measured) ? { ...measured, ...whyNotGiven(line, inputs) } : measured
}

const NOTHING_GIVEN = 'nothing that was given tells it'

function notGiven(line: BudgetLine): Measured {
  return { of: '', observed: null, values: [], from: [], how: '', parts: [], problem: NOTHING_GIVEN, hint: whatToGive(line) }
}
