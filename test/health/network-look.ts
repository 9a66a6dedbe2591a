import { readFile } from 'node:fs/promises'
import type { ConfigOf } from '../../src/health-schema/schema.ts'
import { CHECK_TYPES } from '../../src/health/check-types.ts'
import type { HealthWorld } from '../../src/health/world.ts'
import type { CheckType, Outcome } from '../../src/model/health.ts'

type NetworkType = Extract<CheckType, 'http' | 'tls' | 'dns' | 'connectivity' | 'plex' | 'overseerr' | 'tmdb'>

/** What checks over the network need of the world; anything else they ask for fails the test. */
export function networkWorld(parts: Partial<HealthWorld> = {}): HealthWorld {
  const world: Partial<HealthWorld> = { now: () => performance.now(), wallTime: () => new Date(), random: () => 0.5, env: {}, cores: 2, readFile: (path) => readFile(path, 'utf8'), resolve: (path) => path, ...parts }
  return world as HealthWorld
}

/** How a look went: its outcome, and how long it took. */
export interface Looked extends Outcome {
  readonly tookMs: number
}

/** Runs one look as the runner would, with a deadline; one that is still at it well after its time fails the test. */
export async function lookAt<T extends NetworkType>(config: ConfigOf<T> & { readonly type: T }, { timeoutMs = 5_000, world = networkWorld() }: { readonly timeoutMs?: number; readonly world?: HealthWorld } = {}): Promise<Looked> {
  // The table pairs each type with its look, which an index by a type parameter cannot tell.
  const look = await (CHECK_TYPES[config.type].load as () => Promise<(config: unknown, context: unknown) => Promise<Outcome | null>>)()
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), timeoutMs)
  let late: NodeJS.Timeout | undefined
  const started = performance.now()
  try {
    const outcome = await Promise.race([look(config, { world, signal: stop.signal, timeoutMs }), new Promise<never>((_, reject) => (late = setTimeout(() => reject(new Error('the look did not end')), timeoutMs + 3_000)))])
    if (outcome === null) throw new Error('the look found nothing to look at')
    return { ...outcome, tookMs: performance.now() - started }
  } finally {
    clearTimeout(timer)
    clearTimeout(late)
  }
}
