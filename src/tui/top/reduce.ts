import { dialogStep } from './dialog-keys.ts'
import type { Key } from './key.ts'
import { choosePane, faster, nextDisk, nextFeed, nextInterface, slower, zoom } from './pane-keys.ts'
import { freeze, goBack, goForward, goLive, goOldest } from './scrub.ts'
import { click, down, first, keepInSight, last, pageDown, pageUp, up, wheelDown, wheelUp } from './selection.ts'
import { step, type Action, type KeyContext, type Step } from './step.ts'
import { askFilter, askSignal, nextSort, reverse, showDetails, sortBy, toggleTree } from './table-keys.ts'
import type { View } from './view.ts'

const quit: Action = (view) => step(view, { kind: 'quit' })

/** Takes back what stands out: the filter, then the pane that fills the screen, then the selection. */
const clear: Action = (view) => {
  if (view.filter !== null) return step({ ...view, filter: null })
  if (view.zoomed !== null) return step({ ...view, zoomed: null })
  return step(view.selected === null ? view : { ...view, selected: null, offset: 0 })
}

const showHelp: Action = (view) => step({ ...view, dialog: { kind: 'help', offset: 0 } })
const showAlerts: Action = (view) => step({ ...view, dialog: { kind: 'alerts', offset: 0 } })
const save: Action = (view) => step(view, { kind: 'save' })

/** How often it is looked at; of what is played, how fast. */
const pace = (direction: 1 | -1, otherwise: Action): Action => (view, context, key) => (context.hasSpeed ? step(view, { kind: 'speed', direction }) : otherwise(view, context, key))

/** What holds whatever lies over the panes. */
const CONTROLS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['c', quit],
  ['l', (view) => step(view, { kind: 'redraw' })],
  ['z', (view) => step(view, { kind: 'suspend' })],
])

/** Characters and what they do; `key-table.ts` says it to people. */
export const CHARACTERS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['q', quit], ['?', showHelp], [' ', freeze], ['/', askFilter],
  ['s', nextSort], ['S', reverse], ['c', sortBy('cpu')], ['m', sortBy('memory')], ['i', sortBy('io')], ['p', sortBy('pid')], ['t', toggleTree],
  ['k', askSignal], ['z', zoom], ['n', nextInterface], ['d', nextDisk],
  // The same key as +, without Shift.
  ['+', pace(1, slower)], ['=', pace(1, slower)], ['-', pace(-1, faster)],
  ['a', showAlerts], ['w', save], ['g', first], ['G', last],
  ...['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((digit): [string, Action] => [digit, choosePane]),
])

const NAMED: Partial<Record<Key['name'], Action>> = {
  left: goBack, right: goForward, home: goOldest, end: goLive, escape: clear, enter: showDetails, tab: nextFeed,
  up, down, pageUp, pageDown, wheelUp, wheelDown, click,
}

/** What a key does: another view, and what it asks for beyond the picture. The view is the very same when it does nothing. */
export function reduce(view: View, key: Key, context: KeyContext): Step {
  const control = key.name === 'character' && key.ctrl ? CONTROLS.get(key.text.toLowerCase()) : undefined
  if (control) return control(view, context, key)
  const { view: next, effects } = meaning(view, key, context)
  return { view: keepInSight(next, context.rows, context.pageRows), effects }
}

function meaning(view: View, key: Key, context: KeyContext): Step {
  if (view.dialog !== null) return dialogStep(view.dialog, view, context, key)
  const action = key.name !== 'character' ? NAMED[key.name] : key.ctrl ? undefined : CHARACTERS.get(key.text)
  return action ? action(view, context, key) : step(view)
}
