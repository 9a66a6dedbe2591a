import type { ConfigOf } from '../../health-schema/schema.ts'
import type { Measure, Outcome } from '../../model/health.ts'
import { showDuration } from '../../model/unit.ts'
import type { HttpAnswer } from '../../services/http.ts'
import type { Look } from '../look.ts'
import { inTime } from '../patience.ts'
import { outcomeOf, type Remark } from '../remark.ts'
import { readSecret } from '../../services/secret.ts'
import { missing, notAnAnswer, numberOf, readObject, strange, textOf } from '../service-answer.ts'
import { below, readUrl, showUrl } from '../web-address.ts'
import { judgeExchange, openWeb, problemOutcome, saying, showPhases, type Send } from '../web-client.ts'

type Config = ConfigOf<'overseerr'>

/** Asks an Overseerr for its version, and with a key for the requests that wait. */
export const look: Look<'overseerr'> = (config, context) => inTime(context, async (patience) => {
  const base = readUrl(config.url)
  const key = await readSecret(config.apiKey, context.world)
  const send = await openWeb(config, context, patience)
  try {
    return saying(config, base, await ask(config, base, key, send, context.world.wallTime().getTime()))
  } catch (error) {
    return saying(config, base, problemOutcome(error, { serverUrl: showUrl(base) }))
  }
})

interface Requests {
  readonly pending: number
  readonly processing: number
}

async function ask(config: Config, base: URL, key: string | undefined, send: Send, now: number): Promise<Outcome> {
  const get = (path: string): Promise<HttpAnswer> => send({ url: below(base, path), method: 'GET', headers: { accept: 'application/json', ...(key === undefined ? {} : { 'x-api-key': key }) } })
  const answer = await get('/api/v1/status')
  const status = readObject(answer)
  const version = textOf(status?.['version'])
  const wrong = answer.status === 404 ? missing('Overseerr') : notAnAnswer(answer, base, { credential: 'API key' }) ?? (version === undefined || status?.['commitTag'] === undefined ? strange('Overseerr') : undefined)
  const counted = wrong === undefined && key !== undefined ? countRequests(await get('/api/v1/request/count'), base) : { requests: undefined, remark: null }
  const restart: Remark | null = status?.['restartRequired'] === true ? { verdict: 'warn', text: 'it must be restarted before its settings hold', recommendation: 'restart it' } : null
  const exchange = judgeExchange(config, { phases: answer.phases, totalMs: answer.phases.total, certificateEndsAt: answer.certificateEndsAt, now })
  const { requests } = counted
  return outcomeOf({
    fine: `Overseerr ${version ?? ''}${status?.['updateAvailable'] === true ? ' (a newer one is out)' : ''}${requests === undefined ? '' : `, ${requests.pending} pending, ${requests.processing} processing`}, in ${showDuration(answer.phases.total)}`,
    remarks: [wrong ?? null, counted.remark, wrong === undefined ? restart : null, ...exchange.remarks],
    measures: [...exchange.measures, ...(requests === undefined ? [] : Object.entries(requests).map(([name, value]: [string, number]): Measure => ({ name, value, unit: 'count', min: 0 })))],
    responseTimeMs: answer.phases.total,
    details: { ...(version === undefined ? {} : { version }), ...(requests === undefined ? {} : { requests }), serverUrl: showUrl(base), ...(wrong === undefined ? { updateAvailable: status?.['updateAvailable'] === true } : {}), phases: showPhases(answer.phases) },
  })
}

function countRequests(answer: HttpAnswer, base: URL): { readonly requests: Requests | undefined; readonly remark: Remark | null } {
  const wrong = notAnAnswer(answer, base, { what: 'its requests: ', credential: 'API key' })
  if (wrong) return { requests: undefined, remark: wrong }
  const counts = readObject(answer)
  const pending = numberOf(counts?.['pending'])
  const processing = numberOf(counts?.['processing'])
  if (pending === undefined || processing === undefined) return { requests: undefined, remark: { ...strange('Overseerr'), text: 'its requests: answered, but not as Overseerr does' } }
  return { requests: { pending, processing }, remark: null }
}
