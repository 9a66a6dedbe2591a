import { verdictOf } from '../analysis/shape/health-shape.ts'
import { describeChanges } from '../health/changes.ts'
import { configureChecks } from '../health/configure.ts'
import { runChecks } from '../health/run.ts'
import { readState, writeState } from '../health/state-file.ts'
import { foldState } from '../health/state.ts'
import { stateShape } from '../health/state-shape.ts'
import { UserError } from '../model/error.ts'
import type { Finding } from '../model/finding.ts'
import type { CheckResult } from '../model/health.ts'
import type { Report } from '../model/report.ts'
import { worst, type Verdict } from '../model/verdict.ts'
import type { Context } from './command.ts'
import { takeTurn } from './health-turn.ts'
import type { HEALTH_FLAGS } from './health.ts'
import { healthReport } from './health-report.ts'
import { lookAtInstance } from './health-instance.ts'
import { openPings } from './health-ping.ts'
import { openHealthWorld, type OpenHealthWorld } from './health-world.ts'
import { oneInstance, type Instance } from './instance.ts'

export type HealthContext = Context<typeof HEALTH_FLAGS>

/** For all checks together, as the API has it. */
const TOTAL_MS = 30_000
const EVERY_MS = 30_000

/** What one run found. */
export interface Looked {
  readonly results: readonly CheckResult[]
  readonly verdict: Verdict
  /** Of the system that was checked. */
  readonly uptimeMs: number | null
  /** The score that an instance gives itself; absent where it is ours to give. */
  readonly score?: number | null
  readonly notes: readonly string[]
}

/** One way to find out how a system is. */
export interface Looker {
  readonly name: string
  look(signal: AbortSignal): Promise<Looked>
}

/** Runs the checks and yields what they found: once, or again and again. What is wrong with the configuration is thrown before anything is waited for. */
export async function* runHealth(context: HealthContext): AsyncGenerator<Report> {
  const { host, config, flags } = context
  refuseStrayFlags(flags)
  const section = config.health
  const world = openHealthWorld(host, section)
  try {
    const looker = await lookerOf(context, world)
    const statePath = flags.state ?? (section?.file.state === undefined ? undefined : section.resolve(section.file.state))
    if (flags.changes && statePath === undefined) throw new UserError({ code: 'USAGE', kind: 'usage', message: '--changes needs to know what was before', hint: 'name a file for that: --state FILE' })
    const keeps = statePath === undefined ? null : { path: host.files.resolve(statePath), before: await readState(host.files.resolve(statePath)) }
    const pings = await openPings(context, world)
    await sleep(world.random() * (flags.jitter ?? section?.jitterMs ?? 0), host.interrupts.drain)
    const turn = await takeTurn(context, keeps?.path ?? null)
    if (turn.busy) {
      yield healthReport({ ...NOTHING, name: looker.name, detailed: false, startedAt: host.wallTime(), finishedAt: host.wallTime(), findings: [turn.busy] })
      return
    }
    let state = keeps?.before ?? null
    try {
      for (;;) {
        const startedAt = host.wallTime()
        const started = pings.start()
        const looked = await looker.look(host.interrupts.drain)
        const finishedAt = host.wallTime()
        const isInterrupted = host.interrupts.drain.aborted
        // What a run that was broken off did not find out says nothing of anything.
        const folded = keeps && !isInterrupted ? foldState(state, looked.results, looked.verdict, finishedAt) : null
        const changes = folded?.changes ?? []
        const problem = keeps && folded ? await writeState(host.files, keeps.path, folded.state) : null
        if (folded) state = folded.state
        const findings = problem === null ? [] : [notKept(problem)]
        const verdict = worst([looked.verdict, ...findings.map((finding) => finding.verdict)])
        const isQuiet = isInterrupted ? false : flags.changes ? changes.length === 0 && problem === null : context.global.quiet && verdict === 'ok' && changes.length === 0
        const report = healthReport({
          ...looked, name: looker.name, verdict, startedAt, finishedAt, findings, isQuiet,
          detailed: flags.detailed ?? false,
          state: state ? stateShape(state, looked.results, finishedAt) : undefined,
          standings: state?.checks,
          notes: [...looked.notes, ...describeChanges(changes), ...turn.notes],
          interrupted: isInterrupted && !flags.watch ? (host.interrupts.drain.reason as 'SIGINT' | 'SIGTERM') : undefined,
        })
        await started
        if (!isInterrupted) await pings.end(report)
        yield report
        if (!flags.watch || host.interrupts.drain.aborted) return
        await sleep((flags.interval ?? EVERY_MS) - (host.wallTime().getTime() - startedAt.getTime()), host.interrupts.drain)
        if (host.interrupts.drain.aborted) return
      }
    } finally {
      await turn.release()
    }
  } finally {
    world.close()
  }
}

const NOTHING = { results: [], verdict: 'unknown', uptimeMs: null, notes: [], isQuiet: false, interrupted: undefined } as const

/** This machine and what the configuration names, or an instance that is asked. */
async function lookerOf(context: HealthContext, world: OpenHealthWorld): Promise<Looker> {
  const { host, config, flags, global } = context
  const components = flags.components?.flatMap((list) => list.split(',')).map((name) => name.trim()).filter((name) => name !== '')
  const totalMs = global.timeoutMs ?? config.health?.timeoutMs ?? TOTAL_MS
  const asked = await instanceOf(context)
  if (asked) {
    if (flags.check) throw new UserError({ code: 'USAGE', kind: 'usage', message: 'an instance checks what it is set up to check, so --check means nothing to it', hint: 'leave out --url to check from here, or pick some of its components with --components' })
    return lookAtInstance(asked, { host, components, detailed: flags.detailed ?? false, timeoutMs: global.timeoutMs ?? config.instance.timeoutMs ?? totalMs })
  }
  const { checks, windows } = configureChecks({ section: config.health, targets: flags.check ?? [], components }, world)
  return {
    name: host.machine.name,
    look: async (signal) => {
      const results = await runChecks(checks, { world, windows, signal, timeoutMs: totalMs })
      const uptimeMs = world.lastLook()?.samples.get('uptime')?.get('') ?? null
      return { results, verdict: verdictOf(results), uptimeMs, notes: results.length === 0 ? ['there was nothing to check: list checks in the configuration (health.checks), or name them with --check'] : [] }
    },
  }
}

/** The instance a flag names, or, where nothing is said of checks of our own, the environment or the configuration. */
async function instanceOf({ instances, flags, config, global }: HealthContext): Promise<Instance | null> {
  if (!global.namesInstance && (flags.check !== undefined || config.health !== null)) return null
  return oneInstance(await instances())
}

function notKept(problem: string): Finding {
  return { id: 'state', verdict: 'unknown', title: problem, hint: 'see that there is room, and that this user may write there' }
}

function refuseStrayFlags({ watch, interval }: HealthContext['flags']): void {
  if (interval !== undefined && !watch) throw new UserError({ code: 'USAGE', kind: 'usage', message: '--interval belongs to --watch', hint: 'add --watch, or leave it out: one run is one run' })
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0 || signal.aborted) return resolve()
    const over = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', over)
      resolve()
    }
    const timer = setTimeout(over, ms)
    signal.addEventListener('abort', over)
  })
}
