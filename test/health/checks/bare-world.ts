import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { HealthWorld } from '../../../src/health/world.ts'

/** The world of a check that asks nothing of this machine: clock, chance, files and signals are real. */
export function bareWorld(env: Readonly<Record<string, string | undefined>> = {}): HealthWorld {
  const none = (): Promise<never> => Promise.reject(new Error('this check has no business with it'))
  return {
    env, cores: 2,
    now: () => performance.now(),
    wallTime: () => new Date(),
    random: Math.random,
    readFile: (path) => readFile(path, 'utf8'),
    resolve: (path) => resolve(path),
    kill: (pid, signal) => void process.kill(pid, signal),
    machine: none, usage: none, fileSystems: none, processes: none, askInstance: none,
  }
}
