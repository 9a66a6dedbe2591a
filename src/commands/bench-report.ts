import { showChange, showSize } from '../analysis/compare/evidence.ts'
import { benchShape, mean, type Bench, type BenchComparison, type Benched } from '../analysis/shape/bench-shape.ts'
import { spreadOf } from '../analysis/spread.ts'
import type { Figure } from '../model/figure.ts'
import type { Finding } from '../model/finding.ts'
import { report, type Cell, type Report, type Table } from '../model/report.ts'
import { plain, plural } from '../model/text.ts'
import { showDuration, showRatio } from '../model/unit.ts'
import { worst } from '../model/verdict.ts'
import { OF_CHANGE } from './compare-figures.ts'
import { interval } from './compare-report.ts'

/** From this part on it matters what starting a process takes. */
const MUCH_OF_IT = 0.1
/** A first run that took so many times as long as the middle one met cold caches. */
const COLD = 2

/** The report of a benchmark. */
export function benchReport(bench: Bench, { interrupted, finishedAt }: { readonly interrupted: Report['interrupted']; readonly finishedAt: Date }): Report {
  const { commands, comparison, trouble, startedAt } = bench
  const [base, head] = [commands.find(({ role }) => role === 'base'), commands.find(({ role }) => role === 'head')]
  const findings = trouble ? (interrupted ? [] : [troubleFinding(trouble)]) : comparison?.gates && head ? [changeFinding(comparison, head)] : []
  const verdict = interrupted ? 'unknown' : worst(findings.map((finding) => finding.verdict))
  return report({
    command: 'bench',
    title: base && head ? `benchmark of ${head.name} in turns with ${base.name}` : `benchmark of ${head?.name ?? ''}`,
    verdict, interrupted,
    isInconclusive: verdict === 'warn',
    data: benchShape(bench),
    findings,
    figures: trouble ? [] : figuresOf(bench),
    tables: [...(commands.some(({ times }) => times.length > 0) ? [timesTable(commands)] : []), ...(comparison && comparison.pairs.length > 0 ? [changeTable(comparison)] : [])],
    notes: notesOf(bench),
    startedAt, finishedAt,
  })
}

function troubleFinding({ kind, command, why, lastWords }: NonNullable<Bench['trouble']>): Finding {
  const last = lastWords.at(-1)
  const hints: Readonly<Record<string, string>> = {
    failed: 'run it by hand; --show-output shows what it says, --ignore-failure lets such runs count',
    late: 'give it longer with --run-timeout, or something shorter to do',
    unprepared: 'run it by hand; --show-output shows what it says',
  }
  return { id: `${kind}:${plain(command, 200)}`, verdict: 'unknown', title: `${kind === 'unprepared' ? '--prepare: ' : ''}${plain(command, 200)} ${why}${last === undefined ? '' : `: ${last}`}`, hint: hints[kind] }
}

/** The same from run to run, whatever is found. */
const TIME_FINDING = 'compare:time'

function changeFinding({ decision: { verdict, severity, why } }: BenchComparison, head: Benched): Finding {
  return {
    id: TIME_FINDING,
    verdict: OF_CHANGE[verdict],
    ...(verdict === 'inconclusive' ? { isInconclusive: true } : {}),
    title: `time ${verdict}${severity === null ? '' : ` (${severity})`}: ${why}`,
    metric: 'time', observed: spreadOf(head.times)?.median ?? null, unit: 'ms',
    ...(verdict === 'inconclusive' ? { hint: 'ask for more pairs with --pairs, or for longer turns with --runs' } : {}),
  }
}

function timesTable(commands: readonly Benched[]): Table {
  const ms = (value: number | null | undefined): Cell => (value === null || value === undefined ? null : { value, unit: 'ms' })
  const right = (label: string, isSpare = false) => ({ label, align: 'right', isSpare }) as const
  return {
    title: 'Times',
    columns: [{ label: 'Command', isMain: true }, right('Runs'), right('Median'), right('Mean'), right('Deviation', true), right('Min'), right('p95'), right('Max'), right('CPU')],
    rows: commands.map(({ name, times, cpu }) => {
      const spread = spreadOf(times)
      return [name, times.length, ms(spread?.median), ms(spread?.mean), ms(spread?.deviation), ms(spread?.min), ms(spread?.p95), ms(spread?.max), ms(cpuOf(cpu))]
    }),
  }
}

/** User and system time of a run, on average; null where it is not known. */
function cpuOf(cpu: Benched['cpu']): number | null {
  return cpu && cpu.length > 0 ? mean(cpu.map(({ userMs, systemMs }) => userMs + systemMs)) : null
}

function changeTable({ pairs, decision, difference, gates }: BenchComparison): Table {
  const { verdict, estimate, detectable, scale } = decision
  const range = difference?.interval
  return {
    title: `Change, by ${plural(pairs.length, 'pair')}`,
    columns: [{ label: 'Figure', isMain: true }, { label: 'Change', align: 'right' }, { label: 'Interval', align: 'right' }, { label: 'Verdict' }, { label: 'Would detect', align: 'right', isSpare: true }],
    rows: [
      ['time', estimate === null ? null : showChange(estimate, scale), interval(decision), !gates ? 'measured' : verdict === 'unchanged' ? verdict : { text: verdict, tone: OF_CHANGE[verdict] }, detectable === null ? null : showSize(detectable, scale)],
      ['difference', difference && signed(difference.estimate), range ? `${signed(range.low)} to ${signed(range.high)}` : null, '', null],
    ],
  }
}

function signed(ms: number): string {
  return `${ms > 0 ? '+' : ''}${showDuration(ms)}`
}

function figuresOf({ commands, comparison }: Bench): Figure[] {
  const plainFigure = { section: '', unit: 'ms', better: 'lower', verdict: 'ok', word: 'measured', decides: false } as const
  const [base, head] = [commands.find(({ role }) => role === 'base'), commands.find(({ role }) => role === 'head')]
  const spread = head && spreadOf(head.times)
  if (!head || !spread) return []
  const time: Figure = { ...plainFigure, name: `time ${head.name}`, value: spread.median, spread: { low: spread.min, high: spread.max } }
  const cpuMs = cpuOf(head.cpu)
  const cpu: Figure[] = cpuMs === null ? [] : [{ ...plainFigure, name: `time.cpu ${head.name}`, value: cpuMs }]
  if (!base || !comparison) return [time, ...cpu]
  const { decision: { estimate, interval: range, verdict }, difference, gates } = comparison
  return [
    {
      ...time, baseline: spreadOf(base.times)?.median ?? null,
      ...(estimate === null ? {} : { change: { estimate, low: range?.low, high: range?.high, scale: 'relative' } }),
      ...(gates ? { verdict: OF_CHANGE[verdict], word: verdict, decides: true, finding: TIME_FINDING } : {}),
    },
    ...(difference ? [{ ...plainFigure, name: 'time.difference', value: difference.estimate, ...(difference.interval ? { spread: difference.interval } : {}) }] : []),
    ...cpu,
  ]
}

function notesOf({ commands, comparison, start, trouble }: Bench): string[] {
  const medians = commands.flatMap(({ times }) => spreadOf(times)?.median ?? [])
  const share = start && medians.length > 0 ? start.ms / Math.min(...medians) : 0
  return [
    ...(trouble?.lastWords ?? []).slice(0, -1).map((line) => `it also said: ${line}`),
    ...(start && share >= MUCH_OF_IT ? [`starting a process that does nothing takes ${showDuration(start.ms)} here (${start.command}), ${showRatio(Math.min(share, 1))} of what was measured; nothing was subtracted${comparison ? ', the difference is free of it' : ''}: time more work at once`] : []),
    ...commands.filter(({ failures }) => failures > 0).map(({ name, failures, times }) => `${failures} of ${times.length} runs of ${name} ended with an error`),
    ...commands.flatMap(coldStart),
    ...coarseCpu(commands),
    ...(comparison && comparison.runsPerTurn > 1 ? [`a turn is ${plural(comparison.runsPerTurn, 'run')}, its value their median`] : []),
  ]
}

function coldStart({ name, times }: Benched): string[] {
  const middle = spreadOf(times)?.median ?? Number.NaN
  const [first = 0] = times
  return times.length > 2 && first > COLD * middle ? [`the first run of ${name} took ${showDuration(first)}, the one in the middle ${showDuration(middle)}: more --warmup, or --prepare for the same state each time`] : []
}

/** Steps even out over many runs; over few they do not. */
function coarseCpu(commands: readonly Benched[]): string[] {
  const coarse = commands.flatMap(({ cpu, cpuStepMs }) => {
    const total = cpuOf(cpu)
    if (!cpu || total === null) return []
    // The error of a difference of two rounded readings is triangular, of the variance step^2 / 6; user and system have one each.
    const errorMs = cpuStepMs / Math.sqrt(3 * cpu.length)
    return errorMs > 0.05 * total ? [{ cpuStepMs, errorMs }] : []
  })
  const [{ cpuStepMs, errorMs } = { cpuStepMs: 0, errorMs: 0 }] = coarse.toSorted((a, b) => b.errorMs - a.errorMs)
  return coarse.length === 0 ? [] : [`processor times come in steps of ${showDuration(cpuStepMs)}: a mean of so few of them is right to about ${showDuration(errorMs)}`]
}
