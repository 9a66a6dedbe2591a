import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readProcessorTime, usedBetween } from '../../../src/sources/builds/processor-time.ts'

const proc = mkdtempSync(join(tmpdir(), 'medianest-proc-'))

/** utime, stime, cutime, cstime in ticks; threads with nanoseconds. */
function process(pid: number, session: number, times: readonly number[], threads: Readonly<Record<string, number>>): void {
  const folder = join(proc, String(pid))
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'stat'), `${pid} (a (strange) name) S 1 ${pid} ${session} 0 -1 0 0 0 0 0 ${times.join(' ')} 20 0 1 0 100 0\n`)
  for (const [thread, ns] of Object.entries(threads)) {
    mkdirSync(join(folder, 'task', thread), { recursive: true })
    writeFileSync(join(folder, 'task', thread, 'schedstat'), `${ns} 5 1\n`)
  }
}

describe('processor time of a build', () => {
  it('is that of all processes of its session, exact while they stay the same', () => {
    process(10, 10, [100, 20, 0, 0], { 10: 1_000_000_000, 11: 203_000_000 })
    process(12, 10, [5, 5, 0, 0], { 12: 100_000_000 })
    process(99, 99, [500, 500, 0, 0], { 99: 9e9 })
    const before = readProcessorTime(10, proc)
    expect(before).toMatchObject({ tickedMs: 1_300, exactMs: 1_303 })
    process(12, 10, [9, 6, 0, 0], { 12: 147_500_000 })
    const after = readProcessorTime(10, proc)
    expect(usedBetween(before!, after!)).toEqual({ ms: 47.5, stepMs: 0 })
  })

  it('is told in ticks where one has ended, whose parent has its time', () => {
    const before = readProcessorTime(10, proc)
    rmSync(join(proc, '12'), { recursive: true })
    process(10, 10, [101, 20, 12, 7], { 10: 1_010_000_000, 11: 203_000_000 })
    expect(usedBetween(before!, readProcessorTime(10, proc)!)).toEqual({ ms: 50, stepMs: 10 })
  })

  it('is not known of what is not there', () => {
    expect(readProcessorTime(55, proc)).toBeNull()
    expect(readProcessorTime(10, join(proc, 'nowhere'))).toBeNull()
  })
})
