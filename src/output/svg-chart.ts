import type { Chart } from '../model/report.ts'
import { plain } from '../model/text.ts'
import { linesOf, longest, timeLabels, valueAxis, type Point } from './axis.ts'
import { markup, type Markup } from './markup.ts'

const WIDTH = 720
const HEIGHT = 220
const LEFT = 76
const RIGHT = 12
const TOP = 10
const BOTTOM = 26
const INNER = { width: WIDTH - LEFT - RIGHT, height: HEIGHT - TOP - BOTTOM }
/** Colours there are for lines; further ones begin again. */
const COLORS = 6

const x = (share: number): number => fixed(LEFT + share * INNER.width)
const y = (share: number): number => fixed(TOP + (1 - share) * INNER.height)
const fixed = (value: number): number => Math.round(value * 10) / 10

/** A chart as a figure with an SVG drawing, whose colours are the page's; null where there is too little to draw. */
export function svgChart(chart: Chart): Markup | null {
  const axis = valueAxis(chart)
  if (!axis) return null
  const count = longest(chart)
  const [start, middle, end] = timeLabels(chart)
  const share = (value: number): number => (value - axis.low) / (axis.high - axis.low)
  const title = plain(chart.title)
  return markup`<figure>
<figcaption>${title}${chart.series.length > 1 ? chart.series.map(({ name }, nth) => markup` <span class="key line${nth % COLORS}">${plain(name, 60)}</span>`) : null}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
${axis.ticks.map(({ value, label }) => markup`<line class="${value === 0 ? 'zero' : 'grid'}" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(share(value))}" y2="${y(share(value))}"/><text class="tick" x="${LEFT - 8}" y="${fixed(y(share(value)) + 4)}" text-anchor="end">${label}</text>
`)}<text class="tick" x="${LEFT}" y="${HEIGHT - 6}">${start}</text>${middle === '' ? null : markup`<text class="tick" x="${x(0.5)}" y="${HEIGHT - 6}" text-anchor="middle">${middle}</text>`}<text class="tick" x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">${end}</text>
${chart.series.map(({ values }, nth) => linesOf(values, count, axis, INNER.width).map((line) => drawLine(line, nth % COLORS)))}</svg>
</figure>
`
}

function drawLine(line: readonly Point[], color: number): Markup {
  const [first] = line
  // A lone value has no line.
  if (line.length === 1 && first) return markup`<circle class="dot${color}" cx="${x(first.x)}" cy="${y(first.y)}" r="2"/>
`
  return markup`<polyline class="line${color}" points="${line.map((point) => `${x(point.x)},${y(point.y)}`).join(' ')}"/>
`
}
