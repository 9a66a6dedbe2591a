import type { SourceConfig } from '../../collect-schema/schema.ts'
import type { Priority, SourceKind } from '../../model/source.ts'
import type { OpenSource } from './source-world.ts'

/** What holds for sources of one type unless their configuration says otherwise, and how they are opened. */
export interface SourceType<T extends SourceConfig['type']> {
  readonly kind: SourceKind
  readonly priority: Priority
  /** Milliseconds. */
  readonly intervalMs: number
  load(): Promise<OpenSource<T>>
}

/** Every type of source, the weightiest first: where two tell the same figure, the one of the type before is believed. */
export const SOURCE_TYPES: { readonly [T in SourceConfig['type']]: SourceType<T> } = {
  prometheus: { kind: 'api', priority: 'high', intervalMs: 15_000, load: async () => (await import('./prometheus.ts')).openSource },
  'access-log': { kind: 'api', priority: 'high', intervalMs: 15_000, load: async () => (await import('./access-log.ts')).openSource },
  synthetic: { kind: 'api', priority: 'medium', intervalMs: 30_000, load: async () => (await import('./synthetic.ts')).openSource },
  postgres: { kind: 'database', priority: 'high', intervalMs: 60_000, load: async () => (await import('./postgres.ts')).openSource },
  redis: { kind: 'cache', priority: 'medium', intervalMs: 30_000, load: async () => (await import('./redis.ts')).openSource },
  queues: { kind: 'jobs', priority: 'medium', intervalMs: 30_000, load: async () => (await import('./queues.ts')).openSource },
  business: { kind: 'business', priority: 'low', intervalMs: 60_000, load: async () => (await import('./business.ts')).openSource },
  module: { kind: 'custom', priority: 'low', intervalMs: 60_000, load: async () => (await import('./module.ts')).openSource },
}
