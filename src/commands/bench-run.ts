import { walshCentre } from '../analysis/compare/hodges-lehmann.ts'
import { LOOKS, pairedDecision, type PairedState } from '../analysis/compare/paired.ts'
import { median } from '../analysis/compare/ranks.ts'
import { rulesWith } from '../analysis/compare/rules.ts'
import type { Bench, BenchComparison, Benched } from '../analysis/shape/bench-shape.ts'
import { UserError } from '../model/error.ts'
import { isOfBench, type ProgressView } from '../model/progress.ts'
import type { Report } from '../model/report.ts'
import { plain } from '../model/text.ts'
import type { Attempts, Trouble } from '../sources/timed/attempt.ts'
import { isFine, type TimedCommand, type TimedRun } from '../sources/timed/timed-command.ts'
import type { BENCH_FLAGS } from './bench.ts'
import { benchProgress } from './bench-progress.ts'
import { benchReport } from './bench-report.ts'
import { commandsOf } from './bench-words.ts'
import type { Context } from './command.ts'

type BenchContext = Pick<Context<typeof BENCH_FLAGS>, 'host' | 'arguments' | 'flags' | 'note' | 'openProgress'>

const RUN_TIMEOUT_MS = 600_000
const MIN_TIME_MS = 3_000
const START_RUNS = 5

/** What runs came to. */
interface Made {
  readonly commands: readonly Benched[]
  readonly comparison: BenchComparison | null
  readonly trouble: Trouble | null
}

/** Times a command, or two in turns, and yields what that says. */
export async function* runBench(context: BenchContext): AsyncGenerator<Report> {
  const { host, flags, note } = context
  refuseStrayFlags(flags)
  const commands = commandsOf(context)
  const startedAt = host.wallTime()
  const [{ openStopwatch }, { readEnvironment }, { VERSION }] = await Promise.all([import('../sources/timed/stopwatch.ts'), import('../sources/environment.ts'), import('../version.ts')])
  const environment = await readEnvironment(host, `medianest-perf ${VERSION}`)
  const stopwatch = await openStopwatch(host, {
    deadlineMs: flags.runTimeout ?? RUN_TIMEOUT_MS, signal: host.interrupts.drain,
    input: flags.input === undefined ? null : host.files.resolve(flags.input), showsOutput: flags.showOutput ?? false,
  })
  // Where the commands write to the terminal themselves nothing can be drawn there.
  const view: ProgressView = flags.showOutput ? { show: (progress) => void (isOfBench(progress) && note(progress.phase)), note: (text) => void note(text), close: async () => undefined } : await context.openProgress()
  try {
    const start = await startTime(stopwatch.time, commands.idle)
    const progress = benchProgress({ view, now: () => host.now(), ...commands })
    const attempts: Attempts = { time: stopwatch.time, prepare: commands.prepare, ignoresFailure: flags.ignoreFailure ?? false }
    const { trouble, ...made } = commands.base ? await inTurns(context, attempts, commands.base, commands.head, progress) : await alone(context, attempts, commands.head, progress)
    const bench: Bench = {
      startedAt, environment: { ...environment }, plan: planOf(flags), warmups: flags.warmup ?? 1, ...made, start,
      trouble: trouble && { kind: trouble.kind, command: trouble.command.name, why: trouble.why, lastWords: trouble.lastWords },
    }
    yield benchReport(bench, { interrupted: trouble?.kind === 'interrupted' ? (host.interrupts.drain.reason as 'SIGINT' | 'SIGTERM') : undefined, finishedAt: host.wallTime() }) // the reason is the signal's name
  } finally {
    await view.close()
    await stopwatch.close()
  }
}

async function alone({ flags }: BenchContext, attempts: Attempts, head: TimedCommand, { onRun }: ReturnType<typeof benchProgress>): Promise<Made> {
  const { timeAlone } = await import('../sources/timed/alone.ts')
  const { runs, trouble } = await timeAlone(attempts, head, { warmups: flags.warmup ?? 1, runs: flags.runs ?? null, minMs: flags.minTime ?? MIN_TIME_MS, onRun })
  return { commands: [await benched('head', head, runs)], comparison: null, trouble }
}

async function inTurns({ flags }: BenchContext, attempts: Attempts, base: TimedCommand, head: TimedCommand, progress: ReturnType<typeof benchProgress>): Promise<Made> {
  const { timeInTurns } = await import('../sources/timed/in-turns.ts')
  const rules = rulesWith(flags)
  // What is only measured is measured by as many, whatever the first of them say.
  const looks = flags.pairs !== undefined ? [flags.pairs] : flags.measureOnly ? [LOOKS[1] ?? 16] : LOOKS
  const turns = await timeInTurns(attempts, base, head, {
    warmups: flags.warmup ?? 1, runs: flags.runs ?? null, question: { rules, looks }, ...progress.inTurns,
  })
  return {
    commands: [await benched('base', base, turns.base), await benched('head', head, turns.head)],
    comparison: { ...comparisonOf(turns.state), runsPerTurn: turns.runsPerTurn, gates: !flags.measureOnly },
    trouble: turns.trouble,
  }
}

function comparisonOf(state: PairedState): Pick<BenchComparison, 'pairs' | 'decision' | 'difference'> {
  const { pairs, question } = state
  return { pairs, decision: pairedDecision(state), difference: pairs.length === 0 ? null : walshCentre(pairs.map(({ base, head }) => head - base), question.rules.alpha) }
}

async function benched(role: Benched['role'], { name, program, words }: TimedCommand, runs: readonly TimedRun[]): Promise<Benched> {
  const { CPU_STEP_MS } = await import('../sources/timed/children-cpu.ts')
  const cpu = runs.flatMap((run) => (run.cpu ? [run.cpu] : []))
  return {
    name: plain(name, 200), role, words: [program, ...words], times: runs.map(({ ms }) => ms), cpu: cpu.length === runs.length ? cpu : null, cpuStepMs: CPU_STEP_MS,
    failures: runs.filter((run) => !isFine(run)).length,
  }
}

/** What a process costs that does nothing; null where there is none to try it with. */
async function startTime(time: Attempts['time'], idle: TimedCommand): Promise<Bench['start']> {
  try {
    const runs: TimedRun[] = []
    for (let nth = 0; nth <= START_RUNS; nth++) runs.push(await time(idle))
    return runs.every(isFine) ? { command: idle.name, ms: median(runs.slice(1).map(({ ms }) => ms)) } : null
  } catch (error) {
    if (error instanceof UserError && error.code === 'CANNOT_START') return null
    throw error
  }
}

function planOf({ shell, input, prepare, warmup }: BenchContext['flags']): string {
  return [shell ? 'started by sh' : 'started directly', ...(input === undefined ? [] : ['with input']), ...(prepare === undefined ? [] : ['prepared']), ...(warmup === 0 ? ['not warmed up'] : [])].join(', ')
}

function refuseStrayFlags({ base, runs, minTime, pairs, baseName, measureOnly, minEffect, tolerance }: BenchContext['flags']): void {
  const strays = { '--pairs': pairs, '--base-name': baseName, '--measure-only': measureOnly, '--min-effect': minEffect, '--tolerance': tolerance }
  const [stray] = Object.entries(strays).find(([, value]) => base === undefined && value !== undefined) ?? []
  if (stray !== undefined) throw usage(`${stray} belongs to a comparison, and there is nothing to compare with`, 'name the other command with --base')
  if (minTime !== undefined && base !== undefined) throw usage('--min-time belongs to a command that is timed alone', 'with --base, --pairs says how many turns there are')
  if (minTime !== undefined && runs !== undefined) throw usage('--runs and --min-time both say how often it is run', 'give one of them')
}

function usage(message: string, hint: string): UserError {
  return new UserError({ code: 'USAGE', kind: 'usage', message, hint })
}
