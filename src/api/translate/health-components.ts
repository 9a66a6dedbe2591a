import type { CheckResult } from '../../model/health.ts'
import { showDuration } from '../../model/unit.ts'
import { worst } from '../../model/verdict.ts'
import { type Body, isBody, timeOf, under } from '../body.ts'
import { readTime } from '../figure.ts'
import { isHealthWord, meaningOf } from '../health-word.ts'
import { safeDetails, safeText } from '../safe-details.ts'
import { type HealthContext, resultOf, staleness, type Told } from './health-context.ts'

/** One part of an instance, as it was told. */
export interface Part {
  readonly name: string
  readonly isExternal: boolean
  /** An object with a status, or only its word. Untrusted. */
  readonly told: unknown
}

const GROUPS: readonly (readonly [isExternal: boolean, ...path: string[]])[] = [
  [false, 'components'], [false, 'checks'], [false, 'services'], [false, 'subsystems'], [false, 'dependencies', 'internal'], [true, 'dependencies', 'external'], [true, 'external'], [false, 'dependencies'],
]

/**
 * The parts an answer tells of: `components` and `dependencies` as documented, `checks` of health checkers and of the health draft, `services`; where there is none of them
 * Terminus's `details`. Names are made safe and unique.
 */
export function partsOf(data: unknown, hide: HealthContext['hide']): Part[] {
  const found = GROUPS.flatMap(([isExternal, ...path]) => entriesOf(under(data, ...path)).map(([name, told]) => ({ name, told, isExternal })))
    .filter(({ name, told }) => !(['internal', 'external'].includes(name) && isBody(told) && wordOf(told) === undefined))
  const parts = found.length > 0 ? found : entriesOf(under(data, 'details')).filter(([, told]) => isBody(told) && wordOf(told) !== undefined).map(([name, told]) => ({ name, told, isExternal: false }))
  const taken = new Map<string, number>()
  return parts.map(({ name, ...rest }) => {
    const plainName = safeText(name, hide, 70).replace(/['"=|,]/g, '-').trim() || 'unnamed'
    const base = taken.has(plainName) && rest.isExternal ? `${plainName} (external)` : plainName
    let unique = base
    for (let nth = (taken.get(base) ?? 0) + 1; taken.has(unique); nth++) unique = `${base} ${nth}`
    taken.set(base, (taken.get(base) ?? 0) + 1)
    taken.set(unique, taken.get(unique) ?? 1)
    return { name: unique, ...rest }
  })
}

/** A group is a map by name, or a list of parts that name themselves; in the health draft each name has a list. */
function entriesOf(group: unknown): [string, unknown][] {
  const nameOf = (each: Body, otherwise: string): string => String([each['name'], each['component'], each['componentId'], each['id'], each['key']].find((name) => typeof name === 'string') ?? otherwise)
  if (Array.isArray(group)) return group.filter(isBody).map((each, index) => [nameOf(each, `part ${index + 1}`), each])
  if (!isBody(group)) return []
  return Object.entries(group).flatMap(([name, told]): [string, unknown][] => {
    if (!Array.isArray(told)) return isBody(told) || typeof told === 'string' || typeof told === 'boolean' || told === null ? [[name, told]] : []
    const several = told.filter(isBody)
    return several.map((each) => [several.length > 1 ? `${name} ${nameOf(each, '')}`.trim() : name, each])
  })
}

/** The word of a part for its state, or its boolean; undefined where it has none. */
export function wordOf(told: unknown): string | boolean | undefined {
  if (typeof told === 'string' || typeof told === 'boolean') return told
  const words = ['status', 'health', 'state', 'healthy', 'isHealthy', 'ok', 'up'].map((key) => under(told, key))
  return words.find((word): word is string | boolean => typeof word === 'string' || typeof word === 'boolean')
}

/** A part as the result of a check, with the alerts that are about it; null for one that is switched off there. */
export function readPart({ name, isExternal, told }: Part, alerts: readonly Told[], checkedAt: number | null, context: HealthContext): CheckResult | null {
  const { hide, wallTime } = context
  const word = wordOf(told)
  const meaning = meaningOf(word)
  if (meaning === 'absent') return null
  const own = timeOf(under(told, 'lastCheck') ?? under(told, 'lastChecked') ?? under(told, 'timestamp') ?? under(told, 'time'))
  const stale = staleness(own, wallTime)
  const status = word === undefined ? 'says nothing of its state' : typeof word === 'boolean' ? (word ? 'healthy' : 'unhealthy') : safeText(word, hide, 60) || 'says nothing of its state'
  const answered = [readTime(under(told, 'responseTime')), readTime(under(told, 'responseTimeMs')), readTime(under(told, 'duration')), readTime(under(told, 'latency')), readTime(under(told, 'latencyMs'))].find((ms) => !Number.isNaN(ms))
  const reasons = alerts.length > 0 ? alerts.map(({ text }) => text) : [reasonOf(told, meaning === 'ok', hide)].filter((reason) => reason !== '')
  const verdict = worst([meaning, ...alerts.map((alert) => alert.verdict), ...(stale === null ? [] : ['warn' as const])])
  const said = meaning === 'ok' && alerts.length === 0 ? [answered === undefined ? status : `${status}, answered in ${showDuration(answered)}`, ...reasons] : [reasons.length > 0 && meaning !== 'unknown' ? reasons.slice(0, 3).join('; ') : [status, ...reasons].slice(0, 3).join(': ')]
  const recommendation = alerts.map((alert) => alert.recommendation).find((each) => each !== '') || safeText(under(told, 'recommendation'), hide) || (verdict === 'ok' ? undefined : `look at ${name} where the instance runs, and into the instance's log`)
  return resultOf({
    name, isExternal, verdict, at: own ?? checkedAt, context, recommendation, responseTimeMs: answered,
    message: [...said, ...(stale === null ? [] : [stale])].join('; '),
    measures: answered === undefined ? [] : [{ name: 'response time', value: answered, unit: 'ms' }],
    details: { status, ...safeDetails(under(told, 'details') ?? restOf(told), hide) },
  })
}

/** What a part gives as its reason: its own words, or what in its details is not well. */
function reasonOf(told: unknown, isFine: boolean, hide: HealthContext['hide']): string {
  if (isFine) return ''
  const own = ['message', 'error', 'output', 'reason', 'description'].map((key) => safeText(under(told, key) ?? under(told, key, 'message') ?? under(told, 'details', key), hide)).find((text) => text !== '')
  if (own !== undefined) return own
  const details = under(told, 'details')
  const bad = !isBody(details) ? [] : Object.entries(details).slice(0, 50).flatMap(([key, value]) => {
    const word = wordOf(value)
    if (!isHealthWord(word) || ['ok', 'absent', 'unknown'].includes(meaningOf(word))) return []
    const usage = safeText(under(value, 'usage'), hide, 20)
    return [`${safeText(key, hide, 40)} ${safeText(String(word), hide, 40)}${usage === '' ? '' : ` (${usage} used)`}`]
  })
  return bad.slice(0, 3).join(', ')
}

function restOf(told: unknown): Body {
  if (!isBody(told)) return {}
  const { status: _status, responseTime: _responseTime, ...rest } = told
  return rest
}
