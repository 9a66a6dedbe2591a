import { BUDGET_SECTIONS } from '../model/budget.ts'
import { defineCommand } from './command.ts'
import { COMPARE_FLAGS } from './compare.ts'
import * as flag from './flag.ts'

/** The flags of `budget`. */
export const BUDGET_FLAGS = {
  budget: flag.texts('--budget <file>', 'a budget: ours, the guide\'s, Lighthouse\'s budget.json, lighthouserc or size-limit\'s; may be repeated', { otherwise: 'budgets of the configuration, else files of the usual names here' }),
  preset: flag.texts('--preset <name>', 'a budget of MediaNest\'s documents, by name; may be repeated'),
  only: flag.choices('--only <sections>', 'only these parts, separated by commas', BUDGET_SECTIONS, { otherwise: 'all' }),
  baseline: flag.texts('--baseline <file>', 'an earlier result, for limits that are relative to it and to show what changed: JSON of budget, or results of any tool; may be repeated'),
  against: flag.text('--against <branch>', 'the same with what baseline save has kept of this branch, the newest of it'),
  frozen: COMPARE_FLAGS.frozen,
  baselineName: COMPARE_FLAGS.baselineName,
  baselineDir: COMPARE_FLAGS.baselineDir,
  maxAge: COMPARE_FLAGS.maxAge,
  lighthouse: flag.texts('--lighthouse <url>', 'measure this page now, with an installed Lighthouse and Chromium; may be repeated'),
  runs: flag.integer('-n, --runs <n>', 'with --lighthouse: how many times', { min: 1, max: 50 }, { otherwise: '3' }),
  keepReports: flag.text('--keep-reports <folder>', 'with --lighthouse: keep its reports there, as lhr-1.json and so on'),
  machine: flag.toggle('--machine', 'measure this machine now: processors, memory, disks'),
  update: flag.toggle('--update', 'tighten the budget\'s limits to what was measured, where that is less'),
  yes: flag.toggle('--yes', 'with --update: loosen limits as well, and those of what differs from run to run; with init: write over a file that is there'),
  margin: flag.room('--margin <share>', 'with --update and init: the room that is left above what was measured', 1, { otherwise: 'the budget\'s own, else 10%' }),
} as const satisfies flag.Flags

/** `budget`: what may not be exceeded. */
export const budget = defineCommand({
  name: 'budget',
  about: 'hold bundles, pages, APIs and machines against what they may come to; "budget init" writes a budget',
  arguments: { name: 'input', about: 'results to be judged, of any tool that compare reads; - is stdin; or the word init', least: 0 },
  exit: 'plain',
  asksInstance: true,
  hasFigures: true,
  isCiStep: true,
  flags: BUDGET_FLAGS,
  examples: [
    { line: 'budget', about: 'the budgets that are here, measured now' },
    { line: 'budget --budget budget.yaml run.json lhr-*.json', about: 'hold results of a load test and of Lighthouse against a budget' },
    { line: 'budget --lighthouse http://127.0.0.1:3000/ -n 3', about: 'measure a page three times, the median counts' },
    { line: 'budget --lighthouse http://127.0.0.1:3000/ --keep-reports lighthouse', about: 'the same, and keep the reports to look into' },
    { line: 'budget --baseline main.json --output json=budget.json --output markdown=budget.md', about: 'in CI: what changed since main, and a table for a comment' },
    { line: 'budget --against main --format comment', about: 'the same with what "baseline save" has kept of main' },
    { line: 'budget init', about: 'write a budget from what is there now' },
  ],
  async *run(context) {
    const { runBudget } = await import('./budget-run.ts')
    yield* runBudget(context)
  },
})
