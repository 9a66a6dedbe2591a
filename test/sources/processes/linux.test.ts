import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Process } from '../../../src/model/process.ts'
import { openLinuxProcesses, type LinuxProcesses, type LinuxProcessesOptions } from '../../../src/sources/processes/linux.ts'
import { fakeProc, type FakeProc } from './tree.ts'

let proc: FakeProc
let processes: LinuxProcesses | undefined
beforeEach(() => {
  proc = fakeProc()
})
afterEach(() => {
  processes?.close()
  proc.delete()
})

function open(options: LinuxProcessesOptions = {}): (seconds: number) => readonly Process[] {
  const opened = openLinuxProcesses({ proc: proc.path, bootAt: 1_000_000, ticksPerSecond: 100, pageBytes: 4_096, root: '/nowhere', ...options })
  processes = opened
  return (seconds) => opened.scan({ monotonicMs: seconds * 1_000, wallMs: seconds * 1_000, memoryBytes: 409_600 }).rows
}
const pids = (rows: readonly Process[]): number[] => rows.map(({ program }) => program.pid).sort((a, b) => a - b)
const openFiles = (): number => readdirSync('/proc/self/fd').length

describe.runIf(process.platform === 'linux')('processes of a /proc', () => {
  it('are told with what they use', () => {
    proc.put(5, { name: 'node', command: 'node\0server.js\0--cluster\0\0\0', ticks: 200 })
    const scan = open()
    expect(scan(1)[0]).toMatchObject({ program: { pid: 5, name: 'node', command: 'node server.js --cluster', startedAt: 1_001_000, isKernel: false, container: null }, parent: 1, state: 'S', threads: 1, cpu: Number.NaN, cpuTimeMs: 2_000, residentBytes: 40_960, memory: 0.1, readRate: Number.NaN })
    proc.put(5, { name: 'node', command: 'node\0server.js\0--cluster\0', ticks: 350, read: 4_000 })
    expect(scan(3)[0]).toMatchObject({ cpu: 0.75, readRate: 2_000, writeRate: 0 })
  })

  it('count with all their time when they began since the last scan, not in the first', () => {
    proc.put(5, { ticks: 200 })
    const scan = open()
    scan(1)
    proc.put(6, { ticks: 50, read: 100 })
    expect(scan(2).find(({ program }) => program.pid === 6)).toMatchObject({ cpu: 0.5, readRate: 100 })
  })

  it('have no share yet when they were there before and could not be seen', () => {
    proc.put(5, { start: 900 })
    proc.put(6, { ticks: 80_000, read: 7_000_000, start: 300 })
    proc.remove(6, 'stat')
    const scan = open()
    expect(pids(scan(1))).toEqual([5])
    proc.put(6, { ticks: 80_000, read: 7_000_000, start: 300 })
    expect(scan(2).find(({ program }) => program.pid === 6)).toMatchObject({ cpu: Number.NaN, readRate: Number.NaN })
    proc.put(6, { ticks: 80_050, read: 7_000_100, start: 300 })
    expect(scan(3).find(({ program }) => program.pid === 6)).toMatchObject({ cpu: 0.5, readRate: 100 })
  })

  it('are dropped when they vanish, at whatever point', () => {
    for (const pid of [5, 6, 7, 8]) proc.put(pid, {})
    proc.remove(8, 'stat')
    const scan = open()
    expect(pids(scan(1))).toEqual([5, 6, 7])
    proc.remove(6)
    proc.put(9, {})
    proc.remove(9, 'cmdline')
    expect(pids(scan(2))).toEqual([5, 7, 9])
  })

  it('give back every descriptor', () => {
    const before = openFiles()
    for (let pid = 10; pid < 60; pid++) proc.put(pid, {})
    const scan = open()
    scan(1)
    expect(openFiles()).toBe(before + 100)
    for (let pid = 10; pid < 50; pid++) proc.remove(pid)
    scan(2)
    expect(openFiles()).toBe(before + 20)
    processes?.close()
    expect(openFiles()).toBe(before)
  })

  it('are the same with few descriptors as with many', () => {
    for (let pid = 10; pid < 30; pid++) proc.put(pid, { ticks: pid })
    const before = openFiles()
    const scan = open({ mostDescriptors: 5 })
    scan(1)
    expect(openFiles()).toBe(before + 5)
    expect(pids(scan(2))).toHaveLength(20)
  })

  it('are others when a pid is used again', () => {
    proc.put(5, { name: 'old', ticks: 900, start: 100 })
    const scan = open()
    scan(1)
    proc.put(5, { name: 'new', ticks: 10, start: 150 })
    expect(scan(2)[0]).toMatchObject({ program: { name: 'new', startedAt: 1_001_500 }, cpu: 0.1 })
  })

  it('stay the same when they start another program, which is told at once', () => {
    proc.put(5, { name: 'sh', command: 'sh\0-c\0x' })
    proc.put(6, { name: 'sh', command: 'sh\0-c\0y', stack: 1 })
    const scan = open()
    scan(1)
    proc.put(5, { name: 'sleep', command: 'sleep\x005' })
    proc.put(6, { name: 'sh', command: 'sh\0-c\0z', stack: 2 })
    expect(scan(2).map(({ program, cpu }) => [program.command, program.startedAt, cpu])).toEqual([['sleep 5', 1_001_000, 0], ['sh -c z', 1_001_000, 0]])
  })

  it('may rename themselves, which shows after a while', () => {
    proc.put(5, { command: 'postgres: idle' })
    const scan = open()
    scan(1)
    proc.put(5, { command: 'postgres: busy' })
    let command = ''
    for (let second = 2; second < 40; second++) command = scan(second)[0]?.program.command ?? ''
    expect(command).toBe('postgres: busy')
  })

  it('have no rates where their input and output may not be seen', () => {
    proc.put(5, { read: null })
    proc.put(6, {})
    proc.remove(6, 'io')
    const scan = open()
    scan(1)
    expect(scan(2).map(({ cpu, readRate, writeRate }) => [cpu, readRate, writeRate])).toEqual([[0, Number.NaN, Number.NaN], [0, Number.NaN, Number.NaN]])
  })

  it('have a mean rate over the time they were not looked at for being idle', () => {
    proc.put(5, {})
    const scan = open()
    for (const second of [1, 2, 3, 4]) scan(second)
    proc.put(5, { read: 8_000 })
    const rates = [5, 6, 7, 8, 9].map((second) => scan(second)[0]?.readRate ?? Number.NaN)
    const seen = rates.filter((rate) => rate > 0)
    expect(seen).toHaveLength(1)
    expect(seen[0]).toBeGreaterThanOrEqual(2_000)
    expect(rates.at(-1)).toBe(0)
  })

  it('are the same object while nothing of them changes', () => {
    proc.put(5, {})
    const scan = open()
    scan(1)
    const [second] = scan(2)
    expect(scan(3)[0]).toBe(second)
  })

  it('have the names that the file of users has now', () => {
    const passwd = join(proc.path, 'passwd')
    proc.put(5, {})
    const uid = process.getuid?.() ?? 0
    writeFileSync(passwd, `broken\nfirst:x:${uid}:0::/:/bin/sh\nsecond:x:${uid}:0::/:\n`)
    const scan = open({ passwd })
    expect(scan(1)[0]?.program.user).toBe('first')
    writeFileSync(passwd, '')
    let user = ''
    for (let second = 2; second < 70; second++) user = scan(second)[0]?.program.user ?? ''
    expect(user).toBe(String(uid))
  })

  it('are forgotten when they are gone, however many there were', async () => {
    setFlagsFromString('--expose-gc')
    // The function of V8 that the flag makes.
    const collect = runInNewContext('gc') as () => void
    proc.put(5, {})
    const scan = open()
    const kept = new WeakRef(scan(1)[0]?.program ?? {})
    proc.remove(5)
    scan(2)
    // A WeakRef holds what it has told within one turn of the loop.
    await new Promise((done) => setTimeout(done, 10))
    collect()
    expect(kept.deref()).toBeUndefined()
  })
})
