/** Response headers, names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** How many requests are left, and for how long that must do. */
export interface Allowance {
  readonly remaining: number
  readonly resetMs: number
}

/** More than any instance makes wait: an hour. */
const LONGEST_MS = 3_600_000
// Seconds since 1970 that lie after 2001; no window is that long.
const EPOCH_SECONDS = 1e9
const EPOCH_MILLISECONDS = 1e12

/** The first value of a header. */
export function headerOf(headers: Headers, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : value?.[0]
}

/**
 * What the RateLimit families allow: `RateLimit-*` (its reset counts the seconds left), `X-RateLimit-*` (seconds left or since 1970) and the
 * one-line `RateLimit` of the later drafts (draft-ietf-httpapi-ratelimit-headers). `wallTime` is in milliseconds; the server's `Date` goes before it.
 */
export function readAllowances(headers: Headers, wallTime: number): Allowance[] {
  const served = Date.parse(headerOf(headers, 'date') ?? '')
  const now = Number.isFinite(served) ? served : wallTime
  const line = headerOf(headers, 'ratelimit') ?? ''
  const found = [
    ...['ratelimit', 'x-ratelimit'].map((family) => [headerOf(headers, `${family}-remaining`), headerOf(headers, `${family}-reset`)]),
    [/\b(?:remaining|r)=(\d+)/.exec(line)?.[1], /\b(?:reset|t)=(\d+)/.exec(line)?.[1]],
  ]
  return found.flatMap(([remaining, reset]) => {
    const allowance = { remaining: numberOf(remaining), resetMs: leftOf(numberOf(reset), now) }
    return allowance.remaining >= 0 && allowance.resetMs >= 0 ? [allowance] : []
  })
}

/** How long a `Retry-After` (RFC 9110 10.2.3: seconds, or a date) makes wait, milliseconds; null where there is none. */
export function readRetryAfter(headers: Headers, wallTime: number): number | null {
  const text = headerOf(headers, 'retry-after')?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Number(text) * 1_000, LONGEST_MS)
  const until = Date.parse(text)
  if (!Number.isFinite(until)) return null
  const served = Date.parse(headerOf(headers, 'date') ?? '')
  return Math.min(LONGEST_MS, Math.max(0, until - (Number.isFinite(served) ? served : wallTime)))
}

/** Keeps what the instance allows, on the monotonic clock. */
export interface Limiter {
  note(status: number, headers: Headers): void
  /** How long nothing may be asked, milliseconds. */
  waitMs(): number
  /** From one request to the next, so that what is left lasts until it is renewed; 0 while nothing is known. */
  spacingMs(): number
}

/** A limiter that nothing is known of yet. A refusal without a time is taken for `unsaidMs`. */
export function openLimiter(now: () => number, wallTime: () => number, unsaidMs = 10_000): Limiter {
  let blockedUntil = 0
  let windows: { readonly remaining: number; readonly resetAt: number }[] = []
  return {
    note(status, headers) {
      const allowances = readAllowances(headers, wallTime())
      if (allowances.length > 0) windows = allowances.map(({ remaining, resetMs }) => ({ remaining, resetAt: now() + resetMs }))
      const told = readRetryAfter(headers, wallTime())
      if (status !== 429 && !(status === 503 && told !== null)) return
      const spent = allowances.filter(({ remaining }) => remaining === 0).map(({ resetMs }) => resetMs)
      blockedUntil = Math.max(blockedUntil, now() + (told ?? (spent.length > 0 ? Math.max(...spent) : unsaidMs)))
    },
    waitMs() {
      const spent = windows.filter(({ remaining }) => remaining === 0).map(({ resetAt }) => resetAt)
      return Math.max(0, Math.max(blockedUntil, ...spent) - now())
    },
    spacingMs: () => Math.max(0, ...windows.map(({ remaining, resetAt }) => (resetAt - now()) / Math.max(1, remaining - 1))),
  }
}

const numberOf = (text: string | undefined): number => (text !== undefined && /^\s*\d+(\.\d+)?/.test(text) ? Number.parseFloat(text) : Number.NaN)

function leftOf(reset: number, now: number): number {
  const left = reset >= EPOCH_MILLISECONDS ? reset - now : reset >= EPOCH_SECONDS ? reset * 1_000 - now : reset * 1_000
  return Number.isNaN(left) ? left : Math.min(LONGEST_MS, Math.max(0, left))
}
