import { showChange } from '../analysis/compare/evidence.ts'
import { gateDecisions, isSettled, type Interleaved } from '../analysis/compare/interleaved.ts'
import type { Slice } from '../load/slices.ts'
import type { LoadProgress, ProgressView } from '../model/progress.ts'
import { showDuration } from '../model/unit.ts'
import { TITLES } from './compare-live-errors.ts'
import type { LiveSide, SideName } from './compare-live-sides.ts'
import type { LiveWorld } from './compare-live-slices.ts'

/** From one line about the estimate to the next, pairs; and one at each look. */
const EVERY_PAIRS = 4

/** Shows a comparison on its way: only between slices, so that nothing is drawn while something is measured. */
export function liveProgress(view: ProgressView, sides: Readonly<Record<SideName, LiveSide>>, { sliceMs, users, now }: { readonly sliceMs: number; /** Users of closed workloads. */ readonly users: number; readonly now: () => number }): Pick<LiveWorld, 'onSlice' | 'onPair'> {
  const startedAt = now()
  const sums = { requests: 0, failed: 0 }
  const history: { rate: number; p95: number }[] = []
  let counted: Slice | null = null

  return {
    onSlice: (side, interleaved, latest, isWarmUp) => {
      if (latest !== null && latest !== counted) {
        counted = latest
        sums.requests += latest.recorder.total.requests
        sums.failed += latest.recorder.total.failed
        history.push({ rate: latest.rate, p95: latest.recorder.total.times.percentile(95) })
      }
      const elapsedMs = now() - startedAt
      const next = nextLook(interleaved)
      view.show({
        ...NOTHING, name: 'compare', target: sides[side].url, state: 'running', users, elapsedMs, totalMs: elapsedMs + leftAtMost(interleaved, sliceMs), requests: sums.requests, failed: sums.failed,
        phase: { name: isWarmUp ? 'a slice of each side that does not count' : `up to pair ${next}`, index: isWarmUp ? 1 : 2 + interleaved.looks.indexOf(next), of: 1 + interleaved.looks.length, endsInMs: (next - interleaved.base.length) * 2 * sliceMs },
        reachedRate: latest?.rate ?? 0, now: latest && percentilesOf(latest), history: history.slice(-120),
      })
    },
    onPair: (interleaved) => {
      const pairs = interleaved.base.length
      if (pairs % EVERY_PAIRS !== 0 && !interleaved.looks.includes(pairs)) return
      const left = isSettled(interleaved) ? 'settled' : `${showDuration(leftAtMost(interleaved, sliceMs))} left at most`
      view.note(`pair ${pairs} of at most ${Math.max(...interleaved.looks)}: ${soFar(interleaved)}; ${left}`)
    },
  }
}

/** What is known of what decides, with its interval. */
function soFar(interleaved: Interleaved): string {
  const told = gateDecisions(interleaved).flatMap(({ key, decision: { estimate, interval, scale } }) => (estimate === null ? [] : [`${key} ${showChange(estimate, scale)}${interval === null ? '' : ` (${showChange(interval.low, scale)} to ${showChange(interval.high, scale)})`}`]))
  return told.length > 0 ? told.join(', ') : `nothing is known of the ${TITLES.head} yet`
}

function nextLook({ looks, base }: Interleaved): number {
  return Math.min(...looks.filter((look) => look > base.length), Math.max(...looks))
}

function leftAtMost({ looks, base }: Interleaved, sliceMs: number): number {
  return (Math.max(...looks) - base.length) * 2 * sliceMs
}

function percentilesOf({ recorder: { total: { times } } }: Slice): LoadProgress['now'] {
  return times.count === 0 ? null : { p50: times.percentile(50), p90: times.percentile(90), p95: times.percentile(95), p99: times.percentile(99), max: times.max }
}

const NOTHING = { askedRate: null, startedRate: null, askedUsers: null, late: 0, dropped: 0, waiting: 0, soFar: null, errors: [], crossed: [], generatorCpu: 0 } as const
