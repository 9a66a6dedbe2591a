import type { Answer } from '../contract/instance.ts'
import { UserError } from '../model/error.ts'
import type { Application, Samples, Snapshot, SystemFacts } from '../model/snapshot.ts'
import type { UserMetrics } from '../model/web-metrics.ts'
import { type Client, type ClientOptions, openClient } from './client.ts'
import { cleaned } from './cleaning.ts'
import { readMetrics } from './dialect.ts'
import { readDocumented } from './documented.ts'
import { withEveryValue } from './every-value.ts'
import { METRICS_QUERY } from './inquiry.ts'
import { facts as factsOf } from './reading.ts'
import { readApplication } from './translate/application.ts'
import { readUserMetrics } from './translate/user-metrics.ts'

/** One look at an instance, with what it says of the answer itself. Throws UserError. */
export async function fetchSnapshot(options: ClientOptions, signal?: AbortSignal): Promise<{ readonly snapshot: Snapshot; readonly facts: SystemFacts; readonly note: string }> {
  const client = openClient(options)
  try {
    const reading = readMetrics(await withEveryValue((extra) => client.get('metrics', { ...METRICS_QUERY, ...extra }, signal)), `${client.address.base}metrics`)
    const { samples, processes, application, alerts, note } = reading
    const facts = reading.facts ?? factsOf({})
    return { snapshot: { at: reading.at ?? options.wallTime(), elapsedMs: Number.NaN, samples, processes, application, alerts }, facts: { ...facts, host: facts.host || client.address.name }, note }
  } finally {
    await client.close()
  }
}

/** What is asked of an application; what is undefined is left to the instance. */
export interface ApplicationQuery {
  readonly components: readonly string[] | undefined
  readonly timeRange: string | undefined
  readonly aggregation: string | undefined
  /** Where it offers no such question, what stands beside its other metrics will do. */
  readonly orOfMetrics?: boolean | undefined
}

const EVERYTHING: ApplicationQuery = { components: undefined, timeRange: undefined, aggregation: undefined }

/** What an instance says of its application. */
export interface ToldApplication {
  readonly samples: Samples
  readonly application: Application
  /** Its own words, where they are as documented: they hold means and peaks over a time, of which samples know nothing. */
  readonly told: Pick<Answer<'application'>, 'data' | 'meta'> | null
  readonly notes: readonly string[]
}

/** Asks for it. Throws UserError, `NOT_OFFERED` where it says nothing of it. */
export async function fetchApplication(options: ClientOptions, { components, timeRange, aggregation, orOfMetrics = false }: ApplicationQuery = EVERYTHING, signal?: AbortSignal): Promise<ToldApplication> {
  const client = openClient(options)
  // An instance takes one component or none; of several, what was not asked for is left out by whoever shows them.
  const asked = { component: components?.length === 1 ? components[0] : undefined, timeRange, aggregation }
  const query = Object.fromEntries(Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
  try {
    const body = await client.get('application', query, signal)
    const { samples, application } = readApplication(body)
    const documented = readDocumented('application', cleaned(body, client.hide), 'null')
    return { samples, application: application ?? NOTHING, told: 'answer' in documented ? documented.answer : null, notes: [] }
  } catch (error) {
    if (!orOfMetrics || !(error instanceof UserError) || error.code !== 'NOT_OFFERED') throw error
    return await ofMetrics(client, signal).catch(() => null) ?? fail(error)
  } finally {
    await client.close()
  }
}

const NOTHING: Application = { endpoints: [], queries: [] }
const OF_APPLICATION = /^(api|db|cache|jobs)\./

/** What `metrics` says of the application; null where that is nothing. */
async function ofMetrics(client: Client, signal: AbortSignal | undefined): Promise<ToldApplication | null> {
  const { samples, application } = readMetrics(await client.get('metrics', METRICS_QUERY, signal), `${client.address.base}metrics`)
  const own = new Map([...samples].filter(([metric]) => OF_APPLICATION.test(metric)))
  if (own.size === 0) return null
  return { samples: own, application: application ?? NOTHING, told: null, notes: ['this instance does not offer application metrics: these are those that stand beside its other metrics, over a time of its own'] }
}

function fail(error: UserError): never {
  throw error
}

/** Errors after which the other mount may still answer: of where there is nothing, some servers say it with a page or want a token first. */
const ELSEWHERE = new Set(['NOT_OFFERED', 'NOT_JSON', 'NOT_METRICS', 'UNAUTHORIZED', 'FORBIDDEN', 'SERVER_ERROR', 'VALIDATION_ERROR', 'NOT_FOUND'])

/** What an instance keeps of its users' browsers, at `performance/me` below `/api/v1` or below `/api`, as it is documented. Throws UserError, `NOT_OFFERED` where it keeps none. */
export async function fetchUserMetrics(options: ClientOptions, signal?: AbortSignal): Promise<UserMetrics> {
  const client = openClient(options)
  const { base } = client.address
  const ask = async (endpoint: string): Promise<UserMetrics> => readUserMetrics(await client.get(endpoint, {}, signal), new URL(endpoint, base).href)
  try {
    return await ask('me').catch(async (error: unknown) => {
      const other = base.replace(/\/v\d+\/performance\/$/, '/performance/')
      if (!(error instanceof UserError) || !ELSEWHERE.has(error.code) || other === base) throw error
      return ask(`${other}me`).catch((second: unknown) => {
        // Where both have nothing, the address that was named is the one to speak of.
        throw second instanceof UserError && second.code === 'NOT_OFFERED' ? error : second
      })
    })
  } finally {
    await client.close()
  }
}
