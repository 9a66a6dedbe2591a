import type { Filter } from './filter.ts'

/** Panes in the order of the keys 1 to 5, then those an instance adds. */
export const PANES = ['cpu', 'memory', 'disk', 'network', 'processes', 'api', 'database', 'cache', 'jobs'] as const
export type PaneName = (typeof PANES)[number]

export const SORTS = ['cpu', 'memory', 'io', 'pid', 'time', 'user', 'name'] as const
export type Sort = (typeof SORTS)[number]

/** What lies over the panes. */
export type Dialog =
  /** From which of its lines on it is shown. */
  | { readonly kind: 'help'; readonly offset: number }
  | { readonly kind: 'filter'; readonly text: string; readonly error: string | null }
  | { readonly kind: 'details'; readonly process: string }
  | { readonly kind: 'signal'; readonly process: string; readonly chosen: number; readonly confirmed: boolean }
  | { readonly kind: 'alerts'; readonly offset: number }

/** What the person has chosen: everything the screen depends on but the figures. */
export interface View {
  /** Which feed is shown, from 0. */
  readonly feed: number
  /** Ticks back from the newest; 0 is live. */
  readonly back: number
  /** Frozen: new ticks are kept, the picture stays. While it is, `back` grows with every tick. */
  readonly frozen: boolean
  readonly sort: Sort
  readonly reversed: boolean
  readonly tree: boolean
  readonly filter: Filter | null
  /** The pane that fills the screen; null for all. */
  readonly zoomed: PaneName | null
  /** The pane that z zooms: the last one chosen. */
  readonly focused: PaneName
  /** Panes that were put away. */
  readonly hidden: ReadonlySet<PaneName>
  /** The selected process (`processKey`); null for the first row. */
  readonly selected: string | null
  /** First row of the table that is shown. */
  readonly offset: number
  /** Which interface and disk come first, counted from the busiest; the rest follow. */
  readonly network: number
  readonly disk: number
  readonly intervalMs: number
  readonly dialog: Dialog | null
  /** One line of news in the footer, and when it goes (milliseconds since 1970). */
  readonly notice: { readonly text: string; readonly tone: 'label' | 'ok' | 'warn' | 'fail'; readonly until: number } | null
}
