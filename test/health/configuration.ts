import { posix } from 'node:path'
import { loadConfig, type Config } from '../../src/config.ts'
import type { HealthWorld } from '../../src/health/world.ts'

/** The configuration of files in memory, read as the program reads it. */
export function configOf(files: Readonly<Record<string, string>>): Promise<Config> {
  return loadConfig({
    env: {},
    home: '/home/me',
    files: {
      read: async (path) => files[path] ?? Promise.reject(new Error('no such file')),
      exists: async (path) => Object.hasOwn(files, path),
      resolve: (...parts) => posix.resolve('/srv/app', ...parts),
    },
  }, undefined)
}

/** A world nothing is asked of. */
export const NO_WORLD = {} as HealthWorld
