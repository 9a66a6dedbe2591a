import { STATUS_CODES } from 'node:http'
import { Distribution } from '../analysis/histogram.ts'
import { createSeries, type Series } from '../analysis/series.ts'
import { kindOf, ruleName } from '../analysis/judge.ts'
import { METRICS, type MetricName } from '../model/metric.ts'
import type { Expectation, Plan, Tags, Workload } from '../model/plan.ts'
import type { ThresholdRule } from '../model/threshold.ts'
import type { UserEnd } from './driver.ts'
import type { Exchange } from './exchange.ts'
import type { CompiledRequest } from './flow/request.ts'
import type { FlowRecorder, RequestOutcome } from './flow/recorder.ts'
import { phasesOf, type Phases } from './phase.ts'
import { Timeline } from './timeline.ts'

/** Counts and response times of requests that belong together. */
export interface Tally {
  requests: number
  failed: number
  readonly times: Distribution
}

/** The statistics of one request name. */
export interface Endpoint extends Tally {
  readonly name: string
  readonly method: string
  readonly path: string
}

/** How often an expectation held. */
export interface Check {
  readonly text: string
  passes: number
  fails: number
}

/** More names than this are told as `other`. */
const MOST_SERIES = 200

/** What a request says of each of the catalogue's metrics; NaN: nothing. */
const REQUEST_METRICS: Readonly<Partial<Record<MetricName, (exchange: Exchange, dueAt: number, failed: boolean) => number>>> = {
  'http.duration': ({ status, endAt }, dueAt) => (status > 0 ? endAt - dueAt : Number.NaN),
  'http.service_time': ({ status, endAt, sentAt }) => (status > 0 ? endAt - sentAt : Number.NaN),
  'http.waiting': ({ status, firstByteAt, sentAt }) => (status > 0 ? firstByteAt - sentAt : Number.NaN),
  'http.blocked': ({ status, sentAt }, dueAt) => (status > 0 ? sentAt - dueAt : Number.NaN),
  'http.connecting': ({ connectMs }) => (connectMs > 0 ? connectMs : Number.NaN),
  'http.tls_handshaking': ({ tlsMs }) => (tlsMs > 0 ? tlsMs : Number.NaN),
  'http.receiving': ({ status, endAt, firstByteAt }) => (status > 0 ? endAt - firstByteAt : Number.NaN),
  'http.failed': (_exchange, _dueAt, failed) => (failed ? 1 : 0),
  'http.succeeded': (_exchange, _dueAt, failed) => (failed ? 0 : 1),
  'http.requests': () => 1,
  'data.received': ({ bytesReceived }) => bytesReceived,
  'data.sent': ({ bytesSent }) => bytesSent,
}

/** A threshold's series, and the tags that only a response can tell. */
interface Feed {
  readonly series: Series
  readonly value: (exchange: Exchange, dueAt: number, failed: boolean) => number
  readonly dynamic: readonly (readonly [string, string])[]
}

/** All that is remembered of a run; its size depends on the plan, not on the run's length. */
export class Recorder {
  readonly timeline = new Timeline()
  readonly serviceTimes = new Distribution()
  readonly waitingTimes = new Distribution()
  readonly endpoints = new Map<string, Endpoint>()
  readonly checks = new Map<string, Check>()
  readonly errors = new Map<string, { count: number; message: string }>()
  readonly statuses = new Map<number, number>()
  /** Metrics fed by steps, whether a threshold asks for them or not. */
  readonly fed = new Map<string, Series>()
  readonly missing = new Map<string, number>()
  readonly lanes: readonly Lane[]
  requests = 0
  failed = 0
  responses = 0
  bytesReceived = 0
  bytesSent = 0
  readonly #rules = new Map<string, { readonly rule: Pick<ThresholdRule, 'metric' | 'tags'>; readonly series: Series }>()
  readonly #plan: Plan
  readonly #note: (text: string) => void

  constructor(plan: Plan, startedAt: () => number, note: (text: string) => void) {
    this.#plan = plan
    this.#note = note
    for (const { metric, tags } of plan.thresholds) {
      const key = ruleName({ metric, tags })
      if (!this.#rules.has(key)) this.#rules.set(key, { rule: { metric, tags }, series: this.#series(metric) })
    }
    this.lanes = plan.workloads.map((workload) => new Lane(this, plan, workload, startedAt))
  }

  #series(metric: string): Series {
    const series = createSeries(kindOf(metric, this.#plan.metrics) ?? 'trend')
    // What the engine itself counts is known to be zero until it is not; what steps feed is unknown until they do.
    if (metric in METRICS && COUNTED.has(metric)) series.add(0)
    return series
  }

  /** The series a threshold is judged by. */
  seriesOf(rule: Pick<ThresholdRule, 'metric' | 'tags'>): Series | undefined {
    return this.#rules.get(ruleName(rule))?.series
  }

  /** Takes a value of a metric that is no property of a request. */
  observe(metric: string, value: number, tags: Tags): void {
    for (const { rule, series } of this.#rules.values()) {
      if (rule.metric === metric && Object.entries(rule.tags).every(([tag, wanted]) => tags[tag] === wanted)) series.add(value)
    }
  }

  /** Takes a value of a metric that steps feed. */
  feed(metric: string, value: number, tags: Tags): void {
    let series = this.fed.get(metric)
    if (!series && this.fed.size < MOST_SERIES) this.fed.set(metric, (series = createSeries(kindOf(metric, this.#plan.metrics) ?? 'trend')))
    series?.add(value)
    this.observe(metric, value, tags)
  }

  endpoint(request: CompiledRequest): Endpoint {
    const name = this.endpoints.has(request.name) || this.endpoints.size < MOST_SERIES ? request.name : 'other'
    let endpoint = this.endpoints.get(name)
    if (!endpoint) {
      const other = name !== request.name
      this.endpoints.set(name, (endpoint = { name, method: other ? '' : request.method, path: other ? 'other' : request.step.url, requests: 0, failed: 0, times: new Distribution() }))
    }
    return endpoint
  }

  /** What thresholds want to know of a request with these tags. */
  feeds(tags: Tags): Feed[] {
    return [...this.#rules.values()].flatMap(({ rule, series }) => {
      const value = REQUEST_METRICS[rule.metric as MetricName]
      if (!value) return []
      const pairs = Object.entries(rule.tags)
      const dynamic = pairs.filter(([tag]) => DYNAMIC_TAGS.has(tag) && !(tag in tags))
      return pairs.every(([tag, wanted]) => tags[tag] === wanted || dynamic.some(([name]) => name === tag)) ? [{ series, value, dynamic }] : []
    })
  }

  countError(type: string, message: string): void {
    const key = this.errors.has(type) || this.errors.size < MOST_SERIES ? type : 'other'
    const known = this.errors.get(key)
    if (known) known.count++
    else this.errors.set(key, { count: 1, message })
  }

  check(text: string, held: boolean, tags: Tags): void {
    const key = this.checks.has(text) || this.checks.size < MOST_SERIES ? text : 'other'
    let check = this.checks.get(key)
    if (!check) this.checks.set(key, (check = { text: key, passes: 0, fails: 0 }))
    if (held) check.passes++
    else check.fails++
    this.observe('checks', held ? 1 : 0, tags)
  }

  note(text: string): void {
    this.#note(text)
  }
}

/** Metrics of which the engine itself knows that there were none. */
const COUNTED: ReadonlySet<string> = new Set<MetricName>(['http.requests', 'data.received', 'data.sent', 'iterations', 'iterations.failed', 'iterations.dropped'])

const DYNAMIC_TAGS: ReadonlySet<string> = new Set(['status', 'expected_response', 'error_code', 'phase'])

/** What came back of a request that never left. */
const NOTHING: Exchange = {
  status: 0, error: null, header: () => undefined, headers: () => [], body: null, bytesSent: 0, bytesReceived: 0, sentAt: 0, firstByteAt: 0, endAt: 0, connectMs: 0, tlsMs: 0,
}

interface Prepared {
  readonly endpoint: Endpoint
  readonly tags: Tags
  readonly feeds: readonly Feed[]
}

/** Where the users of one workload leave what they measure. */
export class Lane implements FlowRecorder {
  readonly phases: Phases
  readonly tallies: readonly Tally[]
  readonly tags: Tags
  /** How the latest request's connection failed; null when it did not. */
  lastFailure: Exchange['error'] = null
  readonly #recorder: Recorder
  readonly #startedAt: () => number
  readonly #prepared: (Prepared | undefined)[] = []

  constructor(recorder: Recorder, plan: Plan, workload: Workload, startedAt: () => number) {
    this.#recorder = recorder
    this.#startedAt = startedAt
    this.phases = phasesOf(workload)
    this.tallies = this.phases.list.map(() => ({ requests: 0, failed: 0, times: new Distribution() }))
    // k6 calls the workload a scenario; Artillery and the API call the flow one.
    this.tags = plan.dialect === 'k6' ? { scenario: workload.name, ...workload.tags } : workload.tags
  }

  request(request: CompiledRequest, dueAt: number, exchange: Exchange, outcome: RequestOutcome): void {
    const recorder = this.#recorder
    const { endpoint, feeds } = (this.#prepared[request.id] ??= this.#prepare(request))
    const { failed } = outcome
    const duration = exchange.status > 0 ? exchange.endAt - dueAt : null
    const index = this.#phaseAt(dueAt)
    const tally = this.tallies[index]

    recorder.requests++
    recorder.bytesReceived += exchange.bytesReceived
    recorder.bytesSent += exchange.bytesSent
    endpoint.requests++
    if (tally) tally.requests++
    if (duration !== null) {
      recorder.responses++
      recorder.serviceTimes.record(exchange.endAt - exchange.sentAt)
      recorder.waitingTimes.record(exchange.firstByteAt - exchange.sentAt)
      recorder.statuses.set(exchange.status, (recorder.statuses.get(exchange.status) ?? 0) + 1)
      endpoint.times.record(duration)
      tally?.times.record(duration)
    }
    recorder.timeline.record(duration, failed, exchange.bytesReceived)
    // Read by the user's slot right after this: a flow that a broken connection ended is begun again only after a pause.
    this.lastFailure = exchange.error
    if (failed) {
      recorder.failed++
      endpoint.failed++
      if (tally) tally.failed++
      const error = errorOf(exchange, outcome)
      recorder.countError(error.type, error.message)
    }
    for (const { series, value, dynamic } of feeds) {
      if (dynamic.length > 0 && !dynamic.every(([tag, wanted]) => this.#dynamicTag(tag, exchange, failed, index) === wanted)) continue
      const observed = value(exchange, dueAt, failed)
      if (!Number.isNaN(observed)) series.add(observed)
    }
  }

  unsent(request: CompiledRequest, dueAt: number, reason: string): void {
    const recorder = this.#recorder
    const { endpoint, feeds } = (this.#prepared[request.id] ??= this.#prepare(request))
    const tally = this.tallies[this.#phaseAt(dueAt)]
    for (const each of tally ? [recorder, endpoint, tally] : [recorder, endpoint]) {
      each.requests++
      each.failed++
    }
    recorder.timeline.record(null, true, 0)
    recorder.countError('unsent', `the request could not be made: ${reason}`)
    for (const { series, value, dynamic } of feeds) {
      const observed = dynamic.length === 0 ? value(NOTHING, dueAt, true) : Number.NaN
      if (!Number.isNaN(observed)) series.add(observed)
    }
  }

  /** Told when a user's flow has ended. */
  flowEnded(durationMs: number, end: UserEnd): void {
    const recorder = this.#recorder
    if (end === 'completed') {
      recorder.observe('iterations', 1, this.tags)
      recorder.observe('iteration.duration', durationMs, this.tags)
    } else if (end === 'failed') {
      recorder.observe('iterations.failed', 1, this.tags)
    }
  }

  /** A strict one has failed its request already; a lenient one may find nothing. */
  captureFailed(): void {}

  check(request: CompiledRequest, expectation: Expectation, held: boolean): void {
    const { tags } = (this.#prepared[request.id] ??= this.#prepare(request))
    this.#recorder.check(expectation.text, held, { ...tags, check: expectation.text })
  }

  metric(name: string, value: number): void {
    this.#recorder.feed(name, value, this.tags)
  }

  missing(name: string): void {
    const { missing } = this.#recorder
    if (missing.has(name) || missing.size < MOST_SERIES) missing.set(name, (missing.get(name) ?? 0) + 1)
  }

  note(text: string): void {
    this.#recorder.note(text)
  }

  log(text: string): void {
    this.#recorder.note(text)
  }

  #phaseAt(dueAt: number): number {
    // An arrival due at the very beginning of a phase belongs to it, whatever the subtraction rounds to.
    return this.phases.at(dueAt - this.#startedAt() + 0.001)
  }

  #prepare(request: CompiledRequest): Prepared {
    const tags: Tags = { method: request.method, name: request.name, url: request.step.url, flow: request.flow, scenario: request.flow, ...this.tags, ...request.tags }
    return { endpoint: this.#recorder.endpoint(request), tags, feeds: this.#recorder.feeds(tags) }
  }

  #dynamicTag(tag: string, exchange: Exchange, failed: boolean, phase: number): string | undefined {
    switch (tag) {
      case 'status': return String(exchange.status)
      case 'expected_response': return String(!failed)
      case 'error_code': return exchange.error?.kind ?? (exchange.status >= 400 ? String(1_000 + exchange.status) : '0')
      case 'phase': return this.phases.list[phase]?.name
      default: return undefined
    }
  }
}

/** A failure's kind and a sentence about it; a status alone is its number, as in the API's documentation. */
function errorOf({ error, status }: Exchange, { reason }: RequestOutcome): { readonly type: string; readonly message: string } {
  if (error) return { type: error.kind, message: error.message }
  if (reason !== null && reason !== `status ${status}`) return { type: reason, message: `the answer (status ${status}) was not what the scenario expects` }
  return { type: String(status), message: `the server answered ${status} ${STATUS_CODES[status] ?? ''}`.trim() }
}
