import { basename } from 'node:path'
import { setImmediate as yieldToOthers, setTimeout as sleep } from 'node:timers/promises'
import type { Feed, FeedListener } from '../../model/feed.ts'
import { plural } from '../../model/text.ts'
import { emptyRecording } from './errors.ts'
import { readText } from './file.ts'
import { readRecording, type Entry, type Recording } from './read.ts'

/** What fits into a history: all that is read when everything is wanted at once. */
const LAST_TICKS = 600
/** A longer silence in a recording is not sat through. */
const LONGEST_WAIT_MS = 10_000
/** Ticks that are told in one go when all come at once. */
const AT_A_TIME = 50

export interface ReplayOptions {
  /** How many times faster than it was recorded; Infinity gives the last ten minutes at once. */
  readonly speed?: number
  /** Monotonic milliseconds. */
  now(this: void): number
}

/**
 * A recording as a feed: it begins at `start`, keeps the times between ticks as they were, and ends. Texts in it are untrusted.
 * Throws UserError `NOT_A_RECORDING`, `NEWER_RECORDING`, `EMPTY_RECORDING`, `CANNOT_READ`.
 */
export async function openReplay(path: string, { speed = 1, now }: ReplayOptions): Promise<Feed> {
  const recording = await readRecording(readText(path), path, speed === Number.POSITIVE_INFINITY ? LAST_TICKS : undefined)
  const beginning = await readBeginning(recording, path)
  const stop = new AbortController()
  let playing: Promise<void> = Promise.resolve()
  return {
    name: recording.header.facts.host || basename(path),
    kind: 'recording',
    start: (listener) => {
      playing = play(recording, beginning, listener, speed, now, stop.signal)
    },
    // The ticks are as they were recorded, and so are their processes.
    setInterval: () => undefined,
    setProcesses: () => undefined,
    close: async () => {
      stop.abort()
      await playing
      await recording.entries.return()
    },
  }
}

/** All up to the first tick: that there is one is known before a screen is taken. */
async function readBeginning({ entries }: Recording, path: string): Promise<Entry[]> {
  const beginning: Entry[] = []
  for (;;) {
    const next = await entries.next()
    if (next.done === true) throw emptyRecording(path, beginning.find((entry) => entry.kind === 'note')?.text)
    // Whoever writes nothing but notes and alerts into a file is not listened to for ever.
    if (beginning.length < 1_000) beginning.push(next.value)
    else if (next.value.kind === 'snapshot') beginning[beginning.length - 1] = next.value
    if (next.value.kind === 'snapshot') return beginning
  }
}

async function play({ header, entries }: Recording, beginning: readonly Entry[], listener: FeedListener, speed: number, now: () => number, signal: AbortSignal): Promise<void> {
  listener.facts(header.facts)
  listener.state({ kind: 'live' })
  let dueAt = now()
  let ticks = 0
  let [firstNote, notes] = ['', 0]
  const tell = async (entry: Entry): Promise<void> => {
    if (entry.kind === 'snapshot') {
      const { elapsedMs } = entry.snapshot
      if (ticks++ > 0 && elapsedMs > 0) dueAt += Math.min(elapsedMs / speed, LONGEST_WAIT_MS)
      const waitMs = dueAt - now()
      if (waitMs > 0) await sleep(waitMs, undefined, { signal })
      else if (ticks % AT_A_TIME === 0) await yieldToOthers(undefined, { signal })
      if (!signal.aborted) listener.snapshot(entry.snapshot)
    } else if (entry.kind === 'facts') listener.facts(entry.facts)
    else if (entry.kind === 'alert') listener.alert(entry.alert)
    else {
      if (notes++ === 0) firstNote = `; ${entry.text}`
    }
  }
  try {
    for (const entry of beginning) await tell(entry)
    for (let next = await entries.next(); next.done !== true && !signal.aborted; next = await entries.next()) await tell(next.value)
  } catch (error) {
    // Waiting is broken off by closing; anything else is a bug of a listener.
    if (!signal.aborted) throw error
  }
  if (signal.aborted) return
  listener.state({ kind: 'ended', reason: `the recording is over after ${plural(ticks, 'tick')}${firstNote}${notes > 1 ? ` (and ${notes - 1} more)` : ''}` })
}
