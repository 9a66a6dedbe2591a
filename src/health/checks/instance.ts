import type { InstanceHealth, Outcome } from '../../model/health.ts'
import { plain, plural } from '../../model/text.ts'
import { showDuration, showNumber } from '../../model/unit.ts'
import { VERDICTS } from '../../model/verdict.ts'
import { judge, readLevels } from '../levels.ts'
import type { Look } from '../look.ts'
import { outcomeOf } from '../remark.ts'
import { readSecret } from '../../services/secret.ts'
import { silence } from '../silence.ts'

const MOST_REASONS = 3

/** Asks another instance how it is; its own word decides, and what it tells of its components. */
export const look: Look<'instance'> = async ({ url, token, insecure = false, responseTime }, { world, signal, timeoutMs }) => {
  const secret = (await readSecret(token, world)) ?? null
  let health: InstanceHealth
  try {
    health = await world.askInstance({ url, token: secret, timeoutMs, insecure }, signal)
  } catch (error) {
    return silence(error)
  }
  const { measure, remark } = judge({
    name: 'response time', value: health.responseTimeMs, unit: 'ms', levels: readLevels(responseTime, 'ms'), bad: 'above', min: 0,
    say: (value) => `it took ${value} to answer`, recommendation: 'look at what it is busy with: medianest-perf top --url',
  })
  const score = health.score === null ? [] : [{ name: 'score', value: health.score, unit: 'count' as const, min: 0, max: 100 }]
  return outcomeOf({
    fine: `${wordOf(health)}, answered in ${showDuration(health.responseTimeMs)}`,
    remarks: [health.verdict === 'ok' ? null : { verdict: health.verdict, text: textOf(health), recommendation: recommendationOf(health, url) }, remark],
    measures: [measure, ...score], responseTimeMs: health.responseTimeMs, details: detailsOf(health, insecure),
  })
}

/** Its own word with its score; that there is none, or that nobody knows it, is said. */
function wordOf({ status, score, results }: InstanceHealth): string {
  const word = status === '' ? (results.length > 0 ? `${plural(results.length, 'component')} told` : 'says no word of its state') : plain(status, 60)
  return score === null ? word : `${word} (score ${showNumber(score)})`
}

function textOf(health: InstanceHealth): string {
  const reasons = [
    ...bad(health).map(({ name, outcome: { message } }) => (isNamed(name, message) ? message : `${name}: ${message}`)),
    ...health.issues,
  ].map((text) => plain(text, 200))
  const more = reasons.length > MOST_REASONS ? [`and ${reasons.length - MOST_REASONS} more`] : []
  const known = health.verdict === 'unknown' && health.status !== '' && reasons.length === 0 ? ['a word that is not known here'] : []
  return [wordOf(health), [...reasons.slice(0, MOST_REASONS), ...more, ...known].join('; ')].filter((part) => part !== '').join(': ')
}

/** Whether a reason names what it is about: `errorRate` in `High error rate: 29%`. */
function isNamed(name: string, message: string): boolean {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return ` ${message.toLowerCase()} `.replaceAll(':', ' ').includes(` ${words} `)
}

function bad({ results }: InstanceHealth): InstanceHealth['results'] {
  return results.filter(({ verdict }) => verdict !== 'ok').toSorted((a, b) => VERDICTS.indexOf(b.verdict) - VERDICTS.indexOf(a.verdict))
}

function recommendationOf(health: InstanceHealth, url: string): string {
  const given = bad(health).map(({ outcome: { recommendation } }) => recommendation).find((text) => text !== undefined) ?? health.recommendations[0]
  return given === undefined ? `see all it says: medianest-perf health --url ${plain(url, 200)}` : plain(given, 300)
}

function detailsOf({ status, score, uptimeMs, checkedAt, results, issues, recommendations }: InstanceHealth, insecure: boolean): Outcome['details'] {
  return {
    status: plain(status, 60), score, uptime: uptimeMs === null ? null : showDuration(uptimeMs), lastCheck: checkedAt === null ? null : new Date(checkedAt).toISOString(),
    components: Object.fromEntries(results.map(({ name, outcome: { verdict, message } }) => [name, { verdict, message }])),
    issues: issues.map((text) => plain(text)), recommendations: recommendations.map((text) => plain(text)),
    ...(insecure ? { certificate: 'not verified' } : {}),
  }
}
