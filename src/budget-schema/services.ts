import * as z from 'zod/mini'
import { amount, hasLevels, inOrder, isJudged, levelsBelow, limitsAbove, limitsBelow, texts, type Levels } from './levels.ts'

/** Statistics of response times that a budget may name. */
export const TIME_STATISTICS = ['p50', 'p90', 'p95', 'p99', 'avg'] as const

export type TimeStatistic = (typeof TIME_STATISTICS)[number]

const each = z.optional(limitsBelow('time'))

const responseTime = z.union([
  amount('time'),
  z.strictObject({
    ...levelsBelow('time'),
    /** Which the levels beside it are of; p95 where it is left out. */
    statistic: z.optional(z.enum(TIME_STATISTICS)),
    p50: each, p90: each, p95: each, p99: each, avg: each,
  }).check(inOrder('lower', 'time'), ({ value, issues }) => {
    const { statistic = 'p95' } = value
    if (!hasLevels(value) && TIME_STATISTICS.every((name) => value[name] === undefined)) issues.push({ code: 'custom', input: value, message: 'must have a limit: max, warning, target, or one of p50, p90, p95, p99, avg' })
    if (hasLevels(value) && value[statistic] !== undefined) issues.push({ code: 'custom', path: [statistic], input: value[statistic], message: `must not stand beside levels of ${statistic}` })
  }),
])

const API = {
  /** Of the 95th percentile where nothing else is said. */
  responseTime: z.optional(responseTime),
  /** Requests that fail; a bare number counts percent. */
  errorRate: z.optional(limitsBelow('percent')),
  /** Requests; a bare number counts those of a minute. */
  throughput: z.optional(limitsAbove('rate')),
  /** Requests that must not fail: what is missing to all of them is the error budget. */
  availability: z.optional(limitsAbove('share')),
} as const

const category = z.optional(z.strictObject({ ...API, /** Globs of the endpoints' paths, `*` within a segment and `**` across; the documented ones where it is left out. */ paths: z.optional(texts) }))

/** Answers of the API: of all endpoints together, of kinds of them, and of single ones. */
export const apiSchema = z.strictObject({
  ...API,
  /** Kinds of endpoints; each that belongs to one is judged by itself. */
  categories: z.optional(z.strictObject({ authentication: category, search: category, media: category, dashboard: category, admin: category })),
  /** By a glob of the endpoint's path, with its method in front where that matters: `GET /api/v1/media/**`. */
  endpoints: z.optional(z.record(z.string().check(z.minLength(1)), z.strictObject(API))),
})

const endpoints = z.optional(z.union([
  amount('time'),
  z.strictObject({
    ...levelsBelow('time'),
    /** p95 where it is left out. */
    statistic: z.optional(z.enum(TIME_STATISTICS)),
    /** Globs of the endpoints' paths. */
    paths: z.optional(texts),
  }).check(isJudged('max, warning or target'), inOrder('lower', 'time')),
]))

const needsUnit = (found: z.core.ParsePayload<unknown>): void => {
  const levels: Levels = found.value !== null && typeof found.value === 'object' ? found.value : { max: found.value as string | number } // one of two, by the schema
  const bare = (['target', 'warning', 'max', 'maxIncrease', 'warnIncrease'] as const).find((key) => typeof levels[key] === 'number')
  if (bare !== undefined) found.issues.push({ code: 'custom', ...(typeof found.value === 'object' ? { path: [bare] } : {}), input: levels[bare], message: 'must have its unit: 512MB, or 80%' })
}

/** Keys of the section `backend`, which the guide writes by themselves. */
export const BACKEND = {
  /** Endpoints that say whether it is well. */
  healthCheck: endpoints,
  /** Endpoints that let people in. */
  authentication: endpoints,
  /** Endpoints of the API that are none of the others. */
  dataQueries: endpoints,
  /** Endpoints that take or give files. */
  fileOperations: endpoints,
  /** Of the processors it may use. */
  cpuUsage: z.optional(limitsBelow('share')),
  /** An amount of the instance's own memory, or a share of what there is. */
  memoryUsage: z.optional(limitsBelow('size', 'share').check(needsUnit)),
  /** Reads and writes of all disks. */
  diskIO: z.optional(limitsBelow('iops')),
  /** Of database queries. */
  queryTime: z.optional(limitsBelow('time')),
  /** Connections of the database pool that work, or their share of the pool. */
  connectionPool: z.optional(limitsBelow('count', 'share')),
  cacheHitRate: z.optional(limitsAbove('share')),
} as const

/** Answers and resources of a server. */
export const backendSchema = z.strictObject(BACKEND)

const expression = z.union([
  z.string(),
  z.strictObject({
    threshold: z.string(),
    /** `warning` where it only warns. */
    level: z.optional(z.enum(['warning', 'failure'])),
    abortOnFail: z.optional(z.boolean()),
    delayAbortEval: z.optional(z.union([z.string(), z.number()])),
  }),
])

/** k6's thresholds, on any metric: `http_req_duration: [p(95)<500]`. */
export const thresholdsSchema = z.record(z.string(), z.union([expression, z.array(expression).check(z.minLength(1))]))
