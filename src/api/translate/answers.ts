import { applicationShape, knows } from '../../analysis/shape/application-shape.ts'
import { healthAlerts, healthShape } from '../../analysis/shape/health-shape.ts'
import { metricsShape } from '../../analysis/shape/metrics-shape.ts'
import { resourcesShape } from '../../analysis/shape/resources-shape.ts'
import { issuesOf } from '../../analysis/advice.ts'
import { Stretcher } from '../../analysis/stretch.ts'
import { summaryShape } from '../../analysis/shape/summary-shape.ts'
import { usageAlerts } from '../../analysis/usage-alert.ts'
import type { EndpointName } from '../../contract/endpoints.ts'
import type { Question } from '../../contract/instance.ts'
import type { Alert } from '../../model/report.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import { isBody, under } from '../body.ts'
import { readMetrics } from '../dialect.ts'
import { facts as factsOf, type Reading } from '../reading.ts'
import { translateAdvice } from './advice.ts'
import { readApplication } from './application.ts'
import { readHealth } from './health.ts'
import { translateOptimization, translateOptimize } from './optimization.ts'
import { readResources } from './resources.ts'
import { COMPONENTS } from '../../contract/question-words.ts'

/** What translating needs to know besides a body. */
export interface Translation {
  /** The address that answered, for messages. */
  readonly where: string
  /** What the instance is called where it does not say. */
  readonly name: string
  /** Our clock, milliseconds since 1970. */
  readonly wallTime: number
  readonly responseTimeMs: number
  readonly hide: (text: string) => string
}

/** An answer in an envelope, made of one in another dialect. */
interface Told {
  readonly data: unknown
  readonly meta?: unknown
  readonly alerts?: readonly Alert[]
}

type Translators = { readonly [E in EndpointName]?: (body: unknown, question: Question<E>, translation: Translation) => Told | undefined }

/** How answers that are not as documented are made so; undefined, and UserError, where nothing in them is known. */
export const TRANSLATORS: Translators = {
  metrics: (body, question, translation) => metricsOf(readMetrics(body, translation.where), question, translation),
  application: (body, question, { wallTime }) => applicationOf(readApplication(body), question, wallTime, under(body, 'meta')),
  health: (body, { query }, translation) => {
    const health = readHealth(body, translation.where, { ...translation, components: query.components })
    const at = new Date(health.checkedAt ?? translation.wallTime)
    const whole = healthShape(health.results, { at, uptimeMs: health.uptimeMs, detailed: query.detailed, overall: health })
    return { data: { ...whole, issues: health.issues, recommendations: health.recommendations }, alerts: healthAlerts(health.results, at) }
  },
  recommendations: (body, _question, { wallTime }) => optional(translateAdvice(body, wallTime)),
  resources: (body, _question, { wallTime }) => {
    const reading = readResources(body, { at: wallTime, memoryBytes: Number.NaN, before: null })
    if (reading.samples.size === 0 && reading.processes === null) return undefined
    const { timestamp, processes, network, storage, connections } = resourcesShape(snapshotOf(reading, wallTime))
    return { data: { timestamp, processes, network, storage, connections } }
  },
  optimize: (body, { body: { optimizations } }) => (isBody(body) ? { data: translateOptimize(body, optimizations) } : undefined),
  optimization: (body, { params: { optimizationId } }) => optional(translateOptimization(body, optimizationId)),
}

/** The documented answer of `application` from what `metrics` told; undefined where that is nothing. */
export function applicationOf(reading: Reading, { query }: Question<'application'>, wallTime: number, meta?: unknown): Told | undefined {
  const snapshot = snapshotOf(reading, wallTime)
  if (!COMPONENTS.some((component) => knows(snapshot, component))) return undefined
  const components = query.component === 'all' ? COMPONENTS : [query.component]
  return { data: applicationShape(snapshot, components), meta: { timeRange: query.timeRange, aggregation: null, dataPoints: 1, lastUpdate: new Date(snapshot.at).toISOString(), ...(isBody(meta) ? meta : {}) } }
}

/** The documented answer of `metrics`: what nothing is known of is not there. */
export function metricsOf(reading: Reading, { query }: Question<'metrics'>, { name, wallTime }: Pick<Translation, 'name' | 'wallTime'>): Told {
  const snapshot = snapshotOf(reading, wallTime)
  const facts = reading.facts ?? factsOf({})
  const { data } = metricsShape(snapshot, { ...facts, host: facts.host || name }, { intervalMs: 0, count: 1, nextAt: null }, query.metrics)
  const { timestamp, system, metrics, api, database, cache } = data
  const history = (metric: 'cpu.usage' | 'memory.usage'): unknown[] => reading.backfill.flatMap(({ at, samples }) => {
    const usage = samples.get(metric)?.get('')
    return usage === undefined ? [] : [{ timestamp: new Date(at).toISOString(), usage: Math.round(usage * 10_000) / 100 }]
  })
  const told = {
    ...metrics,
    ...(metrics.cpu ? { cpu: { ...metrics.cpu, history: history('cpu.usage') } } : {}),
    ...(metrics.memory ? { memory: { ...metrics.memory, history: history('memory.usage') } } : {}),
  }
  const known = <T extends object>(parts: T): Partial<T> => Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== '' && !isEmpty(part))) as Partial<T> // Some fields of the same.
  return {
    data: { timestamp, system: known(system), metrics: known(told), api, database, cache },
    meta: { timeRange: query.timeRange, interval: query.interval, dataPoints: 1 + reading.backfill.length, lastUpdate: timestamp, nextUpdate: null },
    alerts: reading.alerts,
  }
}

/** The documented answer of `summary` from what one look at `metrics` told. */
export function summaryOf(reading: Reading, wallTime: number): Told {
  const seen = new Stretcher()
  const snapshot = snapshotOf(reading, wallTime)
  seen.add(snapshot)
  const stretch = seen.stretch()
  if (!stretch) return { data: undefined }
  const alerts = [...reading.alerts, ...usageAlerts(snapshot)]
  // Whoever asks may rather look for a while than go by one look.
  return { data: { ...summaryShape(stretch, issuesOf(stretch), alerts), isComputed: true }, alerts }
}

function snapshotOf({ at, samples, processes, application, alerts }: Reading, wallTime: number): Snapshot {
  return { at: at ?? wallTime, elapsedMs: Number.NaN, samples, processes, application, alerts }
}

function optional(data: unknown): Told | undefined {
  return data === undefined ? undefined : { data }
}

/** Whether no number, and no text but a name, is anywhere in a part. */
function isEmpty(part: unknown): boolean {
  if (part === null || part === undefined || part === '' || (typeof part === 'number' && Number.isNaN(part))) return true
  return typeof part === 'object' && Object.values(part).every(isEmpty)
}
