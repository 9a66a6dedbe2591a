import type { BudgetText } from '../budget-schema/schema.ts'
import type { BudgetLine, Subject } from '../model/budget.ts'
import { plain } from '../model/text.ts'
import { limitsOf, unitOf } from './limits.ts'
import type { Origin } from './origin.ts'
import { P75, pagesLike, seriesSubject } from './series-subject.ts'

type Timings = NonNullable<BudgetText['timing']>

/** A time that a page takes; `pages` are other limits for some of them. */
export type TimingName = Exclude<keyof Timings, 'pages'>

interface Timing {
  readonly title: string
  /** The audit of Lighthouse that measures it; null where none does. */
  readonly audit: string | null
  /** The metric of real users, of which the 75th percentile counts; null where there is none. */
  readonly web: string | null
  /** Whether real users come first: Lighthouse has only an estimate. */
  readonly isReal?: boolean
  readonly hint: string
}

/** Each timing and where it is measured. */
export const TIMINGS: Readonly<Record<TimingName, Timing>> = {
  firstContentfulPaint: { title: 'First Contentful Paint', audit: 'first-contentful-paint', web: 'web.fcp', hint: 'load less before the first paint: stylesheets and scripts that block it' },
  largestContentfulPaint: { title: 'Largest Contentful Paint', audit: 'largest-contentful-paint', web: 'web.lcp', hint: 'see what the largest element is, and load it earlier or smaller' },
  firstMeaningfulPaint: { title: 'First Meaningful Paint', audit: 'first-meaningful-paint', web: null, hint: 'Lighthouse no longer has it; Largest Contentful Paint took its place' },
  speedIndex: { title: 'Speed Index', audit: 'speed-index', web: null, hint: 'show what is above the fold earlier' },
  timeToInteractive: { title: 'Time to Interactive', audit: 'interactive', web: 'web.tti', hint: 'load and run less script before the page can be used' },
  totalBlockingTime: { title: 'Total Blocking Time', audit: 'total-blocking-time', web: null, hint: 'split long tasks, and load less script' },
  maxPotentialFid: { title: 'Max Potential First Input Delay', audit: 'max-potential-fid', web: null, hint: 'split the longest task' },
  firstInputDelay: { title: 'First Input Delay', audit: 'max-potential-fid', web: 'web.fid', isReal: true, hint: 'split long tasks; Lighthouse has no users and tells the worst delay there could be' },
  interactionToNextPaint: { title: 'Interaction to Next Paint', audit: 'interaction-to-next-paint', web: 'web.inp', isReal: true, hint: 'do less in the handlers of inputs' },
  cumulativeLayoutShift: { title: 'Cumulative Layout Shift', audit: 'cumulative-layout-shift', web: 'web.cls', hint: 'give images and frames their size before they are there' },
  timeToFirstByte: { title: 'Time to First Byte', audit: 'server-response-time', web: 'web.ttfb', hint: 'let the server answer sooner, or cache the page' },
  pageLoad: { title: 'page load', audit: 'interactive', web: 'web.load', isReal: true, hint: 'load less; of Lighthouse the time to interactive stands for it' },
  mediaLoad: { title: 'media load', audit: null, web: 'web.media.load', hint: 'serve media smaller, or from nearer' },
}

/** Lines of the section `timing`. */
export function timingLines(timing: Timings, origin: Origin): BudgetLine[] {
  const { pages = {}, ...timings } = timing
  return [
    ...linesFor(timings, undefined, ['timing'], origin),
    ...Object.entries(pages).flatMap(([glob, inside]) => linesFor(inside, glob, ['timing', 'pages', glob], origin)),
  ]
}

function linesFor(timings: Omit<Timings, 'pages'>, glob: string | undefined, base: readonly string[], origin: Origin): BudgetLine[] {
  return (Object.keys(timings) as TimingName[]).flatMap((name) => {
    const written = timings[name]
    if (written === undefined) return []
    const { title, hint } = TIMINGS[name]
    const path = [...base, name]
    const where = origin.at(path, 'key')
    const kind = name === 'cumulativeLayoutShift' ? 'score' : 'time'
    return [{
      id: `timing:${name}${glob === undefined ? '' : `@${glob}`}`, section: 'timing', title: `${title}${glob === undefined ? '' : ` of ${plain(glob, 100)}`}`, unit: unitOf(kind), better: 'lower', hint, ...(where ? { where } : {}),
      subjects: subjectsOf(name, glob),
      limits: limitsOf(written, { origin, path, kind, better: 'lower' }),
    } satisfies BudgetLine]
  })
}

function subjectsOf(name: TimingName, glob: string | undefined): Subject[] {
  const { audit, web, isReal = false } = TIMINGS[name]
  const of = pagesLike(glob)
  const lab = audit === null ? [] : [seriesSubject(audit, null, of)]
  const real = web === null ? [] : [seriesSubject(web, P75, of)]
  return isReal ? [...real, ...lab] : [...lab, ...real]
}
