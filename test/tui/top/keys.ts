import type { Key } from '../../../src/tui/top/key.ts'
import { reduce } from '../../../src/tui/top/reduce.ts'
import type { KeyContext, Step } from '../../../src/tui/top/step.ts'
import type { View } from '../../../src/tui/top/view.ts'
import { processKey } from '../../../src/model/process.ts'
import { AT, process } from './processes.ts'

/** Twenty rows, pids 1 to 20; room for five of them. */
export const context: KeyContext = {
  rows: Array.from({ length: 20 }, (_, index) => ({ process: process({ program: { pid: index + 1 } }), branch: '' })),
  pageRows: 5, tableTop: 10, length: 100, feeds: 3, canSignal: true, alarms: 4, dialog: { width: 74, height: 20 }, has: new Set(['cpu', 'memory', 'disk', 'network', 'processes']), now: AT, interfaces: 3, disks: 2,
}

/** The key of the process with that pid. */
export const rowKey = (pid: number): string => processKey(process({ program: { pid } }).program)

const NAMES = new Set(['up', 'down', 'left', 'right', 'pageUp', 'pageDown', 'home', 'end', 'enter', 'escape', 'tab', 'backspace', 'delete', 'wheelUp', 'wheelDown', 'click'])

/** `shift+left`, `ctrl+c`, `space` or a character. */
export function key(text: string): Key {
  const parts = text.length > 1 ? text.split('+') : [text]
  const last = parts.at(-1) ?? ''
  const modifiers = { shift: parts.includes('shift'), ctrl: parts.includes('ctrl') }
  return NAMES.has(last) ? { name: last as Key['name'], text: '', ...modifiers } : { name: 'character', text: last === 'space' ? ' ' : last, ...modifiers }
}

/** Presses keys one after another; the effects of all of them. */
export function press(view: View, keys: string, world: Partial<KeyContext> = {}): Step {
  const effects: Step['effects'][number][] = []
  let now = view
  for (const each of keys.split(' ').filter((text) => text !== '')) {
    const done = reduce(now, key(each), { ...context, ...world })
    now = done.view
    effects.push(...done.effects)
  }
  return { view: now, effects }
}
