import type { Application, Samples } from './snapshot.ts'
import type { Traffic } from './traffic.ts'

/** How much a source matters when the machine fills up: the least is given up first. */
export const PRIORITIES = ['critical', 'high', 'medium', 'low'] as const

/** A place in that order. */
export type Priority = (typeof PRIORITIES)[number]

/** What a source tells of. */
export type SourceKind = 'system' | 'api' | 'database' | 'cache' | 'jobs' | 'business' | 'custom'

/** What one collection brought; what a source does not know it leaves out. */
export interface Collected {
  readonly samples: Samples
  readonly endpoints?: Application['endpoints'] | undefined
  readonly queries?: Application['queries'] | undefined
  /** What the application has answered since the source began to count, by route. */
  readonly traffic?: Traffic | undefined
  /** What failed while the rest was delivered: one sentence each, for people, made safe. */
  readonly problems?: readonly string[] | undefined
  /** What people should know of this collection though nothing failed: what was left out or cannot be told, and how to have it; one sentence each, made safe. */
  readonly notes?: readonly string[] | undefined
}

/** A place figures of an application come from, asked again and again, never twice at once. */
export interface Source {
  /** Stable and unique among the sources: `postgres`, `access-log:shop`. */
  readonly id: string
  /** For people. */
  readonly name: string
  readonly kind: SourceKind
  readonly priority: Priority
  /** Time from one collection to the next while the machine has room, milliseconds. */
  readonly intervalMs: number
  /** The limit it keeps to one collection by itself, milliseconds. */
  readonly timeoutMs?: number
  /** Collects once; rates are over the time since the collection before, so the first has none. Ends when the signal aborts. Throws UserError for what a person can mend. */
  collect(signal: AbortSignal): Promise<Collected>
  /** Lets go of what it holds open; nothing of it is left. */
  close(): Promise<void>
}
