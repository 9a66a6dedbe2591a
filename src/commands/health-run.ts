import { setTimeout as pause } from 'node:timers/promises'
import { UserError } from '../model/error.ts'
import type { Finding } from '../model/finding.ts'
import type { Report } from '../model/report.ts'
import { parseDuration, showDuration } from '../model/unit.ts'
import { worst } from '../model/verdict.ts'
import type { Context } from './command.ts'
import { lookerOf, type Looked, type Looker } from './health-looker.ts'
import { openMemory, type Memory } from './health-memory.ts'
import { openPings, type Pings } from './health-ping.ts'
import { healthReport } from './health-report.ts'
import { takeTurn } from './health-turn.ts'
import { openHealthWorld } from './health-world.ts'
import type { HEALTH_FLAGS } from './health.ts'

/** What `health` works with. */
export type HealthContext = Context<typeof HEALTH_FLAGS>

/** What stands around the runs of checks. */
interface Surroundings {
  readonly looker: Looker
  readonly memory: Memory
  readonly pings: Pings
  readonly notes: readonly string[]
}

const EVERY_MS = 30_000
// A timer that is set for longer goes off at once.
const LONGEST_MS = 2 ** 31 - 1

/** Runs the checks and yields what they found: once, or again and again. What is wrong with flags and configuration is thrown before anything is waited for. */
export async function* runHealth(context: HealthContext): AsyncGenerator<Report> {
  const { host, config, flags } = context
  refuseStrayFlags(context)
  const world = openHealthWorld(host, config.health)
  try {
    const looker = await lookerOf(context, world)
    const statePath = statePathOf(context)
    const memory = openMemory(host.files, statePath)
    const pings = await openPings(context, world)
    const jitter = config.health?.file.jitter
    await sleep(world.random() * (flags.jitter ?? (jitter === undefined ? 0 : parseDuration(String(jitter)))), host.interrupts.drain)
    const turn = await takeTurn(context, statePath)
    try {
      if (turn.busy) yield nothingDone(turn.busy, looker.name, host.wallTime())
      else yield* runs(context, { looker, memory, pings, notes: turn.notes })
    } finally {
      await turn.release()
    }
  } finally {
    world.close()
  }
}

async function* runs(context: HealthContext, { looker, memory, pings, notes }: Surroundings): AsyncGenerator<Report> {
  const { host, flags } = context
  const { drain } = host.interrupts
  do {
    const [began, startedAt] = [host.now(), host.wallTime()]
    if (!drain.aborted) pings.start()
    const looked = await looker.look(drain)
    // On the screen and in files the last whole run stays: half of one would tell less.
    if (drain.aborted && flags.watch) return
    const report = await reportOf(context, looker.name, { ...looked, notes: [...looked.notes, ...notes] }, memory, startedAt)
    const isWhole = !drain.aborted
    try {
      // First: a switch that does not answer must not hold the result back.
      yield report
    } finally {
      await pings.end(isWhole ? report : null)
    }
    if (flags.watch) await sleep((flags.interval ?? EVERY_MS) - (host.now() - began), drain)
  } while (flags.watch && !drain.aborted)
}

async function reportOf({ host, flags, global }: HealthContext, name: string, looked: Looked, memory: Memory, startedAt: Date): Promise<Report> {
  const { drain } = host.interrupts
  const finishedAt = host.wallTime()
  const isBroken = drain.aborted
  // What a run that was broken off did not find out says nothing of anything.
  const { changes, problem } = isBroken ? { changes: [], problem: null } : await memory.add(looked.results, looked.verdict, finishedAt)
  const verdict = problem === null ? looked.verdict : worst([looked.verdict, 'unknown'])
  const isNews = changes.length > 0 || problem !== null || isBroken
  return healthReport({
    ...looked, name, verdict, startedAt, finishedAt, changes,
    state: memory.state(),
    detailed: flags.detailed ?? false,
    findings: problem === null ? [] : [{ id: 'state', verdict: 'unknown', ...problem }],
    facts: flags.watch ? [{ label: 'checked', value: `${clock(finishedAt)}, every ${showDuration(flags.interval ?? EVERY_MS)}` }] : [],
    isQuiet: !isNews && (flags.changes !== undefined || (global.quiet && verdict === 'ok')),
    // The reason of an interrupt is the name of its signal.
    interrupted: isBroken ? (drain.reason as 'SIGINT' | 'SIGTERM') : undefined,
  })
}

function clock(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':')
}

function nothingDone(finding: Finding, name: string, at: Date): Report {
  return healthReport({ name, results: [], verdict: 'unknown', uptimeMs: null, detailed: false, startedAt: at, finishedAt: at, changes: [], state: null, findings: [finding] })
}

function statePathOf({ host, config, flags }: HealthContext): string | null {
  if (flags.state !== undefined) return host.files.resolve(flags.state)
  const configured = config.health?.file.state
  return configured === undefined ? null : (config.health?.resolve(configured) ?? null)
}

function refuseStrayFlags({ flags: { watch, interval, changes, state }, config }: HealthContext): void {
  const refuse = (message: string, hint: string): UserError => new UserError({ code: 'USAGE', kind: 'usage', message, hint })
  if (interval !== undefined && !watch) throw refuse('--interval belongs to --watch', 'add --watch, or leave it out: one run is one run')
  if (changes && state === undefined && config.health?.file.state === undefined) throw refuse('--changes needs to know what was before', 'name a file for that: --state FILE')
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await pause(Math.min(ms, LONGEST_MS), undefined, { signal }).catch(() => undefined)
}
