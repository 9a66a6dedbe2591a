import type { ClosedWorkload, IterationWorkload } from '../model/plan.ts'
import { countEnd, noCounts, type Driver, type DriverCounts, type DriverWorld, type UserSlot } from './driver.ts'
import { userCurve } from './schedule.ts'

/** How often a curve that is on the move is looked at, milliseconds. */
const STEP_MS = 10
/** A user whose connection is refused waits before it tries again, twice as long each time, so that a dead server is not hammered. */
const BACKOFF_MS = { first: 50, most: 1_000 }

/** A user who begins again when it is done. */
interface Looper {
  readonly index: number
  readonly user: UserSlot
  busy: boolean
  refusals: number
  /** Offset after which it must not go on; Infinity while it is wanted. */
  endsAt: number
}

/** Asked after each flow: may this user begin another? */
type MayGoOn = (looper: Looper) => boolean

function loop(looper: Looper, counts: DriverCounts, world: DriverWorld, mayGoOn: MayGoOn): void {
  let returned = false
  let endedAtOnce = false
  looper.busy = true
  counts.started++
  looper.user.begin(world.elapsed(), (end, refused) => {
    countEnd(counts, end)
    looper.busy = false
    looper.refusals = refused ? looper.refusals + 1 : 0
    if (end === 'broken-off') return world.nudge()
    const again = (): void => {
      if (!looper.busy && mayGoOn(looper)) loop(looper, counts, world, mayGoOn)
      else world.nudge()
    }
    if (refused) world.later(Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** Math.min(looper.refusals - 1, 10)), again)
    else if (returned) again()
    else endedAtOnce = true
  })
  returned = true
  // A flow that ended without waiting for anything must let the event loop turn before it runs again.
  if (endedAtOnce) {
    world.later(0, () => {
      if (!looper.busy && mayGoOn(looper)) loop(looper, counts, world, mayGoOn)
      else world.nudge()
    })
  }
}

/** Keeps as many users busy as the curve wants, each waiting for its answer before it goes on (a closed workload). */
export function closedDriver(workload: ClosedWorkload, world: DriverWorld): Driver {
  const curve = userCurve(workload)
  const counts = noCounts()
  const loopers: Looper[] = []
  const graceMs = workload.gracefulStopMs ?? Number.POSITIVE_INFINITY
  let draining = false
  let ended = false

  const wantedAt = (elapsedMs: number): number => (draining ? 0 : curve.usersAt(elapsedMs - workload.startMs))
  const mayGoOn: MayGoOn = ({ index }) => index < wantedAt(world.elapsed())
  const active = (): number => loopers.reduce((sum, { busy }) => sum + (busy ? 1 : 0), 0)

  return {
    workload,
    counts,
    tick(elapsedMs) {
      const ms = elapsedMs - workload.startMs
      if (ms < 0) return workload.startMs
      ended = ms >= curve.durationMs
      if (ended && ms >= curve.durationMs + graceMs) {
        for (const { user, busy } of loopers) if (busy) user.breakOff()
        return Number.POSITIVE_INFINITY
      }
      const wanted = wantedAt(elapsedMs)
      for (let index = 0; index < Math.max(wanted, loopers.length); index++) {
        const looper = (loopers[index] ??= { index, user: world.createUser(), busy: false, refusals: 0, endsAt: Number.POSITIVE_INFINITY })
        if (index < wanted) {
          looper.endsAt = Number.POSITIVE_INFINITY
          // One that backs off comes back by itself.
          if (!looper.busy && looper.refusals === 0) loop(looper, counts, world, mayGoOn)
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
      for (const { user, busy } of loopers) if (busy) user.breakOff()
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
          const looper: Looper = { index, user: world.createUser(), busy: false, refusals: 0, endsAt: Number.POSITIVE_INFINITY }
          loopers.push(looper)
          if (take(looper)) loop(looper, counts, world, take)
        }
      }
      if (ms >= workload.maxDurationMs) draining = true
      if (ms >= workload.maxDurationMs + graceMs) {
        for (const { user, busy } of loopers) if (busy) user.breakOff()
        return Number.POSITIVE_INFINITY
      }
      return workload.startMs + workload.maxDurationMs + (draining ? graceMs : 0)
    },
    drain() {
      draining = true
    },
    breakOff() {
      draining = true
      for (const { user, busy } of loopers) if (busy) user.breakOff()
    },
    get done() {
      return begun && active() === 0
    },
    get activeUsers() {
      return loopers.reduce((sum, { busy }) => sum + (busy ? 1 : 0), 0)
    },
    waiting: 0,
    asked: () => ({ rate: null, users: draining ? 0 : workload.users }),
  }
}
