import { AMOUNTS, type AmountName } from '../budget-schema/amount.ts'
import type { BudgetLimit, BudgetLine } from '../model/budget.ts'

/** The digits that people write of a limit. */
const DIGITS = 3

/** A number of at most three digits that matter, away from what is measured so that it still holds. */
export function rounded(value: number, towards: 'up' | 'down'): number {
  if (value === 0 || !Number.isFinite(value)) return value
  // What is whole already must not be pushed on by the last bit of a division.
  const digits = Math.max(0, DIGITS - 1 - Math.floor(Math.log10(Math.abs(value))))
  if (digits > 15) return value
  const step = Math.floor(Math.log10(Math.abs(value))) - (DIGITS - 1)
  const scaled = step >= 0 ? value / 10 ** step : value * 10 ** -step
  const near = Math.round(scaled)
  const whole = Math.abs(scaled - near) < 1e-9 ? near : towards === 'up' ? Math.ceil(scaled) : Math.floor(scaled)
  return Number((step >= 0 ? whole * 10 ** step : whole / 10 ** -step).toFixed(Math.min(15, Math.max(0, -step))))
}

/** What is written where it would be less than one: 494KB for 0.494MB. */
const SMALLER: Readonly<Record<string, { readonly unit: string; readonly each: number }>> = {
  GB: { unit: 'MB', each: 1_000 }, MB: { unit: 'KB', each: 1_000 }, GiB: { unit: 'MiB', each: 1_024 }, MiB: { unit: 'KiB', each: 1_024 }, s: { unit: 'ms', each: 1_000 },
}

/** A limit's text with another number and the unit it had, or the one below: `500KB` stays in KB, `p(95)<500ms` keeps its words. Null where that cannot be done. */
export function rewritten({ text, value, operator }: BudgetLimit, to: number, { unit }: BudgetLine): string | null {
  const match = /^(.*?)(\d+(?:\.\d+)?)(\D*)$/.exec(text)
  if (!match || !(value > 0)) return null
  const [, before = '', number = '', after = ''] = match
  if (before !== '' && !/[<>=]\s*$/.test(before)) return null
  // What one of the numbers is worth in the line's unit follows from the limit as it was read; an availability is told by its rest.
  const each = value / Number(number)
  if (!Number.isFinite(each) || Math.abs(each * Number(number) - value) > value * 1e-9 || isTheRest(text, value, unit)) return null
  const isWhole = unit === 'count' && !number.includes('.') && Number(number) >= 2
  const exact = to / each
  // Nothing of it at all is a limit too, of what is counted.
  if (exact === 0 && (unit === 'bytes' || (unit === 'count' && !number.includes('.')))) return `${before}0${after}`
  const up = operator === '<=' || operator === '<'
  const written = isWhole ? (up ? Math.ceil(exact - 1e-9) : Math.floor(exact + 1e-9)) : rounded(exact, up ? 'up' : 'down')
  const smaller = written < 1 ? SMALLER[after.trim()] : undefined
  if (smaller) return `${before}${plainNumber(rounded(exact * smaller.each, up ? 'up' : 'down'))}${after.replace(after.trim(), smaller.unit)}`
  return written > 0 && written < 1e15 ? `${before}${plainNumber(written)}${after}` : null
}

/** Whether the text tells what is not the value: `99.9%` of what may fail in a thousand. */
function isTheRest(text: string, value: number, unit: BudgetLine['unit']): boolean {
  return unit === 'ratio' && text.includes('%') && Math.abs(Number.parseFloat(text) / 100 - value) > 1e-9 && !/[<>=]/.test(text)
}

function plainNumber(value: number): string {
  return value < 1e-6 ? value.toFixed(12).replace(/0+$/, '') : String(value)
}

/** An amount as a person would write it, up from what is measured: `550KB`, `1.7s`, `12`. */
export function writtenAmount(value: number, kind: AmountName): string {
  const scales: Readonly<Partial<Record<AmountName, readonly (readonly [number, string])[]>>> = {
    size: [[1e9, 'GB'], [1e6, 'MB'], [1e3, 'KB'], [1, 'B']],
    time: [[1_000, 's'], [1, 'ms']],
  }
  const [scale, unit] = scales[kind]?.find(([least]) => value >= least) ?? [1, kind === 'time' ? 'ms' : '']
  switch (kind) {
    case 'size':
    case 'time': return `${rounded(value / scale, 'up')}${unit}`
    case 'count': return String(Math.ceil(value))
    case 'percent':
    case 'share': return `${rounded(value * 100, 'up')}%`
    case 'rate': return `${rounded(value, 'down')}/s`
    default: return `${rounded(value, 'up')}${AMOUNTS[kind].unit === 'per_second' ? '/s' : ''}`
  }
}
