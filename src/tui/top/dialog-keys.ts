import { lastHelpOffset } from './dialogs/help-lines.ts'
import { UserError } from '../../model/error.ts'
import { plain } from '../../model/text.ts'
import { parseFilter } from './filter-parser.ts'
import type { Filter } from './filter.ts'
import { KEYS } from './key-table.ts'
import type { Key } from './key.ts'
import { PROCESS_SIGNALS } from './process-signals.ts'
import { down, pageDown, pageUp, selectedProcess, up } from './selection.ts'
import { step, type KeyContext, type Step } from './step.ts'
import { askSignal, showDetails } from './table-keys.ts'
import type { Dialog, View } from './view.ts'

type DialogOf<Kind extends Dialog['kind']> = Extract<Dialog, { readonly kind: Kind }>

const close = (view: View): Step => step({ ...view, dialog: null })

function understood(text: string): Filter | string {
  try {
    return parseFilter(text)
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
}

function typed(text: string, { name, text: character, ctrl }: Key): string {
  if (name === 'backspace') return [...text].slice(0, -1).join('')
  if (ctrl) return character === 'u' ? '' : character === 'w' ? text.replace(/\S*\s*$/, '') : text
  return name === 'character' ? text + plain(character) : text
}

function inFilter(dialog: DialogOf<'filter'>, view: View, key: Key): Step {
  if (key.name === 'escape') return close(view)
  if (key.name === 'enter') {
    if (dialog.text.trim() === '') return step({ ...view, dialog: null, filter: null, offset: 0 })
    const filter = understood(dialog.text)
    return typeof filter === 'string' ? step({ ...view, dialog: { ...dialog, error: filter } }) : step({ ...view, dialog: null, filter, offset: 0 })
  }
  const text = typed(dialog.text, key)
  if (text === dialog.text) return step(view)
  const filter = text.trim() === '' ? null : understood(text)
  return step({ ...view, dialog: { kind: 'filter', text, error: typeof filter === 'string' ? filter : null } })
}

function inSignal(dialog: DialogOf<'signal'>, view: View, context: KeyContext, key: Key): Step {
  if (isClosing(key)) return close(view)
  if (dialog.confirmed) {
    // Ctrl-Y is no yes.
    if (key.name !== 'character' || key.ctrl) return step(view)
    if (key.text.toLowerCase() === 'n') return step({ ...view, dialog: { ...dialog, confirmed: false } })
    const chosen = PROCESS_SIGNALS[dialog.chosen]
    if (key.text.toLowerCase() !== 'y' || chosen === undefined || !context.canSignal) return step(view)
    // The key of a process is all that is needed: it may have left the rows, or ended, which the receiver finds out.
    const [pid, startedAt] = dialog.process.split('@').map(Number)
    return step({ ...view, dialog: null }, { kind: 'signal', pid: pid ?? Number.NaN, startedAt: startedAt ?? Number.NaN, signal: chosen.signal })
  }
  if (key.name === 'enter') return step({ ...view, dialog: { ...dialog, confirmed: true } })
  const by = key.name === 'up' || key.name === 'wheelUp' ? -1 : key.name === 'down' || key.name === 'wheelDown' ? 1 : 0
  const chosen = Math.max(0, Math.min(dialog.chosen + by, PROCESS_SIGNALS.length - 1))
  return chosen === dialog.chosen ? step(view) : step({ ...view, dialog: { ...dialog, chosen } })
}

const MOVES: Partial<Record<Key['name'], typeof up>> = { up, down, pageUp, pageDown, wheelUp: up, wheelDown: down }

function inDetails(view: View, context: KeyContext, key: Key): Step {
  if (isClosing(key) || key.name === 'enter') return close(view)
  if (isCharacter(key, 'k')) return selectedProcess(view, context.rows) ? askSignal(view, context, key) : step(view)
  const move = MOVES[key.name]
  if (move === undefined || context.rows.length === 0) return step(view)
  return showDetails(move(view, context, key).view, context, key)
}

function inAlerts(dialog: DialogOf<'alerts'>, view: View, { alarms, pageRows }: KeyContext, key: Key): Step {
  if (isClosing(key) || isCharacter(key, 'a')) return close(view)
  return scrolled(dialog, view, key, pageRows, alarms - 1)
}

function inHelp(dialog: DialogOf<'help'>, view: View, { dialog: { width, height } }: KeyContext, key: Key): Step {
  if (isClosing(key) || key.name === 'enter' || isCharacter(key, '?')) return close(view)
  return scrolled(dialog, view, key, height - 1, lastHelpOffset(KEYS, width, height))
}

/** Moves what a dialog shows, within its first and its last line to begin with. */
function scrolled(dialog: DialogOf<'alerts' | 'help'>, view: View, key: Key, pageRows: number, last: number): Step {
  const page = Math.max(1, pageRows)
  const far = dialog.offset + Math.max(0, last)
  const by: Partial<Record<Key['name'], number>> = { up: -1, wheelUp: -3, down: 1, wheelDown: 3, pageUp: -page, pageDown: page, home: -far, end: far, character: isCharacter(key, 'g') ? -far : isCharacter(key, 'G') ? far : 0 }
  // A terminal that has grown shows more than the offset was for.
  const offset = Math.max(0, Math.min(Math.min(dialog.offset, last) + (by[key.name] ?? 0), last))
  return offset === dialog.offset ? step(view) : step({ ...view, dialog: { ...dialog, offset } })
}

function isClosing(key: Key): boolean {
  return key.name === 'escape' || isCharacter(key, 'q')
}

function isCharacter({ name, text, ctrl }: Key, wanted: string): boolean {
  return name === 'character' && !ctrl && text === wanted
}

/** What a key means while something lies over the panes. */
export function dialogStep(dialog: Dialog, view: View, context: KeyContext, key: Key): Step {
  switch (dialog.kind) {
    case 'filter': return inFilter(dialog, view, key)
    case 'signal': return inSignal(dialog, view, context, key)
    case 'details': return inDetails(view, context, key)
    case 'alerts': return inAlerts(dialog, view, context, key)
    case 'help': return inHelp(dialog, view, context, key)
  }
}
