import { defineCommand } from './command.ts'
import { COMPARE_FLAGS } from './compare.ts'
import * as flag from './flag.ts'

/** The flags of `bench`. */
export const BENCH_FLAGS = {
  base: flag.text('--base <command>', 'time this command too, in turns with the other, and say whether that one is slower'),
  runs: flag.integer('--runs <n>', 'how often it is run; with --base, runs of a side in each turn, the median of which counts', { min: 1, max: 100_000 }, { otherwise: '10, and on for --min-time; with --base as many as make a turn of 100 ms' }),
  minTime: flag.duration('--min-time <duration>', 'how long it is run at least, its own time', { otherwise: '3s' }),
  pairs: flag.integer('--pairs <n>', 'so many pairs of turns with --base, no fewer and no more; less than 7 cannot tell', { min: 1, max: 1_000 }, { otherwise: '8, 16 or 30, as soon as the answer is clear' }),
  warmup: flag.integer('--warmup <n>', 'runs of each command before any that counts', { min: 0, max: 10_000 }, { otherwise: '1' }),
  prepare: flag.text('--prepare <command>', 'run this before each run; it is not timed'),
  input: flag.text('--input <file>', 'what the command reads from its standard input', { otherwise: 'nothing' }),
  shell: flag.toggle('--shell', 'let sh read the commands: each is then one text, such as \'grep x log | wc -l\', and its start is in what is measured'),
  ignoreFailure: flag.toggle('--ignore-failure', 'runs count that end with an error'),
  runTimeout: flag.duration('--run-timeout <duration>', 'a run that takes longer is ended, and there is no result', { leastMs: 1, otherwise: '10m' }),
  showOutput: flag.toggle('--show-output', 'show what the commands write, on stderr', { otherwise: 'it is thrown away' }),
  name: flag.text('--name <text>', 'what the command is called in the result', { otherwise: 'its command line' }),
  baseName: flag.text('--base-name <text>', 'what the command of --base is called'),
  measureOnly: flag.toggle('--measure-only', 'tell how they differ and judge nothing: for what is meant to cost more, and has a budget'),
  minEffect: COMPARE_FLAGS.minEffect,
  tolerance: COMPARE_FLAGS.tolerance,
} as const satisfies flag.Flags

/** `bench`: how long a command takes, alone or in turns with another. */
export const bench = defineCommand({
  name: 'bench',
  about: 'time a command, alone or in turns with another, and say whether it has become slower',
  arguments: { name: 'command', about: 'the command to time, after --: all that follows belongs to it; no shell reads it', least: 1 },
  takesCommand: true,
  exit: 'plain',
  hasFigures: true,
  isCiStep: true,
  flags: BENCH_FLAGS,
  examples: [
    { line: 'bench -- node app.js --help', about: 'at least 10 runs and 3 seconds' },
    { line: 'bench --base "node old/app.js" -- node new/app.js', about: 'two builds in turns, until it is clear whether the new one is slower' },
    { line: 'bench --prepare "rm -rf cache" --runs 20 -- npm run build', about: 'from the same state each time' },
    { line: 'bench --shell -- \'gzip -c big.log | wc -c\'', about: 'a command line that a shell must read' },
    { line: 'bench --base "node -e 0" --measure-only --output json=start.json -- node app.js --version', about: 'what a program costs more than bare Node, for a budget' },
  ],
  async *run(context) {
    const { runBench } = await import('./bench-run.ts')
    yield* runBench(context)
  },
})
