import * as z from 'zod/mini'
import { bundlesSchema, compression, packagesSchema, resourcesSchema } from './bundles.ts'
import { amount, texts } from './levels.ts'
import { lighthouseSchema, timingSchema } from './pages.ts'
import { apiSchema, backendSchema, thresholdsSchema } from './services.ts'

/** The sections of a budget. */
export const SECTIONS = {
  bundles: z.optional(bundlesSchema),
  packages: z.optional(packagesSchema),
  timing: z.optional(timingSchema),
  resources: z.optional(resourcesSchema),
  lighthouse: z.optional(lighthouseSchema),
  api: z.optional(apiSchema),
  backend: z.optional(backendSchema),
  thresholds: z.optional(thresholdsSchema),
} as const

/** A budget: type, validation and the editors' JSON Schema in one. */
export const budgetSchema = z.strictObject({
  /** Of this format. */
  version: z.optional(z.literal(1)),
  /** The folder that globs are named from, from where the file is; the file's own where it is left out. */
  root: z.optional(z.string().check(z.minLength(1))),
  /** How sizes are counted; `raw`, as the files are, where it is left out. */
  compression: z.optional(compression),
  /** Presets and files whose limits hold too, unless the same thing has others here. */
  extends: z.optional(texts),
  /** Ids of what is taken over from those and does not hold here: `timing:speedIndex`. */
  without: z.optional(texts),
  /** Results that relative limits are held against, from where the file is. */
  baseline: z.optional(z.string().check(z.minLength(1))),
  /** How much room `budget --update` leaves above what is measured. */
  margin: z.optional(amount('share')),
  ...SECTIONS,
})

/** A budget as it is written. */
export type BudgetText = z.infer<typeof budgetSchema>
