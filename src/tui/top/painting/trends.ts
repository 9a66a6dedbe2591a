import type { Moment } from '../../../analysis/moment.ts'
import { METRICS, type Metric, type MetricName } from '../../../model/metric.ts'
import type { Surface } from '../surface.ts'
import type { Tone } from '../tone.ts'
import { paintArea } from './area-chart.ts'
import { greatest } from './curve.ts'
import { count, percent, rate, size, span } from './figures.ts'
import { glyphsOf } from './glyphs.ts'
import { piece, putPieces } from './pieces.ts'

/** A series that is worth a chart of its own where there is room. */
export interface Trend {
  readonly label: string
  readonly metric: MetricName
  readonly tag?: string
  /** Without a tone the area has that of the share of its height. */
  readonly tone?: Tone
  /** What the top of the chart stands for; without it, the greatest value. */
  readonly top?: number
  /** What it stands for at least: less is nothing to speak of. */
  readonly least?: number
}

const GAP = 2
/** What the top of a chart of a share may stand for. */
const SHARES = [0.05, 0.1, 0.25, 0.5, 1]

/** Fills the lines that are left from `y` on with charts side by side, each with a caption; fewer than three lines stay empty. */
export function paintTrends(surface: Surface, y: number, moment: Moment, trends: readonly Trend[]): void {
  const known = trends.filter(({ metric, tag }) => !Number.isNaN(moment.value(metric, tag)))
  const height = surface.height - y
  if (height < 3 || known.length === 0) return
  // A line between keeps figures and charts apart where there is room for it.
  const above = height > 3 ? 1 : 0
  const shown = known.slice(0, Math.max(1, Math.floor(surface.width / 16)))
  const width = Math.floor((surface.width - GAP * (shown.length - 1)) / shown.length)
  const { unknown } = glyphsOf(surface)
  for (const [index, { label, metric, tag = '', tone, top, least = 0 }] of shown.entries()) {
    const part = surface.part({ x: index * (width + GAP), y: y + above, width, height: height - above })
    const values = moment.series(metric, tag, width)
    const most = greatest(values, Math.max(least, 1e-9))
    // A small share that filled the chart would look like all there is: its top is a round share, and said.
    const share = METRICS[metric].unit === 'ratio' ? (SHARES.find((each) => each >= most) ?? most) : undefined
    const scale = share === undefined || share === 1 ? '' : ` of ${written(metric, share, unknown)}`
    putPieces(part, 0, 0, width, [piece(label, 'label'), piece(`  max ${written(metric, greatest(values, 0), unknown)}${scale}`, 'faint', 1)])
    paintArea(part.part({ x: 0, y: 1, width, height: part.height - 1 }), values, top ?? share ?? most, tone)
  }
}

const WRITERS: Readonly<Partial<Record<Metric['unit'], (value: number, dash: string) => string>>> = {
  ratio: percent, ms: span, bytes: (value, dash) => size(value, 5, dash), bytes_per_second: (value, dash) => `${size(value, 5, dash)}/s`, per_second: (value, dash) => `${rate(value, dash)}/s`,
}

function written(metric: MetricName, value: number, dash: string): string {
  return (WRITERS[METRICS[metric].unit] ?? ((number, unknown) => count(number, 5, unknown)))(value, dash).trimStart()
}
