/** What stands where a number is not known; painters put the terminal's own dash there. */
type Dash = string

const POWERS = ['B', 'K', 'M', 'G', 'T', 'P', 'E'] as const

function unknown(dash: Dash, width: number): string {
  return dash.padStart(width)
}

/** A share as `  0%` to `999%`, four cells; `–` alone where it is not known. */
export function percent(ratio: number, dash: Dash): string {
  if (Number.isNaN(ratio)) return unknown(dash, 4)
  const value = Math.round(Math.min(999, Math.max(0, ratio * 100)))
  return `${value}%`.padStart(4)
}

/** A share in percent with a tenth and without the sign, five cells: ` 48.0`, `131.2`, ` 2048`. */
export function tenths(ratio: number, dash: Dash): string {
  if (Number.isNaN(ratio)) return unknown(dash, 5)
  const value = Math.min(99_999, Math.max(0, ratio * 100))
  return (value < 999.95 ? value.toFixed(1) : String(Math.round(value))).padStart(5)
}

/**
 * A size in powers of 1024, right-aligned in `width` cells (4 or more): `  0B`, `1.2M`, `689M`; from 5 cells on with a tenth below 100: `12.4M`.
 * What is not known, or less than nothing, is a dash.
 */
export function size(bytes: number, width: number, dash: Dash): string {
  if (!(bytes >= 0)) return unknown(dash, width)
  let value = bytes
  let power = 0
  while (value >= 999.5 && power < POWERS.length - 1) {
    value /= 1_024
    power++
  }
  if (value >= 999.5) value = 999
  const hasTenth = power > 0 && value < (width > 4 ? 99.95 : 9.95)
  return ((hasTenth ? value.toFixed(1) : String(Math.round(value))) + (POWERS[power] ?? 'E')).padStart(width)
}

const THOUSANDS = ['', 'k', 'M', 'G', 'T', 'P', 'E'] as const

/** A count in powers of 1000, right-aligned in `width` cells (4 or more): ` 812`, `4.1k`, `102M`. */
export function count(value: number, width: number, dash: Dash): string {
  if (!(value >= 0)) return unknown(dash, width)
  if (value < 10 ** width - 0.5) return String(Math.round(value)).padStart(width)
  let scaled = value
  let power = 0
  while (scaled >= 999.5 && power < THOUSANDS.length - 1) {
    scaled /= 1_000
    power++
  }
  if (scaled >= 999.5) scaled = 999
  return ((scaled < 9.95 ? scaled.toFixed(1) : String(Math.round(scaled))) + (THOUSANDS[power] ?? '')).padStart(width)
}

/** A rate of events with a tenth where it is small: ` 0.2`, `  14`, `4.1k`; four cells. */
export function rate(perSecond: number, dash: Dash): string {
  return perSecond > 0 && perSecond < 9.95 ? perSecond.toFixed(1).padStart(4) : count(perSecond, 4, dash)
}

/** A short time, six cells: ` 0.3ms`, `  12ms`, `  1.2s`. */
export function span(ms: number, dash: Dash): string {
  if (!(ms >= 0)) return unknown(dash, 6)
  const text = ms < 9.95 ? `${ms.toFixed(1)}ms` : ms < 999.5 ? `${Math.round(ms)}ms` : ms < 99_950 ? `${(ms / 1_000).toFixed(1)}s` : ms < 9_999_000 ? `${Math.round(ms / 1_000)}s` : '>9999s'
  return text.padStart(6)
}

/** A load average or a number of processors, five cells: ` 3.42`, `123.4`. */
export function hundredths(value: number, dash: Dash): string {
  if (!(value >= 0)) return unknown(dash, 5)
  return (value < 99.995 ? value.toFixed(2) : value < 999.95 ? value.toFixed(1) : String(Math.round(Math.min(99_999, value)))).padStart(5)
}

/** A number without zeros behind the point, as wide as it is: `2`, `0.5`, `1.25`. */
export function short(value: number, dash: Dash): string {
  return Number.isNaN(value) ? dash : String(Math.round(Math.min(99_999, Math.max(0, value)) * 100) / 100)
}

/** A size as wide as it is: `512M`, `1.5G`. */
export function shortSize(bytes: number, dash: Dash): string {
  const text = size(bytes, 5, dash).trimStart()
  return text.includes('.0') ? text.replace('.0', '') : text
}

/** The clock of a processor: `2.25 GHz`. */
export function frequency(hertz: number, dash: Dash): string {
  if (!(hertz > 0)) return dash
  return hertz >= 1e9 ? `${Math.min(999, hertz / 1e9).toFixed(2)} GHz` : `${Math.round(hertz / 1e6)} MHz`
}
