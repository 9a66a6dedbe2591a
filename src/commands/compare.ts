import { defineCommand } from './command.ts'
import { LIVE_FLAGS, namesBuilds } from './compare-live-flags.ts'
import * as flag from './flag.ts'

/** The flags of `compare`. */
export const COMPARE_FLAGS = {
  baseline: flag.texts('--baseline <file...>', 'the files of the baseline, where there are several; every argument is then of the current side'),
  against: flag.text('--against <branch>', 'compare with the runs of this branch that baseline save has kept, of the same plan and environment; every argument is then of the current side'),
  frozen: flag.toggle('--frozen', 'with --against: the frozen runs decide, not the rolling ones'),
  baselineName: flag.text('--baseline-name <name>', 'with --against: the runs that were saved under this --name'),
  baselineDir: flag.text('--baseline-dir <folder>', 'with --against: where baselines are kept', { otherwise: '.medianest-perf/baselines, beside the configuration or else here' }),
  maxAge: flag.duration('--max-age <time>', 'with --against: how old the newest run of the baseline may be', { otherwise: '14d; frozen ones any' }),
  progress: flag.toggle('--progress', 'tell how far MediaNest\'s categories (response time, queries, pages, bundles, memory, cache) have come; since the frozen runs, where --against has some'),
  gate: flag.texts('--gate <metrics>', 'what decides, separated by commas: names of metrics, with a statistic where it is not the median ("http.duration p(95)"), or all', { otherwise: 'the median of the response time, error rates, exact sizes' }),
  per: flag.choice('--per <what>', 'what counts as one sample: a run, or each slice of time in a run that tells of its course', ['run', 'slice'], { otherwise: 'run' }),
  minEffect: flag.ratio('--min-effect <share>', 'a change smaller than this does not matter, however sure it is', 1, { otherwise: '3%' }),
  tolerance: flag.ratio('--tolerance <share>', '"unchanged" rules out a change for the worse of this size', 1, { otherwise: '10%' }),
  alpha: flag.ratio('--alpha <share>', 'the chance of a false alarm, all deciding figures together', 0.5, { otherwise: '2%' }),
  preset: flag.choice('--preset <name>', 'let limits of MediaNest\'s documents decide instead, which know nothing of noise', ['tiers', 'simple']),
  force: flag.toggle('--force', 'show the numbers of results that were not measured alike; there is no verdict then'),
  ...LIVE_FLAGS,
} as const satisfies flag.Flags

/** `compare`: results of any tool against a baseline. */
export const compare = defineCommand({
  name: 'compare',
  about: 'compare results of load tests, benchmarks and builds with a baseline: regressed, improved, unchanged, or not to be told',
  arguments: { name: 'file', about: 'BASELINE CURRENT...: the result to compare with, then the results of the current side; with --baseline or --against all are of the current side; - is stdin. With --base-url or --base-cmd: a scenario, or a path such as /api/v1/media', least: 0 },
  exit: 'plain',
  hasFigures: true,
  isCiStep: true,
  flags: COMPARE_FLAGS,
  examples: [
    { line: 'compare before.json after.json', about: 'one run a side: shows the change, finds only a huge one' },
    { line: 'compare after-*.json --baseline before-*.json', about: 'several runs a side, from five on with a test' },
    { line: 'compare sizes-main.json sizes.json --output markdown=delta.md', about: 'a table for a comment, in CI' },
    { line: 'compare --against main after-*.json', about: 'with the runs of main that baseline save has kept' },
    { line: 'compare after-*.json --baseline before-*.json --gate "http.duration p(95)"', about: 'let another figure decide' },
    { line: 'compare --base-url http://127.0.0.1:4001 --head-url http://127.0.0.1:4002 /api/v1/media -c 5', about: 'two running builds in turns: finds 10 % in two minutes' },
    { line: 'compare --base-cmd "node ../main/server.js" --head-cmd "node server.js" scenario.yaml', about: 'the same, started and ended by it' },
  ],
  async *run(context) {
    if (namesBuilds(context.flags)) yield* (await import('./compare-live.ts')).runCompareLive(context)
    else yield* (await import('./compare-run.ts')).runCompare(context)
  },
})
