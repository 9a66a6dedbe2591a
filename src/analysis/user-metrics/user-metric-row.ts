import type * as z from 'zod/mini'
import { copied, pathOf } from '../route-name.ts'
import type { clientMetric } from '../../contract/questions.ts'
import { plain } from '../../model/text.ts'

/** What a browser submits, checked by its schema. */
export type ClientMetric = z.output<typeof clientMetric>

/** One measurement of a browser as the documented answer has it. */
export interface UserMetricRow {
  /** Counts up from 1. */
  readonly id: number
  /** What the browser calls its user, else who submitted it. */
  readonly client_id: string
  /** The path alone. */
  readonly page: string
  readonly component: string | null
  readonly metric_type: string
  /** Milliseconds; of CLS the score. */
  readonly value: number
  /** When it was taken in: clocks of browsers are anything. */
  readonly timestamp: string
  readonly user_agent: string | null
  /** JSON, without the browser's name; what does not fit into 1,024 characters is left out of it. */
  readonly metadata: string | null
}

const MOST_METADATA = 1_024

/** The row of a measurement, nothing in it longer than some hundred characters or unfit for a terminal. */
export function userMetricRow(id: number, caller: string, metric: ClientMetric, now: number, userAgent: string | null): UserMetricRow {
  const { userAgent: told, ...rest } = metric.metadata ?? {}
  const agent = typeof told === 'string' && told !== '' ? told : userAgent
  return {
    id, client_id: short(metric.clientId || caller, 100), page: pageOf(metric.page), component: metric.component === undefined ? null : short(metric.component, 100), metric_type: short(metric.type, 100),
    value: metric.value, timestamp: new Date(now).toISOString(), user_agent: agent === null ? null : short(agent, 300), metadata: metadataOf(rest),
  }
}

function short(text: string, limit: number): string {
  return copied(plain(text, limit))
}

/** A page's path; what was searched for on it is no page of its own, and may be a token. A page of a name alone keeps it. */
function pageOf(page: string): string {
  const route = /^#\/[^?]*/.exec(page)?.[0]
  return short(route ?? (pathOf(page) || page.replace(/[?#;][^]*$/, '') || '/'), 200)
}

function metadataOf(metadata: Readonly<Record<string, unknown>>): string | null {
  const parts: string[] = []
  let length = 2
  for (const [name, value] of Object.entries(metadata)) {
    const part = `${JSON.stringify(name)}:${textOf(value)}`
    if (length + part.length + 1 > MOST_METADATA) continue
    parts.push(part)
    length += part.length + 1
  }
  return parts.length === 0 ? null : short(`{${parts.join(',')}}`, MOST_METADATA)
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null'
  } catch {
    // Nested deeper than can be written.
    return 'null'
  }
}
