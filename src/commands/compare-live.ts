import { startInterleaved, type Interleaved } from '../analysis/compare/interleaved.ts'
import { gatesFor } from '../analysis/compare/gates.ts'
import { rulesWith } from '../analysis/compare/rules.ts'
import { seriesKey, type MeasuredSeries } from '../model/measurements.ts'
import type { Plan } from '../model/plan.ts'
import { report, type Report } from '../model/report.ts'
import { showDuration } from '../model/unit.ts'
import type { Context } from './command.ts'
import type { COMPARE_FLAGS } from './compare.ts'
import { misplaced, strangeGate, tooMany } from './compare-live-errors.ts'
import { readLivePlan } from './compare-live-plan.ts'
import { liveProgress } from './compare-live-progress.ts'
import { liveReport } from './compare-live-report.ts'
import { liveSides, SIDES, startSides, type Builds } from './compare-live-sides.ts'

/** What the end of a slice takes where answers come at once. */
const SLICE_END_MS = 30

type CompareContext = Context<typeof COMPARE_FLAGS>

const SLICE_MS = 2_000
/** The part of a slice that does not count: a tenth, and no more than this. */
const SETTLE_MS = 200

/** Measures two running builds in turns and yields what that says. */
export async function* runCompareLive(context: CompareContext): AsyncGenerator<Report> {
  const { host, arguments: words, flags } = context
  for (const [name, value] of [['--baseline', flags.baseline], ['--per', flags.per], ['--preset', flags.preset], ['--force', flags.force]] as const) if (value !== undefined) throw misplaced(name, 'files', 'running builds')
  if (words.length > 1) throw tooMany(words)
  const builds: { -readonly [side in keyof Builds]: Builds[side] } = {}
  // Where nothing else can: the terminal has hung up, or this process ends in a hurry.
  const unguard = host.onExit(() => {
    for (const side of SIDES) builds[side]?.kill()
  })
  try {
    // Told when nothing of the builds is left.
    const told = await measure(context, builds).finally(async () => {
      if (host.interrupts.drain.aborted && SIDES.some((side) => builds[side])) await context.note('stopping the builds')
      await Promise.all(SIDES.map(async (side) => builds[side]?.stop()))
    })
    yield told()
  } finally {
    unguard()
  }
}

async function measure(context: CompareContext, builds: { -readonly [side in keyof Builds]: Builds[side] }): Promise<() => Report> {
  const { host, arguments: [word], flags } = context
  const startedAt = host.wallTime()
  const [{ slicePlan, requestNames }, { planHash }, { figuresOf }, { openTraffic }, { runSlices }, { readEnvironment }, { VERSION }] = await Promise.all([
    import('../load/slice-plan.ts'), import('../load/read/hash.ts'), import('../load/slice-figures.ts'), import('./compare-live-traffic.ts'), import('./compare-live-slices.ts'), import('../sources/environment.ts'), import('../version.ts'),
  ])
  const sides = await liveSides(flags)
  const sliceMs = flags.slice ?? SLICE_MS
  const times = { sliceMs, settleMs: Math.min(SETTLE_MS, sliceMs / 10) }
  const written: Record<'base' | 'head', Plan> = { base: await readLivePlan(context, sides.base, word), head: await readLivePlan(context, sides.head, word) }
  const sliced = { base: slicePlan(written.base, sliceMs), head: slicePlan(written.head, sliceMs) }
  const hasCpu = host.machine.platform === 'linux' && SIDES.every((side) => sides[side].command !== undefined)
  const figures = figuresOf(requestNames(written.base), hasCpu)
  const rules = rulesWith(flags)
  const start = startInterleaved(gatesOf(figures, flags.gate), rules)

  const environment = readEnvironment(host, `medianest-perf ${VERSION}`)
  const begun = await startSides(sides, { host, flags, signal: host.interrupts.drain, started: (side, build) => void (builds[side] = build) })
  if (!begun) return () => report({ command: 'compare', title: 'comparison', verdict: 'unknown', interrupted: host.interrupts.drain.reason as 'SIGINT' | 'SIGTERM', startedAt, finishedAt: host.wallTime() }) // the reason is the signal's name

  await context.note(`${lengthOf(start, sliceMs)}; each slice: ${sliced.base.levels.join(', ')} for ${showDuration(sliceMs)}`)
  const seed = flags.seed ?? host.seed()
  const traffic = await openTraffic({ base: sliced.base.plan, head: sliced.head.plan }, times, flags.environment ?? '', host)
  const view = await context.openProgress()
  const progress = liveProgress(view, sides, { sliceMs, users: usersOf(sliced.base.plan), now: () => host.now() })
  try {
    const record = await runSlices(start, {
      traffic, times, seed, builds, host, ...progress,
      signal: AbortSignal.any([host.interrupts.drain, ...SIDES.flatMap((side) => builds[side]?.ended ?? [])]),
    })
    const { tool, node, os, arch, cpu, cores, memoryBytes } = await environment
    return () => liveReport(record, {
      sides, builds, times, seed, levels: sliced.base.levels, notes: [...written.base.notes, ...sliced.base.notes],
      surroundings: { cpu, cores, memoryBytes, os: `${os} ${arch}`, tool: `${tool} (wire engine, Node ${node})`, plan: planHash(sliced.base.plan) },
      interrupted: record.trouble?.kind === 'interrupted' ? (host.interrupts.drain.reason as 'SIGINT' | 'SIGTERM') : undefined,
      startedAt, finishedAt: host.wallTime(),
    })
  } finally {
    await view.close()
    await traffic.close()
  }
}

/** The figures that decide. Throws UserError for a name that none has: two minutes later it would be too late. */
function gatesOf(figures: readonly MeasuredSeries[], names: readonly string[] | undefined): MeasuredSeries[] {
  const pairs = figures.map((series) => ({ key: seriesKey(series), base: series, head: series }))
  const { gates, strangers } = gatesFor(pairs, names)
  const [stranger] = strangers
  if (stranger !== undefined || gates.size === 0) throw strangeGate(stranger ?? '', pairs.map(({ key }) => key))
  return figures.filter((series) => gates.has(seriesKey(series)))
}

function usersOf({ workloads }: Plan): number {
  return workloads.reduce((sum, workload) => sum + (workload.model === 'closed' ? (workload.stages[0]?.to ?? 0) : 0), 0)
}

/** How long it takes, before it begins; after each slice answers come in and connections are closed. */
function lengthOf({ looks }: Interleaved, sliceMs: number): string {
  const of = (pairs: number): string => showDuration((2 + 2 * pairs) * (sliceMs + SLICE_END_MS))
  return `both sides in turns: at least ${of(Math.min(...looks))} (${Math.min(...looks)} pairs), at most ${of(Math.max(...looks))} (${Math.max(...looks)} pairs)`
}
