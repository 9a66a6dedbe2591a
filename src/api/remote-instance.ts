import { BASE, ENDPOINTS, SIBLING, type EndpointName } from '../contract/endpoints.ts'
import type { Answer, Instance, Question } from '../contract/instance.ts'
import type { LoadTestEvent } from '../contract/resident.ts'
import { UserError } from '../model/error.ts'
import { isBody } from './body.ts'
import { cleaned } from './cleaning.ts'
import { type ClientOptions, type Exchange, openClient } from './client.ts'
import { nameOf } from './complaint.ts'
import { readMetrics } from './dialect.ts'
import { alertsOf, type Documented, readDocumented } from './documented.ts'
import { notDocumented } from './errors.ts'
import { insist } from './insistence.ts'
import { followLoadTest } from './load-test-stream.ts'
import { adviceOfHealth } from './translate/advice.ts'
import { applicationOf, summaryOf, TRANSLATORS, type Translation } from './translate/answers.ts'
import { isHealth, readHealth } from './translate/health.ts'

/** How an instance somewhere else is reached. */
export interface RemoteInstanceOptions extends ClientOptions {
  /** 0..1, for the jitter of waits. */
  readonly random: () => number
}

/** An instance that is asked over HTTP. */
export interface RemoteInstance extends Instance {
  /** Events of a load test until its end, or until the stream is lost. Throws UserError `NOT_OFFERED` where there is no stream. */
  followLoadTest(testId: string, signal: AbortSignal): AsyncIterable<LoadTestEvent>
}

/** Answers whose numbers are better translated than taken with gaps: texts with units stand beside them. */
const TRANSLATED_FIRST: ReadonlySet<EndpointName> = new Set(['metrics', 'resources'])
/** Errors after which the same question may be answered elsewhere. */
const ELSEWHERE = new Set(['NOT_OFFERED', 'NOT_JSON', 'NOT_UNDERSTOOD'])
const MINUTES: Readonly<Record<string, string>> = { '5m': '5', '15m': '15', '1h': '60', '6h': '360', '24h': '1440', '7d': '10080' }

/**
 * An instance somewhere else, in whichever dialect it answers. Throws UserError for an address or token that cannot be used. Reading is done again where no connection was made or the
 * instance asks to come back; what changes something is sent once.
 */
export function openRemoteInstance(options: RemoteInstanceOptions): RemoteInstance {
  const { now, wallTime, random, timeoutMs } = options
  const client = openClient(options)
  const { base, name } = client.address

  async function talk(exchange: Exchange, signal: AbortSignal): Promise<{ readonly body: unknown; readonly translation: Translation }> {
    const began = now()
    const where = new URL(exchange.endpoint, base).href
    const said = exchange.method === 'GET' ? await insist((leftMs) => client.send({ ...exchange, signal, timeoutMs: leftMs }), { limiter: client.limiter, where, timeoutMs, now, random, signal }) : await client.send({ ...exchange, signal })
    return { body: cleaned(said, client.hide), translation: { where, name, wallTime: wallTime(), responseTimeMs: now() - began, hide: client.hide } }
  }

  /** Asks at each place where the answer may be; of several that have none, the first is the one to speak of. */
  async function asked<E extends EndpointName>(endpoint: E, question: Question<E>, signal: AbortSignal): Promise<Answer<E>> {
    const { method, paths } = ENDPOINTS[endpoint]
    let first: UserError | undefined
    for (const path of paths) {
      try {
        const { body, translation } = await talk({ method, endpoint: placeOf(path, question.params), query: queryOf(endpoint, question.query), body: question.body ?? undefined, isAnswer: endpoint === 'health' ? (_status, said) => isHealth(said) : undefined }, signal)
        return understood(endpoint, body, question, translation)
      } catch (error) {
        if (!(error instanceof UserError) || error.code !== 'NOT_OFFERED') throw first ?? error
        first ??= error
      }
    }
    throw first ?? notDocumented(base, endpoint, [])
  }

  /** Where a documented path is on this server. */
  function placeOf(path: string, params: Readonly<Record<string, string>>): string {
    const isSibling = path.startsWith(SIBLING)
    const folder = isSibling ? base.replace(/\/v\d+\/performance\/$/, '/performance/') : base
    const rest = path.slice(isSibling ? SIBLING.length : BASE.length).replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(params[key] ?? ''))
    // What stands at the folder itself is called without its slash.
    return rest === '' ? folder.slice(0, -1) : new URL(rest.slice(1), folder).href
  }

  /** What other answers say where a question is not offered; undefined where they say nothing of it. */
  const INSTEAD: { readonly [E in EndpointName]?: (question: Question<E>, signal: AbortSignal) => Promise<{ readonly data: unknown } | undefined> } = {
    application: async (question, signal) => applicationOf(await reading(signal), question, wallTime()),
    summary: async (_question, signal) => summaryOf(await reading(signal), wallTime()),
    recommendations: async (_question, signal) => {
      const { body, translation } = await talk({ method: 'GET', endpoint: 'health', query: { detailed: 'true' }, isAnswer: (_status, said) => isHealth(said) }, signal)
      const health = readHealth(body, translation.where, { ...translation, components: undefined })
      return health.recommendations.length === 0 ? undefined : { data: adviceOfHealth(health, wallTime()) }
    },
  }

  async function reading(signal: AbortSignal): Promise<ReturnType<typeof readMetrics>> {
    const { body, translation } = await talk({ method: 'GET', endpoint: 'metrics', query: { timeWindow: '5' } }, signal)
    return readMetrics(body, translation.where)
  }

  return {
    name,
    async ask(endpoint, question, { signal }) {
      try {
        return await asked(endpoint, question, signal)
      } catch (error) {
        const instead = INSTEAD[endpoint]
        if (!instead || !(error instanceof UserError) || !ELSEWHERE.has(error.code)) throw error
        const told = await instead(question, signal).catch((other: unknown) => {
          if (other instanceof UserError) return undefined
          throw other
        })
        const made = told && documentedOf(endpoint, told)
        if (made && 'answer' in made) return made.answer
        throw error
      }
    },
    followLoadTest: (testId, signal) => followLoadTest(client, testId, { now, signal }),
    close: () => client.close(),
  }
}

/** A question as the parameters of an address; parameters of other dialects stand beside it. */
function queryOf(endpoint: EndpointName, query: unknown): Readonly<Record<string, string>> {
  const told = Object.entries(isBody(query) ? query : {}).flatMap(([key, value]) => (value === undefined || value === null ? [] : [[key, Array.isArray(value) ? value.join(',') : String(value as string | number | boolean)] as const]))
  const asked = Object.fromEntries(told)
  if (endpoint !== 'metrics') return asked
  const { samples, format: _format, ...rest } = asked
  return { ...rest, timeWindow: MINUTES[asked['timeRange'] ?? ''] ?? '5', ...(samples === 'true' ? { samples } : {}) }
}

/** An answer as it is documented. Throws UserError `NOT_UNDERSTOOD`, and as translators do. */
function understood<E extends EndpointName>(endpoint: E, body: unknown, question: Question<E>, translation: Translation): Answer<E> {
  const strict = readDocumented(endpoint, body, 'wrong')
  if ('answer' in strict) return strict.answer
  const gaps = (): Documented<E> => readDocumented(endpoint, body, 'null')
  const translated = (): Documented<E> => {
    const told = TRANSLATORS[endpoint]?.(body, question, translation)
    return told ? documentedOf(endpoint, told) : strict
  }
  const ways = TRANSLATED_FIRST.has(endpoint) ? [translated, gaps] : [gaps, translated]
  let failure: UserError | undefined
  for (const way of ways) {
    try {
      const read = way()
      if ('answer' in read) return read.answer
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      failure = error
    }
  }
  throw failure ?? notDocumented(translation.where, nameOf(new URL(translation.where).pathname), strict.problems)
}

/** An answer that was made of others. */
function documentedOf<E extends EndpointName>(endpoint: E, { data, ...beside }: { readonly data: unknown; readonly meta?: unknown; readonly alerts?: unknown }): Documented<E> {
  // JSON has no NaN and no Date: both become what the wire would have.
  const told = JSON.parse(JSON.stringify({ data, ...beside })) as Readonly<Record<string, unknown>>
  const read = readDocumented(endpoint, told, 'null')
  return 'answer' in read ? { answer: { ...read.answer, ...alertsOf(told['alerts']) } } : read
}

