import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { MetricName } from '../../../src/model/metric.ts'
import { type LinuxWorld, linuxProbes, measureAll, type ProbeFailure } from '../../../src/sources/probes/linux.ts'

/** What one look found. */
export interface Look {
  readonly value: (metric: MetricName, tag?: string) => number | undefined
  readonly tags: (metric: MetricName) => string[]
  readonly failures: readonly ProbeFailure[]
}

/** A system that is looked at again and again by the same probes. */
export interface Watched {
  readonly look: () => Look
  readonly close: () => void
}

/** This machine as it is. */
export const REAL: LinuxWorld = { proc: '/proc', sys: '/sys', cgroup: '/sys/fs/cgroup', run: '/run', monotonicMs: () => performance.now(), wallMs: () => Date.now() }

export function watch(world: LinuxWorld): Watched {
  const probes = linuxProbes(world)
  return {
    look() {
      const samples = new Map<string, Map<string, number>>()
      const failures = measureAll(probes, {
        set(metric, value, tag = '') {
          if (Number.isFinite(value)) samples.set(metric, (samples.get(metric) ?? new Map<string, number>()).set(tag, value))
        },
      }, () => performance.now())
      return { failures, value: (metric, tag = '') => samples.get(metric)?.get(tag), tags: (metric) => [...(samples.get(metric)?.keys() ?? [])] }
    },
    close: () => probes.forEach((probe) => probe.close()),
  }
}

/** A Linux system made of files: `proc/stat`, `sys/block/sda/size`, `cgroup/memory.max`, ... */
export interface Fixture extends Watched {
  readonly folder: string
  readonly clock: { monotonicMs: number; wallMs: number }
  /** Writes files, or takes those away whose text is null. */
  write(files: Tree): void
}

export type Tree = Readonly<Record<string, string | null>>

export function fixture(...trees: readonly Tree[]): Fixture {
  const folder = mkdtempSync(join(tmpdir(), 'medianest-probes-'))
  const clock = { monotonicMs: 1_000, wallMs: 1_700_000_000_000 }
  const write = (files: Tree): void => {
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, name)
      if (text === null) rmSync(path, { recursive: true })
      else {
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, text)
      }
    }
  }
  trees.forEach(write)
  const at = (name: string): string => join(folder, name)
  const watched = watch({ proc: at('proc'), sys: at('sys'), cgroup: at('cgroup'), run: at('run'), monotonicMs: () => clock.monotonicMs, wallMs: () => clock.wallMs })
  return {
    folder,
    clock,
    write,
    look: watched.look,
    close() {
      watched.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
