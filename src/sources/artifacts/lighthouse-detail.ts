import type { MeasuredSeries } from '../../model/measurements.ts'
import { append } from './append.ts'
import { numberAt, recordAt, textAt } from './json-value.ts'
import { itemsOf, resourcesFromRequests, thirdParties } from './lighthouse-resources.ts'
import { figure } from './series.ts'

/** One report's figures and the page they are of. */
export interface PageFigures {
  readonly page: string
  readonly series: readonly MeasuredSeries[]
}

/**
 * All that a report says: beside what is compared (`common`) the score of each audit (0..1), how many items it lists, and its number as it is. Scores are what lhci takes
 * them for: not applicable is 1, informative is 0; what failed or has to be looked at by hand has none.
 */
export function detailsOf(report: unknown, common: (report: unknown, of: string) => readonly MeasuredSeries[], firstParty: readonly (readonly string[])[]): PageFigures {
  const of = urlOf(report)
  const usual = common(report, of)
  const series = [
    ...timingsByName(report, of),
    ...usual,
    ...(usual.some(({ metric }) => metric.startsWith('resource-summary:')) ? [] : resourcesFromRequests(report, of)),
    ...firstParty.flatMap((hosts) => thirdParties(report, of, hosts)),
    ...Object.entries(recordAt(report, 'audits') ?? {}).flatMap(([id, audit]) => auditFigures(id, audit, of)),
  ]
  const known = new Set<string>()
  return { page: of, series: series.filter(({ metric, statistic }) => isNew(known, `${metric} ${statistic?.kind ?? ''} `)) }
}

/** The series of several reports, runs of one page one after another. */
export function withinPages(reports: readonly PageFigures[]): MeasuredSeries[] {
  const pages = [...new Set(reports.map(({ page }) => page))]
  return pages.flatMap((page) => append(reports.filter((report) => report.page === page).map(({ series }) => series)))
}

/** The page's final address without a password, as lhci groups by it: what a script makes of it later does not count. */
function urlOf(report: unknown): string {
  const text = ['finalUrl', 'finalDisplayedUrl', 'requestedUrl'].map((name) => textAt(report, name)).find((url) => url !== undefined) ?? ''
  if (!URL.canParse(text)) return text
  const url = new URL(text)
  if (url.username === '' && url.password === '') return text
  url.username = ''
  url.password = ''
  return url.href
}

function auditFigures(id: string, audit: unknown, of: string): MeasuredSeries[] {
  const mode = textAt(audit, 'scoreDisplayMode')
  const wasDone = mode !== 'error' && mode !== 'manual'
  const list = recordAt(audit, 'details')?.['items']
  const length = Array.isArray(list) ? list.length : 0
  const value = mode === 'error' ? undefined : numberAt(audit, 'numericValue')
  return [
    figure(`${id}:score`, 'ratio', 'higher', 'sampled', null, [scoreOf(audit, mode)], { of }),
    figure(`${id}:length`, 'count', 'lower', 'exact', null, [wasDone ? length : undefined], { of }),
    ...(value === undefined ? [] : [figure(`${id}:numericValue`, 'count', 'neither', 'sampled', null, [value], { of })]),
  ]
}

/** A score of 0 to 1; undefined for any other number, which would pass as better than all there is. */
export function scoreAt(judged: unknown): number | undefined {
  const score = numberAt(judged, 'score')
  return score !== undefined && score >= 0 && score <= 1 ? score : undefined
}

function scoreOf(audit: unknown, mode: string | undefined): number | undefined {
  const score = scoreAt(audit)
  if (score !== undefined) return score
  return mode === 'notApplicable' ? 1 : mode === 'informative' ? 0 : undefined
}

/** User timings by the names that lhci's assertions have for them, in lower case with a dash between words; of several of one name the first. */
function timingsByName(report: unknown, of: string): MeasuredSeries[] {
  return (itemsOf(report, 'user-timings') ?? []).flatMap((item) => {
    const name = textAt(item, 'name')
    return name === undefined ? [] : [figure(`user-timings:${dashed(name)}`, 'ms', 'lower', 'sampled', null, [numberAt(item, 'duration') ?? numberAt(item, 'startTime')], { of })]
  })
}

function dashed(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1-$2').replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '').toLowerCase()
}

function isNew(known: Set<string>, name: string): boolean {
  if (known.has(name)) return false
  known.add(name)
  return true
}
