import { showDuration } from '../../model/unit.ts'
import { live } from './scrub.ts'
import { notify, step, type Action, type KeyContext } from './step.ts'
import { PANES, type PaneName, type View } from './view.ts'

/** Times from one look to the next that + and - go through, milliseconds. */
const INTERVALS_MS: readonly number[] = [250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000]

function without(hidden: ReadonlySet<PaneName>, pane: PaneName): ReadonlySet<PaneName> {
  return new Set([...hidden].filter((each) => each !== pane))
}

function toggle(view: View, context: KeyContext, pane: PaneName): ReturnType<Action> {
  if (view.hidden.has(pane)) return step({ ...view, hidden: without(view.hidden, pane) })
  const others = [...context.has].filter((each) => each !== pane && !view.hidden.has(each))
  if (others.length === 0) return notify(view, context, 'the last pane stays')
  return step({ ...view, hidden: new Set([...view.hidden, pane]), zoomed: view.zoomed === pane ? null : view.zoomed })
}

/** Chooses a pane; when it is chosen already, puts it away or brings it back. A pane that fills the screen makes way for the chosen one. */
export const choosePane: Action = (view, context, { text }) => {
  const pane = PANES[Number(text) - 1]
  if (pane === undefined || !context.has.has(pane)) return notify(view, context, pane === undefined ? `there is no pane ${text}` : `there is nothing to show in the ${pane} pane`)
  if (view.focused === pane) return toggle(view, context, pane)
  return step({ ...view, focused: pane, hidden: without(view.hidden, pane), zoomed: view.zoomed === null ? null : pane })
}

export const zoom: Action = (view, context) => {
  if (view.zoomed !== null) return step({ ...view, zoomed: null })
  if (!context.has.has(view.focused)) return notify(view, context, `there is nothing to show in the ${view.focused} pane`)
  return step({ ...view, zoomed: view.focused, hidden: without(view.hidden, view.focused) })
}

export const nextInterface: Action = (view, context) => context.interfaces > 1
  ? step({ ...view, network: (view.network + 1) % context.interfaces })
  : notify(view, context, context.interfaces === 1 ? 'there is one interface only' : 'there is no interface')

export const nextDisk: Action = (view, context) => context.disks > 1
  ? step({ ...view, disk: (view.disk + 1) % context.disks })
  : notify(view, context, context.disks === 1 ? 'there is one disk only' : 'there is no disk')

function setInterval(view: View, context: KeyContext, ms: number | undefined, limit: string): ReturnType<Action> {
  if (ms === undefined) return notify(view, context, `it is looked at every ${showDuration(view.intervalMs)}, no ${limit}`)
  return step({ ...view, intervalMs: ms }, { kind: 'interval', ms })
}

export const slower: Action = (view, context) => setInterval(view, context, INTERVALS_MS.find((ms) => ms > view.intervalMs), 'less often')
export const faster: Action = (view, context) => setInterval(view, context, INTERVALS_MS.findLast((ms) => ms < view.intervalMs), 'more often')

/** To another system: as it is now, from its first row. */
export const nextFeed: Action = (view, context, { shift }) => {
  if (context.feeds < 2) return notify(view, context, 'there is one instance only')
  const feed = (view.feed + (shift ? context.feeds - 1 : 1)) % context.feeds
  return step({ ...live(view), feed, selected: null, offset: 0, network: 0, disk: 0 })
}
