import type { Plan, RequestStep } from '../../model/plan.ts'
import { readHeaders } from './defaults.ts'
import { invalidValue } from './errors.ts'
import { readMethod } from './method.ts'
import { pseudoDocument } from './overlay.ts'
import { requestName } from './request.ts'
import { DEFAULT_SETTINGS } from './settings.ts'
import { spotOf } from './spot.ts'
import { readTarget, splitAddress } from './target.ts'

/** A test that fits on the command line. */
export interface UrlTest {
  /** An http(s) address, or `demo`. */
  readonly url: string
  readonly connections: number
  readonly durationMs: number
  readonly method?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
  readonly timeoutMs?: number | undefined
}

/** The plan of a one-liner: a constant number of users who send one request over and over. Throws UserError. */
export function planFromUrl(test: UrlTest): Plan {
  const spot = spotOf(pseudoDocument(test.url, test))
  if (!Number.isInteger(test.connections) || test.connections < 1 || test.connections > 1_000_000) throw invalidValue(spot.at('connections'), 'must be a whole number from 1 to 1000000', test.connections)
  if (!(test.durationMs > 0)) throw invalidValue(spot.at('duration'), 'must be more than 0', test.durationMs)
  const { origin, path } = splitAddress(readTarget({ written: test.url, key: 'url', spot: spot.at('url') }, []))
  const timeoutMs = test.timeoutMs ?? DEFAULT_SETTINGS.timeoutMs
  const method = readMethod(test.method, spot.at('method'))
  const request: RequestStep = {
    kind: 'request',
    name: requestName(method, path),
    method,
    url: path,
    query: {},
    headers: readHeaders(test.headers, spot.at('headers')),
    cookies: {},
    body: test.body === undefined ? { kind: 'none' } : { kind: 'text', text: test.body },
    captures: [],
    expects: [],
    tags: {},
    where: spot.where(),
  }
  return {
    name: test.url,
    dialect: 'url',
    source: test.url,
    target: origin,
    targets: {},
    workloads: [{
      model: 'closed',
      name: 'default',
      startMs: 0,
      flows: [{ flow: 0, weight: 1 }],
      gracefulStopMs: timeoutMs,
      tags: {},
      stages: [{ name: `${test.connections} users`, durationMs: test.durationMs, from: test.connections, to: test.connections }],
      gracefulRampDownMs: timeoutMs,
    }],
    flows: [{ name: 'default', steps: [request] }],
    settings: { ...DEFAULT_SETTINGS, timeoutMs, followRedirects: false },
    variables: {},
    payloads: [],
    thresholds: [],
    metrics: {},
    notes: [],
  }
}
