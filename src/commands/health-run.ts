import { verdictOf } from '../analysis/health-score.ts'
import type { HealthSection } from '../config.ts'
import { configureChecks } from '../health/configure.ts'
import { runChecks } from '../health/run.ts'
import { UserError } from '../model/error.ts'
import type { Finding } from '../model/finding.ts'
import type { CheckResult } from '../model/health.ts'
import type { Report } from '../model/report.ts'
import { parseDuration } from '../model/unit.ts'
import { worst, type Verdict } from '../model/verdict.ts'
import type { Context } from './command.ts'
import { lookAtInstance } from './health-instance.ts'
import { openMemory, type Memory } from './health-memory.ts'
import { openPings } from './health-ping.ts'
import { healthReport } from './health-report.ts'
import { takeTurn } from './health-turn.ts'
import { openHealthWorld, type OpenHealthWorld } from './health-world.ts'
import type { HEALTH_FLAGS } from './health.ts'
import { oneInstance, type Instance } from './instance.ts'

/** What `health` works with. */
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
  /** Whether the verdict, and this score, are an instance's own word. */
  readonly ownWord?: { readonly score: number | null } | undefined
  readonly notes: readonly string[]
}

/** One way to find out how a system is. */
export interface Looker {
  readonly name: string
  look(signal: AbortSignal): Promise<Looked>
}

/** Runs the checks and yields what they found: once, or again and again. What is wrong with flags and configuration is thrown before anything is waited for. */
export async function* runHealth(context: HealthContext): AsyncGenerator<Report> {
  const { host, config, flags } = context
  const section = config.health
  const drain = host.interrupts.drain
  refuseStrayFlags(context)
  const world = openHealthWorld(host, section)
  try {
    const looker = await lookerOf(context, world)
    const statePath = statePathOf(context)
    const memory = await openMemory(host.files, statePath)
    const pings = await openPings(context, world)
    await sleep(world.random() * (flags.jitter ?? durationOf(section, 'jitter') ?? 0), drain)
    const turn = await takeTurn(context, statePath)
    try {
      if (turn.busy) {
        yield nothingDone(turn.busy, looker.name, host.wallTime())
        return
      }
      for (;;) {
        const startedAt = host.wallTime()
        pings.start()
        const looked = await looker.look(drain)
        const report = await reportOf(context, looker.name, looked, memory, { startedAt, notes: turn.notes })
        // What was broken off is neither a success nor a failure.
        const isWhole = !drain.aborted
        // A switch that does not answer must not hold back the result.
        yield report
        await started
        if (isWhole) await pings.end(report)
        if (!flags.watch) return
        await sleep((flags.interval ?? EVERY_MS) - (host.wallTime().getTime() - startedAt.getTime()), drain)
        if (drain.aborted) return
      }
    } finally {
      await turn.release()
    }
  } finally {
    world.close()
  }
}

async function reportOf({ host, flags, global }: HealthContext, name: string, looked: Looked, memory: Memory, { startedAt, notes }: { readonly startedAt: Date; readonly notes: readonly string[] }): Promise<Report> {
  const { drain } = host.interrupts
  const finishedAt = host.wallTime()
  // What a run that was broken off did not find out says nothing of anything.
  const { changes, problem } = drain.aborted ? { changes: [], problem: null } : await memory.add(looked.results, looked.verdict, finishedAt)
  const verdict: Verdict = problem === null ? looked.verdict : worst([looked.verdict, 'unknown'])
  const isNews = changes.length > 0 || problem !== null || drain.aborted
  return healthReport({
    ...looked, name, verdict, startedAt, finishedAt, changes,
    findings: problem === null ? [] : [{ id: 'state', verdict: 'unknown', title: problem, hint: 'see that there is room, and that this user may write there' }],
    detailed: flags.detailed ?? false,
    state: memory.state(),
    notes: [...looked.notes, ...notes],
    isQuiet: !isNews && (flags.changes !== undefined || (global.quiet && verdict === 'ok')),
    interrupted: drain.aborted && !flags.watch ? (drain.reason as 'SIGINT' | 'SIGTERM') : undefined,
  })
}

/** This machine and what the configuration names, or an instance that is asked. */
async function lookerOf(context: HealthContext, world: OpenHealthWorld): Promise<Looker> {
  const { host, config, flags, global } = context
  const asked = await instanceOf(context)
  const totalMs = global.timeoutMs ?? durationOf(config.health, 'timeout') ?? TOTAL_MS
  if (asked) {
    if (flags.check) throw new UserError({ code: 'USAGE', kind: 'usage', message: 'an instance checks what it is set up to check, so --check means nothing to it', hint: 'leave out --url to check from here, or pick some of its components with --components' })
    const components = flags.components?.flatMap((list) => list.split(',')).map((name) => name.trim()).filter((name) => name !== '')
    return lookAtInstance(asked, { host, components, detailed: flags.detailed ?? false, timeoutMs: global.timeoutMs ?? config.instance.timeoutMs ?? totalMs })
  }
  const { checks, windows } = configureChecks({ section: config.health, targets: flags.check ?? [], components: flags.components }, world)
  return {
    name: host.machine.name,
    look: async (signal) => {
      const results = await runChecks(checks, { world, windows, signal, timeoutMs: totalMs })
      return {
        results, verdict: verdictOf(results), uptimeMs: world.lastLook()?.samples.get('uptime')?.get('') ?? null,
        notes: results.length === 0 ? ['there was nothing to check: list checks in the configuration (health.checks), or name them with --check'] : [],
      }
    },
  }
}

/** The instance that a flag names, or, where nothing is said of checks of our own, environment or configuration. */
async function instanceOf({ instances, flags, config, global }: HealthContext): Promise<Instance | null> {
  if (!global.namesInstance && (flags.check !== undefined || config.health !== null)) return null
  return oneInstance(await instances())
}

function statePathOf({ host, config, flags }: HealthContext): string | null {
  if (flags.state !== undefined) return host.files.resolve(flags.state)
  const configured = config.health?.file.state
  return configured === undefined ? null : (config.health?.resolve(configured) ?? null)
}

function durationOf(section: HealthSection | null, key: 'timeout' | 'jitter'): number | undefined {
  const text = section?.file[key]
  return text === undefined ? undefined : parseDuration(String(text))
}

function nothingDone(finding: Finding, name: string, at: Date): Report {
  return healthReport({ name, results: [], verdict: 'unknown', uptimeMs: null, detailed: false, startedAt: at, finishedAt: at, changes: [], state: null, findings: [finding], notes: [], isQuiet: false, interrupted: undefined })
}

function refuseStrayFlags({ flags: { watch, interval, changes, state }, config }: HealthContext): void {
  const refuse = (message: string, hint: string): UserError => new UserError({ code: 'USAGE', kind: 'usage', message, hint })
  if (interval !== undefined && !watch) throw refuse('--interval belongs to --watch', 'add --watch, or leave it out: one run is one run')
  if (changes && state === undefined && config.health?.file.state === undefined) throw refuse('--changes needs to know what was before', 'name a file for that: --state FILE')
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
