import type { View } from './view.ts'

/** What a person may ask for before the first picture. */
export type StartOptions = Partial<Pick<View, 'sort' | 'reversed' | 'tree' | 'filter' | 'zoomed' | 'hidden' | 'intervalMs'>>

/** The view that the screen begins with: live, everything in sight, the busiest process first. */
export function startView(options: StartOptions): View {
  return {
    feed: 0, back: 0, frozen: false,
    sort: 'cpu', reversed: false, tree: false, filter: null,
    zoomed: null, focused: options.zoomed ?? 'processes', hidden: new Set(),
    selected: null, offset: 0, network: 0, disk: 0,
    intervalMs: 1_000, dialog: null, notice: null,
    ...options,
  }
}
