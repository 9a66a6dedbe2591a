import type { IterationWorkload } from '../model/plan.ts'
import { noCounts, type Driver, type DriverWorld } from './driver.ts'
import { breakOffAll, createLooper, type Looper, type MayGoOn } from './looper.ts'

/** Runs a fixed number of flows, shared among users or each one's own. */
export function iterationDriver(workload: IterationWorkload, world: DriverWorld): Driver {
  const counts = noCounts()
  const graceMs = workload.gracefulStopMs ?? Number.POSITIVE_INFINITY
  const loopers: Looper[] = []
  const left = new Map<Looper, number>()
  let shared = workload.iterations
  let begun = false
  let draining = false

  const take: MayGoOn = (looper) => {
    if (draining) return false
    if (workload.shared) return shared-- > 0
    const own = left.get(looper) ?? workload.iterations
    left.set(looper, own - 1)
    return own > 0
  }
  const active = (): number => loopers.reduce((sum, { busy, refusals }) => sum + (busy || refusals > 0 ? 1 : 0), 0)

  return {
    workload,
    counts,
    tick(elapsedMs) {
      const ms = elapsedMs - workload.startMs
      if (ms < 0) return workload.startMs
      if (!begun) {
        begun = true
        for (let index = 0; index < workload.users; index++) {
          const looper = createLooper(index, counts, world, take)
          loopers.push(looper)
          if (take(looper, elapsedMs)) looper.begin(elapsedMs)
        }
      }
      if (ms >= workload.maxDurationMs) draining = true
      if (ms >= workload.maxDurationMs + graceMs) {
        breakOffAll(loopers)
        return Number.POSITIVE_INFINITY
      }
      return workload.startMs + workload.maxDurationMs + (draining ? graceMs : 0)
    },
    drain() {
      draining = true
    },
    breakOff() {
      draining = true
      breakOffAll(loopers)
    },
    get done() {
      return (begun || draining) && active() === 0
    },
    get activeUsers() {
      return loopers.reduce((sum, { busy }) => sum + (busy ? 1 : 0), 0)
    },
    waiting: 0,
    asked: () => ({ rate: null, users: draining ? 0 : workload.users }),
  }
}
