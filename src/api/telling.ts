import type { FeedListener, FeedState } from '../model/feed.ts'
import type { Samples, SystemFacts } from '../model/snapshot.ts'
import { readWireFacts } from '../model/wire-snapshot.ts'
import { isBody } from './body.ts'
import { readEvent } from './dialect.ts'
import type { StreamEvent } from './event-stream.ts'
import type { Picture } from './picture.ts'
import { facts as factsOf, readAlert, type Reading } from './reading.ts'
import type { Sequence } from './sequence.ts'

interface TellingOptions {
  /** What the instance is called where it does not say. */
  readonly name: string
  readonly listener: FeedListener
  readonly picture: Picture
  readonly sequence: Sequence
  readonly now: () => number
  readonly wallTime: () => number
  readonly intervalMs: () => number
  readonly wantsProcesses: () => boolean
}

/** Tells a listener what answers and events say. */
export interface Telling {
  state(state: FeedState): void
  /** A full answer was laid over the picture. */
  polled(reading: Reading): void
  /** An event came; true when it brought figures. */
  heard(event: StreamEvent): boolean
  facts(facts: SystemFacts | null): void
  /** That the instance is asked less often than wished, or null when it no longer is; said once. */
  pace(message: string | null): void
  /** What to send as Last-Event-ID. */
  readonly lastId: string | null
  readonly isLive: boolean
  readonly everLive: boolean
  /** What the events bring, so that it need not be asked for. */
  readonly carries: { readonly everything: boolean; readonly processes: boolean }
}

/** The most a backfill brings: ten minutes of a second each. */
const LONGEST_BACKFILL = 600
const LONGEST_GAP_MS = 60_000
const REMEMBERED_ALERTS = 100
/** An answer that is older than the one before by less is a cached one; by more, a clock that was set. */
const CACHED_MS = 60_000

/** A telling that has said nothing yet. */
export function openTelling({ name, listener, picture, sequence, now, wallTime, intervalMs, wantsProcesses }: TellingOptions): Telling {
  let current: FeedState = { kind: 'connecting' }
  let everLive = false
  let lastId: string | null = null
  let lastFacts = ''
  let lastPace: string | null = null
  let lastAt = Number.NaN
  let lastNow = Number.NaN
  const carries = { everything: false, processes: false }
  const alerts = new Set<string>()
  const notes = new Set<string>()

  function state(next: FeedState): void {
    if (next.kind === 'live' && current.kind === 'live') return
    everLive ||= next.kind === 'live'
    current = next
    listener.state(next)
  }

  function tell(at: number, samples: Samples | null): void {
    const whole = picture.current()
    const elapsedMs = at > lastAt ? at - lastAt : Number.NaN
    lastAt = at
    lastNow = now()
    if (samples) listener.snapshot({ at, elapsedMs, samples, processes: null, application: null, alerts: [] })
    else listener.snapshot({ at, elapsedMs, ...whole, processes: wantsProcesses() ? whole.processes : null })
  }

  function tellFacts(facts: SystemFacts | null): void {
    if (facts === null) return
    const named = { ...facts, host: facts.host || name }
    const text = JSON.stringify(named)
    if (text === lastFacts) return
    lastFacts = text
    listener.facts(named)
  }

  function tellAlert(id: string | undefined, body: unknown): void {
    const alert = readAlert(body)
    if (!alert) return
    const key = `${id} ${alert.at} ${alert.level} ${alert.message}`
    // One without time or id cannot be told from its repetition.
    if ((id !== undefined || alert.at !== null) && alerts.has(key)) return
    alerts.add(key)
    for (const oldest of alerts) if (alerts.size > REMEMBERED_ALERTS) alerts.delete(oldest)
    listener.alert({ ...alert, at: alert.at ?? wallTime() })
  }

  function tellFigures(event: StreamEvent, body: Readonly<Record<string, unknown>>): boolean {
    const reading = readEvent(body)
    if (reading.samples.size === 0 || !sequence.isNews(event.id, reading.at)) return false
    carries.everything = reading.isWhole
    carries.processes = reading.processes !== null
    // A server may send less often than it was asked to.
    const gapMs = Number.isNaN(lastNow) ? 0 : Math.min(LONGEST_GAP_MS, now() - lastNow)
    picture.add('stream', reading, 3 * Math.max(intervalMs(), gapMs))
    state({ kind: 'live' })
    tell(reading.at ?? wallTime(), null)
    return true
  }

  return {
    state,
    facts: tellFacts,
    polled(reading) {
      tellFacts(reading.facts ?? (lastFacts === '' ? factsOf({}) : null))
      const at = reading.at ?? wallTime()
      for (const past of reading.backfill.slice(-LONGEST_BACKFILL)) if (past.at < at && !(past.at <= lastAt)) tell(past.at, past.samples)
      // Only the instance's own clock says what of its events is news.
      if (reading.at !== null) sequence.saw(reading.at)
      if (reading.note !== '' && !notes.has(reading.note)) listener.alert({ level: 'info', metric: '', message: reading.note, at: wallTime() })
      notes.add(reading.note)
      state({ kind: 'live' })
      tell(at <= lastAt && at > lastAt - CACHED_MS ? lastAt + Math.max(1, now() - lastNow) : at, null)
    },
    heard(event) {
      // Only what may stand in a header can be sent back.
      if (event.id !== undefined) lastId = /^[\x21-\x7e][\x20-\x7e]{0,199}$/.test(event.id) ? event.id : null
      const body = parsed(event.data)
      if (!isBody(body)) return false
      const type = event.type ?? body['type']
      if (type === 'facts') tellFacts(readWireFacts(body['data'] ?? body))
      else if (type === 'alert') tellAlert(event.id, body)
      else return tellFigures(event, body)
      return false
    },
    pace(message) {
      if (message !== null && lastPace === null) listener.alert({ level: 'info', metric: '', message, at: wallTime() })
      lastPace = message
    },
    get lastId() {
      return lastId
    },
    get isLive() {
      return current.kind === 'live'
    },
    get everLive() {
      return everLive
    },
    carries,
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
