import type { LoadProgress } from '../model/progress.ts'
import { plain } from '../model/text.ts'
import { showClock } from './clock.ts'
import { apart, NARROW, type Row } from './rows.ts'
import { as, spansWidth } from './span.ts'
import type { Tone } from './tone.ts'

const STATES: Readonly<Record<LoadProgress['state'], Tone>> = { starting: 'label', 'warming up': 'label', running: 'ok', draining: 'warn' }

/** What runs against what, how it is and since when. */
export function titleRows({ name, target, state, elapsedMs }: Pick<LoadProgress, 'name' | 'target' | 'state' | 'elapsedMs'>, width: number): Row[] {
  const now = [as(STATES[state], `● ${state}`), `  ${showClock(elapsedMs)}`]
  const called = as('title', plain(name, 200))
  const against = as('label', plain(target, 200))
  const isRoomy = width > NARROW && spansWidth([called, against, ...now]) + 4 <= width
  if (isRoomy) return [{ rank: 0, spans: apart([called, '  ', against], now, width) }]
  return [{ rank: 0, spans: apart([called], now, width) }, { rank: 6, spans: [against] }]
}
