import { UserError } from '../model/error.ts'
import type { Feed, FeedListener, FeedState } from '../model/feed.ts'
import { showDuration } from '../model/unit.ts'
import { openBackoff } from './backoff.ts'
import { type ClientOptions, openClient } from './client.ts'
import { withEveryValue } from './every-value.ts'
import { openInquiry } from './inquiry.ts'
import { listen, streamSeconds } from './event-stream.ts'
import { openPicture } from './picture.ts'
import { openPause } from './pause.ts'
import { openSequence } from './sequence.ts'
import { openTelling } from './telling.ts'
import { type Timings, TIMINGS } from './timings.ts'

export interface RemoteFeedOptions extends ClientOptions {
  readonly intervalMs: number
  /** 0..1, for the jitter of reconnects. */
  readonly random: () => number
  readonly timings?: Partial<Timings> | undefined
}

/** A figure that was not told again in so many intervals is no longer shown. */
const LIFE_INTERVALS = 3
/** Streams that began and brought nothing, one after the other, until polls are tried instead. */
const MOST_BARREN = 3
/** Problems that do not go away by asking again; those of the second list only where nothing ever came. */
const FINAL = new Set(['UNAUTHORIZED', 'FORBIDDEN'])
const FINAL_AT_FIRST = new Set(['NOT_OFFERED', 'NOT_METRICS', 'REDIRECTED'])
/** What a stream may fail with while polls still work: there is no room for one more, or it is broken. */
const FAILING = new Set(['SERVER_ERROR', 'RESOURCE_EXHAUSTED', 'PERFORMANCE_DEGRADED', 'CIRCUIT_BREAKER_OPEN'])
/** What `metrics/real-time` answers where only `metrics` is for us; that tells whether the token has expired. */
const NO_STREAM = new Set(['NOT_OFFERED', 'UNAUTHORIZED', 'FORBIDDEN', 'REDIRECTED'])

/**
 * An instance that is looked at from afar: by its live stream where it offers one, else by asking again and again. Throws UserError for an
 * address or token that cannot be used; what happens later becomes the feed's state.
 */
export function openRemoteFeed(options: RemoteFeedOptions): Feed {
  const { now, wallTime, random } = options
  const timings: Timings = { ...TIMINGS, ...options.timings }
  const client = openClient(options)
  const ended = new AbortController()
  const { signal } = ended
  // A new interval ends the one; nothing but the end of all shortens the other.
  const pause = openPause(signal)
  const penance = openPause(signal)
  const picture = openPicture(now)
  const inquiry = openInquiry(client, picture, { now, wallTime, signal })
  const backoff = openBackoff(timings, now, random)
  let intervalMs = options.intervalMs
  let processes = true
  let takesSamples = true
  let stream: AbortController | null = null
  let running: Promise<unknown> = Promise.resolve()

  const silenceMs = (): number => Math.max(LIFE_INTERVALS * intervalMs, timings.silenceMs)
  // Evaluated when asked, so that a new interval counts at once.
  const sequence = openSequence(now, silenceMs)

  async function run(listener: FeedListener): Promise<void> {
    const telling = openTelling({ name: client.address.name, listener, picture, sequence, now, wallTime, intervalMs: () => intervalMs, wantsProcesses: () => processes })
    const state = (next: FeedState): void => {
      if (!signal.aborted) telling.state(next)
    }
    const wanted = (): { processes: boolean } => ({ processes: processes && !telling.carries.processes })

    /** Says what went wrong and waits; false where it is of no use to go on. */
    async function survive(error: unknown): Promise<boolean> {
      if (signal.aborted) return false
      if (!(error instanceof UserError)) throw error
      if (FINAL.has(error.code) || (!telling.everLive && FINAL_AT_FIRST.has(error.code))) {
        state({ kind: 'ended', reason: error.hint === undefined ? error.message : `${error.message}; ${error.hint}`, error })
        return false
      }
      await lose(error.message, error)
      return !signal.aborted
    }

    async function lose(reason: string, error?: UserError): Promise<void> {
      const waitMs = Math.max(backoff.next(), client.limiter.waitMs())
      state({ kind: 'lost', reason, retryAt: wallTime() + waitMs, ...(error ? { error } : {}) })
      await penance.for(waitMs)
    }

    /** Waits as long as wished, and longer where the instance's limits would not last; says so, and returns how long, milliseconds. */
    async function waitForTurn(wish: () => number, requests: () => number, until?: AbortSignal): Promise<number> {
      const since = now()
      for (;;) {
        const wishMs = wish()
        const turnMs = Math.max(wishMs, client.limiter.spacingMs() * requests())
        const waitMs = Math.max(turnMs - (now() - since), client.limiter.waitMs())
        telling.pace(turnMs > wishMs * 1.2 ? `asked every ${showDuration(Math.ceil(turnMs / 1_000) * 1_000)} instead of ${showDuration(wishMs)}: the instance limits how often it may be asked` : null)
        if (waitMs <= 0 || signal.aborted || until?.aborted) return now() - since
        await pause.for(Math.max(1, waitMs), until)
      }
    }

    /** One look by asking. */
    async function look(lifeMs: number, first: boolean): Promise<void> {
      const [reading] = await Promise.all([inquiry.metrics(lifeMs, { history: first }), first ? undefined : inquiry.extras(lifeMs, wanted())])
      if (signal.aborted) return
      telling.polled(reading)
      backoff.healthy()
    }

    async function begin(): Promise<boolean> {
      for (;;) {
        try {
          await look(LIFE_INTERVALS * Math.max(intervalMs, timings.sideMs), true)
          return !signal.aborted
        } catch (error) {
          if (!(await survive(error))) return false
        }
      }
    }

    /** Follows the stream through all its connections; true when polls must do instead. */
    async function follow(): Promise<boolean> {
      let streamed = false
      for (let barren = 0; streamed || barren < MOST_BARREN; ) {
        stream = new AbortController()
        const connection = stream
        try {
          const end = await withEveryValue((extra) => listen(client, {
            endpoint: 'metrics/real-time', query: { interval: String(streamSeconds(intervalMs)), ...extra }, lastId: telling.lastId, silenceMs: silenceMs(), thinMs: timings.thinMs, now, signal: AbortSignal.any([signal, connection.signal]),
            opened: () => sequence.connected(),
            event: (event) => {
              if (telling.heard(event)) backoff.healthy()
            },
            retry: (ms) => backoff.setLeast(ms),
          }), { isTaken: takesSamples, remember: () => (takesSamples = false) })
          if (signal.aborted) return false
          if (connection.signal.aborted) continue
          streamed ||= end.events > 0
          barren = end.events > 0 ? 0 : barren + 1
          if (streamed || barren < MOST_BARREN) await lose(end.reason)
        } catch (error) {
          if (connection.signal.aborted && !signal.aborted) continue
          const code = error instanceof UserError ? error.code : ''
          if (NO_STREAM.has(code)) return true
          if (FAILING.has(code) && ++barren >= MOST_BARREN && !streamed) return true
          if (!(await survive(error))) return false
        }
        if (signal.aborted) return false
      }
      return true
    }

    /** Asks what the stream does not carry, as long as there is one. */
    async function accompany(until: AbortSignal): Promise<void> {
      const requests = (): number => inquiry.extraRequests(wanted()) + (telling.carries.everything ? 0 : 1)
      for (let first = true; !until.aborted; first = false) {
        const waitMs = first ? 0 : await waitForTurn(() => Math.max(timings.sideMs, intervalMs), requests, until)
        if (until.aborted || !telling.isLive || client.limiter.waitMs() > 0) continue
        const lifeMs = LIFE_INTERVALS * Math.max(waitMs, timings.sideMs, client.limiter.spacingMs() * requests())
        try {
          await inquiry.extras(lifeMs, wanted())
          if (!first && !telling.carries.everything && !until.aborted) telling.facts((await inquiry.metrics(lifeMs)).facts)
        } catch (error) {
          // The stream says best how the instance is doing.
          if (!(error instanceof UserError)) throw error
        }
      }
    }

    async function poll(): Promise<void> {
      while (!signal.aborted) {
        const waitMs = await waitForTurn(() => Math.max(intervalMs, timings.pollMs), () => 1 + inquiry.extraRequests(wanted()))
        if (signal.aborted) return
        const lifeMs = LIFE_INTERVALS * Math.max(waitMs, timings.pollMs)
        try {
          await look(lifeMs, false)
        } catch (error) {
          if (!(await survive(error))) return
        }
      }
    }

    state({ kind: 'connecting' })
    if (!(await begin())) return
    const companion = new AbortController()
    const beside = accompany(AbortSignal.any([signal, companion.signal]))
    const mustPoll = await follow()
    companion.abort()
    await beside
    if (mustPoll) await poll()
  }

  return {
    name: client.address.name,
    kind: 'remote',
    start(listener) {
      running = run(listener)
    },
    setInterval(ms) {
      if (ms === intervalMs) return
      if (streamSeconds(ms) !== streamSeconds(intervalMs)) stream?.abort()
      intervalMs = ms
      pause.end()
    },
    setProcesses(wantsThem) {
      processes = wantsThem
      if (!wantsThem) picture.forgetProcesses()
    },
    async close() {
      ended.abort()
      await client.close()
      await running
    },
  }
}
