import type { LoadProgress, TurnsProgress } from '../model/progress.ts'
import { plain } from '../model/text.ts'
import { bar } from './bar.ts'
import { showLeft } from './clock.ts'
import type { PercentileRow } from './percentile-rows.ts'
import { NARROW, type Row } from './rows.ts'
import { as, spansWidth, type Span } from './span.ts'

/** How many pairs there are of how many, and how long it takes at most. */
export function pairRows({ state, elapsedMs, totalMs }: Pick<LoadProgress, 'state' | 'elapsedMs' | 'totalMs'>, { pairs, most, nextLook }: Pick<TurnsProgress, 'pairs' | 'most' | 'nextLook'>, width: number, unicode: boolean): Row[] {
  const left = as('label', totalMs === null ? '' : `  ${showLeft(totalMs - elapsedMs)} left at most`)
  if (state === 'warming up') return [{ rank: 1, spans: [`before the first of ${most} pairs at most`, left] }]
  const named: Span[] = [`${pairs} of ${most} pairs`, as('label', width > NARROW ? `, judged after ${nextLook}` : '')]
  const { done, rest } = bar(pairs / most, Math.max(1, (width <= NARROW ? width : width - spansWidth(named) - 2) - spansWidth([left])), unicode)
  const drawn: Span[] = [as('done', done), as('rest', rest), left]
  return width <= NARROW ? [{ rank: 1, spans: named }, { rank: 2, spans: drawn }] : [{ rank: 1, spans: [...named, '  ', ...drawn] }]
}

/** What decides and what is known of it: where there are many, the first. */
export function figureRows({ figures }: Pick<TurnsProgress, 'figures'>, width: number): Row[] {
  const shown = figures.slice(0, MOST).map(({ name, change, interval }) => ({ name: plain(name, 200), change: change ?? '–', interval: interval === null ? '' : `  ${interval}` }))
  const widest = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length))
  const change = widest(['so far', ...shown.map((each) => each.change)])
  const interval = widest(['  interval', ...shown.map((each) => each.interval)])
  const room = width - change - interval - 2
  // Names give way, down to what can still be told apart; then the interval goes to a line of its own.
  const isWide = room >= LEAST_NAME
  const name = Math.min(widest(shown.map((each) => each.name)), isWide ? room : width - change - 2)
  const cut = (text: string): string => (text.length <= name ? text : `${text.slice(0, Math.max(0, name - 1))}…`)
  return [
    { rank: 5, spans: [as('label', `${' '.repeat(name + 2)}${'so far'.padStart(change)}${isWide ? '  interval' : ''}`)] },
    ...shown.flatMap((each): Row[] => [
      { rank: 1, spans: [as('label', cut(each.name).padEnd(name + 2)), as('title', each.change.padStart(change)), isWide ? each.interval : ''] },
      ...(isWide || each.interval === '' ? [] : [{ rank: 3, spans: [each.interval] }]),
    ]),
    ...(figures.length > MOST ? [{ rank: 5, spans: [as('label', `and ${figures.length - MOST} more`)] }] : []),
  ]
}

/** The last slice of each side as lines of percentiles. */
export function sidesOf({ sides }: TurnsProgress): PercentileRow[] {
  return sides.map(({ name, now }) => ({ label: name, values: now, tone: 'title', rank: 2 }))
}

const MOST = 6
/** Cells. */
const LEAST_NAME = 20
