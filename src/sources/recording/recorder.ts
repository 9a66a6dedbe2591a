import type { Alert } from '../../model/report.ts'
import type { Snapshot, SystemFacts } from '../../model/snapshot.ts'
import { RECORDING, type Header } from './format.ts'
import { alertLine, factsLine, TickEncoder } from './tick-encoder.ts'

/** Text that waits to be written; a disk that does not keep up must not fill the memory. */
const MOST_WAITING = 2_000_000

export interface RecorderOptions {
  /** Writes text to its end; called again only when it is done. */
  write(this: void, text: string): Promise<void>
  readonly facts: SystemFacts
  /** Of this program. */
  readonly version: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly intervalMs: number
  /** Characters that may wait to be written. */
  readonly mostWaiting?: number
}

/** Writes down what a feed tells. Nothing here waits or throws but `close`. */
export interface Recorder {
  push(snapshot: Snapshot): void
  facts(facts: SystemFacts): void
  alert(alert: Alert & { readonly at: number }): void
  /** Ticks that were written or wait to be, and those left out because writing did not keep up. */
  readonly ticks: number
  readonly dropped: number
  /** Why nothing is written any more. */
  readonly failure: Error | null
  /** Writes what waits. Rejects with what writing failed with. */
  close(): Promise<void>
}

export function createRecorder({ write, facts, version, startedAt, intervalMs, mostWaiting = MOST_WAITING }: RecorderOptions): Recorder {
  const encoder = new TickEncoder()
  let waiting = ''
  let writing: Promise<void> | null = null
  let failure: Error | null = null
  let [ticks, dropped, droppedMs] = [0, 0, 0]
  let closed = false

  const flush = async (): Promise<void> => {
    try {
      while (waiting !== '' && !failure) {
        const text = waiting
        waiting = ''
        await write(text)
      }
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error))
      waiting = ''
    } finally {
      writing = null
    }
  }
  const add = (line: string): void => {
    waiting += line
    writing ??= flush()
  }
  const takesMore = (): boolean => !closed && !failure && waiting.length < mostWaiting

  const header: Header = { recording: RECORDING, version, startedAt: Math.round(startedAt), intervalMs, facts: factsLine(facts) }
  add(`${JSON.stringify(header)}\n`)
  return {
    push: (snapshot) => {
      const elapsedMs = snapshot.elapsedMs + droppedMs
      if (takesMore()) {
        ticks++
        droppedMs = 0
        add(encoder.encode(snapshot, elapsedMs))
      } else if (!closed) {
        dropped++
        // The next tick is that much later than the last one written.
        droppedMs = Number.isFinite(elapsedMs) ? elapsedMs : 0
      }
    },
    facts: (changed) => {
      if (takesMore()) add(`${JSON.stringify({ facts: factsLine(changed) })}\n`)
    },
    alert: (alert) => {
      if (takesMore()) add(`${JSON.stringify({ alert: alertLine(alert) })}\n`)
    },
    get ticks() {
      return ticks
    },
    get dropped() {
      return dropped
    },
    get failure() {
      return failure
    },
    close: async () => {
      closed = true
      while (writing) await writing
      if (failure) throw failure
    },
  }
}
