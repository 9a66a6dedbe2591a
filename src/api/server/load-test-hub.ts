import type { LoadTestEvent, Resident } from '../../contract/resident.ts'
import { createChannel, type Channel } from './channel.ts'
import type { StreamClient } from './stream-client.ts'

/** The streams of load tests: a test is followed once, however many watch it. */
export interface LoadTestHub {
  /** Follows a test, unless somebody does already. Throws `ApiError` `NOT_FOUND`. */
  follow(testId: string): Promise<Followed>
  close(): void
}

/** A test that is followed. */
export interface Followed {
  join(client: StreamClient, lastEventId: string | undefined): { leave(): void }
}

/** What the hub works with; `now` is monotonic milliseconds. */
interface HubWorld {
  readonly resident: Pick<Resident, 'followLoadTest'>
  readonly bootId: string
  readonly next: () => number
  readonly now: () => number
  readonly onProblem: (error: unknown) => void
}

/** What was told of a test that has ended, or that nobody watches, is kept for those who come back. */
const KEPT_MS = 120_000
const OVER = 'the load test has ended'

/** Opens the hub. */
export function openLoadTestHub({ resident, bootId, next, now, onProblem }: HubWorld): LoadTestHub {
  const tests = new Map<string, Promise<Followed>>()
  const ending = new AbortController()

  async function begin(testId: string): Promise<Followed> {
    const channel: Channel = createChannel({ bootId, next, now })
    const unwatched = new AbortController()
    const events = resident.followLoadTest(testId, AbortSignal.any([ending.signal, unwatched.signal]))[Symbol.asyncIterator]()
    // The first event tells whether there is such a test.
    const first = await events.next()
    let isOver = false
    const end = (): void => {
      isOver = true
      channel.end(OVER)
      forget(KEPT_MS)
    }
    let forgetting: NodeJS.Timeout | undefined
    const forget = (afterMs: number): void => {
      clearTimeout(forgetting)
      forgetting = setTimeout(() => {
        if (channel.size > 0) return
        tests.delete(testId)
        unwatched.abort()
      }, afterMs).unref()
    }
    void tell(first, events, channel).catch(onProblem).finally(end)
    return {
      join(client, lastEventId) {
        // Whoever comes later is told where it stands.
        channel.join(client, lastEventId, Number.POSITIVE_INFINITY)
        if (isOver) client.end(OVER)
        return {
          leave() {
            channel.leave(client)
            if (channel.size === 0) forget(KEPT_MS)
          },
        }
      },
    }
  }

  return {
    follow(testId) {
      const known = tests.get(testId)
      if (known !== undefined) return known
      const begun = begin(testId)
      tests.set(testId, begun)
      begun.catch(() => tests.delete(testId))
      return begun
    },
    close: () => ending.abort(),
  }
}

async function tell(first: IteratorResult<LoadTestEvent>, events: AsyncIterator<LoadTestEvent>, channel: Channel): Promise<void> {
  for (let each = first; each.done !== true; each = await events.next()) channel.publish(each.value)
}
