import type { MeasuredSeries } from '../../model/measurements.ts'
import { thirdPartyMetric } from '../../model/third-party.ts'
import { listAt, numberAt, recordAt, textAt } from './json-value.ts'
import { figure } from './series.ts'

/** The rows of an audit's table; undefined where it has none. */
export function itemsOf(report: unknown, audit: string): readonly unknown[] | undefined {
  return listAt(report, 'audits', audit, 'details', 'items')
}

/** Bytes and requests of each type, which old reports call `size`. */
export function resources(report: unknown, of: string): MeasuredSeries[] {
  return (itemsOf(report, 'resource-summary') ?? []).flatMap((item) => {
    const type = textAt(item, 'resourceType')
    if (type === undefined) return []
    return row(type, { size: numberAt(item, 'transferSize') ?? numberAt(item, 'size'), count: numberAt(item, 'requestCount') }, of)
  })
}

interface Row {
  readonly size: number | undefined
  readonly count: number | undefined
}

function row(type: string, { size, count }: Row, of: string): MeasuredSeries[] {
  return [figure(`resource-summary:${type}:size`, 'bytes', 'lower', 'exact', null, [size], { of }), figure(`resource-summary:${type}:count`, 'count', 'lower', 'exact', null, [count], { of })]
}

/** A request as Lighthouse counts them. */
interface Request {
  readonly type: string
  readonly size: number
  readonly host: string
  readonly entity: string | undefined
}

/** Lighthouse's names for what DevTools calls the type of a request; all else is `other`. */
const TYPES: Readonly<Record<string, string>> = { Stylesheet: 'stylesheet', Image: 'image', Media: 'media', Font: 'font', Script: 'script', Document: 'document' }
const ROWS = ['total', ...Object.values(TYPES), 'other', 'third-party'] as const
/** Schemes of what never went over a network (Lighthouse, core/lib/url-utils.js). */
const OFFLINE = /^(blob|data|intent|file|filesystem|chrome-extension):/

/** Requests over the network without the icon that browsers ask for by themselves; undefined where the report does not list them. */
function requestsOf(report: unknown): readonly Request[] | undefined {
  return itemsOf(report, 'network-requests')?.flatMap((item) => {
    const url = textAt(item, 'url') ?? ''
    const type = textAt(item, 'resourceType') ?? ''
    const known = Object.hasOwn(TYPES, type) ? TYPES[type] ?? 'other' : 'other'
    if (OFFLINE.test(url) || textAt(item, 'protocol') === 'data' || (known === 'other' && url.endsWith('/favicon.ico'))) return []
    return [{ type: known, size: numberAt(item, 'transferSize') ?? 0, host: hostOf(url), entity: textAt(item, 'entity') }]
  })
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : ''
}

function summed(requests: readonly Request[]): Row {
  return { size: requests.reduce((total, { size }) => total + size, 0), count: requests.length }
}

/** What the audit `resource-summary` would say, from the list of requests, for reports that were made without it. */
export function resourcesFromRequests(report: unknown, of: string): MeasuredSeries[] {
  const requests = requestsOf(report)
  if (!requests) return []
  const own = firstPartyIn(report, of)
  const chosen = (type: string): readonly Request[] => requests.filter((request) => type === 'total' || (type === 'third-party' ? !own(request) : request.type === type))
  return ROWS.flatMap((type) => row(type, summed(chosen(type)), of))
}

/** By the entity that Lighthouse names of the page itself, else by the page's host and what is below it. */
function firstPartyIn(report: unknown, page: string): (request: Request) => boolean {
  const entity = (listAt(report, 'entities') ?? []).find((each) => recordAt(each)?.['isFirstParty'] === true)
  const name = textAt(entity, 'name')
  const host = hostOf(page)
  return (request) => (name !== undefined && request.entity !== undefined ? request.entity === name : isBelow(request.host, host) || isBelow(host, request.host))
}

/** What is brought by hosts other than those of a budget's `firstPartyHostnames`. */
export function thirdParties(report: unknown, of: string, firstParty: readonly string[]): MeasuredSeries[] {
  const requests = requestsOf(report)
  if (!requests) return []
  const others = requests.filter(({ host }) => !firstParty.some((own) => (own.startsWith('*.') ? isBelow(host, own.slice(2)) : host === own)))
  const { size, count } = summed(others)
  return [
    figure(thirdPartyMetric('size', firstParty), 'bytes', 'lower', 'exact', null, [size], { of }),
    figure(thirdPartyMetric('count', firstParty), 'count', 'lower', 'exact', null, [count], { of }),
  ]
}

function isBelow(host: string, domain: string): boolean {
  return host === domain || (domain !== '' && host.endsWith(`.${domain}`))
}
