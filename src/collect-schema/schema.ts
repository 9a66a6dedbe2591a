import * as z from 'zod/mini'
import { bytesText, ratioText, waitText } from '../health-schema/parts.ts'
import { API_SOURCES } from './api.ts'
import { STORE_SOURCES } from './stores.ts'

const sourceSchema = z.discriminatedUnion('type', [...API_SOURCES, ...STORE_SOURCES])

/** The `collect` section of the configuration. */
export const collectSchema = z.strictObject({
  /** Time from one look at this machine to the next. */
  interval: z.optional(waitText),
  sources: z.optional(z.array(sourceSchema)),
  /** Most values of a batch before it is flushed. */
  batchSize: z.optional(z.int().check(z.gte(1), z.lte(100_000))),
  flushInterval: z.optional(waitText),
  /** Whether values are folded together where there is little room. */
  compression: z.optional(z.boolean()),
  /** Of a batch, the share that may go when there is little room. */
  compressionRatio: z.optional(ratioText),
  /** Whether intervals stretch and sources are given up as the machine fills up. */
  adaptive: z.optional(z.boolean()),
  /** From where on there is little room. */
  thresholds: z.optional(z.strictObject({ cpu: z.optional(ratioText), memory: z.optional(ratioText), redisMemory: z.optional(bytesText) })),
})

/** The section as it is written. */
export type CollectFile = z.infer<typeof collectSchema>
/** One source as it is written. */
export type SourceConfig = z.infer<typeof sourceSchema>
/** A source of one type as it is written. */
export type SourceConfigOf<T extends SourceConfig['type']> = Extract<SourceConfig, { readonly type: T }>
