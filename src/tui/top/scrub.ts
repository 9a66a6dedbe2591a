import { notify, step, type Action } from './step.ts'
import type { View } from './view.ts'

/** How many ticks an arrow goes with Shift. */
const FAR = 10

/** A view of now. */
export function live(view: View): View {
  return view.back === 0 && !view.frozen ? view : { ...view, back: 0, frozen: false }
}

/** What a new tick does to the view; `length` counts it in. A frozen picture stays where it is until the history forgets it. */
export function tick(view: View, length: number): View {
  if (!view.frozen) return live(view)
  const back = Math.min(view.back + 1, Math.max(0, length - 1))
  return back === view.back ? view : { ...view, back }
}

export const freeze: Action = (view) => step(view.frozen ? live(view) : { ...view, frozen: true })

export const goLive: Action = (view) => step(live(view))

export const goOldest: Action = (view, context) => {
  if (context.length < 2) return notify(view, context, 'there is no history yet')
  return step({ ...view, back: context.length - 1, frozen: true })
}

export const goBack: Action = (view, context, { shift }) => {
  if (context.length < 2) return notify(view, context, 'there is no history yet')
  const oldest = context.length - 1
  if (view.frozen && view.back >= oldest) return notify({ ...view, back: oldest }, context, 'this is as far back as the history reaches')
  return step({ ...view, back: Math.min(view.back + (shift ? FAR : 1), oldest), frozen: true })
}

export const goForward: Action = (view, _context, { shift }) => {
  if (!view.frozen) return step(view)
  const back = view.back - (shift ? FAR : 1)
  return step(back < 0 ? live(view) : { ...view, back })
}
