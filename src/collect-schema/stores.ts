import * as z from 'zod/mini'
import { durationText, secret, texts } from '../health-schema/parts.ts'
import { POSTGRES_PLACE, REDIS_PLACE } from '../health-schema/places.ts'
import { COMMON, httpUrl } from './parts.ts'

/** One figure, from one question; it must be one number. */
const query = z.union([
  z.strictObject({ sql: z.string(), /** The name of a source of type postgres; the only one where it is left out. */ source: z.optional(z.string()) }),
  z.strictObject({ redis: z.array(z.union([z.string(), z.number()])).check(z.minLength(1)), source: z.optional(z.string()) }),
  z.strictObject({ promql: z.string(), url: httpUrl, token: z.optional(secret) }),
])

/** Where figures of databases, caches and queues come from. */
export const STORE_SOURCES = [
  /** PostgreSQL's statistics views. */
  z.strictObject({
    type: z.literal('postgres'), ...COMMON, ...POSTGRES_PLACE,
    /** Only sessions of this name are the application's pool (`application_name`); all of the database where it is left out. */
    application: z.optional(z.string()),
    /** Size of the application's pool, which the server does not know. */
    poolSize: z.optional(z.int().check(z.gte(1))),
    /** From where on a query counts as slow. */
    slow: z.optional(durationText),
  }),
  /** Redis INFO. */
  z.strictObject({ type: z.literal('redis'), ...COMMON, ...REDIS_PLACE }),
  /** Queues of BullMQ or Bull. */
  z.strictObject({
    type: z.literal('queues'), ...COMMON, ...REDIS_PLACE,
    prefix: z.optional(z.string()),
    /** Their names; those that are found where it is left out. */
    queues: z.optional(texts),
  }),
  /** What the people who run the application count. */
  z.strictObject({
    type: z.literal('business'), ...COMMON,
    processingFailures: z.optional(query),
    userErrors: z.optional(query),
    processingTime: z.optional(query),
    activeUsers: z.optional(query),
    backlog: z.optional(query),
  }),
  /** A JavaScript module of their own that exports one function, `collect`; it is run. */
  z.strictObject({ type: z.literal('module'), ...COMMON, path: z.string(), options: z.optional(z.record(z.string(), z.unknown())) }),
] as const

/** A question of a business figure as it is written. */
export type QueryConfig = z.infer<typeof query>
