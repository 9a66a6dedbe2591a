import type { Alarm } from '../../analysis/alarm.ts'
import type { Moment } from '../../analysis/moment.ts'
import type { FeedState } from '../../model/feed.ts'
import type { Process } from '../../model/process.ts'
import type { SystemFacts } from '../../model/snapshot.ts'
import type { View } from './view.ts'

/** A line of the process table. */
export interface TableRow {
  readonly process: Process
  /** What stands before the command in a tree: `│  ├─ `; empty in a list. */
  readonly branch: string
}

/** All that one picture is painted from. */
export interface Screen {
  /** Null before the first tick. */
  readonly moment: Moment | null
  readonly view: View
  readonly facts: SystemFacts | null
  readonly feed: { readonly name: string; readonly kind: 'local' | 'remote' | 'recording'; readonly state: FeedState; readonly index: number; readonly of: number; /** When its newest snapshot came, by our own clock; NaN before it. */ readonly newestAt: number }
  /** Filtered, sorted, as a tree or a list. */
  readonly rows: readonly TableRow[]
  /** The latest last. */
  readonly alarms: readonly Alarm[]
  /** What this program itself uses: share of one core, bytes. */
  readonly self: { readonly cpu: number; readonly memoryBytes: number }
  /** Whether what is seen is written to a recording. */
  readonly recording: boolean
  /** How far back the history may reach, milliseconds. */
  readonly reachMs: number
  /** Wall clock, milliseconds since 1970. */
  readonly now: number
  /** Minutes that local time is ahead of UTC: the clock of the picture. */
  readonly zoneMinutes: number
}
