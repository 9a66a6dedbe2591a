import { STATUS_WORDS, type CheckResult, type Excuse } from '../../model/health.ts'
import type { Alert } from '../../model/report.ts'
import { VERDICTS, worst, type Verdict } from '../../model/verdict.ts'
import { healthScore, verdictOf } from '../health-score.ts'
import { figure } from './figure.ts'

/** What the documented answer is made for. */
export interface HealthMoment {
  /** When the checks were run. */
  readonly at: Date
  /** How long what is checked has been up; null where it is not known. */
  readonly uptimeMs: number | null
  /** Whether components tell their details. */
  readonly detailed: boolean
  /** What an instance says of itself as a whole, where the results do not decide it. */
  readonly overall?: { readonly verdict: Verdict; readonly score: number | null } | undefined
}

type ExcuseWord = 'skipped' | 'maintenance'
type StatusWord = (typeof STATUS_WORDS)[Verdict] | ExcuseWord

const EXCUSE_WORDS: Readonly<Record<Excuse['kind'], ExcuseWord>> = { dependency: 'skipped', maintenance: 'maintenance' }
const ALERT_LEVELS: Readonly<Record<Exclude<Verdict, 'ok'>, Alert['level']>> = { warn: 'warning', unknown: 'warning', fail: 'critical' }

/** The documented answer of `/health` from what the checks found. What belongs to somebody else stands among the external dependencies by the check's name, all else in its component. */
export function healthShape(results: readonly CheckResult[], { at, uptimeMs, detailed, overall }: HealthMoment) {
  const components = new Map<string, CheckResult[]>()
  for (const result of results.filter(({ isExternal }) => !isExternal)) components.set(result.component, [...(components.get(result.component) ?? []), result])
  return {
    overall: {
      status: STATUS_WORDS[overall?.verdict ?? verdictOf(results)],
      score: overall?.score ?? healthScore(results),
      lastCheck: at.toISOString(),
      uptime: uptimeMs === null ? null : uptimeText(uptimeMs),
      uptimeSeconds: uptimeMs === null ? null : Math.floor(uptimeMs / 1_000),
    },
    components: Object.fromEntries([...components].map(([component, checks]) => [component, componentShape(checks, detailed)])),
    dependencies: { external: Object.fromEntries(results.filter(({ isExternal }) => isExternal).map((result) => [result.name, externalShape(result, detailed)])) },
  }
}

/** What is wrong, the worst first: every warning, unknown and failure that counts. */
export function healthAlerts(results: readonly CheckResult[], at: Date): readonly Alert[] {
  return results
    .toSorted((a, b) => VERDICTS.indexOf(b.verdict) - VERDICTS.indexOf(a.verdict))
    .flatMap(({ name, component, verdict, outcome: { message, recommendation } }) => (verdict === 'ok' ? [] : { level: ALERT_LEVELS[verdict], metric: name, component, message, recommendation, timestamp: at }))
}

function componentShape(checks: readonly CheckResult[], detailed: boolean) {
  const times = checks.flatMap(({ outcome: { responseTimeMs } }) => responseTimeMs ?? [])
  return {
    status: statusOf(checks),
    ...(times.length > 0 && { responseTime: figure(Math.max(...times), 1) }),
    ...wordsOf(checks),
    ...(checks.length > 1 && { checks: Object.fromEntries(checks.map((check) => [check.name, statusOf([check])])) }),
    ...(detailed && { details: mergeDetails(checks) }),
  }
}

function externalShape(check: CheckResult, detailed: boolean) {
  const { outcome, checkedAt } = check
  return {
    status: statusOf([check]),
    ...(outcome.responseTimeMs !== undefined && { responseTime: figure(outcome.responseTimeMs, 1) }),
    lastCheck: checkedAt.toISOString(),
    ...wordsOf([check]),
    ...(detailed && Object.keys(outcome.details).length > 0 && { details: outcome.details }),
  }
}

/** The worst of those that count; where all are excused, the excuse of the first. */
function statusOf(checks: readonly CheckResult[]): StatusWord {
  const counting = checks.filter(({ excuse }) => excuse === undefined)
  const excuse = checks[0]?.excuse
  return counting.length === 0 && excuse ? EXCUSE_WORDS[excuse.kind] : STATUS_WORDS[worst(counting.map(({ verdict }) => verdict))]
}

/** What is not well, and why something does not count; with the name of the check where there are several. */
function wordsOf(checks: readonly CheckResult[]) {
  const say = ({ name }: CheckResult, text: string): string => (checks.length > 1 ? `${name}: ${text}` : text)
  const messages = checks.filter(({ excuse, outcome }) => outcome.verdict !== 'ok' && excuse?.kind !== 'dependency').map((check) => say(check, check.outcome.message))
  const reasons = checks.flatMap((check) => (check.excuse ? say(check, reasonOf(check.excuse)) : []))
  return { ...(messages.length > 0 && { message: messages.join('; ') }), ...(reasons.length > 0 && { reason: reasons.join('; ') }) }
}

function reasonOf(excuse: Excuse): string {
  return excuse.kind === 'dependency' ? `not checked because of ${excuse.on}` : `maintenance "${excuse.window}" until ${excuse.until.toISOString()}`
}

/** The details of all; keys that several have, or that are the name of one of them, stand under the name of their check. */
function mergeDetails(checks: readonly CheckResult[]): Readonly<Record<string, unknown>> {
  if (checks.length === 1) return checks[0]?.outcome.details ?? {}
  const names = new Set(checks.map(({ name }) => name))
  const times = new Map<string, number>()
  for (const { outcome } of checks) for (const key of Object.keys(outcome.details)) times.set(key, (times.get(key) ?? 0) + 1)
  const isShared = (key: string): boolean => names.has(key) || (times.get(key) ?? 0) > 1
  return Object.fromEntries(
    checks.flatMap(({ name, outcome: { details } }): (readonly [string, unknown])[] => {
      const entries = Object.entries(details)
      const own = entries.filter(([key]) => isShared(key))
      return [...entries.filter(([key]) => !isShared(key)), ...(own.length > 0 ? [[name, Object.fromEntries(own)] as const] : [])]
    }),
  )
}

/** `15d 7h 23m 45s`, without units before the first that counts. */
function uptimeText(ms: number): string {
  const seconds = Math.floor(ms / 1_000)
  const parts = [[Math.floor(seconds / 86_400), 'd'], [Math.floor(seconds / 3_600) % 24, 'h'], [Math.floor(seconds / 60) % 60, 'm'], [seconds % 60, 's']] as const
  const first = parts.findIndex(([count]) => count > 0)
  return parts.slice(first < 0 ? -1 : first).map(([count, unit]) => `${count}${unit}`).join(' ')
}
