/** The clock of a recording: it goes at a speed that can change, and can stand still. */
export interface Playback {
  pause(this: void, on: boolean): void
  /** Takes the next speed in a direction; the one it has then. */
  faster(this: void, direction: 1 | -1): number
  /** Resolves when so many milliseconds of the recording have been played since what was waited for before, and it is not paused. Rejects when it is broken off. */
  pass(this: void, elapsedMs: number): Promise<void>
}

const SPEEDS: readonly number[] = [0.25, 0.5, 1, 2, 5, 10, 30, 100]
/** A longer silence in a recording is not sat through, milliseconds of life. */
const LONGEST_WAIT_MS = 10_000
/** What is later than this, because the program itself stood still, is not made up for; milliseconds of life. */
const LATEST_MS = 1_000

/** A clock at a finite speed; `now` is monotonic milliseconds, and the signal breaks waiting off. */
export function createPlayback(startSpeed: number, now: () => number, signal: AbortSignal): Playback {
  let speed = startSpeed
  let paused = false
  let [played, since] = [0, now()]
  let dueAt: number | null = null
  let wake = (): void => undefined
  signal.addEventListener('abort', () => wake(), { once: true })

  const position = (): number => played + (paused ? 0 : (now() - since) * speed)
  const change = (action: () => void): void => {
    played = position()
    since = now()
    action()
    wake()
  }
  const rest = (ms: number): Promise<void> => new Promise((done) => {
    const timer = Number.isFinite(ms) ? setTimeout(done, ms) : undefined
    wake = () => {
      clearTimeout(timer)
      done()
    }
  })
  return {
    pause: (on) => change(() => {
      paused = on
    }),
    faster: (direction) => {
      change(() => {
        speed = (direction > 0 ? SPEEDS.find((each) => each > speed) : SPEEDS.findLast((each) => each < speed)) ?? speed
      })
      return speed
    },
    pass: async (elapsedMs) => {
      dueAt = Math.max((dueAt ?? position()) + elapsedMs, position() - LATEST_MS * speed)
      for (;;) {
        signal.throwIfAborted()
        dueAt = Math.min(dueAt, position() + LONGEST_WAIT_MS * speed)
        const waitMs = (dueAt - position()) / speed
        if (!paused && waitMs <= 0) return
        await rest(paused ? Number.POSITIVE_INFINITY : waitMs)
      }
    },
  }
}
