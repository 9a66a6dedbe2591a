import * as z from 'zod/mini'
import { texts } from './budget-schema/levels.ts'
import { budgetSchema } from './budget-schema/schema.ts'
import { collectSchema } from './collect-schema/schema.ts'
import { durationText } from './health-schema/parts.ts'
import { healthSchema } from './health-schema/schema.ts'
import { serveSchema } from './serve-schema/schema.ts'

/** The configuration file: type, validation, defaults and the editors' JSON Schema in one. */
export const configSchema = z.strictObject({
  output: z.optional(
    z.strictObject({
      format: z.optional(z.string()),
      color: z.optional(z.boolean()),
      strict: z.optional(z.boolean()),
    }),
  ),
  instance: z.optional(
    z.strictObject({
      url: z.optional(z.string()),
      tokenFile: z.optional(z.string()),
      timeout: z.optional(durationText),
    }),
  ),
  load: z.optional(
    z.strictObject({
      target: z.optional(z.string()),
      timeout: z.optional(durationText),
      engine: z.optional(z.enum(['wire', 'autocannon'])),
      atCap: z.optional(z.enum(['wait', 'drop'])),
      allowDropped: z.optional(z.boolean()),
    }),
  ),
  health: z.optional(healthSchema),
  collect: z.optional(collectSchema),
  serve: z.optional(serveSchema),
  /** Files of budgets, or a budget itself. */
  budgets: z.optional(z.union([texts, budgetSchema])),
})

/** A configuration file as it is written. */
export type ConfigFile = z.infer<typeof configSchema>
