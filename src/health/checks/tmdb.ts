import type { ConfigOf } from '../../health-schema/schema.ts'
import type { Outcome } from '../../model/health.ts'
import { showDuration } from '../../model/unit.ts'
import type { HttpAnswer } from '../../services/http.ts'
import { wrongStatus } from '../http-status.ts'
import type { Look } from '../look.ts'
import { inTime } from '../patience.ts'
import { outcomeOf, type Remark } from '../remark.ts'
import { readSecret } from '../../services/secret.ts'
import { asObject, notAnAnswer, readObject, strange } from '../service-answer.ts'
import { below, readUrl, showUrl } from '../web-address.ts'
import { judgeExchange, openWeb, problemOutcome, saying, showPhases } from '../web-client.ts'

type Config = ConfigOf<'tmdb'>

const ADDRESS = 'https://api.themoviedb.org'
/** What TMDB says of a key it does not know, or of none (developer.themoviedb.org, "errors"). */
const INVALID_KEY = 7

/** Asks The Movie Database for its configuration; without a key it is enough that it says it wants one. */
export const look: Look<'tmdb'> = (config, context) => inTime(context, async (patience) => {
  const base = readUrl(config.url ?? ADDRESS)
  const key = await readSecret(config.apiKey, context.world)
  const send = await openWeb(config, context, patience)
  try {
    const answer = await send(question(base, key))
    return saying(config, base, judge(config, base, key !== undefined, answer, context.world.wallTime().getTime()))
  } catch (error) {
    return saying(config, base, problemOutcome(error, { serverUrl: showUrl(base) }))
  }
})

// A token of version 4 is a JWT and goes into a header, a key of version 3 into the address.
function question(base: URL, key: string | undefined): { readonly url: URL; readonly method: string; readonly headers: Record<string, string> } {
  const url = below(base, base.pathname.replace(/\/+$/, '').endsWith('/3') ? '/configuration' : '/3/configuration')
  const isToken = key?.startsWith('eyJ') === true
  if (key !== undefined && !isToken) url.searchParams.set('api_key', key)
  return { url, method: 'GET', headers: { accept: 'application/json', ...(isToken ? { authorization: `Bearer ${key}` } : {}) } }
}

function judge(config: Config, base: URL, hasKey: boolean, answer: HttpAnswer, now: number): Outcome {
  const exchange = judgeExchange(config, { phases: answer.phases, totalMs: answer.phases.total, certificateEndsAt: answer.certificateEndsAt, now })
  const wantsKey = answer.status === 401 && readObject(answer)?.['status_code'] === INVALID_KEY
  return outcomeOf({
    fine: `answered in ${showDuration(answer.phases.total)}${hasKey ? '' : ', asked without a key'}`,
    remarks: [wantsKey && !hasKey ? null : trouble(answer, base), ...exchange.remarks],
    measures: exchange.measures,
    responseTimeMs: answer.phases.total,
    details: { serverUrl: showUrl(base), statusCode: answer.status, phases: showPhases(answer.phases) },
  })
}

function trouble(answer: HttpAnswer, base: URL): Remark | null {
  if (answer.status === 429) return { ...wrongStatus(answer), verdict: 'warn' }
  return notAnAnswer(answer, base, { credential: 'key' }) ?? (asObject(readObject(answer)?.['images']) === undefined ? strange('TMDB') : null)
}
