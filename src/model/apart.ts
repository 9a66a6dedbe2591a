import { showQuantity, type Unit } from './unit.ts'

/** How a unit is written where its scale is kept: the factor, and what stands behind. */
const PLAIN: Readonly<Record<Unit, readonly [number, string]>> = {
  ms: [1, ' ms'], bytes: [1, ' B'], ratio: [100, '%'], count: [1, ''], per_second: [1, '/s'], bytes_per_second: [1, ' B/s'], hertz: [1, ' Hz'], celsius: [1, ' °C'],
}

/** A value for people that never looks like another one that it is not: 8,001 bytes beside a limit of 8,000 are `8,001 B`, not `8 kB`. */
export function showApart(value: number, other: number, unit: Unit): string {
  const rounded = showQuantity({ value, unit })
  if (value === other || rounded !== showQuantity({ value: other, unit })) return rounded
  const [factor, suffix] = PLAIN[unit]
  for (let digits = 4; digits <= 17; digits++) {
    const [mine, theirs] = [value, other].map((number) => Number((number * factor).toPrecision(digits)))
    if (mine !== undefined && mine !== theirs) return `${Number.isInteger(mine) ? showQuantity({ value: mine, unit: 'count' }) : String(mine)}${suffix}`
  }
  return rounded
}
