import { UserError } from './error.ts'

/** Units of values inside the program; renderers choose the scale (ms or s, kB or MB) at the last moment. */
export type Unit = 'ms' | 'bytes' | 'ratio' | 'count' | 'per_second' | 'bytes_per_second' | 'hertz' | 'celsius'

/** A number that knows its unit. */
export interface Quantity {
  readonly value: number
  readonly unit: Unit
}

const DURATION_MS: Readonly<Record<string, number>> = { us: 0.001, 'µs': 0.001, ms: 1, s: 1_000, sec: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 }
function bad(what: string, text: string, example: string): UserError {
  return new UserError({ code: 'INVALID_VALUE', kind: 'usage', message: `"${text}" is not ${what}`, hint: `write it like ${example}` })
}

/**
 * Reads a duration such as `250ms`, `1.5s`, `5m`, `1h30m` or `2d`, in milliseconds, >= 0.
 * A bare number counts `bareMs` milliseconds each (seconds unless told). Throws UserError `INVALID_VALUE`.
 */
export function parseDuration(text: string, bareMs = 1_000): number {
  const trimmed = text.trim()
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed) * bareMs
  const parts = [...trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(us|µs|ms|sec|s|min|m|h|d)\s*/gy)]
  const matched = parts.reduce((length, part) => length + part[0].length, 0)
  if (parts.length === 0 || matched !== trimmed.length) throw bad('a duration', text, '250ms, 1.5s, 5m or 1h30m')
  return parts.reduce((sum, part) => sum + Number(part[1]) * (DURATION_MS[part[2] ?? ''] ?? Number.NaN), 0)
}

/** Reads a share such as `2%` or `0.02`, as a ratio in 0..1. Throws UserError `INVALID_VALUE`. */
export function parseRatio(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(%)?$/.exec(text.trim())
  const ratio = match ? Number(match[1]) / (match[2] ? 100 : 1) : Number.NaN
  if (!(ratio >= 0 && ratio <= 1)) throw bad('a share', text, '2% or 0.02 (from 0 to 100%)')
  return ratio
}

const SIZE_BYTES: Readonly<Record<string, number>> = { '': 1, B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, PB: 1e15, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40, PiB: 2 ** 50 }

/** Reads a size such as `512`, `1.5MB` (10^6) or `2GiB` (2^30), in bytes. Throws UserError `INVALID_VALUE`. */
export function parseBytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(text.trim())
  const bytes = match ? Number(match[1]) * (SIZE_BYTES[match[2] ?? ''] ?? Number.NaN) : Number.NaN
  if (!Number.isFinite(bytes)) throw bad('a size', text, '500MB (10^6) or 2GiB (2^30)')
  return bytes
}

/** Three significant digits, without a tail of zeros: `0.0123`, `12.3`, `1234`. */
export function showNumber(value: number): string {
  if (!Number.isFinite(value)) return 'n/a'
  if (value === 0) return '0'
  if (Math.abs(value) >= 100) return String(Math.round(value))
  return String(Number(value.toPrecision(3)))
}

/** A duration for people: `873 µs`, `12.3 ms`, `1.25 s`, `4m 10s`, `2h 05m`. */
export function showDuration(ms: number): string {
  if (!Number.isFinite(ms)) return 'n/a'
  if (ms === 0) return '0 ms'
  if (Math.abs(ms) < 0.9995) return `${showNumber(ms * 1_000)} µs`
  if (Math.abs(ms) < 999.5) return `${showNumber(ms)} ms`
  if (Math.abs(ms) < 59_950) return `${showNumber(ms / 1_000)} s`
  const seconds = Math.round(ms / 1_000)
  const pad = (value: number): string => String(value).padStart(2, '0')
  if (seconds < 3_600) return seconds % 60 === 0 ? `${seconds / 60}m` : `${Math.floor(seconds / 60)}m ${pad(seconds % 60)}s`
  const minutes = Math.floor(seconds / 60)
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${Math.floor(minutes / 60)}h ${pad(minutes % 60)}m`
}

const DECIMAL = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** A size for people, in powers of ten: `512 B`, `7.2 MB`. */
export function showBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return 'n/a'
  let value = bytes
  let step = 0
  while (Math.abs(value) >= 999.5 && step < DECIMAL.length - 1) {
    value /= 1_000
    step++
  }
  return `${showNumber(value)} ${DECIMAL[step]}`
}

/** A share for people: `2.35%`, `100%`. */
export function showRatio(ratio: number): string {
  if (!Number.isFinite(ratio)) return 'n/a'
  const percent = ratio * 100
  // What is not all and not nothing must not look like it.
  if (percent > 99.95 && percent < 100) return `${Math.floor(percent * 1_000) / 1_000}%`
  return `${showNumber(percent)}%`
}

/** A whole number for people: `12,345`. By hand: the tables of languages would take 30 ms and 8 MB when they are first asked. */
function showCount(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',')
}

/** A value with its unit, for people. */
export function showQuantity({ value, unit }: Quantity): string {
  switch (unit) {
    case 'ms': return showDuration(value)
    case 'bytes': return showBytes(value)
    case 'bytes_per_second': return `${showBytes(value)}/s`
    case 'ratio': return showRatio(value)
    case 'per_second': return `${showNumber(value)}/s`
    case 'hertz': return value >= 1e9 ? `${showNumber(value / 1e9)} GHz` : `${showNumber(value / 1e6)} MHz`
    case 'celsius': return `${showNumber(value)} °C`
    case 'count': return Number.isSafeInteger(value) ? showCount(value) : showNumber(value)
  }
}
