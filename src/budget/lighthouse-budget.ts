import * as z from 'zod/mini'
import { validate, type Document } from '../document.ts'
import type { BudgetLine, OfPattern } from '../model/budget.ts'
import { thirdPartyMetric } from '../model/third-party.ts'
import type { BudgetFile, BudgetFormat } from './budget-format.ts'
import { hostNotValid, pathNotValid, saysNothing, twice } from './lighthouse-errors.ts'
import { numericFigure } from './lighthouse-figure.ts'
import { toldApart } from './told-apart.ts'

/** Timings that Lighthouse's budgets knew. */
const TIMINGS = ['first-contentful-paint', 'interactive', 'first-meaningful-paint', 'max-potential-fid', 'total-blocking-time', 'speed-index', 'largest-contentful-paint', 'cumulative-layout-shift'] as const
const RESOURCES = ['total', 'document', 'script', 'stylesheet', 'image', 'media', 'font', 'other', 'third-party'] as const

/** Most that a budget may say: a thousand TiB, which 1024 bytes each do not make endless. */
const MOST = 1e12

const amount = z.number().check(z.minimum(0), z.maximum(MOST))
const resources = z.array(z.strictObject({ resourceType: z.enum(RESOURCES), budget: amount }))
const blocks = z.array(z.strictObject({
  path: z.optional(z.string()),
  options: z.optional(z.strictObject({ firstPartyHostnames: z.optional(z.array(z.string())) })),
  timings: z.optional(z.array(z.strictObject({ metric: z.enum(TIMINGS), budget: amount, tolerance: z.optional(z.number()) }))),
  resourceSizes: z.optional(resources),
  resourceCounts: z.optional(resources),
}))

type Block = z.infer<typeof blocks>[number]

/** Lighthouse's budget.json: sizes are KiB, and of several blocks whose path is that of a page the last one counts. */
export const lighthouseBudget: BudgetFormat = {
  name: 'lighthouse-budget',
  about: "Lighthouse's budget.json",
  mark: 'a list of timings, resourceSizes or resourceCounts',
  fileNames: ['budget.json'],
  recognise: (value) => Array.isArray(value) && value.length > 0 && value.every((block) => block !== null && typeof block === 'object') && value.some((block: object) => ['timings', 'resourceSizes', 'resourceCounts'].some((key) => Object.hasOwn(block, key))),
  // A function that may throw, as a promise that may be rejected.
  read: async (document, { file }) => Promise.resolve(document).then((given) => ({ file, format: 'lighthouse-budget', ...readBudgetBlocks(given, 'last') })),
}

/**
 * Lines of a budget.json. `last`: a page is judged by the last block of its path, as Lighthouse did; `all`: by each of them, as lhci's `budgetsFile` is.
 * Throws UserError where it is not valid.
 */
export function readBudgetBlocks(document: Document, applies: 'last' | 'all'): Pick<BudgetFile, 'lines' | 'notes'> {
  const list = validate(document, blocks, 'a list of budgets (budget.json)')
  list.forEach((block, index) => check(document, block, index))
  const hidden = list.map((block, index) => applies === 'last' && list.slice(index + 1).some((later) => hides(later, block)))
  const lines = list.flatMap((block, index) => (hidden[index] ? [] : linesOf(document, block, index, patternOf(block, applies === 'last' ? list.slice(index + 1) : []))))
  if (lines.length === 0) throw saysNothing(document.file, document.at([]))
  return {
    lines: toldApart(lines),
    notes: [
      ...list.flatMap((block, index) => (hidden[index] ? [`block ${index + 1} (${block.path ?? '/'}) never applies: a later one has the same pages`] : [])),
      ...(list.some(({ timings = [] }) => timings.some(({ tolerance }) => tolerance !== undefined)) ? ['tolerance has no effect, as in Lighthouse, which took it out in version 6'] : []),
      ...(list.some(({ timings = [] }) => timings.some(({ metric }) => metric === 'first-meaningful-paint')) ? ['first-meaningful-paint is no longer measured since Lighthouse 12: largest-contentful-paint is what to limit'] : []),
    ],
  }
}

function check(document: Document, { path, options, timings = [], resourceSizes = [], resourceCounts = [] }: Block, index: number): void {
  const problem = path === undefined ? undefined
    : !path.startsWith('/') ? 'it must begin with /'
      : path.split('*').length > 2 ? 'it may have one * only'
        : path.slice(0, -1).includes('$') ? '$ may only stand at its end' : undefined
  if (problem) throw pathNotValid(path ?? '', problem, document.at([index, 'path']))
  options?.firstPartyHostnames?.forEach((host, at) => {
    if (!/^(\*\.)?[^\s*/:,?]+$/.test(host)) throw hostNotValid(host, document.at([index, 'options', 'firstPartyHostnames', at]))
  })
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ['timings', timings.map(({ metric }) => metric)], ['resourceSizes', resourceSizes.map(({ resourceType }) => resourceType)], ['resourceCounts', resourceCounts.map(({ resourceType }) => resourceType)],
  ]
  for (const [key, names] of lists) {
    const again = names.findIndex((name, at) => names.indexOf(name) < at)
    if (again >= 0) throw twice(names[again] ?? '', key, document.at([index, key, again]))
  }
}

/** Whether all pages of a block are the later one's too, as far as that is seen at once. */
function hides(later: Block, block: Block): boolean {
  const [of, others] = [block.path ?? '/', later.path ?? '/']
  return of === others || (!/[*$]/.test(others) && of.startsWith(others)) || (others.endsWith('*') && of.startsWith(others.slice(0, -1)))
}

/** Pages of a block and of none of the later ones, by the path and query of their address. Null where that is all. */
function patternOf({ path = '/' }: Block, later: readonly Block[]): OfPattern | null {
  if (later.length === 0 && /^\/\*?$/.test(path)) return null
  return { syntax: 'regexp', pattern: `^(?:[^/]+//[^/]*)?${later.map((block) => `(?!${robotic(block.path ?? '/')})`).join('')}${robotic(path)}` }
}

/** robots.txt's patterns (RFC 9309, 2.2.3) as a regular expression: a path begins so, `*` is any text and a final `$` the end. */
function robotic(path: string): string {
  const isWhole = path.endsWith('$')
  const source = (isWhole ? path.slice(0, -1) : path).split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('.*')
  return `${source}${isWhole ? '$' : ''}`
}

function linesOf(document: Document, { path = '/', options, timings = [], resourceSizes = [], resourceCounts = [] }: Block, index: number, of: OfPattern | null): BudgetLine[] {
  const pages = /^\/\*?$/.test(path) ? '' : ` of ${path}`
  const hosts = options?.firstPartyHostnames ?? []
  const line = (part: Pick<BudgetLine, 'id' | 'section' | 'title' | 'unit'> & { metric: string; value: number; budget: number; at: readonly (string | number)[] }): BudgetLine => ({
    id: `${part.id}${pages}`, section: part.section, title: `${part.title}${pages}`, unit: part.unit, better: 'lower',
    subjects: [{ kind: 'series', metric: part.metric, statistic: null, of, aggregate: 'median' }],
    limits: [{ level: 'fail', operator: '<=', value: part.value, against: 'nothing', text: String(part.budget), where: document.at([...part.at, 'budget']), path: [...part.at, 'budget'] }],
    where: document.at(part.at),
  })
  const nameOf = (type: string, measure: 'size' | 'count'): string => (type === 'third-party' ? thirdPartyMetric(measure, hosts) : `resource-summary:${type}:${measure}`)
  return [
    ...timings.map(({ metric, budget }, at) => line({ id: `timing:${metric}`, section: 'timing', title: metric, ...numericFigure(metric), value: budget, budget, at: [index, 'timings', at] })),
    ...resourceSizes.map(({ resourceType, budget }, at) => line({ id: `resources:${resourceType}:size`, section: 'resources', title: `${resourceType} size`, unit: 'bytes', metric: nameOf(resourceType, 'size'), value: budget * 1_024, budget, at: [index, 'resourceSizes', at] })),
    ...resourceCounts.map(({ resourceType, budget }, at) => line({ id: `resources:${resourceType}:count`, section: 'resources', title: `${resourceType} requests`, unit: 'count', metric: nameOf(resourceType, 'count'), value: budget, budget, at: [index, 'resourceCounts', at] })),
  ]
}
