import { setImmediate as drawn } from 'node:timers/promises'
import { showChange } from '../analysis/compare/evidence.ts'
import { pairedDecision } from '../analysis/compare/paired.ts'
import { spreadOf } from '../analysis/spread.ts'
import type { BenchProgress, ProgressView } from '../model/progress.ts'
import { plain, plural } from '../model/text.ts'
import { showDuration } from '../model/unit.ts'
import type { AloneChoice } from '../sources/timed/alone.ts'
import type { TurnsChoice } from '../sources/timed/in-turns.ts'
import type { TimedCommand, TimedRun } from '../sources/timed/timed-command.ts'

/** What a benchmark is shown by. */
export interface BenchProgressWorld {
  readonly view: Pick<ProgressView, 'show' | 'isDrawn'>
  readonly now: () => number
  readonly head: TimedCommand
  readonly base: TimedCommand | null
}

/** Longer than the shortest time between two frames of a view, so that none is put off into a run. */
const EVERY_MS = 250

/** Shows a benchmark on its way: only between runs, and only now and then, so that nothing is drawn while something is timed. */
export function benchProgress({ view, now, head, base }: BenchProgressWorld): Pick<AloneChoice, 'onRun'> & { readonly inTurns: Required<Pick<TurnsChoice, 'onRun' | 'tell'>> } {
  const begunAt = now()
  const target = plain(base === null ? head.name : `${base.name} and ${head.name}`, 300)
  let countsFrom = begunAt
  let shownAt = Number.NEGATIVE_INFINITY
  let shownPhase = ''
  let [told, pairMs] = [0, 0]

  const show = async (phase: string, make: () => Omit<BenchProgress, 'name' | 'target' | 'phase' | 'elapsedMs'>): Promise<void> => {
    if (view.isDrawn ? now() - shownAt < EVERY_MS : phase === shownPhase) return
    const made = make()
    shownPhase = phase
    view.show({ name: 'bench', target, phase, elapsedMs: now() - begunAt, ...made })
    shownAt = now()
    await drawn()
  }
  /** Until the end, if it goes on as it did; with what went before. */
  const total = (share: number): number | null => (share > 0 ? countsFrom - begunAt + (now() - countsFrom) / Math.min(1, share) : null)

  return {
    onRun: ({ isWarmUp, runs, wanted }) => {
      if (runs.length === 0) countsFrom = now()
      return show(isWarmUp ? 'a run that does not count' : 'timed', () => ({
        state: isWarmUp ? 'warming up' : 'running', totalMs: total(runs.length / wanted), runs: { done: runs.length, wanted }, commands: [rowOf(head, runs)], turns: null,
      }))
    },
    inTurns: {
      tell: async (done, _most, ms) => {
        ;[told, pairMs] = [done, ms]
      },
      onRun: (soFar) => {
        const { isWarmUp, state } = soFar
        const { looks } = state.question
        const [done, most] = [state.pairs.length, Math.max(...looks)]
        if (soFar.base.length + soFar.head.length === 0) countsFrom = now()
        const pairs = told === 0 ? `${looks.length > 1 ? 'at most ' : ''}${plural(most, 'pair')} of turns${pairMs > 0 ? `, ${showDuration(pairMs)} each` : ''}` : `${plural(told, 'pair')}: not clear yet`
        return show(isWarmUp ? 'a run of each that does not count' : pairs, () => ({
          state: isWarmUp ? 'warming up' : 'running', totalMs: total(done / most), runs: null,
          commands: [...(base ? [rowOf(base, soFar.base)] : []), rowOf(head, soFar.head)],
          turns: { pairs: done, most, nextLook: Math.min(...looks.filter((look) => look > done), most), figures: [figureOf(state)] },
        }))
      },
    },
  }
}

function rowOf({ name }: TimedCommand, runs: readonly TimedRun[]): BenchProgress['commands'][number] {
  const spread = spreadOf(runs.map(({ ms }) => ms))
  return { name, runs: runs.length, median: spread?.median ?? null, least: spread?.min ?? null, most: spread?.max ?? null }
}

function figureOf(state: Parameters<typeof pairedDecision>[0]): NonNullable<BenchProgress['turns']>['figures'][number] {
  if (state.pairs.length === 0) return { name: 'time', change: null, interval: null }
  const { estimate, interval, scale } = pairedDecision(state)
  return { name: 'time', change: estimate === null ? null : showChange(estimate, scale), interval: interval && `${showChange(interval.low, scale)} to ${showChange(interval.high, scale)}` }
}
