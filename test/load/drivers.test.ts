import { describe, expect, it } from 'vitest'
import { closedDriver } from '../../src/load/closed-driver.ts'
import { iterationDriver } from '../../src/load/iteration-driver.ts'
import type { Driver, DriverWorld, UserEnd } from '../../src/load/driver.ts'
import { openDriver } from '../../src/load/open-driver.ts'
import type { ClosedWorkload, IterationWorkload, OpenWorkload, RateSegment } from '../../src/model/plan.ts'

/** A world whose clock is turned by hand; each user's flow takes `flowMs`. */
function simulate(make: (world: DriverWorld) => Driver, options: { flowMs: number; end?: UserEnd; refused?: boolean; atCap?: 'wait' | 'drop'; untilMs?: number }): { driver: Driver; begun: { due: number; at: number }[]; endedAt: number; peak: number } {
  let now = 0
  let active = 0
  let peak = 0
  const timers: { at: number; then: () => void }[] = []
  const begun: { due: number; at: number }[] = []
  const world: DriverWorld = {
    elapsed: () => now,
    atCap: options.atCap ?? 'wait',
    nudge: () => undefined,
    later: (ms, then) => void timers.push({ at: now + ms, then }),
    createUser: () => {
      let ended: ((end: UserEnd, endedMs: number, refused: boolean) => void) | undefined
      let life = 0
      return {
        begin(due, then) {
          begun.push({ due, at: now })
          peak = Math.max(peak, ++active)
          ended = then
          const mine = ++life
          timers.push({ at: now + options.flowMs, then: () => {
            if (mine !== life || !ended) return
            ended = undefined
            active--
            then(options.end ?? 'completed', now, options.refused ?? false)
          } })
        },
        breakOff() {
          life++
          const then = ended
          ended = undefined
          active--
          then?.('broken-off', now, false)
        },
      }
    },
  }
  const driver = make(world)
  for (let wake = driver.tick(0); now < (options.untilMs ?? 60_000) && !driver.done; ) {
    timers.sort((a, b) => a.at - b.at)
    const next = Math.min(timers[0]?.at ?? Number.POSITIVE_INFINITY, wake)
    if (next === Number.POSITIVE_INFINITY) break
    now = Math.max(now, next)
    while (timers[0] && timers[0].at <= now) timers.shift()?.then()
    wake = driver.tick(now)
    timers.sort((a, b) => a.at - b.at)
  }
  return { driver, begun, endedAt: now, peak }
}

const open = (segments: readonly Partial<RateSegment>[], more: Partial<OpenWorkload> = {}): OpenWorkload => ({
  model: 'open', name: 'w', startMs: 0, flows: [], gracefulStopMs: null, tags: {}, ...more,
  segments: segments.map((each) => ({ name: 's', durationMs: 1_000, from: 10, to: each.from ?? 10, maxUsers: null, ...each })),
})
const closed = (stages: readonly (readonly [ms: number, from: number, to: number])[], more: Partial<ClosedWorkload> = {}): ClosedWorkload => ({
  model: 'closed', name: 'w', startMs: 0, flows: [], gracefulStopMs: 30_000, gracefulRampDownMs: 30_000, tags: {}, ...more,
  stages: stages.map(([durationMs, from, to]) => ({ name: 's', durationMs, from, to })),
})

describe('an open workload', () => {
  it('begins each arrival when it is due, however long the others take', () => {
    const { begun, driver } = simulate((world) => openDriver(open([{}]), world), { flowMs: 5_000 })
    expect(begun.map(({ at }) => at)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900])
    expect(driver.counts).toMatchObject({ started: 10, completed: 10, dropped: 0, late: 0 })
  })

  it('begins after its own start time', () => {
    expect(simulate((world) => openDriver(open([{ from: 2 }], { startMs: 3_000 }), world), { flowMs: 1 }).begun).toEqual([{ due: 3_000, at: 3_000 }, { due: 3_500, at: 3_500 }])
  })

  it('lets arrivals wait at the cap with their due time kept, and never exceeds it', () => {
    const { begun, peak, driver } = simulate((world) => openDriver(open([{ maxUsers: 1 }]), world), { flowMs: 250 })
    expect(peak).toBe(1)
    expect(begun.slice(0, 4)).toEqual([{ due: 0, at: 0 }, { due: 100, at: 250 }, { due: 200, at: 500 }, { due: 300, at: 750 }])
    expect(driver.counts).toMatchObject({ started: 10, dropped: 0, late: 0 })
  })

  it('drops them instead when asked to, and counts what it dropped', () => {
    const { driver } = simulate((world) => openDriver(open([{ maxUsers: 1 }]), world), { flowMs: 250, atCap: 'drop' })
    expect(driver.counts.started + driver.counts.dropped).toBe(10)
    expect(driver.counts.dropped).toBe(6)
  })

  it('lets those who wait in when the next phase raises the cap', () => {
    const { begun } = simulate((world) => openDriver(open([{ from: 3, maxUsers: 1, durationMs: 1_000 }, { from: 0, maxUsers: 5, durationMs: 1_000 }]), world), { flowMs: 5_000 })
    expect(begun.map(({ at }) => at)).toEqual([0, 1_000, 1_000])
  })

  it('breaks off what is left after the graceful stop, and drops what still waits', () => {
    const { driver, endedAt } = simulate((world) => openDriver(open([{ maxUsers: 2 }], { gracefulStopMs: 500 }), world), { flowMs: 10_000 })
    expect(endedAt).toBe(1_500)
    expect(driver.counts).toMatchObject({ started: 2, brokenOff: 2, dropped: 8 })
  })

  it('says when the generator itself was late', () => {
    const world: DriverWorld = { elapsed: () => 500, createUser: () => ({ begin: () => undefined, breakOff: () => undefined }), later: () => undefined, nudge: () => undefined, atCap: 'wait' }
    const driver = openDriver(open([{}]), world)
    driver.tick(500)
    expect(driver.counts).toMatchObject({ started: 6, late: 5, latestMs: 500 })
  })
})

describe('a closed workload', () => {
  it('keeps its users busy, each beginning again when it is done', () => {
    const { begun, peak, driver, endedAt } = simulate((world) => closedDriver(closed([[1_000, 3, 3]]), world), { flowMs: 300 })
    expect(peak).toBe(3)
    expect(begun).toHaveLength(12)
    expect(driver.counts).toMatchObject({ started: 12, completed: 12, brokenOff: 0 })
    expect(endedAt).toBe(1_200)
  })

  it('ramps up by whole users and down with grace', () => {
    const { begun, driver } = simulate((world) => closedDriver(closed([[1_000, 0, 2], [1_000, 2, 2], [1_000, 2, 0]], { gracefulRampDownMs: 100 }), world), { flowMs: 10_000 })
    expect(begun.map(({ at }) => at)).toEqual([500, 1_000])
    expect(driver.counts).toMatchObject({ started: 2, brokenOff: 2 })
  })

  it('keeps the clock when its flows take no time, and still ends', () => {
    const user = { begin: (due: number, then: Parameters<ReturnType<DriverWorld['createUser']>['begin']>[1]) => void pending.push(() => then('completed', due, false)), breakOff: () => undefined }
    const pending: (() => void)[] = []
    let now = 0
    const driver = closedDriver(closed([[1_000, 1, 1]]), { elapsed: () => now, atCap: 'wait', nudge: () => undefined, later: () => undefined, createUser: () => user })
    driver.tick(0)
    for (; pending.length > 0 && now < 5_000; now += 100) pending.shift()?.()
    driver.tick(now)
    expect({ done: driver.done, started: driver.counts.started, now }).toEqual({ done: true, started: 11, now: 1_100 })
  })

  it('waits longer and longer when it is refused, instead of hammering', () => {
    const { begun } = simulate((world) => closedDriver(closed([[3_000, 1, 1]]), world), { flowMs: 0, end: 'failed', refused: true })
    expect(begun.map(({ at }) => at)).toEqual([0, 50, 150, 350, 750, 1_550, 2_550])
  })

  it('breaks off users who do not come to an end in the graceful stop', () => {
    const { driver, endedAt } = simulate((world) => closedDriver(closed([[1_000, 2, 2]], { gracefulStopMs: 200 }), world), { flowMs: 10_000 })
    expect(driver.counts.brokenOff).toBe(2)
    expect(endedAt).toBe(1_200)
  })
})

describe('a workload of iterations', () => {
  const work = (more: Partial<IterationWorkload>): IterationWorkload => ({ model: 'iterations', name: 'w', startMs: 0, flows: [], gracefulStopMs: 0, tags: {}, users: 3, iterations: 10, shared: true, maxDurationMs: 60_000, phase: 'w', ...more })

  it('shares them out among its users, or gives each its own', () => {
    expect(simulate((world) => iterationDriver(work({}), world), { flowMs: 100 }).driver.counts).toMatchObject({ started: 10, completed: 10 })
    expect(simulate((world) => iterationDriver(work({ shared: false }), world), { flowMs: 100 }).driver.counts).toMatchObject({ started: 30, completed: 30 })
  })

  it('ends when the last of them was refused', () => {
    const { driver, endedAt } = simulate((world) => iterationDriver(work({ iterations: 1, shared: false }), world), { flowMs: 100, end: 'failed', refused: true })
    expect({ done: driver.done, counts: driver.counts, endedAt }).toMatchObject({ done: true, counts: { started: 3, failed: 3 }, endedAt: 150 })
  })

  it('ends at its longest duration', () => {
    const { driver, endedAt } = simulate((world) => iterationDriver(work({ maxDurationMs: 250, gracefulStopMs: 20 }), world), { flowMs: 100 })
    expect(driver.counts).toMatchObject({ started: 9, completed: 6, brokenOff: 3 })
    expect(endedAt).toBe(270)
  })
})
