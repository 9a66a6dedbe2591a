import { WEB_METRICS, type UserMetrics, type WebMetricName, type WebValue } from '../../model/web-metrics.ts'
import { bodies, type Body, contentOf, isBody, textOf, under } from '../body.ts'
import { notUserMetrics } from '../errors.ts'
import { readNumber, readTime } from '../figure.ts'

const MOST_ROWS = 20_000
const MOST_STRANGERS = 6

/** The documented rows of `me`, in an envelope or bare; at most 20,000 of them. Throws UserError `NOT_METRICS` where there is no list. */
export function readUserMetrics(body: unknown, where: string): UserMetrics {
  const content = contentOf(body)
  const list = [under(content, 'metrics'), under(body, 'data'), content].find((each) => Array.isArray(each))
  if (list === undefined) throw notUserMetrics(where, isBody(content) ? Object.keys(content) : [])
  const rows = bodies(list, MOST_ROWS)
  const values: WebValue[] = []
  const strangers = new Set<string>()
  const clients = new Set<string>()
  let unreadable = 0
  for (const row of rows) {
    const [type, component] = [firstText(row, 'metric_type', 'metricType', 'type', 'name', 'metric'), firstText(row, 'component')]
    const metric = metricOf(type, component)
    if (metric === undefined) {
      if (strangers.size < MOST_STRANGERS) strangers.add(type || component || 'nameless')
      continue
    }
    const value = metric === 'web.cls' ? readNumber(row['value']) : readTime(row['value'])
    if (Number.isNaN(value)) unreadable++
    else {
      values.push({ metric, page: pathOf(firstText(row, 'page', 'url', 'path')), value })
      const client = firstText(row, 'client_id', 'clientId')
      if (client !== '') clients.add(client)
    }
  }
  return { values, rows: { told: list.length, read: rows.length }, unreadable, strangers: [...strangers], clients: clients.size }
}

function firstText(row: Body, ...keys: readonly string[]): string {
  return keys.map((key) => textOf(row[key], 200).trim()).find((text) => text !== '') ?? ''
}

/** The path alone: what was searched for is no page of its own, and builds stand at different hosts. */
function pathOf(page: string): string {
  if (/^https?:\/\//i.test(page) && URL.canParse(page)) return new URL(page).pathname
  return page.replace(/(?!^)[?#].*$/, '')
}

const LONG_NAMES: Readonly<Record<WebMetricName, readonly string[]>> = {
  'web.lcp': ['largest contentful paint'], 'web.fid': ['first input delay'], 'web.inp': ['interaction to next paint'], 'web.cls': ['cumulative layout shift'], 'web.fcp': ['first contentful paint'],
  'web.ttfb': ['time to first byte'], 'web.tti': ['time to interactive'], 'web.load': ['page load', 'load event', 'load event end', 'window load'],
  'web.media.load': ['media load', 'image load', 'video load', 'audio load'],
}
const NAMES: ReadonlyMap<string, WebMetricName> = new Map((Object.keys(LONG_NAMES) as WebMetricName[]).flatMap((name) => [...LONG_NAMES[name], ...WEB_METRICS[name].aliases].map((each) => [wordOf(each), name] as const)))

/** Parts of a navigation, none of which is the whole of it (W3C, Navigation Timing Level 2). */
const PHASES = new Set(['redirect', 'unload', 'worker', 'cache', 'appcache', 'dns', 'dnslookup', 'domainlookup', 'tcp', 'connect', 'connection', 'tcpconnect', 'ssl', 'tls', 'secureconnection', 'fetch', 'request', 'response', 'download', 'processing', 'dom', 'domloading', 'dominteractive', 'domready', 'domcontentloaded', 'domcomplete', 'domprocessing', 'firstpaint', 'fp'])
/** What a bare `load` is the load of the page in: any other component has only loaded itself. */
const WHOLE = new Set(['', 'page', 'document', 'window', 'app', 'route', 'navigation'])
/** Types that leave it to the component to say what was measured. */
const NEUTRAL = new Set(['', 'timing', 'timings', 'performance'])

/** What a row is about: the type says it, else the component, else both together (`media`, `load`). */
function metricOf(type: string, component: string): WebMetricName | undefined {
  const [own, other] = [wordOf(type), wordOf(component)]
  const named = NAMES.get(own) ?? NAMES.get(other) ?? NAMES.get(wordOf(`${other} ${own}`)) ?? NAMES.get(wordOf(`${own} ${other}`))
  if (named !== undefined) return named
  if (own === 'navigation' || (other === 'navigation' && NEUTRAL.has(own))) return PHASES.has(other) ? undefined : 'web.load'
  const isLoad = (own === 'load' && WHOLE.has(other)) || (other === 'load' && NEUTRAL.has(own))
  return isLoad ? 'web.load' : undefined
}

/** A name without its spelling: `web-vitals.LCP` and `lcp` are one. */
function wordOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '').replace(/^(?:core)?web(?:vitals?)?(?=.)/, '')
}
