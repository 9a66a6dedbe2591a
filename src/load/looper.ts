import { countEnd, type DriverCounts, type DriverWorld, type UserEnd, type UserSlot } from './driver.ts'

/** A user whose connection is refused waits before it tries again, twice as long each time, so that a dead server is not hammered. */
const BACKOFF_MS = { first: 50, most: 1_000 }

/** A user who begins again when it is done. */
export interface Looper {
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
export type MayGoOn = (looper: Looper, elapsedMs: number) => boolean

/** A user of its own for the looper; what it needs is made once, because a flow may be a single request. */
export function createLooper(index: number, counts: DriverCounts, world: DriverWorld, mayGoOn: MayGoOn): Looper {
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

/** Breaks off every flow that is under way. */
export function breakOffAll(loopers: readonly Looper[]): void {
  for (const { user, busy } of loopers) if (busy) user.breakOff()
}
