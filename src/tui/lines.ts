import type { Sink } from '../host.ts'
import { isOfBench, type LoadProgress, type ProgressView } from '../model/progress.ts'
import { plain } from '../model/text.ts'
import { showDuration, showQuantity, showRatio } from '../model/unit.ts'
import { benchLine } from './bench-lines.ts'
import { showClock } from './clock.ts'

export interface LineViewOptions {
  readonly sink: Sink
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** Time from one line to the next while nothing else changes, milliseconds. */
  readonly everyMs?: number | undefined
}

/** Opens the view for a log or a pipe: a plain line every few seconds, at each change of phase or state and for each threshold newly crossed. */
export function openLineView({ sink, now, everyMs = 5_000 }: LineViewOptions): ProgressView {
  let written: Promise<void> = Promise.resolve()
  let closed = false
  let last: { readonly stage: string; readonly at: number } | undefined
  const told = new Set<string>()

  const write = (line: string): void => {
    if (!closed) written = sink.write(`${line}\n`)
  }

  return {
    show: (progress) => {
      if (isOfBench(progress)) {
        // A run may be short: only what is new in kind is worth a line.
        if (last?.stage !== progress.phase) write(benchLine(progress))
        last = { stage: progress.phase, at: now() }
        return
      }
      const stage = stageOf(progress)
      if (!last) write(`${plain(progress.name, 200)}  ${plain(progress.target, 200)}`)
      if (last?.stage !== stage || now() - last.at >= everyMs) {
        last = { stage, at: now() }
        write(progressLine(progress))
      }
      for (const threshold of progress.crossed) {
        if (told.has(threshold)) continue
        told.add(threshold)
        write(`${clockOf(progress)}  threshold crossed: ${plain(threshold, 200)}`)
      }
    },
    note: (text) => write(plain(text)),
    close: () => {
      closed = true
      return written
    },
  }
}

function stageOf({ state, phase }: LoadProgress): string {
  const named = phase ? `${plain(phase.name, 60)} (${phase.index} of ${phase.of})` : ''
  return state === 'running' && named !== '' ? named : named === '' ? state : `${state}, ${named}`
}

function clockOf({ elapsedMs }: LoadProgress): string {
  return showClock(elapsedMs).padStart(6)
}

/** A load test's progress in one plain line. */
export function progressLine(progress: LoadProgress): string {
  const { askedRate, startedRate, askedUsers, reachedRate, users, now, failed, requests, dropped, late, waiting, errors } = progress
  const perSecond = (value: number): string => showQuantity({ value, unit: 'per_second' })
  const parts = [
    clockOf(progress),
    stageOf(progress),
    askedRate !== null && `arrivals ${startedRate === null ? '' : `${perSecond(startedRate)} `}of ${perSecond(askedRate)}`,
    `requests ${perSecond(reachedRate)}`,
    users !== null && `users ${users}${askedUsers === null ? '' : ` of ${askedUsers}`}`,
    now && `p50 ${showDuration(now.p50)}`,
    now && `p95 ${showDuration(now.p95)}`,
    `failed ${failed > 0 ? `${showRatio(failed / Math.max(requests, failed))} (${failed})` : '0'}`,
    dropped > 0 && `dropped ${dropped}`,
    late > 0 && `late ${late}`,
    waiting > 0 && `waiting ${waiting}`,
    errors[0] && `most often ${plain(errors[0].type, 40)}`,
  ]
  return parts.filter((part) => typeof part === 'string').join('  ')
}
