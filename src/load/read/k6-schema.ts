import * as z from 'zod/mini'
import { metricsSchema } from './metrics.ts'
import { payloadSchema } from './payload.ts'
import { amount, scalar } from './quantity.ts'
import { defaultsSchema, stepSchema } from './step-schema.ts'
import { thresholdsSchema } from './thresholds.ts'
import { targetsSchema } from './target.ts'

const scalars = z.record(z.string(), scalar)
const stages = z.array(z.strictObject({ duration: amount, target: amount, name: z.optional(z.string()) }))

/** One of k6's `scenarios`; which keys fit which executor is told apart by the executor. */
export const k6ScenarioSchema = z.strictObject({
  executor: z.string(),
  exec: z.optional(z.string()),
  startTime: z.optional(amount),
  gracefulStop: z.optional(amount),
  env: z.optional(scalars),
  tags: z.optional(scalars),
  vus: z.optional(amount),
  duration: z.optional(amount),
  startVUs: z.optional(amount),
  stages: z.optional(stages),
  gracefulRampDown: z.optional(amount),
  rate: z.optional(amount),
  startRate: z.optional(amount),
  timeUnit: z.optional(amount),
  preAllocatedVUs: z.optional(amount),
  maxVUs: z.optional(amount),
  iterations: z.optional(amount),
  maxDuration: z.optional(amount),
})

/** Options of k6 that change nothing here: what they govern does not exist or is always so. They are noted. */
export const IDLE_OPTIONS = ['ext', 'cloud', 'discardResponseBodies', 'summaryTrendStats', 'summaryTimeUnit', 'systemTags', 'setupTimeout', 'teardownTimeout', 'batch', 'batchPerHost', 'throw', 'noUsageReport', 'linger'] as const

const anything = z.optional(z.unknown())
const idleKeys = {
  ext: anything, cloud: anything, discardResponseBodies: anything, summaryTrendStats: anything, summaryTimeUnit: anything, systemTags: anything, setupTimeout: anything,
  teardownTimeout: anything, batch: anything, batchPerHost: anything, throw: anything, noUsageReport: anything, linger: anything,
} satisfies Record<(typeof IDLE_OPTIONS)[number], typeof anything>

const optionKeys = {
  scenarios: z.optional(z.record(z.string(), k6ScenarioSchema)),
  stages: z.optional(stages),
  vus: z.optional(amount),
  duration: z.optional(amount),
  iterations: z.optional(amount),
  thresholds: z.optional(thresholdsSchema),
  tags: z.optional(scalars),
  insecureSkipTLSVerify: z.optional(z.boolean()),
  noConnectionReuse: z.optional(z.boolean()),
  userAgent: z.optional(z.string()),
  maxRedirects: z.optional(amount),
  ...idleKeys,
}

const flow = z.array(stepSchema)
const ownKeys = {
  name: z.optional(z.string()),
  target: z.optional(z.string()),
  targets: z.optional(targetsSchema),
  baseUrl: z.optional(z.string()),
  flows: z.optional(z.record(z.string(), z.union([flow, z.strictObject({ flow: z.optional(flow), steps: z.optional(flow) })]))),
  metrics: z.optional(metricsSchema),
  variables: z.optional(z.record(z.string(), z.json())),
  payload: z.optional(payloadSchema),
  defaults: z.optional(defaultsSchema),
}

/** k6's options with the flows they run, on one level. */
export const k6Schema = z.strictObject({ ...ownKeys, ...optionKeys })

/** The same as a file may have it: k6's options in a map of their own. */
export const k6WrappedSchema = z.strictObject({ ...ownKeys, options: k6Schema })

export type K6Scenario = z.infer<typeof k6ScenarioSchema>
export type K6File = z.infer<typeof k6Schema>
