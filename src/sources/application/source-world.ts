import type { SourceConfig, SourceConfigOf } from '../../collect-schema/schema.ts'
import type { Source } from '../../model/source.ts'
import type { SecretWorld } from '../../services/secret.ts'
import type { LookupsByServer } from './own-lookups.ts'

/** What sources are given of the outside. */
export interface SourceWorld extends SecretWorld {
  /** Monotonic milliseconds. */
  now(): number
  wallTime(): Date
  /** All that are configured: one may ask through another. */
  readonly sources: readonly SourceConfig[]
  /** What sources ask of servers whose figures another source tells. */
  readonly lookups?: LookupsByServer
}

/** What a source is called and how often it is asked, everything filled in. */
export type SourceTerms = Pick<Source, 'id' | 'name' | 'priority' | 'intervalMs'>

/** Makes a source of one type; nothing is opened before its first collection. Throws UserError for a configuration that cannot work. */
export type OpenSource<T extends SourceConfig['type']> = (config: SourceConfigOf<T>, terms: SourceTerms, world: SourceWorld) => Source
