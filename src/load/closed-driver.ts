import type { ClosedWorkload, IterationWorkload } from '../model/plan.ts'
import { countEnd, noCounts, type Driver, type DriverCounts, type DriverWorld, type UserEnd, type UserSlot } from './driver.ts'
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
  /** Begins a flow that is due at this offset. */
  begin(dueMs: number): void
}

/** Asked after each flow: may this user begin another at this offset? */
type MayGoOn = (looper: Looper, elapsedMs: number) => boolean

/** A user of its own for the looper; what it needs is made once, because a flow may be a single request. */
function createLooper(index: number, counts: DriverCounts, world: DriverWorld, mayGoOn: MayGoOn): Looper {
  let begunMs = 0
  const looper: Looper = {
    index, user: world.createUser(), busy: false, refusals: 0, endsAt: Number.POSITIVE_INFINITY,
    begin(dueMs) {
      begunMs = dueMs
      looper.busy = true
      counts.started++
      looper.user.begin(dueMs, ended)
    },
  }
  const goOn = (elapsedMs: number): void => {
    if (!looper.busy && mayGoOn(looper, elapsedMs)) return looper.begin(elapsedMs)
    // It no longer backs off: whoever waits for it need not, and it may be wanted again.
    looper.refusals = 0
    world.nudge()
  }
  const ended = (end: UserEnd, endedMs: number, refused: boolean): void => {
    countEnd(counts, end)
    looper.busy = false
    looper.refusals = refused ? looper.refusals + 1 : 0
    if (end === 'broken-off') return world.nudge()
    if (refused) return world.later(Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** Math.min(looper.refusals - 1, 10)), () => goOn(world.elapsed()))
    // The next flow is due when this one ended; one that took no time by its own account must not stop the clock.
    goOn(endedMs > begunMs ? endedMs : world.elapsed())
  }
  return looper
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
        for (const { user, busy } of loopers) if (busy) user.breakOff()
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
          const looper = createLooper(index, counts, world, take)
          loopers.push(looper)
          if (take(looper, elapsedMs)) looper.begin(elapsedMs)
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
