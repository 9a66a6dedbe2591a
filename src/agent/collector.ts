import { FIRST_ZONE, nextZone, ZONE_RULES, type Utilisation, type Zone } from '../analysis/zone.ts'
import { UserError } from '../model/error.ts'
import type { Collected, Source } from '../model/source.ts'
import { plain } from '../model/text.ts'
import { showDuration } from '../model/unit.ts'
import { intervalIn, newSource, noteFailure, noteSuccess, type CollectedSource } from './collected-source.ts'
import type { Log } from './log.ts'

/** What is collected, and how. */
export interface CollectorOptions {
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly wallTime: () => Date
  readonly sources: readonly Source[]
  /** Ids of sources that are never collected. */
  readonly disabled: ReadonlySet<string>
  /** Whether sources are collected by themselves, and not only when somebody asks. */
  readonly isEnabled: boolean
  /** Whether zones stretch intervals and shed sources. */
  readonly isAdaptive: boolean
  readonly limits: Utilisation
  readonly log: Log
  /** Told of every collection that went well. */
  readonly onCollected: (source: Source, collected: Collected, state: CollectedSource) => void
}

/** For a source that has no limit of its own, or does not keep it so long after it. */
const TIMEOUT_MS = 30_000
const LATE_MS = 2_000

/** One clock for all sources: each is asked at its interval, never twice at once, less when it fails, and by the zone the machine is in. */
export class Collector {
  readonly states: readonly CollectedSource[]
  readonly #options: CollectorOptions
  readonly #closing = new AbortController()
  #zone = FIRST_ZONE
  #timer: NodeJS.Timeout | undefined

  constructor(options: CollectorOptions) {
    this.#options = options
    this.states = options.sources.map((source) =>
      newSource(source, { timeoutMs: source.timeoutMs === undefined ? TIMEOUT_MS : source.timeoutMs + LATE_MS, isDisabled: options.disabled.has(source.id), now: options.now() }))
  }

  /** The zone the machine is in. */
  get zone(): Zone {
    return this.#zone.zone
  }

  /** The zone that decides about intervals: green where nothing is to adapt. */
  get ruling(): Zone {
    return this.#options.isAdaptive ? this.zone : 'green'
  }

  /** Begins. */
  start(): void {
    this.#schedule()
  }

  /** Asks a source now, or waits for the collection of it that is under way; resolves when it is over, however it went. */
  async collect(id: string): Promise<void> {
    const state = this.states.find(({ source }) => source.id === id)
    if (!state || this.#closing.signal.aborted) return
    await (state.running ?? this.#begin(state))
  }

  /** Takes note of how full the machine is. */
  observe(use: Utilisation): void {
    const before = this.ruling
    const was = this.zone
    this.#zone = nextZone(this.#zone, use, this.#options.limits, this.#options.now())
    if (this.zone !== was) this.#options.log(this.zone === 'green' ? 'info' : 'warn', `the machine is in zone ${this.zone}, it was in ${was}`, { zone: this.zone, ...use })
    if (this.ruling !== before) this.#rearrange()
  }

  /** The interval of a source as it is now, milliseconds; null where it is given up or never asked. */
  intervalOf({ source, isDisabled }: CollectedSource): number | null {
    return isDisabled ? null : intervalIn(this.ruling, source)
  }

  /** Ends what is under way, waits for it a moment, and lets go of all sources. */
  async close(): Promise<void> {
    this.#closing.abort()
    clearTimeout(this.#timer)
    await Promise.all(this.states.flatMap(({ running }) => running ?? []))
    await Promise.all(this.states.map(({ source }) => source.close().catch((error: unknown) => this.#options.log('warn', `${source.name} could not be closed`, { error }))))
  }

  #schedule(): void {
    clearTimeout(this.#timer)
    if (this.#closing.signal.aborted || !this.#options.isEnabled) return
    const due = this.states.filter((state) => state.running === null && this.intervalOf(state) !== null).map(({ dueAt }) => dueAt)
    if (due.length === 0) return
    this.#timer = setTimeout(() => this.#collectDue(), Math.min(86_400_000, Math.max(1, Math.ceil(Math.min(...due) - this.#options.now()))))
  }

  #collectDue(): void {
    const now = this.#options.now()
    for (const state of this.states) if (state.running === null && state.dueAt <= now && this.intervalOf(state) !== null) void this.#begin(state)
    this.#schedule()
  }

  /** When the zone has changed, what waits is due by its new interval. */
  #rearrange(): void {
    for (const state of this.states) {
      const intervalMs = this.intervalOf(state)
      if (intervalMs === null || state.failuresInARow > 0 || state.last === null) continue
      state.dueAt = Math.max(this.#options.now(), state.begunAt + intervalMs)
    }
    this.#schedule()
  }

  /** One collection; the promise is kept until the source itself has ended it, so that a second one is never begun beside it. */
  #begin(state: CollectedSource): Promise<void> {
    const { now } = this.#options
    state.begunAt = now()
    const ending = new AbortController()
    const end = (): void => ending.abort(this.#closing.signal.reason)
    this.#closing.signal.addEventListener('abort', end, { once: true })
    let isOver = false
    let settle = (): void => undefined
    const told = new Promise<void>((resolve) => (settle = resolve))
    const finish = (how: () => void): void => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      this.#closing.signal.removeEventListener('abort', end)
      if (!this.#closing.signal.aborted) how()
      settle()
    }
    const timer = setTimeout(() => {
      finish(() => this.#fail(state, `did not answer within ${showDuration(state.timeoutMs)}`))
      ending.abort(new Error('timeout'))
    }, state.timeoutMs)
    // What is closed must not wait for a source that does not heed its signal.
    ending.signal.addEventListener('abort', () => finish(() => undefined), { once: true })

    const asked = Promise.resolve().then(() => state.source.collect(ending.signal))
    const done = asked.then(
      (collected) => finish(() => this.#succeed(state, collected)),
      (error: unknown) => finish(() => this.#fail(state, messageOf(error), error)),
    )
    state.running = told
    void done.then(() => {
      state.running = null
      this.#schedule()
    })
    return told
  }

  #succeed(state: CollectedSource, collected: Collected): void {
    const { now, wallTime, log, onCollected } = this.#options
    if (state.failuresInARow > 0) log('info', `${state.source.name} answers again`, { source: state.source.id })
    noteSuccess(state, collected, { now: now(), wallMs: wallTime().getTime(), intervalMs: this.intervalOf(state) ?? state.source.intervalMs })
    onCollected(state.source, collected, state)
  }

  #fail(state: CollectedSource, problem: string, error?: unknown): void {
    const { now, log } = this.#options
    noteFailure(state, problem, { hint: error instanceof UserError && error.hint !== undefined ? plain(error.hint, 300) : null, now: now(), intervalMs: this.intervalOf(state) ?? state.source.intervalMs })
    if (state.failuresInARow === 1) log('warn', `${state.source.name}: ${problem}`, { source: state.source.id, ...(error instanceof UserError || error === undefined ? {} : { error }) })
    else if (state.openUntil !== null) log('warn', `${state.source.name} failed ${state.failuresInARow} times and is left alone for ${showDuration(state.openUntil - now())}`, { source: state.source.id, problem })
  }
}

/** What a person is told of a failure. A bug of ours has its stack in the log. */
function messageOf(error: unknown): string {
  return plain(error instanceof Error ? error.message : String(error), 300)
}

/** Share of a batch that is folded away in a zone: the configured one in yellow, at least that beyond. */
export function foldIn(zone: Zone, ratio: number): number {
  const { fold } = ZONE_RULES[zone]
  return zone === 'green' ? 0 : zone === 'yellow' ? ratio : Math.max(fold, ratio)
}
