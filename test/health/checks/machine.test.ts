import { describe, expect, it } from 'vitest'
import { look as cpu } from '../../../src/health/checks/cpu.ts'
import { look as files } from '../../../src/health/checks/files.ts'
import { look as load } from '../../../src/health/checks/load.ts'
import { look as memory } from '../../../src/health/checks/memory.ts'
import { look as pressure } from '../../../src/health/checks/pressure.ts'
import { look as swap } from '../../../src/health/checks/swap.ts'
import { machine, run, said, world } from './system-world.ts'

const context = { signal: new AbortController().signal, timeoutMs: 5_000 }

describe('memory', () => {
  const of = (usage: number) => machine({ 'memory.total': 8e9, 'memory.available': 8e9 * (1 - usage), 'memory.usage': usage })

  it.each([
    [0.5, 'ok: 50% of 8 GB in use, 4 GB available'],
    [0.849, 'ok: 84.9% of 8 GB in use, 1.21 GB available'],
    [0.85, 'warn: 85% of 8 GB in use (warning at 85%)'],
    [0.95, 'fail: 95% of 8 GB in use (critical at 95%)'],
  ])('at %d', async (usage, expected) => expect(await said(memory, { type: 'memory' }, of(usage))).toBe(expected))

  it('is judged by what is left where that is wanted', async () => {
    expect(await said(memory, { type: 'memory', usage: 'off', available: { warning: '1GB', critical: '500MB' } }, of(0.95))).toBe('fail: only 400 MB of memory available (critical at 500 MB)')
  })

  it('of a control group is told as the group\'s, with what was killed in it', async () => {
    const group = machine({ 'memory.total': 64e9, 'memory.available': 50e9, 'memory.usage': 0.96, 'cgroup.memory.usage': 0.96, 'cgroup.memory.limit': 1e9, 'cgroup.memory.used': 960e6, 'cgroup.oom_kills': 2 })
    const { message, recommendation, measures, details } = await run(memory, { type: 'memory' }, group)
    expect(message).toBe("96% of the control group's limit of 1 GB in use (critical at 95%); 2 processes were killed for want of memory since it began")
    expect(recommendation).toMatch(/give the container more memory/)
    expect(measures.map(({ name, value }) => [name, value])).toEqual([['usage', 0.96], ['available', 40e6]])
    expect(details).toMatchObject({ total: '1GB', available: '40MB', usage: '96%', oomKills: 2 })
  })

  it('that could not be read is unknown and says why', async () => {
    expect(await said(memory, { type: 'memory' }, machine({}, { failures: new Map([['memory', '/proc/meminfo names no total']]) }))).toBe('unknown: memory in use could not be told: /proc/meminfo names no total')
  })
})

describe('processors', () => {
  const at = (usage: number) => world({ usage: async () => new Map([['cpu.usage', new Map([['', usage]])]]) })

  it.each([
    [0.79, 'ok: 79% of the processors in use over 1 s'],
    [0.8, 'warn: 80% of the processors in use over 1 s (warning at 80%)'],
    [0.95, 'fail: 95% of the processors in use over 1 s (critical at 95%)'],
    [Number.NaN, 'unknown: the use of processors could not be told'],
  ])('at %d, by the documented levels', async (usage, expected) => expect(await said(cpu, { type: 'cpu' }, at(usage))).toBe(expected))

  it('are watched for as long as it says, and never for longer than there is time', async () => {
    const asked: number[] = []
    const watching = world({ usage: async (overMs) => (asked.push(overMs), new Map([['cpu.usage', new Map([['', 0]])]])) })
    await run(cpu, { type: 'cpu', over: '200ms' }, watching)
    await run(cpu, { type: 'cpu', over: '1h' }, watching, 5_000)
    expect(asked).toEqual([200, 4_000])
  })
})

describe('load', () => {
  const of = (five: number) => machine({ 'load.1': 99, 'load.5': five, 'load.15': 1 })

  it.each([
    [7.9, 'ok: load 7.9 over 5 minutes on 4 processors'],
    [8, 'warn: load of 2 for each processor over 5 minutes (warning at 2)'],
    [40, 'fail: load of 10 for each processor over 5 minutes (critical at 4)'],
  ])('of %d on four processors', async (five, expected) => expect(await said(load, { type: 'load' }, of(five))).toBe(expected))

  it('is that of another time where it is asked for', async () => {
    expect(await said(load, { type: 'load', average: 1, perCore: { critical: 10 } }, of(0))).toMatch(/^fail: load of 24.8 for each processor over 1 minute /)
  })

  it('is nothing to look at on a system that has none', async () => expect(await load({ type: 'load' }, { world: machine({}), ...context })).toBeNull())
})

describe('pressure', () => {
  const of = (some: Record<string, number>) => machine({ 'pressure.some.60': some })

  it.each([
    [{ cpu: 0.9, memory: 0.05, io: 0.1 }, 'ok: waited in the last minute: cpu 90%, memory 5%, io 10%'],
    [{ cpu: 0.1, memory: 0.1, io: 0.1 }, 'warn: 10% of the last minute something waited for memory (warning at 10%)'],
    [{ cpu: 0.1, memory: 0.1, io: 0.8 }, 'fail: 80% of the last minute something waited for disks (critical at 80%); 10% of the last minute something waited for memory (warning at 10%)'],
  ])('%o', async (some, expected) => expect(await said(pressure, { type: 'pressure' }, of(some))).toBe(expected))

  it('for the processor counts where a level is given', async () => {
    expect(await said(pressure, { type: 'pressure', cpu: { warning: '50%' } }, of({ cpu: 0.9, memory: 0, io: 0 }))).toBe('warn: 90% of the last minute something waited for a processor (warning at 50%)')
  })

  it('that was asked for and is not told is unknown, never ok', async () => {
    expect(await said(pressure, { type: 'pressure', io: { warning: '50%' } }, of({ cpu: 0, memory: 0 }))).toBe('unknown: pressure on io could not be told')
  })

  it('is nothing to look at where the kernel does not count it', async () => expect(await pressure({ type: 'pressure' }, { world: machine({}), ...context })).toBeNull())
})

describe('swap', () => {
  it.each([
    [0.49, 'ok: 49% of 2 GB in use'],
    [0.5, 'warn: 50% of 2 GB of swap in use (warning at 50%)'],
    [0.8, 'fail: 80% of 2 GB of swap in use (critical at 80%)'],
  ])('at %d', async (usage, expected) => expect(await said(swap, { type: 'swap' }, machine({ 'swap.total': 2e9, 'swap.used': 2e9 * usage, 'swap.usage': usage }))).toBe(expected))

  it('is nothing to look at where there is none', async () => expect(await swap({ type: 'swap' }, { world: machine({}), ...context })).toBeNull())
})

describe('open files', () => {
  it.each([
    [{ 'files.open': 500, 'files.limit': 1000 }, 'ok: 500 open files of 1000'],
    [{ 'files.open': 800, 'files.limit': 1000 }, 'warn: 800 files open, 80% of the 1000 this machine may have (warning at 80%)'],
    [{ 'files.open': 999, 'files.limit': 1000 }, 'fail: 999 files open, 99.9% of the 1000 this machine may have (critical at 95%)'],
    [{ 'files.open': 999, 'files.limit': 9_223_372_036_854_775_807 }, 'ok: 999 open files, and no limit that matters'],
  ])('%o', async (table, expected) => expect(await said(files, { type: 'files' }, machine(table))).toBe(expected))

  it('are nothing to look at where nobody counts them', async () => expect(await files({ type: 'files' }, { world: machine({}), ...context })).toBeNull())
})
