import * as z from 'zod/mini'
import { amount, inOrder, isJudged, levelsBelow, limitsAbove, limitsBelow } from './levels.ts'

const time = z.optional(limitsBelow('time'))

const TIMINGS = {
  firstContentfulPaint: time, largestContentfulPaint: time, firstMeaningfulPaint: time, speedIndex: time, timeToInteractive: time, totalBlockingTime: time, maxPotentialFid: time,
  firstInputDelay: time, interactionToNextPaint: time,
  /** A score without unit. */
  cumulativeLayoutShift: z.optional(limitsBelow('score')),
  timeToFirstByte: time, pageLoad: time, mediaLoad: time,
} as const

/** How soon pages are there. */
export const timingSchema = z.strictObject({
  ...TIMINGS,
  /** Other limits for pages whose path fits the glob. */
  pages: z.optional(z.record(z.string(), z.strictObject(TIMINGS))),
})

const audit = z.union([
  amount('count', 'time', 'size', 'score'),
  z.strictObject({
    ...levelsBelow('count', 'time', 'size', 'score'),
    /** Its score, 0 to 1, must be this or more. */
    minScore: z.optional(amount('share')),
    /** How many things it may list. */
    maxLength: z.optional(amount('count')),
  }).check(inOrder('lower', 'count', 'time', 'size', 'score'), (found) => {
    if (found.value.minScore === undefined && found.value.maxLength === undefined) isJudged('max, warning, target, minScore or maxLength')(found)
  }),
])

const LIGHTHOUSE = {
  /** Scores of 0 to 1 by the category's name: `performance`, `accessibility`, `best-practices`, `seo`. */
  categories: z.optional(z.record(z.string(), limitsAbove('share'))),
  /** By the audit's name; a bare limit is of its number. */
  audits: z.optional(z.record(z.string(), audit)),
  /** Marks and measures that the page sets itself. */
  userTimings: z.optional(z.record(z.string(), limitsBelow('time'))),
} as const

/** What Lighthouse says of pages. */
export const lighthouseSchema = z.strictObject({
  ...LIGHTHOUSE,
  /** Other limits for pages whose path fits the glob. */
  pages: z.optional(z.record(z.string(), z.strictObject(LIGHTHOUSE))),
})
