import { createHash } from 'node:crypto'
import type { MeasuredSeries } from '../../model/measurements.ts'
import type { Unit } from '../../model/unit.ts'
import { append } from './append.ts'
import type { Content, JsonArtifact } from './artifact.ts'
import { broken, failedRun, lacks } from './errors.ts'
import { at, instantOf, isRecord, listAt, numberAt, recordAt, textAt } from './json-value.ts'
import { detailsOf, scoreAt, withinPages } from './lighthouse-detail.ts'
import { itemsOf, resources } from './lighthouse-resources.ts'
import { figure } from './series.ts'

/** Lighthouse results (10 to 13): one, a list of several, or wrapped as the Node API and PageSpeed Insights do. Metrics are named as lhci's assertions are. */
export const lighthouse: JsonArtifact = {
  kind: 'json',
  format: 'lighthouse',
  name: 'a Lighthouse report',
  mark: 'lighthouseVersion, audits and categories',
  recognise: (value) => {
    const reports = reportsOf(value)
    return reports.length > 0 && reports.every(isReport)
  },
  read(value, { file, format, detail, firstParty = [] }): Content {
    const reports = reportsOf(value)
    const failed = reports.find((report) => recordAt(report, 'runtimeError') !== undefined && at(report, 'runtimeError', 'code') !== 'NO_ERROR')
    if (failed !== undefined) throw failedRun(file, 'Lighthouse', textAt(failed, 'runtimeError', 'message') ?? textAt(failed, 'runtimeError', 'code') ?? 'nothing more')
    const plans = new Set(reports.map(planOf))
    const versions = [...new Set(reports.map((report) => textAt(report, 'lighthouseVersion') ?? ''))]
    if (plans.size > 1) throw broken(file, 'its reports were made with different settings (device, throttling)', undefined, 'compare reports of one kind')
    const instants = reports.map((report) => instantOf(at(report, 'fetchTime'))).filter((instant) => instant !== null)
    const series = detail ? withinPages(reports.map((report) => detailsOf(report, seriesOf, firstParty))) : append(reports.map((report) => seriesOf(report, pathOf(report))))
    if (!series.some(({ values }) => values.some(Number.isFinite))) throw lacks({ file, format }, 'no audit of it has a value')
    const agents = new Set(reports.map((report) => textAt(report, 'environment', 'hostUserAgent') ?? textAt(report, 'userAgent') ?? ''))
    return {
      surroundings: { tool: `Lighthouse ${versions.join(' and ')}`, os: /\(([^()]*)\)/.exec([...agents][0] ?? '')?.[1] ?? null, plan: [...plans][0] ?? null },
      takenAt: instants.length > 0 ? Math.min(...instants) : null,
      series,
      notes: reports.flatMap(notesOf),
    }
  },
}

function isReport(value: unknown): boolean {
  return textAt(value, 'lighthouseVersion') !== undefined && isRecord(at(value, 'audits')) && isRecord(at(value, 'categories'))
}

function reportsOf(value: unknown): readonly unknown[] {
  return (Array.isArray(value) ? (value as readonly unknown[]) : [value]).map((report) => at(report, 'lighthouseResult') ?? at(report, 'lhr') ?? report)
}

/** Device and throttling: what makes two reports comparable. */
function planOf(report: unknown): string {
  const settings = ['formFactor', 'emulatedFormFactor', 'throttlingMethod', 'throttling', 'screenEmulation'].map((name) => at(report, 'configSettings', name) ?? null)
  const hash = createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 12)
  return `${textAt(report, 'configSettings', 'formFactor') ?? 'unknown device'}, ${textAt(report, 'configSettings', 'throttlingMethod') ?? 'unknown throttling'}, ${hash}`
}

const UNITS: Readonly<Record<string, { readonly unit: Unit; readonly class: MeasuredSeries['class'] }>> = {
  millisecond: { unit: 'ms', class: 'sampled' },
  byte: { unit: 'bytes', class: 'exact' },
  element: { unit: 'count', class: 'exact' },
  unitless: { unit: 'count', class: 'sampled' },
}

/** `/path?query` of the page: two builds stand at different hosts and ports. */
function pathOf(report: unknown): string {
  const url = textAt(report, 'finalDisplayedUrl') ?? textAt(report, 'finalUrl') ?? textAt(report, 'requestedUrl') ?? ''
  if (!URL.canParse(url)) return url
  const { pathname, search } = new URL(url)
  return `${pathname}${search}`
}

/** What is compared: numbers of audits, categories, resources, user timings and requests. */
function seriesOf(report: unknown, of: string): MeasuredSeries[] {
  const numeric = Object.entries(recordAt(report, 'audits') ?? {}).flatMap(([id, audit]) => {
    const known = UNITS[textAt(audit, 'numericUnit') ?? '']
    // `metrics` repeats the time to interactive, rounded.
    if (!known || id === 'metrics' || !Object.hasOwn(UNITS, textAt(audit, 'numericUnit') ?? '')) return []
    return [figure(id, known.unit, 'lower', known.class, null, [textAt(audit, 'scoreDisplayMode') === 'error' ? undefined : numberAt(audit, 'numericValue')], { of })]
  })
  const categories = Object.entries(recordAt(report, 'categories') ?? {}).map(([id, category]) => figure(`categories:${id}`, 'ratio', 'higher', 'sampled', null, [scoreAt(category)], { of }))
  const benchmark = numberAt(report, 'environment', 'benchmarkIndex')
  return [
    ...categories,
    ...numeric,
    ...resources(report, of),
    ...timings(report, of),
    ...requests(report, of),
    ...(benchmark === undefined ? [] : [figure('environment.benchmarkIndex', 'count', 'neither', 'sampled', null, [benchmark], { of })]),
  ]
}

/** Of a measure how long it took, of a mark when it was made. */
function timings(report: unknown, of: string): MeasuredSeries[] {
  return (itemsOf(report, 'user-timings') ?? []).flatMap((item) => {
    const name = textAt(item, 'name')
    const value = textAt(item, 'timingType') === 'Measure' ? numberAt(item, 'duration') : numberAt(item, 'startTime')
    return name === undefined ? [] : [figure(`user-timings:${name}`, 'ms', 'lower', 'sampled', null, [value], { of })]
  })
}

function requests(report: unknown, of: string): MeasuredSeries[] {
  const items = itemsOf(report, 'network-requests')
  if (!items) return []
  const bytes = items.map((item) => numberAt(item, 'transferSize') ?? 0).reduce((total, size) => total + size, 0)
  return [figure('network-requests', 'count', 'lower', 'exact', { kind: 'count' }, [items.length], { of }), figure('network-requests', 'bytes', 'lower', 'exact', null, [bytes], { of })]
}

function notesOf(report: unknown): string[] {
  const failed = Object.entries(recordAt(report, 'audits') ?? {}).filter(([, audit]) => textAt(audit, 'scoreDisplayMode') === 'error').map(([id]) => id)
  const warnings = (listAt(report, 'runWarnings') ?? []).filter((warning): warning is string => typeof warning === 'string')
  const [asked, shown] = [pageAt(report, 'requestedUrl'), pageAt(report, 'finalUrl') ?? pageAt(report, 'finalDisplayedUrl')]
  const isElsewhere = asked !== undefined && shown !== undefined && asked !== shown
  return [...(isElsewhere ? [`${asked} led to ${shown}: that page was measured`] : []), ...(failed.length > 0 ? [`Lighthouse could not do ${failed.length} audits: ${failed.slice(0, 5).join(', ')}`] : []), ...warnings.slice(0, 3).map((warning) => `Lighthouse warns: ${warning}`)]
}

/** Where a page is, without what follows its path: what a query and a fragment change is the same page. */
function pageAt(report: unknown, name: string): string | undefined {
  const url = textAt(report, name) ?? ''
  return URL.canParse(url) ? new URL(url).origin + new URL(url).pathname : undefined
}
