/** One answered request as a line of a log tells it. All of it is untrusted. */
export interface LoggedRequest {
  /** As it is written; empty where it is not told. */
  readonly method: string
  /** What was asked for, with its query; empty where it is not told, or was no HTTP. */
  readonly target: string
  /** 100 to 599; 0 where no answer was sent. */
  readonly status: number
  /** Seconds; NaN where they are not told. */
  readonly seconds: number
  /** Bytes that were sent; NaN where they are not told. */
  readonly bytes: number
}

/** Reads lines of one format: the request; `aside` for what is well written and about something else; null for what this format does not write. Never throws. */
export type ReadLine = (line: string) => LoggedRequest | 'aside' | null

/** How many of what a duration may count are a second: a division is exact where the product with 0.001 is not. */
const PER_SECOND = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 } as const

/** What a duration may count. */
export type TimeUnit = keyof typeof PER_SECOND

/** A status as it is written; null for what is none. nginx writes 000, and Caddy 0, where nobody was there any more to be answered. */
export function readStatus(text: string): number | null {
  if (!/^\d{1,3}$/.test(text)) return null
  const status = Number(text)
  return status === 0 || (status >= 100 && status <= 599) ? status : null
}

const AMOUNT = /^(\d{1,15}(?:\.\d{1,9})?(?:e[+-]?\d{1,2})?)\s?(ns|us|µs|ms|s)?$/i

/** A duration in seconds, in the unit it names, else in the one given; NaN for what is none. */
export function readSeconds(text: string, unit: TimeUnit): number {
  const match = AMOUNT.exec(text)
  if (!match) return Number.NaN
  const named = match[2]?.toLowerCase().replace('µ', 'u')
  return Number(match[1]) / PER_SECOND[named === undefined ? unit : (named as TimeUnit)] // one of those of the expression
}

/** Bytes as they are written; none for `-`, NaN for what is no number. */
export function readSize(text: string): number {
  if (text === '-') return 0
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
}

/** Method and target of a request line, `GET /a?b HTTP/1.1`; both empty for what is none (bytes of TLS on a plain port, scans). */
export function readRequestLine(text: string): Pick<LoggedRequest, 'method' | 'target'> {
  const first = text.indexOf(' ')
  if (first <= 0 || !/^[A-Za-z][A-Za-z_-]{0,30}$/.test(text.slice(0, first))) return { method: '', target: '' }
  const last = text.lastIndexOf(' HTTP/')
  return { method: text.slice(0, first), target: text.slice(first + 1, last > first ? last : undefined).trim() }
}
