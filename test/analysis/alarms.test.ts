import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Alarms } from '../../src/analysis/alarms.ts'
import type { Alarm } from '../../src/analysis/alarm.ts'
import type { Alert } from '../../src/model/report.ts'
import { snapshot } from './looks.ts'

type Values = Parameters<typeof snapshot>[1]

/** Alarms after ticks of a second each, the first at second 0. */
function after(...ticks: readonly Values[]): Alarms {
  const alarms = new Alarms()
  for (const [second, values] of ticks.entries()) alarms.observe(snapshot(second * 1_000, values))
  return alarms
}
const times = (count: number, values: Values): Values[] => Array.from({ length: count }, () => values)
const cpu = (usage: number): Values => ({ 'cpu.usage': usage })
const shown = (alarms: Alarms | readonly Alarm[]): unknown[] => ('all' in alarms ? alarms.all() : alarms).map(({ level, text, since, until }) => [level, text, since / 1_000, until === null ? null : until / 1_000])

describe('levels', () => {
  test('a processor that is busy for ten seconds is an alarm, since it became busy; for nine it is none', () => {
    expect(shown(after(cpu(0.1), ...times(10, cpu(0.9))))).toEqual([])
    expect(shown(after(cpu(0.1), ...times(11, cpu(0.9))))).toEqual([['warning', 'CPU > 80%', 1, null]])
  })

  test('a moment below begins the ten seconds anew', () => {
    expect(shown(after(...times(9, cpu(0.9)), cpu(0.7), ...times(9, cpu(0.9))))).toEqual([])
  })

  test('it is over when it is a tenth below its level for five seconds, not when it is just below', () => {
    expect(shown(after(...times(11, cpu(0.9)), ...times(30, cpu(0.75))))).toEqual([['warning', 'CPU > 80%', 0, null]])
    expect(shown(after(...times(11, cpu(0.9)), ...times(5, cpu(0.7)), cpu(0.75), ...times(5, cpu(0.7))))).toEqual([['warning', 'CPU > 80%', 0, null]])
    expect(shown(after(...times(11, cpu(0.9)), ...times(6, cpu(0.7))))).toEqual([['warning', 'CPU > 80%', 0, 11]])
  })

  test('what gets worse is the same alarm with another level, and goes back to a warning before it is over', () => {
    const worse = [...times(11, cpu(0.9)), ...times(11, cpu(0.99))]
    expect(shown(after(...worse))).toEqual([['critical', 'CPU > 95%', 0, null]])
    expect(shown(after(...worse, ...times(6, cpu(0.82))))).toEqual([['warning', 'CPU > 80%', 0, null]])
    expect(shown(after(...worse, ...times(6, cpu(0.1))))).toEqual([['critical', 'CPU > 95%', 0, 22]])
    expect(new Set(after(...worse).all().map(({ id }) => id)).size).toBe(1)
  })

  test('what is not known neither opens nor closes', () => {
    expect(shown(after(...times(11, cpu(0.9)), ...times(100, {})))).toEqual([['warning', 'CPU > 80%', 0, null]])
    expect(shown(after(cpu(0.9), ...times(100, {}), cpu(0.9)))).toEqual([])
  })

  test('file systems are full at once, each by its name; names are untrusted', () => {
    expect(shown(after({ 'filesystem.usage': { '/': 0.2, '/data': 0.88, '/\x1b[2J': 0.96 }, 'filesystem.silent': { '/': 0, '/nfs': 1 } }))).toEqual([
      ['warning', '/data > 85%', 0, null], ['critical', '/�[2J > 95%', 0, null], ['critical', '/nfs does not answer', 0, null],
    ])
  })

  test('a file system that is unmounted ends its alarm; one that is merely silent does not', () => {
    const full: Values = { 'filesystem.usage': { '/': 0.2, '/data': 0.9 }, 'filesystem.silent': { '/': 0, '/data': 0 } }
    expect(shown(after(full, ...times(100, { 'filesystem.usage': { '/': 0.2 }, 'filesystem.silent': { '/': 0 } })))).toEqual([['warning', '/data > 85%', 0, 5]])
    expect(shown(after(full, ...times(100, { 'filesystem.usage': { '/': 0.2 }, 'filesystem.silent': { '/': 0, '/data': 1 } })))).toContainEqual(['warning', '/data > 85%', 0, null])
  })

  test.each<[string, Values, number, string]>([
    ['memory', { 'memory.usage': 0.96 }, 11, 'memory > 95%'],
    ['memory pressure, not that of the processor', { 'pressure.some': { memory: 0.2, cpu: 0.9 } }, 11, 'memory pressure > 10%'],
    ['I/O pressure', { 'pressure.some': { io: 0.5 } }, 11, 'I/O pressure > 40%'],
    ['swapping that goes on', { 'swap.in.rate': 5e6 }, 31, 'swapping in > 1 MB/s'],
    ['load per core for a minute', { 'load.1': 9, 'cpu.cores': 4 }, 61, 'load > 2 per core'],
    ['a container that is held back', { 'cgroup.cpu.throttled': 0.6 }, 11, 'held back by the processor limit > 50%'],
    ['inodes', { 'filesystem.inodes.usage': { '/': 0.9 } }, 1, '/ inodes > 85%'],
    ['the database pool', { 'db.pool.usage': 0.9 }, 11, 'database pool > 80%'],
    ['errors of the API', { 'api.errors': 0.2 }, 11, 'API errors > 10%'],
  ])('%s', (_, values, seconds, text) => {
    expect(after(...times(seconds - 1, values)).all()).toEqual([])
    expect(after(...times(seconds, values)).all().map((alarm) => alarm.text)).toEqual([text])
  })

  test('load without the number of processors is no alarm', () => {
    expect(after(...times(100, { 'load.1': 900 })).all()).toEqual([])
  })

  test('time is that between looks: one every ten seconds needs two, a clock that is set changes nothing', () => {
    const alarms = new Alarms()
    alarms.observe(snapshot(5_000, cpu(0.9), { elapsedMs: Number.NaN }))
    alarms.observe(snapshot(9_000_000, cpu(0.9), { elapsedMs: 1_000 }))
    expect(alarms.all()).toEqual([])
    alarms.observe(snapshot(9_010_000, cpu(0.9), { elapsedMs: 10_000 }))
    expect(alarms.all()).toHaveLength(1)
  })
})

describe('events', () => {
  test('a process that was killed for want of memory is critical at once, over at once, and told once', () => {
    expect(shown(after({ 'memory.oom_kills': 7 }, { 'memory.oom_kills': 7 }, { 'memory.oom_kills': 9 }, { 'memory.oom_kills': 9 }, { 'memory.oom_kills': 0 }))).toEqual([['critical', 'out of memory: 2 processes killed', 2, 2]])
    expect(shown(after({ 'cgroup.oom_kills': 0 }, {}, { 'cgroup.oom_kills': 1 }))).toEqual([['critical', 'memory limit reached: 1 process killed', 2, 2]])
  })

  test('a clock that is set by more than a second is told, in either direction', () => {
    expect(shown(after({ 'clock.step': 900 }, { 'clock.step': 3_200 }, { 'clock.step': -7_200_000 }))).toEqual([['warning', 'clock set back by 2h', 2, 2], ['warning', 'clock set forward by 3.2 s', 1, 1]])
  })
})

describe('alerts of an instance', () => {
  const alert = (message: string, level: Alert['level'] = 'warning'): Alert => ({ level, metric: 'api', message })

  test('last as long as its snapshots list them, and may change their level', () => {
    const alarms = new Alarms()
    alarms.observe(snapshot(1_000, {}, { alerts: [alert('slow\x07'), alert('hello', 'info')] }))
    alarms.observe(snapshot(2_000, {}, { alerts: [alert('slow\x07', 'critical')] }))
    expect(shown(alarms)).toEqual([['critical', 'slow�', 1, null]])
    alarms.observe(snapshot(3_000))
    expect(shown(alarms)).toEqual([['critical', 'slow�', 1, 3]])
  })

  test('that come between snapshots last a minute, or longer when they come again', () => {
    const alarms = new Alarms()
    alarms.report({ ...alert('pool exhausted'), at: 500 })
    for (let second = 1; second <= 59; second++) alarms.observe(snapshot(second * 1_000))
    alarms.report({ ...alert('pool exhausted'), at: 59_500 })
    for (let second = 60; second <= 118; second++) alarms.observe(snapshot(second * 1_000))
    expect(shown(alarms)).toEqual([['warning', 'pool exhausted', 0.5, null]])
    alarms.observe(snapshot(119_000))
    expect(shown(alarms)).toEqual([['warning', 'pool exhausted', 0.5, 119]])
  })

  test('a flood of them is bounded', () => {
    const alarms = new Alarms()
    for (let tick = 0; tick < 50; tick++) alarms.observe(snapshot(tick * 1_000, {}, { alerts: Array.from({ length: 500 }, (_, index) => alert(`${tick} ${index}`)) }))
    expect(alarms.all().length).toBeLessThanOrEqual(300)
  })
})

describe('the list', () => {
  test('says which were open at a time', () => {
    const alarms = after(...times(11, cpu(0.9)), ...times(6, cpu(0.1)), { 'clock.step': 5_000 })
    expect([0, 11, 11.5, 17, 18].map((second) => alarms.at(second * 1_000).map(({ text }) => text))).toEqual([['CPU > 80%'], ['CPU > 80%'], [], ['clock set forward by 5 s'], []])
  })

  test('remembers 200 past ones, the newest first, and is the same list until something changes', () => {
    const alarms = after(...times(500, { 'clock.step': 5_000 }))
    expect([alarms.all().length, alarms.all()[0]?.since, alarms.all() === alarms.all()]).toEqual([200, 499_000, true])
  })

  test('10,000 file systems that come full and go leave no more than they may', () => {
    const alarms = after(...Array.from({ length: 200 }, (_, tick) => ({ 'filesystem.usage': Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`/m${tick}-${index}`, 0.99])) })))
    expect(alarms.all().length).toBeLessThanOrEqual(2_200)
  })

  test('whatever comes, an alarm has a name of its own, ends after it began, and was above its level while it lasted', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.double({ min: 0, max: 1 }), fc.constantFrom(Number.NaN, 0, 0.79, 0.81, 0.96, 1)), { maxLength: 120 }), (values) => {
      const alarms = after(...values.map(cpu))
      const all = alarms.all()
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
      for (const { since, until } of all) {
        expect(values[since / 1_000]).toBeGreaterThan(0.8)
        if (until !== null) expect(until).toBeGreaterThan(since)
      }
      expect(all.filter(({ until }) => until === null).length).toBeLessThanOrEqual(1)
    }))
  })
})
