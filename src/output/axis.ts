import type { Chart } from '../model/report.ts'
import { plain, plural } from '../model/text.ts'
import { showDuration, showQuantity } from '../model/unit.ts'

/** The scale of a drawn chart: whole steps from `low` to `high`, each with its label. */
export interface Axis {
  readonly low: number
  readonly high: number
  readonly ticks: readonly { readonly value: number; readonly label: string }[]
}

const NICE = [1, 2, 2.5, 5, 10]
/** Below this, in any unit, values are noise. */
const LEAST_RANGE = 1e-9

/** A scale from zero that holds every value, in about so many steps; null where fewer than two values are known. */
export function valueAxis({ series, unit }: Chart, steps = 5): Axis | null {
  const known = series.flatMap(({ values }) => values.filter(Number.isFinite))
  if (known.length < 2) return null
  const least = known.reduce((a, b) => Math.min(a, b), 0)
  const most = known.reduce((a, b) => Math.max(a, b), 0)
  const range = most - least
  const rough = (range < LEAST_RANGE ? 1 : range) / steps
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * (NICE.find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10)
  const low = Math.floor(least / step + 1e-9)
  const high = Math.max(low + 1, Math.ceil(most / step - 1e-9))
  if (!Number.isFinite(step * (high - low)) || high - low > 4 * steps) return null
  return { low: low * step, high: high * step, ticks: Array.from({ length: high - low + 1 }, (_, nth) => tick((low + nth) * step, unit)) }
}

function tick(raw: number, unit: Chart['unit']): Axis['ticks'][number] {
  // Binary fractions add a little: 0.30000000000000004 is 0.3.
  const value = Number(raw.toPrecision(12)) || 0
  return { value, label: showQuantity({ value, unit }) }
}

/** What stands under a chart: at its beginning, middle and end. */
export function timeLabels(chart: Chart): readonly [start: string, middle: string, end: string] {
  const count = longest(chart)
  if (chart.each !== undefined) return ['oldest', '', `newest of ${plural(count, plain(chart.each, 40))}`]
  // A value stands for the time before it ends: the last one is at the end of its step.
  return ['0', showDuration((count * chart.stepMs) / 2), showDuration(count * chart.stepMs)]
}

/** How many values the longest series of a chart has. */
export function longest({ series }: Chart): number {
  return series.reduce((most, { values }) => Math.max(most, values.length), 0)
}

/** A point of a line: both in 0 to 1, from the left and from the bottom. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** The lines of a series: one for each stretch without a gap. Of more values than `most` the highest of each group is drawn, so that no peak is lost. */
export function linesOf(values: readonly number[], count: number, { low, high }: Axis, most: number): Point[][] {
  const cells = Math.min(count, most)
  const lines: Point[][] = [[]]
  for (let cell = 0; cell < cells; cell++) {
    const from = Math.floor((cell * count) / cells)
    const to = Math.max(from + 1, Math.floor(((cell + 1) * count) / cells))
    const value = values.slice(from, to).filter(Number.isFinite).reduce((greatest, each) => Math.max(greatest, each), Number.NEGATIVE_INFINITY)
    if (value === Number.NEGATIVE_INFINITY) lines.push([])
    else lines.at(-1)?.push({ x: cells === 1 ? 0.5 : cell / (cells - 1), y: (value - low) / (high - low) })
  }
  return lines.filter((line) => line.length > 0)
}
