import { Distribution } from '../analysis/histogram.ts'
import { createSeries, type Series } from '../analysis/series.ts'
import { kindOf, ruleName } from '../analysis/judge.ts'
import { METRICS, type MetricName } from '../model/metric.ts'
import type { Plan, Tags } from '../model/plan.ts'
import type { ThresholdRule } from '../model/threshold.ts'
import type { CompiledRequest } from './flow/request.ts'
import { Lane } from './lane.ts'
import { DYNAMIC_TAGS, REQUEST_METRICS, type Feed } from './request-metrics.ts'
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

  /** A template asked for a name that had no value. */
  miss(name: string): void {
    const { missing } = this
    if (missing.has(name) || missing.size < MOST_SERIES) missing.set(name, (missing.get(name) ?? 0) + 1)
  }

  note(text: string): void {
    this.#note(text)
  }
}

/** Metrics of which the engine itself knows that there were none. */
const COUNTED: ReadonlySet<string> = new Set<MetricName>(['http.requests', 'data.received', 'data.sent', 'iterations', 'iterations.failed', 'iterations.dropped'])
