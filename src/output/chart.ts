import type { Chart } from '../model/report.ts'
import { plural } from '../model/text.ts'
import { showDuration, showQuantity } from '../model/unit.ts'
import type { Screen, Tone } from './screen.ts'
import { padText, textWidth } from './width.ts'

const HEIGHT = 8
const NICE = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]
const LINES: readonly Tone[] = ['first', 'second', 'third', 'fourth']
// A few values are stretched, but not across a wide screen.
const STRETCH = 4
// Below this, in any unit, values are noise.
const LEAST_RANGE = 1e-9

/** Rows of a chart: the least and the greatest value at whole multiples of the step. */
interface Scale {
  readonly step: number
  readonly low: number
  readonly high: number
}

interface Stroke {
  readonly text: string
  readonly tone: Tone | undefined
}

/**
 * The chart as lines of at most `width` cells; the values start from zero, the time from the first value.
 * Where there are more values than cells, each cell shows the highest of its values, so that no peak is lost.
 * Several series share the chart where colours tell them apart, else they stand one below the other.
 * Empty when there are fewer than two values or no room.
 */
export async function drawChart(chart: Chart, screen: Screen, width: number): Promise<string[]> {
  const known = chart.series.flatMap(({ values }) => values.filter(Number.isFinite))
  if (known.length < 2) return []
  const scale = scaleOf(known)
  if (!Number.isFinite(scale.high - scale.low)) return []
  const rows = Math.round((scale.high - scale.low) / scale.step)
  const labels = Array.from({ length: rows + 1 }, (_, row) => screen.text(showQuantity({ value: tidy(scale.high - row * scale.step), unit: chart.unit })))
  const margin = Math.max(...labels.map(textWidth))
  const count = Math.max(...chart.series.map(({ values }) => values.length))
  const cells = count > width - margin - 2 ? width - margin - 2 : count * Math.min(STRETCH, Math.floor((width - margin - 2) / count))
  if (cells < 10) return []

  const groups = screen.color ? [chart.series] : chart.series.map((series) => [series])
  const drawn = await Promise.all(groups.map(async (group) => {
    const canvas = labels.map(() => Array.from({ length: cells }, (): Stroke => ({ text: ' ', tone: undefined })))
    for (const [index, { values }] of group.entries()) {
      const tone = LINES[index % LINES.length]
      for (const { row, column, text } of await strokes(spread(values, count, cells), scale, rows, screen)) canvas[row]?.splice(column, 1, { text, tone })
    }
    const axis = canvas.map((line, row) => (tidy(scale.high - row * scale.step) === 0 ? screen.zero : screen.axis) + paintLine(line, screen))
    return [...legend(chart, group, screen), ...axis.map((line, row) => `${screen.paint('faint', padText(labels[row] ?? '', margin, 'right'))} ${line}`)]
  }))
  const column = chart.each === undefined ? showDuration((count * chart.stepMs) / cells) : `${Math.ceil(count / cells)} ${chart.each}s`
  const note = count > cells ? [screen.paint('faint', `${' '.repeat(margin + 2)}each column is the highest of ${screen.text(column)}`)] : []
  const axis = chart.each === undefined ? timeAxis(count * chart.stepMs, cells) : `oldest${padText(`newest of ${plural(count, chart.each)}`, cells - 6, 'right')}`
  return [...drawn.flat(), screen.paint('faint', ' '.repeat(margin + 2) + axis), ...note]
}

function scaleOf(known: readonly number[]): Scale {
  const least = known.reduce((a, b) => Math.min(a, b), 0)
  const most = known.reduce((a, b) => Math.max(a, b), 0)
  const range = most - least
  const rough = (range < LEAST_RANGE ? 1 : range) / HEIGHT
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * (NICE.find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10)
  return { step, low: Math.floor(least / step + 1e-9) * step, high: Math.max(1, Math.ceil(most / step - 1e-9)) * step }
}

/** Takes away what binary fractions add: 0.30000000000000004 is 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(12)) || 0
}

function spread(values: readonly number[], count: number, cells: number): number[] {
  return Array.from({ length: cells }, (_, cell) => {
    const from = Math.floor((cell * count) / cells)
    const to = Math.max(from + 1, Math.floor(((cell + 1) * count) / cells))
    return values.slice(from, to).filter(Number.isFinite).reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  })
}

/** Draws each stretch of values apart: asciichart knows no gaps. */
async function strokes(values: readonly number[], scale: Scale, rows: number, screen: Screen): Promise<{ row: number; column: number; text: string }[]> {
  const { default: asciichart } = await import('asciichart')
  // It is given rows, not values: the least of floating-point numbers are not its concern.
  const toRow = (value: number): number => Math.min(rows, Math.max(0, Math.round((value - scale.low) / scale.step)))
  const settings = { min: 0, max: rows, height: rows, offset: 2, symbols: screen.strokes, format: () => ' ' }
  const found: { row: number; column: number; text: string }[] = []
  for (let from = 0; from < values.length; from++) {
    if (!Number.isFinite(values[from])) continue
    let to = from
    while (to < values.length && Number.isFinite(values[to])) to++
    // It draws from value to value; a last one twice gives every value its own cell.
    const plot = asciichart.plot([...values.slice(from, to), values[to - 1] ?? 0].map(toRow), settings).split('\n')
    for (const [row, line] of plot.entries()) {
      for (const [column, text] of [...line].slice(2).entries()) if (text !== ' ') found.push({ row, column: from + column, text })
    }
    from = to
  }
  return found
}

function paintLine(line: readonly Stroke[], screen: Screen): string {
  const runs: Stroke[] = []
  for (const { text, tone } of line) {
    const last = runs.at(-1)
    if (last && last.tone === tone) runs[runs.length - 1] = { text: last.text + text, tone }
    else runs.push({ text, tone })
  }
  return runs.map(({ text, tone }) => screen.paint(tone, text)).join('').trimEnd()
}

function legend(chart: Chart, group: Chart['series'], screen: Screen): string[] {
  if (chart.series.length < 2) return []
  return [group.map(({ name }, index) => screen.paint(group.length > 1 ? LINES[index % LINES.length] : undefined, `${screen.rule.repeat(2)} ${screen.text(name, 40)}`)).join('  ')]
}

function timeAxis(totalMs: number, cells: number): string {
  const end = showDuration(totalMs)
  const middle = showDuration(totalMs / 2)
  const half = Math.floor(cells / 2)
  const start = cells > 30 ? `${padText('0', half)}${middle}` : '0'
  return start + padText(end, cells - textWidth(start), 'right')
}
