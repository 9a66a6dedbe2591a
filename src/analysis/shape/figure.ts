import { showNumber, showQuantity } from '../../model/unit.ts'

/** A number as JSON carries it: rounded to some decimals, null where it is not known. */
export function figure(value: number, decimals = 2): number | null {
  return Number.isFinite(value) ? Number(value.toFixed(decimals)) : null
}

/** A share as percent, null where it is not known. */
export function percent(ratio: number): number | null {
  return figure(ratio * 100)
}

/** `15.2 MB/s`, null where it is not known. */
export function throughputText(bytesPerSecond: number): string | null {
  return Number.isFinite(bytesPerSecond) ? showQuantity({ value: bytesPerSecond, unit: 'bytes_per_second' }) : null
}

/** `125.4 Mbps`, null where it is not known. */
export function bandwidthText(bytesPerSecond: number): string | null {
  const megabits = (bytesPerSecond * 8) / 1e6
  if (!Number.isFinite(megabits)) return null
  return `${megabits < 1 ? showNumber(megabits) : Number(megabits.toFixed(1))} Mbps`
}

/** The sum of what is known; NaN where nothing is. */
export function sumOf(values: Iterable<number>): number {
  let sum = Number.NaN
  for (const value of values) if (Number.isFinite(value)) sum = (Number.isNaN(sum) ? 0 : sum) + value
  return sum
}
