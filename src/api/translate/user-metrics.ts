import { webMetricOf } from '../../analysis/user-metrics/web-metric.ts'
import type { UserMetrics, WebValue } from '../../model/web-metrics.ts'
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
    const metric = webMetricOf(type, component)
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
