import { STATE_WORDS } from '../model/health.ts'
import { plain } from '../model/text.ts'
import type { Change, Standing } from './state.ts'

/** Changes as lines for people: `database: CRITICAL since 03:12 (was OK for 6d 4h)`; clock times are the machine's own. */
export function describeChanges(changes: readonly Change[]): readonly string[] {
  return changes.map((change) => `${change.check === null ? 'overall' : plain(change.check, 80)}: ${describe(change)}`)
}

function describe({ kind, from, to, at, lastedMs }: Change): string {
  const since = `since ${clock(at)}`
  const lasted = showLasted(lastedMs ?? 0)
  if (kind === 'flapping') return `flapping ${since}, ${STATE_WORDS[to]} at the moment (the next word comes when it settles)`
  if (kind === 'settled') return `${STATE_WORDS[to]}, settled at ${clock(at)} after flapping for ${lasted}`
  if (from === null) return `${STATE_WORDS[to]} ${since} (seen for the first time)`
  if (to === 'ok') return `OK again after ${lasted}`
  return `${STATE_WORDS[to]} ${since} (was ${STATE_WORDS[from]} for ${lasted})`
}

/** For how long a check has been what it is: `since 03:12 (2h 05m)`, with its day where that is another; null where it is ok and does not flap, or is excused. */
export function describeSince({ verdict, since, isExcused, flappingSince }: Standing, at: Date): string | null {
  if (isExcused || verdict === null || (verdict === 'ok' && flappingSince === null)) return null
  // A clock that was set back since must not speak of the future.
  const began = new Date(Math.min(flappingSince ?? since, at.getTime()))
  const day = began.toDateString() === at.toDateString() ? '' : `${began.getFullYear()}-${pad(began.getMonth() + 1)}-${pad(began.getDate())} `
  return `${flappingSince === null ? '' : 'flapping '}since ${day}${clock(began)} (${showLasted(at.getTime() - began.getTime())})`
}

const pad = (value: number): string => String(value).padStart(2, '0')

function clock(at: Date): string {
  return `${pad(at.getHours())}:${pad(at.getMinutes())}`
}

/** Time that passed, its two largest units: `6d 4h`, `2h 05m`, `12m`, `40s`; cut, never rounded up. */
export function showLasted(ms: number): string {
  const seconds = Math.floor(ms / 1_000)
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return minutes % 60 === 0 ? `${hours}h` : `${hours}h ${pad(minutes % 60)}m`
  return hours % 24 === 0 ? `${hours / 24}d` : `${Math.floor(hours / 24)}d ${hours % 24}h`
}
