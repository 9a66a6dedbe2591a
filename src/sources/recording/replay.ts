import { basename } from 'node:path'
import { setImmediate as yieldToOthers, setTimeout as sleep } from 'node:timers/promises'
import type { Feed, FeedListener } from '../../model/feed.ts'
import { plural } from '../../model/text.ts'
import { emptyRecording } from './errors.ts'
import { readText } from './file.ts'
import { createPlayback, type Playback } from './playback.ts'
import { readRecording, type Entry, type Recording } from './read.ts'

/** What fits into a history: all that is read when everything is wanted at once. */
const LAST_TICKS = 600
/** Ticks that are told in one go when all come at once. */
const AT_A_TIME = 50

/** How long closing waits for the file. */
const CLOSE_MS = 300

export interface ReplayOptions {
  /** How many times faster than it was recorded; Infinity gives the last ten minutes at once. */
  readonly speed?: number
  /** Monotonic milliseconds. */
  now(this: void): number
  /** Minutes that local time is ahead of UTC, for the times that are said; 0 unless given. */
  readonly zoneMinutes?: number
}

/**
 * A recording as a feed: it begins at `start`, keeps the times between ticks as they were, and ends. Texts in it are untrusted.
 * Throws UserError `NOT_A_RECORDING`, `NEWER_RECORDING`, `EMPTY_RECORDING`, `CANNOT_READ`.
 */
export async function openReplay(path: string, { speed = 1, now, zoneMinutes = 0 }: ReplayOptions): Promise<Feed> {
  const isAtOnce = speed === Number.POSITIVE_INFINITY
  const recording = await readRecording(readText(path), path, isAtOnce ? LAST_TICKS : undefined)
  const beginning = await readBeginning(recording, path)
  const stop = new AbortController()
  const playback = isAtOnce ? undefined : createPlayback(speed, now, stop.signal)
  let playing: Promise<void> = Promise.resolve()
  return {
    name: recording.header.facts.host || basename(path),
    kind: 'recording',
    intervalMs: recording.header.intervalMs,
    start: (listener) => {
      playing = play(recording, beginning, listener, playback, zoneMinutes, stop.signal)
    },
    // The ticks are as they were recorded, and so are their processes.
    setInterval: () => undefined,
    setProcesses: () => undefined,
    pause: playback?.pause,
    faster: playback?.faster,
    close: async () => {
      stop.abort()
      // A pipe that says nothing holds up whoever reads from it; it ends with the program.
      await Promise.race([playing.then(() => recording.entries.return()), sleep(CLOSE_MS)])
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

async function play({ header, entries }: Recording, beginning: readonly Entry[], listener: FeedListener, playback: Playback | undefined, zoneMinutes: number, signal: AbortSignal): Promise<void> {
  listener.facts(header.facts)
  listener.state({ kind: 'live' })
  let [ticks, lastAt] = [0, Number.NaN]
  let isCut = false
  let [damage, damages] = ['', 0]
  const tell = async (entry: Entry): Promise<void> => {
    if (entry.kind === 'snapshot') {
      const { elapsedMs, at } = entry.snapshot
      await playback?.pass(ticks > 0 && elapsedMs > 0 ? elapsedMs : 0)
      if (++ticks % AT_A_TIME === 0) await yieldToOthers(undefined, { signal })
      lastAt = at
      if (!signal.aborted) listener.snapshot(entry.snapshot)
    } else if (entry.kind === 'facts') listener.facts(entry.facts)
    else if (entry.kind === 'alert') listener.alert(entry.alert)
    else if (entry.isCut) isCut = true
    else if (damages++ === 0) damage = `; ${entry.text}`
  }
  try {
    for (const entry of beginning) await tell(entry)
    for (let next = await entries.next(); next.done !== true && !signal.aborted; next = await entries.next()) await tell(next.value)
  } catch (error) {
    // Waiting is broken off by closing; anything else is a bug of a listener.
    if (!signal.aborted) throw error
  }
  if (signal.aborted) return
  const end = isCut ? `the recording is cut off after ${clockTime(lastAt, zoneMinutes)}` : `the recording is over after ${plural(ticks, 'tick')}`
  listener.state({ kind: 'ended', reason: `${end}${damage}${damages > 1 ? ` (and ${damages - 1} more)` : ''}`, ...(isCut || damages > 0 ? { isIncomplete: true } : {}) })
}

/** The last instant that a file may name is the last that `Date` knows: in another zone there is none. */
function clockTime(at: number, zoneMinutes: number): string {
  return new Date(Math.min(8.63e15, Math.max(-8.63e15, at + zoneMinutes * 60_000))).toISOString().slice(11, 19)
}
