import type { Effect } from './effect.ts'
import type { Key } from './key.ts'
import type { TableRow } from './screen.ts'
import type { PaneName, View } from './view.ts'

/** What a key's meaning depends on beside the view. */
export interface KeyContext {
  /** The rows of the table as they are shown. */
  readonly rows: readonly TableRow[]
  /** How many of them there is room for. */
  readonly pageRows: number
  /** The line of the screen the first shown row is on, from 0; without it clicks choose nothing. */
  readonly tableTop?: number | undefined
  /** How many ticks are known. */
  readonly length: number
  readonly feeds: number
  readonly canSignal: boolean
  /** Whether it is played at a speed that can be changed. */
  readonly hasSpeed?: boolean | undefined
  readonly alarms: number
  /** Cells a dialog may fill. */
  readonly dialog: { readonly width: number; readonly height: number }
  /** The panes there is something to show in. */
  readonly has: ReadonlySet<PaneName>
  /** Milliseconds since 1970. */
  readonly now: number
  readonly interfaces: number
  readonly disks: number
}

/** What a key did. The view is the very same when it did nothing. */
export interface Step {
  readonly view: View
  readonly effects: readonly Effect[]
}

/** The meaning of a key. */
export type Action = (view: View, context: KeyContext, key: Key) => Step

const NOTICE_MS = 4_000

/** A step to a view, and what it asks for beyond. */
export function step(view: View, ...effects: readonly Effect[]): Step {
  return { view, effects }
}

/** The same view with a line of news in the footer. */
export function notify(view: View, { now }: Pick<KeyContext, 'now'>, text: string, tone: 'label' | 'ok' | 'warn' | 'fail' = 'label'): Step {
  return step({ ...view, notice: { text, tone, until: now + NOTICE_MS } })
}
