import { showChange } from '../analysis/compare/evidence.ts'
import { gateDecisions, isSettled, type Interleaved } from '../analysis/compare/interleaved.ts'
import type { Slice } from '../load/slices.ts'
import type { LoadProgress, ProgressPercentiles, ProgressView, TurnsProgress } from '../model/progress.ts'
import { showDuration } from '../model/unit.ts'
import { TITLES } from './compare-live-errors.ts'
import { shownAddress, SIDES, type LiveSide, type SideName } from './compare-live-sides.ts'
import type { LiveWorld } from './compare-live-slices.ts'

/** From one line about the estimate to the next, pairs; and one at each look. */
const EVERY_PAIRS = 4

/** Shows a comparison on its way: only between slices, so that nothing is drawn while something is measured. */
export function liveProgress(view: ProgressView, sides: Readonly<Record<SideName, LiveSide>>, { sliceMs, users, now }: { readonly sliceMs: number; /** Users of closed workloads. */ readonly users: number; readonly now: () => number }): Pick<LiveWorld, 'onSlice' | 'onPair'> {
  const startedAt = now()
  const sums = { requests: 0, failed: 0 }
  const lastOf: { -readonly [side in SideName]: ProgressPercentiles | null } = { base: null, head: null }
  let counted: Slice | null = null
  let latestOf: SideName = 'base'
  let figures: TurnsProgress['figures'] | null = null
  // A slice takes longer than it sends: its last answers are waited for.
  let [begun, eachMs] = [0, sliceMs]

  return {
    onSlice: (side, interleaved, latest, isWarmUp) => {
      if (latest !== null && latest !== counted) {
        counted = latest
        sums.requests += latest.recorder.total.requests
        sums.failed += latest.recorder.total.failed
        lastOf[latestOf] = percentilesOf(latest)
      }
      latestOf = side
      const elapsedMs = now() - startedAt
      if (begun > 0) eachMs = Math.max(sliceMs, elapsedMs / begun)
      begun++
      const { looks, base: { length: pairs } } = interleaved
      const nextLook = Math.min(...looks.filter((look) => look > pairs), Math.max(...looks))
      view.show({
        ...NOTHING, name: 'compare', target: SIDES.map((name) => shownAddress(sides[name].url)).join(' and '), state: isWarmUp ? 'warming up' : 'running', users, elapsedMs, totalMs: elapsedMs + leftAtMost(interleaved, eachMs), requests: sums.requests, failed: sums.failed,
        phase: { name: isWarmUp ? 'a slice of each side that does not count' : `up to pair ${nextLook}`, index: isWarmUp ? 1 : 2 + looks.indexOf(nextLook), of: 1 + looks.length, endsInMs: (nextLook - pairs) * 2 * eachMs },
        reachedRate: latest?.rate ?? 0, now: latest && percentilesOf(latest),
        turns: { pairs, most: Math.max(...looks), nextLook, sides: SIDES.map((name) => ({ name: TITLES[name], now: lastOf[name] })), figures: (figures ??= known(interleaved)) },
      })
    },
    onPair: (interleaved) => {
      figures = known(interleaved)
      const pairs = interleaved.base.length
      if (view.isDrawn || (pairs % EVERY_PAIRS !== 0 && !interleaved.looks.includes(pairs))) return
      const told = figures.flatMap(({ name, change, interval }) => (change === null ? [] : [`${name} ${change}${interval === null ? '' : ` (${interval})`}`]))
      const left = isSettled(interleaved) ? 'settled' : `${showDuration(leftAtMost(interleaved, eachMs))} left at most`
      view.note(`pair ${pairs} of at most ${Math.max(...interleaved.looks)}: ${told.length > 0 ? told.join(', ') : `nothing is known of the ${TITLES.head} yet`}; ${left}`)
    },
  }
}

/** What is known of what decides. */
function known(interleaved: Interleaved): TurnsProgress['figures'] {
  return gateDecisions(interleaved).map(({ key, decision: { estimate, interval, scale } }) => ({
    name: key, change: estimate === null ? null : showChange(estimate, scale),
    interval: interval === null ? null : `${showChange(interval.low, scale).replace(' points', '')} to ${showChange(interval.high, scale)}`,
  }))
}

function leftAtMost({ looks, base }: Interleaved, eachMs: number): number {
  return (Math.max(...looks) - base.length) * 2 * eachMs
}

function percentilesOf({ recorder: { total: { times } } }: Slice): ProgressPercentiles | null {
  return times.count === 0 ? null : { p50: times.percentile(50), p90: times.percentile(90), p95: times.percentile(95), p99: times.percentile(99), max: times.max }
}

const NOTHING = { askedRate: null, startedRate: null, askedUsers: null, late: 0, dropped: 0, waiting: 0, soFar: null, errors: [], history: [], crossed: [], generatorCpu: 0 } as const satisfies Partial<LoadProgress>
