import type { Workload } from '../model/plan.ts'
import { schedule, userCurve } from './schedule.ts'

/** A stretch of a workload that results are told apart by. */
export interface Phase {
  readonly name: string
  /** Offset from the start of the run, milliseconds. */
  readonly startMs: number
  readonly durationMs: number
}

/** The phases of a workload, in order, and which of them a moment of the run belongs to. */
export interface Phases {
  readonly list: readonly Phase[]
  /** Index into `list`; the first before the start, the last after the end. */
  at(elapsedMs: number): number
}

/** The phases of a workload: Artillery's phases, k6's stages, or the workload itself. */
export function phasesOf(workload: Workload): Phases {
  const { startMs } = workload
  switch (workload.model) {
    case 'open': {
      const times = schedule(workload)
      return { list: place(startMs, workload.segments), at: (ms) => times.segmentAt(ms - startMs) }
    }
    case 'closed': {
      const curve = userCurve(workload)
      return { list: place(startMs, workload.stages), at: (ms) => curve.stageAt(ms - startMs) }
    }
    case 'iterations':
      return { list: [{ name: workload.phase, startMs, durationMs: workload.maxDurationMs }], at: () => 0 }
  }
}

function place(startMs: number, parts: readonly { readonly name: string; readonly durationMs: number }[]): Phase[] {
  let at = startMs
  return parts.map(({ name, durationMs }) => {
    const phase = { name, startMs: at, durationMs }
    at += durationMs
    return phase
  })
}

/** When a workload's last arrival or iteration may begin, milliseconds from the start of the run. */
export function endOf(workload: Workload): number {
  switch (workload.model) {
    case 'open': return workload.startMs + workload.segments.reduce((sum, { durationMs }) => sum + durationMs, 0)
    case 'closed': return workload.startMs + workload.stages.reduce((sum, { durationMs }) => sum + durationMs, 0)
    case 'iterations': return workload.startMs + workload.maxDurationMs
  }
}
