import { closedDriver } from './closed-driver.ts'
import type { Driver, DriverWorld } from './driver.ts'
import { NO_EXCHANGE, type WireClient } from './exchange.ts'
import { openDriver } from './open-driver.ts'
import { startPacer, type PacerClock } from './pacer.ts'
import { requestNames } from './slice-plan.ts'
import { SliceRecorder } from './slice-recorder.ts'
import type { Users } from './users.ts'

/** What is asked, and over which client: a new one for each slice, so that all begin alike. */
export interface SliceSide {
  readonly users: Users
  readonly createClient: () => WireClient
}

/** How long slices take, milliseconds. */
export interface SliceTimes {
  readonly sliceMs: number
  /** The beginning that does not count: connections are opened, caches and clocks of processors come up. */
  readonly settleMs: number
}

/** What a slice came to. */
export interface Slice {
  readonly recorder: SliceRecorder
  /** When it began, on the run's clock. */
  readonly startedAt: number
  /** Until the last answer, milliseconds. */
  readonly elapsedMs: number
  /** Answers per second within the part that counts. */
  readonly rate: number
  /** Arrivals that began late, or never because users were at their cap. */
  readonly late: number
  readonly dropped: number
}

/** Runs slices one after the other. */
export interface Slices {
  /** Runs one against a side; null when the signal broke it off. */
  run(side: SliceSide, signal: AbortSignal): Promise<Slice | null>
  close(): Promise<void>
}

/** No answer is waited for longer than this, milliseconds: it has failed then. */
export const ANSWER_MS = 10_000

/** Prepares to run slices of plans that `slicePlan` has levelled. */
export function openSlices({ sliceMs, settleMs }: SliceTimes, clock: PacerClock): Slices {
  let turn = (): void => undefined
  const pacer = startPacer(clock, () => turn())

  return {
    async run({ users, createClient }, signal) {
      if (signal.aborted) return null
      let startedAt = 0
      const window = { from: 0, to: 0 }
      const gate = gated(createClient(), clock)
      const recorder = new SliceRecorder(endpointNames(users), () => window)
      const elapsed = (): number => clock.now() - startedAt
      const drivers = users.plan.workloads.map((workload, index): Driver => {
        const world: DriverWorld = { elapsed, createUser: users.slots(index, gate.client, recorder, () => startedAt), later: (ms, then) => void setTimeout(then, ms), nudge: () => setImmediate(turn), atCap: users.plan.settings.atCap }
        if (workload.model === 'open') return openDriver(workload, world)
        if (workload.model === 'closed') return closedDriver(workload, world)
        throw new Error('a plan for slices has no fixed amount of work')
      })
      turn = () => {
        const now = elapsed()
        if (now >= sliceMs || signal.aborted) return
        const next = Math.min(...drivers.map((driver) => driver.tick(now)))
        if (next !== Number.POSITIVE_INFINITY) pacer.wakeAt(startedAt + next)
      }
      startedAt = clock.now()
      window.from = startedAt + settleMs
      window.to = startedAt + sliceMs
      turn()
      await wait(sliceMs, signal)
      turn = () => undefined
      // What is on the wire may come in and counts; nothing more is sent.
      for (const driver of drivers) driver.drain()
      await gate.emptied(signal)
      const elapsedMs = elapsed()
      for (const driver of drivers) driver.breakOff()
      await gate.client.close()
      if (signal.aborted) return null
      return {
        recorder, startedAt, elapsedMs,
        rate: (recorder.inWindow * 1_000) / (sliceMs - settleMs),
        late: drivers.reduce((sum, { counts }) => sum + counts.late, 0),
        dropped: drivers.reduce((sum, { counts }) => sum + counts.dropped, 0),
      }
    },
    close: () => pacer.close(),
  }
}

function endpointNames({ plan }: Users): string[] {
  const names = requestNames(plan)
  return names.length > 1 ? names : []
}

interface Gate {
  readonly client: WireClient
  /** Lets nothing more pass; resolves when the last answer is in, or the signal aborts. */
  emptied(signal: AbortSignal): Promise<void>
}

/** A client that can be shut: what is sent afterwards is `aborted` at once, which ends its flow unrecorded. */
function gated(client: WireClient, clock: Pick<PacerClock, 'now'>): Gate {
  let under = 0
  let isShut = false
  let empty: () => void = () => undefined
  return {
    client: {
      send(origin, request, options, done) {
        if (isShut) {
          setImmediate(() => done({ ...NO_EXCHANGE, error: { kind: 'aborted', message: 'the slice has ended' }, endAt: clock.now() }))
          return
        }
        under++
        client.send(origin, request, options.timeoutMs > ANSWER_MS ? { ...options, timeoutMs: ANSWER_MS } : options, (exchange) => {
          under--
          done(exchange)
          if (isShut && under === 0) empty()
        })
      },
      get inFlight() {
        return client.inFlight
      },
      get opened() {
        return client.opened
      },
      close: () => client.close(),
    },
    emptied: (signal) =>
      new Promise((done) => {
        isShut = true
        empty = () => {
          signal.removeEventListener('abort', empty)
          done()
        }
        signal.addEventListener('abort', empty)
        if (under === 0 || signal.aborted) empty()
      }),
  }
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      done()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
}
