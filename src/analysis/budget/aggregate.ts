import type { Aggregation, BudgetLine } from '../../model/budget.ts'
import { median } from '../compare/ranks.ts'

/** What a run is placed by, where the one in the middle is looked for. */
export interface RunMarks {
  readonly firstContentfulPaint: number
  readonly interactive: number
}

/** One value of those of several runs; `marks` are those of the same runs, in the same order. NaN for no values. */
export function aggregate(values: readonly number[], how: Aggregation, better: BudgetLine['better'], marks: readonly RunMarks[] = []): number {
  if (values.length === 0) return Number.NaN
  switch (how) {
    case 'median': return median(values)
    case 'optimistic': return better === 'lower' ? Math.min(...values) : Math.max(...values)
    case 'pessimistic': return better === 'lower' ? Math.max(...values) : Math.min(...values)
    case 'median-run': return values[middleRun(marks)] ?? median(values)
  }
}

/** The run that is nearest to the median first contentful paint and the median time to interactive, as lhci chooses it: of an even number the upper one; -1 for no runs. */
function middleRun(runs: readonly RunMarks[]): number {
  const upper = (pick: (run: RunMarks) => number): number => runs.map(pick).sort((a, b) => a - b)[Math.floor(runs.length / 2)] ?? Number.NaN
  const [paint, interactive] = [upper((run) => run.firstContentfulPaint), upper((run) => run.interactive)]
  const distances = runs.map((run) => (paint - run.firstContentfulPaint) ** 2 + (interactive - run.interactive) ** 2)
  return distances.indexOf(Math.min(...distances))
}

const WORDS: Readonly<Record<Aggregation, string>> = { median: 'median of', optimistic: 'best of', pessimistic: 'worst of', 'median-run': 'the middle one of' }

/** `median of 3 runs`. */
export function showAggregation(how: Aggregation, runs: number): string {
  return `${WORDS[how]} ${runs} runs`
}
