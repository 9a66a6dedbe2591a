import { parseDuration } from '../../model/unit.ts'

const NUMBER = /^(\d+(?:\.\d*)?|\.\d+)\s*(.*)$/s
// A bare letter means what it means in the table, a power of 1024, as Ki and KiB do; kB is a power of ten.
const BYTES: Readonly<Record<string, number>> = Object.fromEntries(
  ['k', 'm', 'g', 't', 'p'].flatMap((prefix, index) => [[prefix, 1_024 ** (index + 1)], [`${prefix}b`, 1_000 ** (index + 1)], [`${prefix}i`, 1_024 ** (index + 1)], [`${prefix}ib`, 1_024 ** (index + 1)]]),
)

function read(text: string, factorOf: (unit: string) => number): number {
  const match = NUMBER.exec(text.trim().toLowerCase())
  return match ? Number(match[1]) * factorOf(match[2] ?? '') : Number.NaN
}

/** `30` or `30%`, in percent; NaN for anything else. */
export function readPercent(text: string): number {
  return read(text, (unit) => (unit === '' || unit === '%' ? 1 : Number.NaN))
}

/** `512`, `200MB`, `1.5GiB`, `500k` in bytes; NaN for anything else. */
export function readBytes(text: string): number {
  return read(text, (unit) => (unit === '' || unit === 'b' ? 1 : BYTES[unit] ?? Number.NaN))
}

/** `1MB`, `500k/s` in bytes per second; NaN for anything else. */
export function readRate(text: string): number {
  return readBytes(text.trim().replace(/\/s$/i, ''))
}

/** A number without a unit; NaN for anything else. */
export function readCount(text: string): number {
  return read(text, (unit) => (unit === '' ? 1 : Number.NaN))
}

/** `5m`, `1h30m`, `90` (seconds) in milliseconds; NaN for anything else. */
export function readDuration(text: string): number {
  try {
    return parseDuration(text.toLowerCase())
  } catch {
    return Number.NaN
  }
}
