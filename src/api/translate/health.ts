import type { CheckResult, InstanceHealth } from '../../model/health.ts'
import { type Verdict, VERDICTS, worst } from '../../model/verdict.ts'
import { bodies, type Body, contentOf, isBody, timeOf, under } from '../body.ts'
import { notHealth } from '../errors.ts'
import { readNumber, readTime } from '../figure.ts'
import { isHealthWord, meaningOf } from '../health-word.ts'
import { safeText } from '../safe-details.ts'
import { type Part, partsOf, readPart, wordOf } from './health-components.ts'
import { type HealthContext, resultOf, staleness, type Told } from './health-context.ts'
import { readFigures } from './health-figures.ts'

const MOST_PARTS = 200
const MOST_TEXTS = 20
const SCORES = ['score', 'healthScore']

/** Whether a body is certainly a health, so that its figures count whatever the HTTP status is: health checkers answer 500 and 503 when something is wrong. */
export function isHealth(body: unknown): boolean {
  const data = dataOf(body)
  if (data === null) return false
  const known = isHealthWord(overallWord(data))
  return known && (isBody(under(data, 'overall')) || SCORES.some((key) => !Number.isNaN(readNumber(data[key]))) || partsOf(data, (text) => text).length > 0)
}

/** Reads an answer of `health` in any dialect. Throws UserError `NOT_HEALTH` where nothing in it is known. */
export function readHealth(body: unknown, where: string, context: HealthContext): InstanceHealth {
  const data = dataOf(body)
  if (data === null) throw notHealth(where, isBody(body) ? Object.keys(body) : [])
  const { hide, wallTime, components } = context
  const overall = isBody(data['overall']) ? data['overall'] : data
  const word = overallWord(data)
  const status = typeof word === 'boolean' ? (word ? 'healthy' : 'unhealthy') : safeText(word, hide, 60)
  const meaning = meaningOf(word)
  const checkedAt = timeOf(overall['lastCheck'] ?? data['lastCheck'] ?? data['timestamp'] ?? under(body, 'timestamp'))
  const own: Verdict = meaning === 'absent' ? 'unknown' : meaning

  const alerts = alertsOf(under(body, 'alerts') ?? data['alerts'], hide)
  const parts = partsOf(data, hide)
  const names = new Set(parts.map(({ name }) => name.toLowerCase()))
  const wantedParts = components === undefined ? worstOf(parts, alerts) : parts.filter(({ name }) => components.some((each) => each.toLowerCase() === name.toLowerCase()))
  const told = wantedParts.map((part) => readPart(part, alerts.filter(({ component }) => component.toLowerCase() === part.name.toLowerCase()), checkedAt, context))
  const figures = readFigures(data['metrics'], textsOf(overall['issues'] ?? data['issues'], hide), own, checkedAt, context)
  const all = [...told.filter((result) => result !== null), ...figures.results]
  const wanted = components === undefined ? all : components.map((name) => all.find((result) => result.name.toLowerCase() === name.toLowerCase()) ?? missing(name, checkedAt, context))
  const loose = alerts.filter(({ component }) => !names.has(component.toLowerCase()))
  const stale = staleness(checkedAt, wallTime)
  const base: Verdict = word === undefined && all.length > 0 ? 'ok' : own
  return {
    // Of an instance that is asked for some of its components only, those count.
    verdict: worst([...(components === undefined ? [base, ...loose.map(({ verdict }) => verdict)] : []), ...wanted.map(({ verdict }) => verdict), ...(stale === null ? [] : ['warn' as const])]),
    status,
    score: scoreOf(overall, data),
    uptimeMs: numberOrNull(readTime(overall['uptime'] ?? data['uptime'], 1_000)),
    checkedAt,
    results: wanted,
    issues: [...figures.issues, ...loose.map(({ text }) => text), ...(stale === null ? [] : [`as a whole ${stale}`]), ...(components === undefined && parts.length > MOST_PARTS ? [`${parts.length} components, of which ${MOST_PARTS} are shown`] : [])].slice(0, MOST_TEXTS),
    recommendations: [...new Set([...textsOf(overall['recommendations'] ?? data['recommendations'], hide), ...loose.map(({ recommendation }) => recommendation).filter((text) => text !== '')])].slice(0, MOST_TEXTS),
    responseTimeMs: context.responseTimeMs,
  }
}

/** The part of an answer that tells of health; null where there is none. */
function dataOf(body: unknown): Body | null {
  const content = contentOf(body)
  return [content, under(content, 'health'), body, under(body, 'health')].find((data): data is Body => isBody(data) && speaks(data)) ?? null
}

function speaks(data: Body): boolean {
  const isFigure = (each: unknown): boolean => isBody(each) && Object.hasOwn(each, 'current') && Object.hasOwn(each, 'threshold')
  return overallWord(data) !== undefined || SCORES.some((key) => !Number.isNaN(readNumber(under(data, 'overall', key) ?? data[key]))) || partsOf(data, (text) => text).some(({ told }) => isHealthWord(wordOf(told))) || (isBody(data['metrics']) && Object.values(data['metrics']).some(isFigure))
}

/** The word for the whole, or its boolean. */
function overallWord(data: Body): string | boolean | undefined {
  const overall = isBody(data['overall']) ? wordOf(data['overall']) : data['overall']
  const named = [overall, data['overallStatus'], data['systemHealth']].find((word) => typeof word === 'string' || typeof word === 'boolean')
  // `{"status": "success", "data": {...}}` is an envelope, not a state.
  return named ?? (isBody(data['data']) ? undefined : wordOf(data))
}

function scoreOf(overall: Body, data: Body): number | null {
  const score = [...SCORES.map((key) => overall[key]), ...SCORES.map((key) => data[key])].map(readNumber).find((each) => each <= 100)
  return score ?? null
}

function missing(name: string, at: number | null, context: HealthContext): CheckResult {
  return resultOf({ name, verdict: 'unknown', at, context, message: 'the instance says nothing of it', recommendation: 'check how the component is called there, without naming components', measures: [], details: {} })
}

/** Where there are more than can be kept, what is not well is. */
function worstOf(parts: readonly Part[], alerts: readonly { readonly component: string }[]): readonly Part[] {
  if (parts.length <= MOST_PARTS) return parts
  const alerted = new Set(alerts.map(({ component }) => component.toLowerCase()))
  const rank = ({ name, told }: Part): number => {
    const meaning = meaningOf(wordOf(told))
    return meaning === 'absent' ? -1 : Math.max(VERDICTS.indexOf(meaning), alerted.has(name.toLowerCase()) ? VERDICTS.indexOf('warn') : 0)
  }
  return parts.toSorted((a, b) => rank(b) - rank(a)).slice(0, MOST_PARTS)
}

const LEVELS: ReadonlyMap<string, Verdict> = new Map([['critical', 'fail'], ['error', 'fail'], ['fatal', 'fail'], ['emergency', 'fail'], ['warning', 'warn'], ['warn', 'warn'], ['info', 'ok'], ['notice', 'ok']])

/** Alerts that are more than a notice and still stand, by what they are about. */
function alertsOf(list: unknown, hide: HealthContext['hide']): (Told & { readonly component: string })[] {
  return bodies(list, 500).flatMap((alert) => {
    const text = safeText(alert['message'], hide) || safeText(alert['title'], hide)
    const isOver = alert['resolved'] === true || [alert['status'], alert['state']].some((word) => typeof word === 'string' && /^(resolved|closed|ok)$/i.test(word))
    if (text === '' || isOver) return []
    const level = [alert['level'], alert['severity']].find((each) => typeof each === 'string')
    const verdict = LEVELS.get(String(level).toLowerCase()) ?? 'warn'
    return verdict === 'ok' ? [] : [{ component: safeText(alert['component'], hide, 70) || safeText(alert['metric'], hide, 70), text, recommendation: safeText(alert['recommendation'], hide), verdict }]
  })
}

function textsOf(list: unknown, hide: HealthContext['hide']): string[] {
  if (!Array.isArray(list)) return []
  return list.slice(0, MOST_TEXTS).map((each) => safeText(typeof each === 'string' ? each : (under(each, 'message') ?? under(each, 'title')), hide)).filter((text) => text !== '')
}

const numberOrNull = (value: number): number | null => (Number.isNaN(value) ? null : value)
