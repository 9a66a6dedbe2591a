import { defineCommand } from './command.ts'
import * as flag from './flag.ts'

/** The flags of `compare`. */
export const COMPARE_FLAGS = {
  baseline: flag.texts('--baseline <file...>', 'the files of the baseline, where there are several; every argument is then of the current side'),
  gate: flag.texts('--gate <metrics>', 'what decides, separated by commas: names of metrics, with a statistic where it is not the median ("http.duration p(95)"), or all', { otherwise: 'the median of the response time, error rates, exact sizes' }),
  per: flag.choice('--per <what>', 'what counts as one sample: a run, or each slice of time in a run that tells of its course', ['run', 'slice'], { otherwise: 'run' }),
  minEffect: flag.ratio('--min-effect <share>', 'a change smaller than this does not matter, however sure it is', 1, { otherwise: '3%' }),
  tolerance: flag.ratio('--tolerance <share>', '"unchanged" rules out a change for the worse of this size', 1, { otherwise: '10%' }),
  alpha: flag.ratio('--alpha <share>', 'the chance of a false alarm, all deciding figures together', 0.5, { otherwise: '2%' }),
  preset: flag.choice('--preset <name>', 'let limits of MediaNest\'s documents decide instead, which know nothing of noise', ['tiers', 'simple']),
  force: flag.toggle('--force', 'show the numbers of results that were not measured alike; there is no verdict then'),
} as const satisfies flag.Flags

/** `compare`: results of any tool against a baseline. */
export const compare = defineCommand({
  name: 'compare',
  about: 'compare results of load tests, benchmarks and builds with a baseline: regressed, improved, unchanged, or not to be told',
  arguments: { name: 'file', about: 'BASELINE CURRENT...: the result to compare with, then the results of the current side; with --baseline all are of the current side; - is stdin', least: 1 },
  exit: 'plain',
  hasFigures: true,
  isCiStep: true,
  flags: COMPARE_FLAGS,
  examples: [
    { line: 'compare before.json after.json', about: 'one run a side: shows the change, finds only a huge one' },
    { line: 'compare after-*.json --baseline before-*.json', about: 'several runs a side, from five on with a test' },
    { line: 'compare sizes-main.json sizes.json --output markdown=delta.md', about: 'a table for a comment, in CI' },
    { line: 'compare after-*.json --baseline before-*.json --gate "http.duration p(95)"', about: 'let another figure decide' },
  ],
  async *run(context) {
    const { runCompare } = await import('./compare-run.ts')
    yield* runCompare(context)
  },
})
