import type { Workload } from '../model/plan.ts'
import { closedDriver } from './closed-driver.ts'
import { noCounts, type Driver, type DriverCounts, type DriverWorld } from './driver.ts'
import type { EngineWorld } from './engine.ts'
import type { WireClient } from './exchange.ts'
import { iterationDriver } from './iteration-driver.ts'
import { Monitor } from './monitor.ts'
import { openDriver } from './open-driver.ts'
import { startPacer } from './pacer.ts'
import type { LoadRecord } from './record.ts'
import type { Recorder } from './recorder.ts'
import type { Users } from './users.ts'

/** How long users may finish after the first Ctrl-C, milliseconds. */
const DRAIN_MS = 10_000

/** Our own engine: arrivals and users by the plan, over our own HTTP client. */
export async function runWire(users: Users, recorder: Recorder, client: WireClient, world: EngineWorld): Promise<LoadRecord> {
  const { plan } = users
  let startedAt = 0
  let draining = false
  let abortReason: string | null = null
  let interrupted = false
  let finish: () => void = () => undefined
  const finished = new Promise<void>((done) => {
    finish = done
  })
  const elapsed = (): number => world.now() - startedAt

  let ended = false
  const turn = (): void => {
    if (ended) return
    const now = elapsed()
    let next = Number.POSITIVE_INFINITY
    for (const driver of drivers) next = Math.min(next, driver.tick(now))
    monitor.sawUsers(sum(drivers, ({ activeUsers }) => activeUsers))
    if (drivers.every(({ done }) => done)) {
      ended = true
      finish()
    } else if (next !== Number.POSITIVE_INFINITY) {
      pacer.wakeAt(startedAt + next)
    }
  }
  // Something ended outside a tick: look once, after what is going on now.
  let nudged = false
  const nudge = (): void => {
    if (nudged) return
    nudged = true
    setImmediate(() => {
      nudged = false
      turn()
    })
  }
  const drivers = plan.workloads.map((workload, index) => {
    const lane = recorder.lanes[index]
    if (!lane) throw new Error(`there is no lane ${index}`)
    return driverOf(workload, { elapsed, createUser: users.slots(index, client, lane, () => startedAt), later: (ms, then) => void setTimeout(then, ms), nudge, atCap: plan.settings.atCap })
  })
  const drain = (graceMs: number): void => {
    if (draining) return
    draining = true
    for (const driver of drivers) driver.drain()
    setTimeout(stop, graceMs).unref()
    nudge()
  }
  const stop = (): void => {
    for (const driver of drivers) driver.breakOff()
    nudge()
  }
  const monitor = new Monitor(
    plan, recorder, world,
    () => ({
      state: draining || drivers.every((driver) => driver.asked(elapsed()).rate === 0) ? 'draining' : 'running',
      users: sum(drivers, ({ activeUsers }) => activeUsers),
      started: sum(drivers, ({ counts }) => counts.started),
      waiting: sum(drivers, ({ waiting }) => waiting),
      late: sum(drivers, ({ counts }) => counts.late),
      dropped: sum(drivers, ({ counts }) => counts.dropped),
      askedRate: sumAsked(drivers, elapsed(), 'rate'),
      askedUsers: sumAsked(drivers, elapsed(), 'users'),
    }),
    (reason) => {
      abortReason ??= reason
      drain(0)
    },
  )

  const onDrain = (): void => {
    interrupted = true
    drain(DRAIN_MS)
  }
  const pacer = startPacer({ now: () => world.now(), aheadMs: world.clockAheadMs }, turn)
  try {
    startedAt = world.now()
    world.onStart(startedAt)
    monitor.start(startedAt)
    world.drain.addEventListener('abort', onDrain)
    world.stop.addEventListener('abort', stop)
    if (world.drain.aborted) onDrain()
    turn()
    await finished
  } finally {
    world.drain.removeEventListener('abort', onDrain)
    world.stop.removeEventListener('abort', stop)
    await pacer.close()
  }
  const elapsedMs = elapsed()
  const { maxUsers, generatorCpu } = await monitor.finish(elapsedMs)
  const connections = client.opened
  await client.close()
  return { recorder, elapsedMs, counts: total(drivers), maxUsers, connections, generatorCpu, interrupted, abortReason }
}

function driverOf(workload: Workload, world: DriverWorld): Driver {
  switch (workload.model) {
    case 'open': return openDriver(workload, world)
    case 'closed': return closedDriver(workload, world)
    case 'iterations': return iterationDriver(workload, world)
  }
}

function total(drivers: readonly Driver[]): DriverCounts {
  const all = noCounts()
  for (const { counts } of drivers) {
    for (const key of Object.keys(all) as (keyof DriverCounts)[]) all[key] = key === 'latestMs' ? Math.max(all[key], counts[key]) : all[key] + counts[key]
  }
  return all
}

function sum(drivers: readonly Driver[], of: (driver: Driver) => number): number {
  return drivers.reduce((total, driver) => total + of(driver), 0)
}

function sumAsked(drivers: readonly Driver[], elapsedMs: number, key: 'rate' | 'users'): number | null {
  const values = drivers.map((driver) => driver.asked(elapsedMs)[key]).filter((value) => value !== null)
  return values.length > 0 ? values.reduce((all, value) => all + value, 0) : null
}
