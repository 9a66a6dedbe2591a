import type { Decision } from '../compare/decision.ts'
import type { Location } from '../compare/hodges-lehmann.ts'
import type { Pair } from '../compare/paired.ts'
import { spreadOf } from '../spread.ts'

/** The version of a benchmark's JSON. */
export const BENCH_VERSION = 1

/** A command that was timed; all times in milliseconds. */
export interface Benched {
  readonly name: string
  readonly role: 'base' | 'head'
  /** The program and what it was called with. */
  readonly words: readonly string[]
  /** Of each run. */
  readonly times: readonly number[]
  /** Processor time of each run, as many as there are times; null where the system does not tell. */
  readonly cpu: readonly { readonly userMs: number; readonly systemMs: number }[] | null
  /** Steps that the processor time comes in. */
  readonly cpuStepMs: number
  /** Runs that ended with an error and counted all the same. */
  readonly failures: number
}

/** Two commands held against each other. */
export interface BenchComparison {
  readonly pairs: readonly Pair[]
  readonly runsPerTurn: number
  readonly decision: Decision
  /** Head less base, milliseconds. */
  readonly difference: Location | null
  /** Whether the decision turns the verdict. */
  readonly gates: boolean
}

/** All that a benchmark found. */
export interface Bench {
  readonly startedAt: Date
  readonly environment: Readonly<Record<string, string | number>>
  /** How runs were made, in words: results that were not made alike are not compared. */
  readonly plan: string
  readonly warmups: number
  readonly commands: readonly Benched[]
  readonly comparison: BenchComparison | null
  /** What starting a process that does nothing takes here; null where that could not be tried. */
  readonly start: { readonly command: string; readonly ms: number } | null
  /** Why there is less than was asked for. */
  readonly trouble: { readonly kind: string; readonly command: string; readonly why: string; readonly lastWords: readonly string[] } | null
}

/** A benchmark as JSON has it: no NaN, null for what is not known, times in milliseconds. */
export function benchShape({ startedAt, environment, plan, warmups, commands, comparison, start, trouble }: Bench): Readonly<Record<string, unknown>> {
  return {
    kind: 'bench', version: BENCH_VERSION, startedAt: startedAt.toISOString(), environment, plan, warmups,
    commands: commands.map(commandShape),
    comparison: comparison === null ? null : comparisonShape(comparison),
    processStart: start === null ? null : { command: start.command, median: tidy(start.ms) },
    trouble,
  }
}

function commandShape({ name, role, words, times, cpu, cpuStepMs, failures }: Benched): Readonly<Record<string, unknown>> {
  const spread = spreadOf(times)
  return {
    name, role, command: words, runs: times.length, failures,
    time: spread && Object.fromEntries(Object.entries(spread).filter(([key]) => key !== 'n').map(([key, value]) => [key, value === null ? null : tidy(value as number)])), // numbers all, as Spread says
    times: times.map(tidy),
    cpu: cpu && cpu.length > 0 ? { user: tidy(mean(cpu.map(({ userMs }) => userMs))), system: tidy(mean(cpu.map(({ systemMs }) => systemMs))), step: cpuStepMs } : null,
    cpuTimes: cpu && cpu.map(({ userMs, systemMs }) => userMs + systemMs),
  }
}

function comparisonShape({ pairs, runsPerTurn, decision, difference, gates }: BenchComparison): Readonly<Record<string, unknown>> {
  const { verdict, severity, estimate, interval, p, detectable, why } = decision
  const edge = (value: number): number => tidy(value + 1)
  return {
    verdict, gates, severity, why, p, detectable,
    // Of 1: 1.1 is 10 % more.
    ratio: estimate === null ? null : { estimate: edge(estimate), interval: interval && { low: edge(interval.low), high: edge(interval.high) } },
    difference: difference && { estimate: tidy(difference.estimate), interval: difference.interval && { low: tidy(difference.interval.low), high: tidy(difference.interval.high) } },
    runsPerTurn,
    pairs: pairs.map(({ base, head }) => ({ base: tidy(base), head: tidy(head) })),
  }
}

/** The mean of values; NaN for none. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** A tenth of a microsecond is less than any clock of ours can tell. */
function tidy(value: number): number {
  return Number(value.toFixed(4))
}
