import { RESPONSE_TARGETS } from '../../analysis/response-targets.ts'
import { readLevel } from '../../health-schema/level.ts'
import type { ConfigOf } from '../../health-schema/schema.ts'
import type { Measure, Outcome } from '../../model/health.ts'
import { plain } from '../../model/text.ts'
import { showBytes, showDuration } from '../../model/unit.ts'
import { judgeAnswer, readExpectation, type Expectation } from '../expectation.ts'
import { showStatus } from '../http-status.ts'
import { asksForPassword, isLoginPath } from '../login-page.ts'
import type { Look, LookContext } from '../look.ts'
import { inTime } from '../patience.ts'
import { follow, targetOf, type Journey } from '../redirects.ts'
import { outcomeOf, type Remark } from '../remark.ts'
import { readSecret } from '../../services/secret.ts'
import { readUrl, showUrl } from '../web-address.ts'
import { judgeExchange, MOST_BODY_BYTES, openWeb, problemOutcome, saying, showPhases } from '../web-client.ts'
import { unescaped } from '../../services/unescaped.ts'

type Config = ConfigOf<'http'>

/** Asks an HTTP service, as somebody who uses it would, and judges its answer. */
export const look: Look<'http'> = (config, context) => inTime(context, async (patience) => {
  const url = readUrl(config.url)
  const expected = readExpectation(config.expect)
  const headers = await headersOf(config, url, context)
  const send = await openWeb(config, context, patience)
  try {
    const first = { url, method: config.method ?? 'GET', headers, body: config.body, maxBodyBytes: config.maxBody === undefined ? MOST_BODY_BYTES : readLevel(config.maxBody, 'bytes') }
    const journey = await follow(send, first, config.redirects ?? 'follow')
    return saying(config, url, judge(config, expected, url, journey, context.world.wallTime().getTime()))
  } catch (error) {
    return saying(config, url, problemOutcome(error, { serverUrl: showUrl(url) }))
  }
})

async function headersOf(config: Config, url: URL, { world }: LookContext): Promise<Record<string, string>> {
  const headers = Object.fromEntries(Object.entries(config.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
  const token = await readSecret(config.token, world)
  const password = await readSecret(config.password, world)
  const user = config.user ?? unescaped(url.username)
  if (token !== undefined) headers['authorization'] ??= `Bearer ${token}`
  else if (user !== '' || password !== undefined) headers['authorization'] ??= `Basic ${Buffer.from(`${user}:${password ?? unescaped(url.password)}`).toString('base64')}`
  if (config.body !== undefined) headers['content-type'] ??= /^\s*[[{]/.test(config.body) ? 'application/json' : 'text/plain'
  return headers
}

function judge(config: Config, expected: Expectation, asked: URL, journey: Journey, now: number): Outcome {
  const { answer, totalMs, redirects } = journey
  const preset = config.category === undefined ? undefined : RESPONSE_TARGETS[config.category]
  const exchange = judgeExchange(config, { ...journey, phases: answer.phases, now, preset })
  const target = targetOf(answer, journey.url)
  const content = journey.end ? [journey.end] : judgeAnswer(expected, answer, target && showUrl(target))
  const login = journey.end === null && config.loginPage !== true ? loginRemark(asked, journey) : null
  const size: Measure = { name: 'size', value: answer.bodyBytes, unit: 'bytes', min: 0 }
  const by = redirects.length === 0 ? '' : ` at ${redirects.at(-1) ?? ''}`
  return outcomeOf({
    fine: `${showStatus(answer.status)}${by} in ${showDuration(totalMs)}, ${answer.isCut ? 'more than ' : ''}${showBytes(answer.bodyBytes)}`,
    // A login page is the reason for all the text that is missing.
    remarks: [...(login ? [login] : content), ...exchange.remarks],
    measures: [...exchange.measures, size],
    responseTimeMs: totalMs,
    details: {
      serverUrl: showUrl(asked), statusCode: answer.status, contentType: plain(answer.headers['content-type'] ?? '', 100) || null, phases: showPhases(answer.phases),
      address: answer.address, redirects, ...(journey.certificateEndsAt === null ? {} : { certificateValidTo: new Date(journey.certificateEndsAt).toISOString() }),
    },
  })
}

function loginRemark(asked: URL, { answer, url, redirects }: Journey): Remark | null {
  if (isLoginPath(asked.pathname) || answer.status < 200 || answer.status > 299) return null
  const wasSent = redirects.length > 0 && isLoginPath(url.pathname)
  if (!wasSent && !asksForPassword(answer.headers['content-type'] ?? '', answer.body)) return null
  return { verdict: 'fail', text: `answered with a login page (${plain(url.pathname, 100)})`, recommendation: 'give the check a token, or user and password; ask for an address that needs none; or set loginPage: true' }
}
