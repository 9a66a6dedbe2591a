import * as z from 'zod/mini'
import { amount } from '../budget-schema/levels.ts'
import { SECTIONS, type BudgetText } from '../budget-schema/schema.ts'
import { BACKEND } from '../budget-schema/services.ts'
import { validate, type Document, type Path } from '../document.ts'
import type { BudgetLine } from '../model/budget.ts'
import type { BudgetFormat, BudgetReading } from './budget-format.ts'
import { initialSubjects } from './bundle-lines.ts'
import { showEncoding } from './encoding.ts'
import { limitsOf } from './limits.ts'
import { folderOf, originElsewhere, originIn, type Origin } from './origin.ts'
import { linesOf } from './sections.ts'
import { pagesLike, seriesSubject } from './series-subject.ts'
import { toldApart } from './told-apart.ts'

const size = z.optional(amount('size'))
const time = z.optional(amount('time'))

/** The frontend's flat budget; its media and images have no section of ours. */
const FLAT_FRONTEND = {
  initialJSBundle: size, initialCSSBundle: size, totalBundleSize: size,
  firstContentfulPaint: time, largestContentfulPaint: time, cumulativeLayoutShift: z.optional(amount('score')), firstInputDelay: time, timeToInteractive: time, totalBlockingTime: time, speedIndex: time, interactionToNextPaint: time, timeToFirstByte: time, pageLoadTime: time,
  apiResponseTime: time, mediaLoadTime: time, imageOptimization: z.optional(amount('share')),
} as const

const flatFrontend = z.strictObject(FLAT_FRONTEND)
const flatBackend = z.strictObject(BACKEND)
const flat = z.strictObject({ ...FLAT_FRONTEND, ...BACKEND, root: z.optional(z.string()) })
const sectioned = z.strictObject(SECTIONS)

type Flat = z.infer<typeof flat>

/** Where what our format has at a path is written in the flat shapes. */
const WRITTEN: Readonly<Record<string, string>> = { 'bundles/total': 'totalBundleSize', 'api/responseTime': 'apiResponseTime', 'timing/pageLoad': 'pageLoadTime', 'timing/mediaLoad': 'mediaLoadTime' }

const FLAT_TIMINGS = ['firstContentfulPaint', 'largestContentfulPaint', 'cumulativeLayoutShift', 'firstInputDelay', 'timeToInteractive', 'totalBlockingTime', 'speedIndex', 'interactionToNextPaint', 'timeToFirstByte'] as const

/** The budgets of MediaNest's performance guide: flat lists of limits, or sections below `performanceBudget`. */
export const guide: BudgetFormat = {
  name: 'guide',
  about: "a budget in the shape of MediaNest's performance guide",
  mark: 'performanceBudget or backendBudget, or their keys (initialJSBundle, dataQueries)',
  fileNames: ['performance-budget.json', 'performanceBudget.json'],
  recognise: (value) => isMap(value) && ('performanceBudget' in value || 'backendBudget' in value || isFlat(value)),
  async read(document, reading) {
    const lines = toldApart(linesIn(document, reading))
    return {
      file: reading.file, format: 'guide', lines,
      notes: lines.some(({ id }) => id === IMAGE_ID) ? ['imageOptimization is read as the least score of Lighthouse\'s audit of images; the guide does not say what the share is of'] : [],
    }
  },
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> => value !== null && typeof value === 'object' && !Array.isArray(value)

function isFlat(value: unknown): boolean {
  return isMap(value) && !Object.keys(value).some((key) => Object.hasOwn(SECTIONS, key)) && Object.keys(value).some((key) => Object.hasOwn(FLAT_FRONTEND, key) || Object.hasOwn(BACKEND, key))
}

/** The shape is told by the keys, so that a mistake is told of the shape that is meant. */
function linesIn(document: Document, reading: BudgetReading): BudgetLine[] {
  const value = document.value as Readonly<Record<string, unknown>> // a map, as recognised
  const origin = (base: readonly string[], root?: string): Origin => originIn(document, base, { root: folderOf(reading.folder, root), encoding: { kind: 'raw' } })
  if (!('performanceBudget' in value) && !('backendBudget' in value)) {
    const all = validate(document, flat, 'the budget')
    return flatGuideLines(all, origin([], all.root), reading.folder)
  }
  const schema = z.strictObject({
    performanceBudget: z.optional(isFlat(value['performanceBudget']) ? flatFrontend : sectioned),
    backendBudget: z.optional(flatBackend),
    root: z.optional(z.string()),
  })
  const { performanceBudget = {}, backendBudget = {}, root } = validate(document, schema as z.ZodMiniType<{ performanceBudget?: Flat | BudgetText; backendBudget?: Flat; root?: string }>, 'the budget') // one of the two, by its keys
  const frontend = origin(['performanceBudget'], root)
  return [
    ...(isFlat(performanceBudget) ? flatGuideLines(performanceBudget, frontend, reading.folder) : linesOf(performanceBudget, frontend, reading.folder)),
    ...flatGuideLines(backendBudget, origin(['backendBudget'], root), reading.folder),
  ]
}

const IMAGE_ID = 'lighthouse:imageOptimization'

export function flatGuideLines(all: Flat, origin: Origin, folder: string): BudgetLine[] {
  const moved = originElsewhere(origin, (path: Path) => {
    const [section, key, ...rest] = path.map(String)
    return [WRITTEN[`${section ?? ''}/${key ?? ''}`] ?? key ?? '', ...rest]
  })
  const timing: Record<string, unknown> = {}
  for (const key of FLAT_TIMINGS) if (all[key] !== undefined) timing[key] = all[key]
  if (all.pageLoadTime !== undefined) timing['pageLoad'] = all.pageLoadTime
  if (all.mediaLoadTime !== undefined) timing['mediaLoad'] = all.mediaLoadTime
  const backend = Object.fromEntries(Object.entries(all).filter(([key]) => Object.hasOwn(BACKEND, key)))
  const sections: BudgetText = {
    ...(all.totalBundleSize === undefined ? {} : { bundles: { total: all.totalBundleSize } }),
    timing, backend,
    ...(all.apiResponseTime === undefined ? {} : { api: { responseTime: all.apiResponseTime } }),
  }
  return [...initialLines(all, origin), ...linesOf(sections, moved, folder), ...imageLines(all, origin)]
}

function initialLines(all: Flat, origin: Origin): BudgetLine[] {
  const list = [['initialJSBundle', 'script', 'scripts'], ['initialCSSBundle', 'stylesheet', 'stylesheets']] as const
  return list.flatMap(([key, type, name]) => {
    const written = all[key]
    const where = origin.at([key], 'key')
    return written === undefined ? [] : [{
      id: `bundles:${key}`, section: 'bundles', title: `${name} that a page loads first (${showEncoding(origin.encoding)})`, unit: 'bytes', better: 'lower', ...(where ? { where } : {}),
      hint: 'by the bundler\'s manifest; without one all of them are counted', subjects: initialSubjects(type, origin), limits: limitsOf(written, { origin, path: [key], kind: 'size', better: 'lower' }),
    } satisfies BudgetLine]
  })
}

/** Names of the audits of images in Lighthouse 13 and before. */
const IMAGE_AUDITS = ['image-delivery-insight', 'uses-optimized-images', 'modern-image-formats']

function imageLines({ imageOptimization }: Flat, origin: Origin): BudgetLine[] {
  if (imageOptimization === undefined) return []
  const where = origin.at(['imageOptimization'], 'key')
  return [{
    id: IMAGE_ID, section: 'lighthouse', title: 'score of how images are compressed', unit: 'ratio', better: 'higher', ...(where ? { where } : {}), hint: 'compress images further (quality 80), or in a newer format',
    subjects: IMAGE_AUDITS.map((audit) => seriesSubject(`${audit}:score`, null, pagesLike(undefined))),
    limits: limitsOf(imageOptimization, { origin, path: ['imageOptimization'], kind: 'share', better: 'higher' }),
  }]
}
