import type { BenchProgress } from '../model/progress.ts'
import { plain } from '../model/text.ts'
import { showDuration, showQuantity } from '../model/unit.ts'
import { bar } from './bar.ts'
import { cellWidth } from './cells.ts'
import { showLeft } from './clock.ts'
import type { LivePalette } from './live-lines.ts'
import { blank, fit, NARROW, type Row } from './rows.ts'
import { as, paintSpans, spansWidth, type Span } from './span.ts'
import { titleRows } from './title-rows.ts'
import { figureRows, pairRows } from './turn-rows.ts'

/** Draws a benchmark on its way as lines of at most `width` cells, > 0. */
export function paintBench(progress: BenchProgress, width: number, palette: LivePalette): string[] {
  const { turns } = progress
  const rows = [
    ...titleRows(progress, width),
    ...(turns ? pairRows(progress, turns, width, palette.unicode) : runRows(progress, width, palette.unicode)),
    blank,
    ...commandRows(progress, width),
    ...(turns ? [blank, ...figureRows(turns, width)] : []),
    blank,
    { rank: 7, spans: [as('label', 'Ctrl-C: end this run and report')] },
  ]
  return fit(rows, palette.height ?? rows.length).map(({ spans }) => paintSpans(spans, width, palette))
}

/** A line for a log: where it is, and what is known by now. */
export function benchLine({ target, phase, turns }: BenchProgress): string {
  const told = (turns?.figures ?? []).flatMap(({ name, change, interval }) => (change === null ? [] : [`${name} ${change}${interval === null ? '' : ` (${interval})`}`]))
  return [`bench  ${plain(target, 200)}`, phase, ...told].join('  ')
}

function runRows({ state, phase, elapsedMs, totalMs, runs }: BenchProgress, width: number, unicode: boolean): Row[] {
  if (state === 'warming up' || runs === null) return [{ rank: 1, spans: [phase] }]
  const count = (value: number): string => showQuantity({ value, unit: 'count' })
  const named: Span[] = [`${count(runs.done)} of ${count(runs.wanted)} runs`]
  const left = as('label', totalMs === null ? '' : `  ${showLeft(totalMs - elapsedMs)} left`)
  const { done, rest } = bar(Math.min(1, runs.done / runs.wanted), Math.max(1, (width <= NARROW ? width : width - spansWidth(named) - 2) - spansWidth([left])), unicode)
  const drawn: Span[] = [as('done', done), as('rest', rest), left]
  return width <= NARROW ? [{ rank: 1, spans: named }, { rank: 2, spans: drawn }] : [{ rank: 1, spans: [...named, '  ', ...drawn] }]
}

/** Names give way, down to what can still be told apart. */
const LEAST_NAME = 12

function commandRows({ commands }: BenchProgress, width: number): Row[] {
  const time = (ms: number | null): string => (ms === null ? '–' : showDuration(ms))
  const shown = commands.map(({ name, runs, median, least, most }) => ({ name: plain(name, 200), cells: [showQuantity({ value: runs, unit: 'count' }), time(median), least === null ? '' : `${time(least)} to ${time(most)}`] }))
  const heads = ['runs', 'median', 'from least to most']
  const widths = heads.map((head, at) => Math.max(head.length, ...shown.map(({ cells }) => cellWidth(cells[at] ?? ''))))
  const room = Math.max(LEAST_NAME, width - widths.reduce((sum, each) => sum + each + 2, 0))
  const name = Math.min(room, Math.max(...shown.map((each) => cellWidth(each.name))))
  const line = (cells: readonly string[]): string[] => cells.map((cell, at) => `  ${' '.repeat((widths[at] ?? 0) - cellWidth(cell))}${cell}`)
  return [
    { rank: 5, spans: [as('label', [' '.repeat(name), ...line(heads)].join(''))] },
    ...shown.map(({ name: called, cells }): Row => {
      const [runs = '', median = '', spread = ''] = line(cells)
      const cut = paintSpans([called], name, { color: false, unicode: true })
      return { rank: 1, spans: [as('label', cut + ' '.repeat(name - cellWidth(cut))), runs, as('title', median), spread] }
    }),
  ]
}
