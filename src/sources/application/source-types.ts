import type { SourceConfig } from '../../collect-schema/schema.ts'
import type { Priority } from '../../model/source.ts'
import type { OpenSource } from './source-world.ts'

/** What holds for sources of one type unless their configuration says otherwise, and how they are opened. */
export interface SourceType<T extends SourceConfig['type']> {
  readonly priority: Priority
  /** Milliseconds. */
  readonly intervalMs: number
  load(): Promise<OpenSource<T>>
}

/** Every type of source, the weightiest first: where two tell the same figure, the one of the type before is believed. */
export const SOURCE_TYPES: { readonly [T in SourceConfig['type']]: SourceType<T> } = {
  prometheus: { priority: 'high', intervalMs: 15_000, load: async () => (await import('./prometheus.ts')).openSource },
  'access-log': { priority: 'high', intervalMs: 15_000, load: async () => (await import('./access-log.ts')).openSource },
  synthetic: { priority: 'medium', intervalMs: 30_000, load: async () => (await import('./synthetic.ts')).openSource },
  postgres: { priority: 'high', intervalMs: 60_000, load: async () => (await import('./postgres.ts')).openSource },
  redis: { priority: 'medium', intervalMs: 30_000, load: async () => (await import('./redis.ts')).openSource },
  queues: { priority: 'medium', intervalMs: 30_000, load: async () => (await import('./queues.ts')).openSource },
  business: { priority: 'low', intervalMs: 60_000, load: async () => (await import('./business.ts')).openSource },
  module: { priority: 'low', intervalMs: 60_000, load: async () => (await import('./module.ts')).openSource },
}
