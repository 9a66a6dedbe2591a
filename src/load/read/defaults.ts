import { conflictingKeys, invalidValue } from './errors.ts'
import type { MetricBook } from './metrics.ts'
import { isYes } from './quantity.ts'
import type { Spot } from './spot.ts'
import type { WrittenDefaults } from './step-schema.ts'

/** What the steps of a file are read with. */
export interface StepContext {
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: Readonly<Record<string, string>>
  readonly strictCapture: boolean
  readonly jitter: string | number | null
  /** Whether a request that expects no status expects 200 (an option of Artillery's plugin). */
  readonly expect200: boolean
  readonly metrics: MetricBook
}

/** The context that a file's `defaults` make. */
export function readDefaults(defaults: WrittenDefaults | undefined, spot: Spot, metrics: MetricBook, expect200 = false): StepContext {
  return {
    headers: readHeaders(defaults?.headers, spot.at('headers')),
    cookies: texts(defaults?.cookie),
    strictCapture: defaults?.strictCapture === undefined || isYes(defaults.strictCapture),
    jitter: defaults?.think?.jitter ?? null,
    expect200,
    metrics,
  }
}

/** Every value as text. */
export function texts(values: Readonly<Record<string, string | number | boolean>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([key, value]) => [key, String(value)]))
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
 
const UNSENDABLE = /[\u0000-\u0008\u000a-\u001f\u007f]/

/** Headers that can be sent (RFC 9110 5.5, 5.6.2). Throws UserError `INVALID_VALUE` or `CONFLICTING_KEYS`. */
export function readHeaders(headers: Readonly<Record<string, string | number | boolean>> | undefined, spot: Spot): Record<string, string> {
  const written = texts(headers)
  const seen = new Map<string, string>()
  for (const [name, value] of Object.entries(written)) {
    if (!TOKEN.test(name)) throw invalidValue(spot.at(name), 'must have a name without spaces and separators', name)
    if (UNSENDABLE.test(value)) throw invalidValue(spot.at(name), 'must be one line', value)
    const twin = seen.get(name.toLowerCase())
    if (twin !== undefined) throw conflictingKeys(spot, [twin, name], 'they are the same header')
    seen.set(name.toLowerCase(), name)
  }
  return written
}

/** Defaults and a request's own headers, which win whatever their capital letters. */
export function mergeHeaders(defaults: Readonly<Record<string, string>>, own: Readonly<Record<string, string>>): Record<string, string> {
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()))
  return { ...Object.fromEntries(Object.entries(defaults).filter(([name]) => !names.has(name.toLowerCase()))), ...own }
}
