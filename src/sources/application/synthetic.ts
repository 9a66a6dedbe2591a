import { readLevel } from '../../health-schema/level.ts'
import type { SourceConfigOf } from '../../collect-schema/schema.ts'
import { plain } from '../../model/text.ts'
import { sendHttp, HttpProblem, type HttpAnswer } from '../../services/http.ts'
import { SampleMap } from '../sample-map.ts'
import { keepProbes, type Probe } from './probe-ring.ts'
import type { OpenSource, SourceWorld } from './source-world.ts'
import { collectionTime, readAddress, requestHeaders, showAddress } from './web-request.ts'

/** Most of a body that is searched for what it should contain, bytes. */
const MOST_BYTES = 1_000_000

/**
 * Makes a request and judges the answer: a status below 400 unless others are expected, a text that the body contains, a time it keeps. The time of an answer that came is told
 * whatever it was; that of a request without an answer is not known. Where nothing else tells of the application's API, the first source of this type stands in for it with its last
 * 120 requests: their mean, those percentiles that so many can tell, and the share that did not succeed. Throws UserError for a header or secret that cannot be sent.
 */
export const openSource: OpenSource<'synthetic'> = (config, terms, world) => {
  const url = readAddress(config.url)
  const timeoutMs = collectionTime(config, terms.intervalMs)
  const target = plain(config.name ?? `${config.method === undefined || config.method === 'GET' ? '' : `${config.method} `}${showAddress(url)}`, 200)
  const ring = standsIn(config, world) ? keepProbes() : null

  async function ask(signal: AbortSignal): Promise<Probe> {
    const headers = await requestHeaders(config, url, world)
    if (config.body !== undefined) headers['content-type'] ??= /^\s*[[{]/.test(config.body) ? 'application/json' : 'text/plain'
    try {
      const answer = await sendHttp({ url, method: config.method ?? 'GET', headers, body: config.body, insecure: config.insecure, maxBodyBytes: MOST_BYTES, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]), timeoutMs })
      return { isUp: meets(config.expect, answer), ms: answer.phases.total }
    } catch (error) {
      // Who calls it off ends the request; that says nothing of the application.
      if (!(error instanceof HttpProblem) || error.kind === 'local' || signal.aborted) throw error
      return { isUp: false, ms: Number.NaN }
    }
  }

  return {
    ...terms,
    kind: 'api',
    async collect(signal) {
      const probe = await ask(signal)
      const map = new SampleMap()
      map.set('api.probe.up', probe.isUp ? 1 : 0, target)
      map.set('api.probe.duration', probe.ms, target)
      ring?.add(probe)
      for (const [metric, value] of ring?.figures() ?? []) map.set(metric, value)
      return { samples: map.samples }
    },
    close: async () => undefined,
  }
}

/** Whether nothing else that is asked tells of the API, and this is the first of those that could stand in. */
function standsIn(config: SourceConfigOf<'synthetic'>, { sources }: Pick<SourceWorld, 'sources'>): boolean {
  const asked = sources.filter(({ enabled }) => enabled !== false)
  if (asked.some(({ type }) => type === 'prometheus' || type === 'access-log')) return false
  const first = asked.find(({ type }) => type === 'synthetic')
  return first === undefined || first === config
}

function meets(expected: SourceConfigOf<'synthetic'>['expect'], { status, body, phases }: Pick<HttpAnswer, 'status' | 'body' | 'phases'>): boolean {
  const isRight = expected?.status === undefined ? status < 400 : [expected.status].flat().includes(status)
  return isRight && (expected?.body === undefined || body.includes(expected.body)) && (expected?.within === undefined || phases.total <= readLevel(expected.within, 'ms'))
}
