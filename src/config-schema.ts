import * as z from 'zod/mini'

const durationText = z
  .union([z.number().check(z.gte(0)), z.string().check(z.regex(/^\s*(\d+(\.\d+)?\s*(us|µs|ms|sec|s|min|m|h|d)?\s*)+$/, 'must be a duration such as 250ms, 30s or 5m'))])

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
})

/** A configuration file as it is written. */
export type ConfigFile = z.infer<typeof configSchema>
