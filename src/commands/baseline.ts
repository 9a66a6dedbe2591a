import { defineCommand } from './command.ts'
import * as flag from './flag.ts'

/** The flags of `baseline`. */
export const BASELINE_FLAGS = {
  branch: flag.text('--branch <name>', 'the branch that is meant', { otherwise: 'of CI\'s variables, else what git has checked out; of list and prune all' }),
  name: flag.text('--name <name>', 'what was measured, to keep apart what one tool measures of one branch: checkout, api'),
  dir: flag.text('--dir <folder>', 'where baselines are kept', { otherwise: '.medianest-perf/baselines, beside the configuration or else here' }),
  keep: flag.integer('--keep <n>', 'save, prune: how many rolling runs of each branch, plan and environment stay', { min: 1, max: 1_000 }, { otherwise: 'save: 20' }),
  frozen: flag.toggle('--frozen', 'save: as the yardstick that stays, in place of the one before; prune: remove frozen ones too'),
  force: flag.toggle('--force', 'save: also a run that is not whole'),
  olderThan: flag.duration('--older-than <time>', 'prune: runs that were measured longer ago than this (30d)', { leastMs: 1 }),
  yes: flag.toggle('--yes', 'prune: remove without being asked'),
  gate: flag.texts('--gate <metrics>', 'show: the figures to look at, as compare has them', { otherwise: 'what decides a comparison' }),
} as const satisfies flag.Flags

/** `baseline`: yardsticks to compare with, by branch, plan and environment. */
export const baseline = defineCommand({
  name: 'baseline',
  about: 'keep results by branch, plan and environment, to compare with later: save, list, show, promote, prune',
  arguments: { name: 'word', about: 'save FILE..., list, show [BRANCH], promote [BRANCH] (the rolling runs become the frozen yardstick) or prune', least: 1 },
  exit: 'plain',
  flags: BASELINE_FLAGS,
  examples: [
    { line: 'baseline save run-*.json --branch main', about: 'where main is built: keep its runs, the newest twenty of them' },
    { line: 'compare --against main after-*.json', about: 'elsewhere: compare with them' },
    { line: 'baseline show main', about: 'their course: band of noise, changes, improvement since the frozen ones' },
    { line: 'baseline promote main', about: 'a release: what is there now becomes the yardstick that stays' },
    { line: 'baseline prune --older-than 90d --yes', about: 'in CI: remove what is old' },
  ],
  async *run(context) {
    const { runBaseline } = await import('./baseline-run.ts')
    yield* runBaseline(context)
  },
})
