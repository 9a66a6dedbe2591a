import type { ClosedWorkload } from '../model/plan.ts'
import { noCounts, type Driver, type DriverWorld } from './driver.ts'
import { breakOffAll, createLooper, type Looper, type MayGoOn } from './looper.ts'
import { userCurve } from './schedule.ts'

/** How often a curve that is on the move is looked at, milliseconds. */
const STEP_MS = 10
/** Keeps as many users busy as the curve wants, each waiting for its answer before it goes on (a closed workload). */
export function closedDriver(workload: ClosedWorkload, world: DriverWorld): Driver {
  const curve = userCurve(workload)
  const counts = noCounts()
  const loopers: Looper[] = []
  const graceMs = workload.gracefulStopMs ?? Number.POSITIVE_INFINITY
  let draining = false
  let ended = false

  const wantedAt = (elapsedMs: number): number => (draining ? 0 : curve.usersAt(elapsedMs - workload.startMs))
  const mayGoOn: MayGoOn = ({ index }, elapsedMs) => index < wantedAt(elapsedMs)
  const active = (): number => loopers.reduce((sum, { busy }) => sum + (busy ? 1 : 0), 0)

  return {
    workload,
    counts,
    tick(elapsedMs) {
      const ms = elapsedMs - workload.startMs
      if (ms < 0) return workload.startMs
      ended = ms >= curve.durationMs
      if (ended && ms >= curve.durationMs + graceMs) {
        breakOffAll(loopers)
        return Number.POSITIVE_INFINITY
      }
      const wanted = wantedAt(elapsedMs)
      for (let index = 0; index < Math.max(wanted, loopers.length); index++) {
        const looper = (loopers[index] ??= createLooper(index, counts, world, mayGoOn))
        if (index < wanted) {
          looper.endsAt = Number.POSITIVE_INFINITY
          // One that backs off comes back by itself.
          if (!looper.busy && looper.refusals === 0) looper.begin(elapsedMs)
        } else if (looper.busy && !ended && !draining) {
          if (looper.endsAt === Number.POSITIVE_INFINITY) looper.endsAt = elapsedMs + workload.gracefulRampDownMs
          else if (elapsedMs >= looper.endsAt) looper.user.breakOff()
        }
      }
      if (ended) return workload.startMs + curve.durationMs + graceMs
      const stage = workload.stages[curve.stageAt(ms)]
      const steady = stage !== undefined && stage.from === stage.to && wanted === active()
      return steady ? workload.startMs + stageEnd(workload, curve.stageAt(ms)) : elapsedMs + STEP_MS
    },
    drain() {
      draining = true
    },
    breakOff() {
      draining = true
      breakOffAll(loopers)
    },
    get done() {
      return (ended || draining) && active() === 0
    },
    get activeUsers() {
      return active()
    },
    waiting: 0,
    asked: (elapsedMs) => ({ rate: null, users: wantedAt(elapsedMs) }),
  }
}

function stageEnd(workload: ClosedWorkload, index: number): number {
  return workload.stages.slice(0, index + 1).reduce((sum, { durationMs }) => sum + durationMs, 0)
}
