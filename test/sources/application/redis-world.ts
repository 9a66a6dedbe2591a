import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { MetricName } from '../../../src/model/metric.ts'
import type { Collected } from '../../../src/model/source.ts'
import type { SourceTerms, SourceWorld } from '../../../src/sources/application/source-world.ts'

export const TERMS: SourceTerms = { id: 'redis', name: 'redis', priority: 'medium', intervalMs: 30_000 }

/** A world whose clock stands still until it is set on. */
export function standingWorld(env: Readonly<Record<string, string>> = {}): SourceWorld & { readonly pass: (ms: number) => void } {
  let nowMs = 1_000
  return {
    env, sources: [],
    now: () => nowMs,
    pass: (ms) => void (nowMs += ms),
    wallTime: () => new Date(),
    readFile: (path) => readFile(path, 'utf8'),
    resolve: (path) => resolve(path),
  }
}

/** The samples as a plain object: a series without tag is its number. */
export function plainly({ samples }: Pick<Collected, 'samples'>): Partial<Record<MetricName, unknown>> {
  return Object.fromEntries([...samples].map(([metric, series]) => [metric, series.size === 1 && series.has('') ? series.get('') : Object.fromEntries(series)]))
}

export async function until(what: () => Promise<boolean> | boolean): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    if (await what()) return
    await new Promise((wait) => setTimeout(wait, 25))
  }
  throw new Error('it did not come to that')
}
