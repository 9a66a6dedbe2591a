import * as z from 'zod/mini'
import { validate, type Document } from '../../document.ts'
import type { ConnectionsPlan, Flow, Plan, RequestStep, Workload } from '../../model/plan.ts'
import { mergeHeaders, readHeaders } from './defaults.ts'
import { conflictingKeys, noTarget, nothingIn } from './errors.ts'
import { readMethod } from './method.ts'
import { metricsSchema, readMetrics } from './metrics.ts'
import type { DialectOptions } from './dialect-options.ts'
import { amount, countOf, durationOf, numberOf, scalar } from './quantity.ts'
import { readUrl, requestName } from './request.ts'
import { DEFAULT_SETTINGS } from './settings.ts'
import { spotOf, type Spot } from './spot.ts'
import { readTarget, splitAddress } from './target.ts'
import { readThresholds, thresholdsSchema } from './thresholds.ts'

const headers = z.optional(z.record(z.string(), scalar))
const body = z.optional(z.json())

/** autocannon's vocabulary as a file. */
export const connectionsSchema = z.strictObject({
  title: z.optional(z.string()),
  url: z.optional(z.string()),
  target: z.optional(z.string()),
  connections: amount,
  pipelining: z.optional(amount),
  duration: z.optional(amount),
  amount: z.optional(amount),
  rate: z.optional(amount),
  overallRate: z.optional(amount),
  timeout: z.optional(amount),
  method: z.optional(z.string()),
  headers,
  body,
  requests: z.optional(z.array(z.strictObject({ method: z.optional(z.string()), path: z.optional(z.string()), headers, body }))),
  thresholds: z.optional(thresholdsSchema),
  metrics: z.optional(metricsSchema),
})

type Written = z.infer<typeof connectionsSchema>

/** autocannon's own defaults. */
const DEFAULT_DURATION_S = 10
/** How long a fixed amount of work may take: there is no such limit in autocannon. */
const LONGEST_AMOUNT_MS = 86_400_000

/** The plan of a file of connections; with pipelining 1 any engine can run it. Throws UserError. */
export function connectionsPlan(document: Document, options: DialectOptions): Plan {
  const written = validate(document, connectionsSchema, 'a test by connections')
  const root = spotOf(document)
  for (const [one, other] of [['url', 'target'], ['rate', 'overallRate'], ['duration', 'amount'], ['amount', 'rate'], ['amount', 'overallRate']] as const) {
    if (written[one] !== undefined && written[other] !== undefined) throw conflictingKeys(root, [one, other], 'one of them decides')
  }
  const metrics = readMetrics(written.metrics, root.at('metrics'))
  const rate = written.rate ?? written.overallRate
  const plan: ConnectionsPlan = {
    connections: countOf(written.connections, root.at('connections'), 1, 100_000),
    pipelining: written.pipelining === undefined ? 1 : countOf(written.pipelining, root.at('pipelining'), 1, 10_000),
    durationMs: written.amount === undefined ? durationOf(written.duration ?? DEFAULT_DURATION_S, root.at('duration'), 1_000, 'more') : null,
    amount: written.amount === undefined ? null : countOf(written.amount, root.at('amount'), 1, 1e12),
    overallRate: rate === undefined ? null : numberOf(rate, root.at(written.rate === undefined ? 'overallRate' : 'rate'), 0.001),
  }
  const key = written.url === undefined ? 'target' : 'url'
  const address = written.url ?? written.target
  if (address === undefined && options.target === undefined) throw noTarget(document.file, 'url', root.where())
  const target = readTarget({ flag: options.target, written: address, key, spot: root.at(key) }, [])
  const { origin, path } = splitAddress(target)
  const timeoutMs = written.timeout === undefined ? DEFAULT_SETTINGS.timeoutMs : durationOf(written.timeout, root.at('timeout'), 1_000, 'more')
  const flow = readRequests(written, path, root)
  return {
    name: written.title ?? options.name,
    dialect: 'connections',
    source: document.file,
    target: origin,
    targets: {},
    workloads: [workloadOf(plan, flow.steps.length, timeoutMs)],
    flows: [flow],
    settings: {
      ...DEFAULT_SETTINGS,
      timeoutMs,
      maxConnections: plan.connections,
      followRedirects: false,
      connections: plan,
    },
    variables: options.variables ?? {},
    payloads: [],
    thresholds: readThresholds(written.thresholds, root.at('thresholds'), metrics),
    metrics: metrics.declared,
    notes: [],
  }
}

/** The traffic in words that every engine knows; a rate is kept by arrivals, of which no more than `connections` are under way. */
function workloadOf(plan: ConnectionsPlan, requests: number, gracefulStopMs: number): Workload {
  const base = { name: 'default', startMs: 0, flows: [{ flow: 0, weight: 1 }], gracefulStopMs, tags: {} }
  const phase = `${plan.connections} connections`
  if (plan.durationMs === null) {
    return { ...base, model: 'iterations', users: plan.connections, iterations: Math.ceil((plan.amount ?? 1) / requests), shared: true, maxDurationMs: LONGEST_AMOUNT_MS, phase }
  }
  if (plan.overallRate !== null) {
    const rate = plan.overallRate / requests
    return { ...base, model: 'open', segments: [{ name: phase, durationMs: plan.durationMs, from: rate, to: rate, maxUsers: plan.connections }] }
  }
  return { ...base, model: 'closed', stages: [{ name: phase, durationMs: plan.durationMs, from: plan.connections, to: plan.connections }], gracefulRampDownMs: gracefulStopMs }
}

function readRequests(written: Written, path: string, root: Spot): Flow {
  if (written.requests?.length === 0) throw nothingIn('EMPTY_FLOW', root.at('requests'), '"requests" is empty', 'add one or remove it')
  const common = readHeaders(written.headers, root.at('headers'))
  const own = written.requests ?? [{}]
  const steps = own.map((request, index): RequestStep => {
    const spot = written.requests ? root.at('requests', index) : root
    const method = readMethod(request.method ?? written.method, request.method === undefined ? root.at('method') : spot.at('method'))
    const url = request.path === undefined ? path : readUrl(request.path, spot.at('path'))
    return {
      kind: 'request',
      name: requestName(method, url),
      method,
      url,
      query: {},
      headers: mergeHeaders(common, written.requests ? readHeaders(request.headers, spot.at('headers')) : {}),
      cookies: {},
      body: readBody(request.body ?? written.body),
      captures: [],
      expects: [],
      tags: {},
      where: spot.where(),
    }
  })
  return { name: 'default', steps }
}

function readBody(value: Written['body']): RequestStep['body'] {
  if (value === undefined) return { kind: 'none' }
  return typeof value === 'string' ? { kind: 'text', text: value } : { kind: 'json', value }
}
