import type { CheckResult, Excuse, Outcome } from '../model/health.ts'
import { showDuration } from '../model/unit.ts'
import type { Verdict } from '../model/verdict.ts'
import { after, afterTries, attempt, type Attempt } from './attempt.ts'
import { CHECK_TYPES } from './check-types.ts'
import type { Check, MaintenanceWindow } from './check.ts'
import { makeEnding, type Ending } from './ending.ts'
import { activeWindow } from './maintenance.ts'
import { single } from './remark.ts'
import type { HealthWorld } from './world.ts'

/** What a run of checks is given. */
export interface RunOptions {
  readonly world: Pick<HealthWorld, 'now' | 'wallTime'>
  readonly windows: readonly MaintenanceWindow[]
  /** Ends the run: what is missing then is unknown. */
  readonly signal: AbortSignal
  /** For all checks together, milliseconds. */
  readonly timeoutMs: number
  /** The time zone of windows that name none; the machine's where it is left out. */
  readonly timezone?: string | undefined
  /** Told each result as it comes. */
  readonly onResult?: ((result: CheckResult) => void) | undefined
  /** Told each check of the preset that is left out because there is nothing of the kind here. */
  readonly onAbsent?: ((check: Check) => void) | undefined
}

/** A check that is over: its result, null where it is left out, and the check to blame where it failed or was spared: one that could not be looked at (our own mistake, perhaps) excuses nobody. */
interface Settled {
  readonly result: CheckResult | null
  readonly cause: string | null
}

/** What is known of one that was looked at. */
interface Found {
  readonly outcome: Outcome
  readonly attempts: number
  /** The run ended before it could answer. */
  readonly isCut: boolean
}

/** Runs all checks at once, each as soon as those it depends on are known not to have failed; the results stand in the order of the checks. Ends within its time whatever hangs. */
export async function runChecks(checks: readonly Check[], { world, windows, signal, timeoutMs, timezone, onResult, onAbsent }: RunOptions): Promise<readonly CheckResult[]> {
  const ending = makeEnding()
  const interrupt = (): void => ending.end('interrupted')
  if (signal.aborted) interrupt()
  signal.addEventListener('abort', interrupt, { once: true })
  const deadlineMs = world.now() + timeoutMs
  const timer = after(timeoutMs, () => ending.end(`not finished within ${showDuration(timeoutMs)}`))
  const excuseOf = maintenanceAt(windows, world.wallTime(), timezone)
  const settled = new Map<string, Promise<Settled>>()

  const settle = async (check: Check): Promise<Settled> => {
    // The map is complete when this goes on.
    await Promise.resolve()
    const cause = await causeAmong(check.dependsOn.flatMap((name) => settled.get(name) ?? []), ending)
    const began = world.now()
    const found = cause === null ? await look(check, deadlineMs, world, ending) : { outcome: notChecked(cause), attempts: 0, isCut: false }
    if (found === null) {
      onAbsent?.(check)
      return { result: null, cause: null }
    }
    const excuse: Excuse | undefined = cause === null ? excuseOf(check) : { kind: 'dependency', on: cause }
    const { outcome, attempts } = found
    const { name, type, component, isOptional, isExternal, where } = check
    const durationMs = attempts === 0 ? 0 : world.now() - began
    const result: CheckResult = { name, type, component, isOptional, isExternal, verdict: excuse ? 'ok' : counted(outcome.verdict, isOptional), excuse, outcome, attempts, durationMs, checkedAt: world.wallTime(), where }
    onResult?.(result)
    return { result, cause: cause ?? (outcome.verdict === 'fail' && !found.isCut ? name : null) }
  }

  try {
    for (const check of checks) settled.set(check.name, settle(check))
    const all = await Promise.all(settled.values())
    return all.flatMap(({ result }) => result ?? [])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', interrupt)
    ending.end('interrupted')
  }
}

function isBad(verdict: Verdict): boolean {
  return verdict === 'fail' || verdict === 'unknown'
}

function counted(verdict: Verdict, isOptional: boolean): Verdict {
  return isOptional && verdict === 'fail' ? 'warn' : verdict
}

function notChecked(cause: string): Outcome {
  return single('unknown', `not checked because of ${cause}`)
}

/** The check to blame first of those another hangs on, in the order they are named; null where none has failed, or the run is over before it is known. */
async function causeAmong(above: readonly Promise<Settled>[], ending: Ending): Promise<string | null> {
  if (above.length === 0) return null
  const known = await Promise.race([Promise.all(above), whenLongOver(ending)])
  return known?.find(({ cause }) => cause !== null)?.cause ?? null
}

/** Comes after everything that ends at the end has done so: what is still waited for then waits for itself. */
function whenLongOver(ending: Ending): Promise<null> {
  return new Promise((resolve) => void ending.onEnd(() => void setTimeout(() => resolve(null), 0)))
}

/** Looks until there is an answer that is good enough, or no try is left; null where it does not apply here. */
async function look(check: Check, deadlineMs: number, { now }: Pick<HealthWorld, 'now'>, ending: Ending): Promise<Found | null> {
  let last: Outcome | null = null
  for (let attempts = 1; ; attempts++) {
    const reason = ending.reason()
    const found: Attempt = reason === null ? await attempt(check, Math.min(check.timeoutMs, Math.max(deadlineMs - now(), 1)), now, ending) : 'cut'
    if (found === 'cut') return cutOff(last, { done: attempts - 1, begun: reason === null ? attempts : attempts - 1 }, check, ending)
    if (found === null) return check.isPreset ? null : { outcome: absent(check), attempts, isCut: false }
    if (!isBad(found.verdict) || attempts > check.retries) return { outcome: afterTries(found, attempts, null), attempts, isCut: false }
    last = found
    await pause(check.pauseMs, ending)
  }
}

/** A check that was asked for by name where there is nothing of the kind. */
function absent({ type }: Check): Outcome {
  const { message = 'there is nothing of the kind here', recommendation = 'leave the check out on this machine' } = CHECK_TYPES[type].whereAbsent ?? {}
  return single('unknown', message, recommendation)
}

/** A check the end came upon: what its last try had found stands; without one nothing is known. */
function cutOff(last: Outcome | null, { done, begun }: { readonly done: number; readonly begun: number }, check: Check, ending: Ending): Found {
  const reason = ending.reason() ?? 'interrupted'
  const advice = reason === 'interrupted' ? undefined : 'see what hangs, or give all checks together more time (--timeout)'
  if (last === null) return { outcome: single('unknown', reason, advice), attempts: begun, isCut: true }
  return { outcome: afterTries(last, done, { reason, of: check.retries + 1 }), attempts: begun, isCut: false }
}

function pause(ms: number, ending: Ending): Promise<void> {
  return new Promise((resolve) => {
    if (ending.reason() !== null) return resolve()
    const over = (): void => {
      clearTimeout(timer)
      forget()
      resolve()
    }
    const timer = after(ms, over)
    const forget = ending.onEnd(over)
  })
}

/** The excuse of each check at one moment, which is the same for all of a run. */
function maintenanceAt(windows: readonly MaintenanceWindow[], at: Date, timezone: string | undefined): (check: Check) => Excuse | undefined {
  if (windows.length === 0) return () => undefined
  const zone = timezone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone
  return (check) => {
    const active = activeWindow(windows, check, at, zone)
    return active ? { kind: 'maintenance', window: active.name, until: active.until } : undefined
  }
}
