import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { derive } from '../../src/analysis/derive.ts'
import { METRICS, type MetricName } from '../../src/model/metric.ts'
import { valueOf, type Samples } from '../../src/model/snapshot.ts'
import { look, machine, plainly, samplesOf } from './looks.ts'

const value = (samples: Samples, metric: MetricName, tag = ''): number => valueOf({ samples }, metric, tag)
const COUNTERS = (Object.keys(METRICS) as MetricName[]).filter((name) => METRICS[name].kind === 'counter' && /^(cpu|disk|network|swap|tcp|cgroup|context)/.test(name))
const two = (first: Parameters<typeof look>[1], second: Parameters<typeof look>[1], elapsedMs = 2_000): Samples => derive(look(5_000, first), look(5_000 + elapsedMs, second))

describe('what one look says', () => {
  test('the first look gives levels and their shares, and not one rate', () => {
    expect(plainly(derive(null, look(0, { 'memory.total': 1_000, 'memory.available': 600, 'disk.read': { vda: 5 }, 'filesystem.used': { '/': 30 }, 'filesystem.available': { '/': 70 } })))).toEqual({
      'memory.total': 1_000, 'memory.available': 600, 'memory.used': 400, 'memory.usage': 0.4, 'disk.read': { vda: 5 },
      'filesystem.used': { '/': 30 }, 'filesystem.available': { '/': 70 }, 'filesystem.usage': { '/': 0.3 },
    })
  })

  test('what the source says itself is not said over', () => {
    expect(value(derive(null, look(0, { 'memory.total': 1_000, 'memory.available': 600, 'memory.used': 350, 'memory.usage': 0.5 })), 'memory.usage')).toBe(0.5)
  })

  test('inside a control group with a limit, memory is a share of the limit', () => {
    const samples = derive(null, look(0, { 'memory.total': 1_000, 'memory.available': 900, 'cgroup.memory.used': 150, 'cgroup.memory.limit': 200 }))
    expect([value(samples, 'memory.usage'), value(samples, 'cgroup.memory.usage')]).toEqual([0.75, 0.75])
  })

  test('nothing is a share of nothing: a machine without swap has no swap usage', () => {
    expect(derive(null, look(0, { 'swap.total': 0, 'swap.used': 0 })).has('swap.usage')).toBe(false)
  })
})

describe('what two looks say', () => {
  test('counters become rates per second of monotonic time, whatever the wall clock did', () => {
    const before = look(1_000, { 'network.received': { eth0: 1_000, lo: 0 }, context_switches: 10 })
    const now = { ...look(3_000, { 'network.received': { eth0: 5_000, lo: 0 }, context_switches: 110 }), wallMs: before.wallMs + 8 * 3_600_000 }
    const samples = derive(before, now)
    expect([value(samples, 'network.receive.rate', 'eth0'), value(samples, 'network.receive.rate', 'lo'), value(samples, 'context_switches.rate')]).toEqual([2_000, 0, 50])
  })

  test('errors and drops of an interface are those of both directions', () => {
    const samples = two({ 'network.receive.errors': { eth0: 1 }, 'network.send.errors': { eth0: 2 } }, { 'network.receive.errors': { eth0: 5 }, 'network.send.errors': { eth0: 4 } })
    expect(value(samples, 'network.errors.rate', 'eth0')).toBe(3)
  })

  test('processor time becomes shares: nice is with user, interrupts are with system, waiting is not busy', () => {
    const zero = { '': 0, '0': 0 }
    const samples = two(
      { 'cpu.time.user': zero, 'cpu.time.nice': zero, 'cpu.time.system': zero, 'cpu.time.idle': zero, 'cpu.time.iowait': zero, 'cpu.time.irq': zero, 'cpu.time.softirq': zero, 'cpu.time.steal': zero },
      { 'cpu.time.user': { '': 20, '0': 0 }, 'cpu.time.nice': { '': 5, '0': 0 }, 'cpu.time.system': { '': 8, '0': 0 }, 'cpu.time.idle': { '': 50, '0': 100 }, 'cpu.time.iowait': { '': 10, '0': 0 }, 'cpu.time.irq': { '': 1, '0': 0 }, 'cpu.time.softirq': { '': 2, '0': 0 }, 'cpu.time.steal': { '': 4, '0': 0 } },
    )
    expect((['cpu.user', 'cpu.system', 'cpu.iowait', 'cpu.steal', 'cpu.busy', 'cpu.usage'] as const).map((metric) => value(samples, metric))).toEqual([0.25, 0.11, 0.1, 0.04, 0.4, 0.4])
    expect(value(samples, 'cpu.busy', '0')).toBe(0)
  })

  test('where modes are not counted (macOS), shares are of those that are', () => {
    const samples = two({ 'cpu.time.user': 0, 'cpu.time.system': 0, 'cpu.time.idle': 0 }, { 'cpu.time.user': 10, 'cpu.time.system': 10, 'cpu.time.idle': 20 })
    expect([value(samples, 'cpu.busy'), samples.has('cpu.iowait'), samples.has('cpu.steal')]).toEqual([0.5, false, false])
  })

  test('time that waited for I/O may go back on Linux: that is 0, not a gap', () => {
    const samples = two({ 'cpu.time.user': 0, 'cpu.time.idle': 1_000, 'cpu.time.iowait': 500 }, { 'cpu.time.user': 10, 'cpu.time.idle': 1_030, 'cpu.time.iowait': 440 })
    expect([value(samples, 'cpu.iowait'), value(samples, 'cpu.busy')]).toEqual([0, 0.25])
  })

  test('a processor that was taken out and put back, or whose idle time is not told this time, is not at 100 %', () => {
    const again = two({ 'cpu.time.user': { 0: 0 }, 'cpu.time.idle': { 0: 900_000 } }, { 'cpu.time.user': { 0: 10 }, 'cpu.time.idle': { 0: 5 } })
    const untold = two({ 'cpu.time.user': { 0: 0 }, 'cpu.time.idle': { 0: 900_000 } }, { 'cpu.time.user': { 0: 10 } })
    expect([again.has('cpu.busy'), untold.has('cpu.busy')]).toEqual([false, false])
  })

  test('inside a limited control group the processor is at 100 % when the limit is used up', () => {
    const group = (ms: number): Parameters<typeof look>[1] => ({ 'cpu.cores': 8, 'cgroup.cpu.limit': 0.5, 'cgroup.cpu.time': ms, 'cgroup.cpu.throttled.time': ms, 'cpu.time.user': ms, 'cpu.time.idle': 15 * ms })
    const samples = two(group(0), group(500))
    expect([value(samples, 'cpu.usage'), value(samples, 'cgroup.cpu.usage'), value(samples, 'cgroup.cpu.throttled'), value(samples, 'cpu.busy')]).toEqual([0.5, 0.5, 0.25, 0.0625])
    expect(value(two(group(0), group(5_000)), 'cpu.usage')).toBe(1)
    expect(two(group(500), group(0)).has('cpu.usage')).toBe(false)
  })

  test('a control group without a limit is measured by all processors, and the headline stays the machine\'s', () => {
    const group = (ms: number): Parameters<typeof look>[1] => ({ 'cpu.cores': 4, 'cgroup.cpu.time': ms, 'cpu.time.user': ms * 2, 'cpu.time.idle': ms * 2 })
    const samples = two(group(0), group(2_000))
    expect([value(samples, 'cgroup.cpu.usage'), value(samples, 'cpu.usage')]).toEqual([0.25, 0.5])
  })

  test('a disk waits as long as its I/O took on average, 0 when it had none, and is never more than busy', () => {
    const disk = (reads: number, ms: number): Parameters<typeof look>[1] => ({ 'disk.reads': { vda: reads, sr0: 7 }, 'disk.writes': { vda: 0, sr0: 0 }, 'disk.time.reading': { vda: ms, sr0: 9 }, 'disk.time.writing': { vda: 0, sr0: 0 }, 'disk.time.busy': { vda: ms, sr0: 0 } })
    const samples = two(disk(0, 0), disk(1_000, 3_000))
    expect([value(samples, 'disk.await', 'vda'), value(samples, 'disk.await', 'sr0'), value(samples, 'disk.utilization', 'vda')]).toEqual([3, 0, 1])
  })

  test.each([
    ['restarted', { eth0: 9e9 }, { eth0: 50 }], ['new', {}, { eth0: 9e9 }], ['gone', { eth0: 9e9 }, {}], ['wrapped at 32 bits', { eth0: 4_294_967_000 }, { eth0: 200 }],
  ])('an interface whose counter is %s has no rate in that tick, and others have theirs', (_, before, now) => {
    const samples = two({ 'network.received': { ...before, lo: 0 } }, { 'network.received': { ...now, lo: 10 } })
    expect([...samples.get('network.receive.rate') ?? []]).toEqual([['lo', 5]])
  })

  test.each([0, -5_000, 0.2, Number.NaN])('when %d ms passed, nothing is said of them', (elapsedMs) => {
    expect([...two({ context_switches: 1 }, { context_switches: 2 }, elapsedMs).keys()]).toEqual(['context_switches'])
  })
})

describe('for any counters whatever', () => {
  const tags = fc.constantFrom('', '0', 'eth0', '__proto__')
  const amounts = fc.oneof(fc.nat(1e6), fc.double({ min: 0, max: 1e15, noNaN: true }), fc.constantFrom(0, 2 ** 32 - 1, Number.MAX_SAFE_INTEGER))
  const samples = fc.array(fc.tuple(fc.constantFrom(...COUNTERS, 'cpu.cores' as const, 'cgroup.cpu.limit' as const, 'memory.total' as const, 'memory.available' as const), tags, amounts), { maxLength: 60 }).map((rows) => {
    const map = samplesOf({})
    for (const [metric, tag, amount] of rows) (map.get(metric) ?? map.set(metric, new Map()).get(metric))?.set(tag, amount)
    return map
  })

  test('no value is negative or NaN, no share is above 1, and those of one processor add up to 1 at most', () => {
    fc.assert(fc.property(samples, samples, fc.double({ min: -10, max: 1e7 }), (first, second, elapsedMs) => {
      const derived = derive({ monotonicMs: 0, wallMs: 0, samples: first }, { monotonicMs: elapsedMs, wallMs: 0, samples: second })
      for (const [metric, series] of derived) {
        expect(series.size > 0 || second.has(metric)).toBe(true)
        for (const amount of series.values()) {
          expect(amount).toBeGreaterThanOrEqual(0)
          if (!second.has(metric) && METRICS[metric].unit === 'ratio' && !metric.startsWith('memory')) expect(amount).toBeLessThanOrEqual(1)
        }
      }
      for (const tag of ['', '0']) {
        const shares = (['cpu.user', 'cpu.system', 'cpu.iowait', 'cpu.steal'] as const).map((metric) => value(derived, metric, tag)).filter((share) => !Number.isNaN(share))
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9)
      }
    }), { numRuns: 400 })
  })

  test('the rates of two halves, averaged by time, are the rate of the whole', () => {
    const gain = fc.nat(1e9)
    fc.assert(fc.property(gain, gain, gain, fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e6 }), (start, first, second, firstMs, secondMs) => {
      const at = (ms: number, count: number): ReturnType<typeof look> => look(ms, { 'disk.read': { vda: count }, context_switches: count })
      const [a, b, c] = [at(0, start), at(firstMs, start + first), at(firstMs + secondMs, start + first + second)]
      const rate = (from: typeof a, to: typeof a): number => value(derive(from, to), 'disk.read.rate', 'vda')
      const mean = (rate(a, b) * firstMs + rate(b, c) * secondMs) / (firstMs + secondMs)
      expect(Math.abs(mean - rate(a, c))).toBeLessThanOrEqual(1e-9 * rate(a, c))
    }))
  })

  test('however often counters restart, no rate is above what was really counted', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(1_000), fc.boolean()), { minLength: 2, maxLength: 50 }), (steps) => {
      let count = 4e12
      let before = look(0, { 'network.sent': { eth0: count } })
      for (const [index, [gain, restarts]] of steps.entries()) {
        count = restarts ? gain : count + gain
        const now = look((index + 1) * 1_000, { 'network.sent': { eth0: count } })
        const rate = value(derive(before, now), 'network.send.rate', 'eth0')
        expect(Number.isNaN(rate) || rate <= 1_000).toBe(true)
        before = now
      }
    }))
  })
})

test('an ordinary machine has every figure of the screen after two looks', () => {
  const samples = derive({ monotonicMs: 0, wallMs: 0, samples: machine(0) }, { monotonicMs: 1_000, wallMs: 0, samples: machine(1) })
  for (const metric of ['cpu.usage', 'memory.usage', 'swap.usage', 'disk.utilization', 'disk.await', 'network.receive.rate', 'network.drops.rate', 'filesystem.usage', 'filesystem.inodes.usage', 'tcp.retransmits.rate'] as const) expect(samples.get(metric)?.size, metric).toBeGreaterThan(0)
  expect(samples.get('cpu.busy')?.size).toBe(9)
})

describe('processors whose idle time is measured and whose work is counted in ticks', () => {
  /** Two processors over a second; milliseconds of all together, half of them each. */
  const second = (user: number, system: number, idle: number, isMeasured = true): Samples => {
    const times = (all: number): Record<string, number> => ({ '': all, 0: all / 2, 1: all / 2 })
    const before = look(0, { 'cpu.time.user': times(0), 'cpu.time.system': times(0), 'cpu.time.idle': times(0), 'cpu.time.iowait': times(0) })
    const now = look(1_000, { 'cpu.time.user': times(user), 'cpu.time.system': times(system), 'cpu.time.idle': times(idle), 'cpu.time.iowait': times(0) })
    return derive(before, { ...now, idleIsMeasured: isMeasured })
  }
  const shares = (samples: Samples, tag = ''): number[] => (['cpu.busy', 'cpu.user', 'cpu.system', 'cpu.iowait'] as const).map((metric) => Number(value(samples, metric, tag).toFixed(3)))

  test.each([
    ['more ticks than there was time, as with timers that go in step with the clock', [300, 700, 1_460], [0.27, 0.081, 0.189, 0]],
    ['fewer ticks than there was time', [30, 70, 1_460], [0.27, 0.081, 0.189, 0]],
    ['as many as there was time', [400, 600, 1_000], [0.5, 0.2, 0.3, 0]],
    ['no idle time at all', [1_500, 500, 0], [1, 0.75, 0.25, 0]],
    ['more idle time than there was time', [10, 10, 2_050], [0, 0, 0, 0]],
  ] as const)('what was not idle was busy: %s', (_, [user, system, idle], wanted) => {
    const samples = second(user, system, idle)
    expect(shares(samples)).toEqual(wanted)
    expect(shares(samples, '1')).toEqual(wanted)
    expect(value(samples, 'cpu.usage')).toBeCloseTo(wanted[0], 9)
  })

  test('a virtual machine that was stopped for most of the time was not busy meanwhile', () => {
    expect(shares(second(50, 50, 100))).toEqual([0.5, 0.25, 0.25, 0])
  })

  test('elsewhere shares are of all modes together', () => {
    expect(shares(second(300, 700, 1_500, false))).toEqual([0.4, 0.12, 0.28, 0])
  })
})
