import type { Key } from './key.ts'

/** What Ink's `useInput` says of a key, as far as it is used here. */
export interface InkKey {
  readonly upArrow: boolean
  readonly downArrow: boolean
  readonly leftArrow: boolean
  readonly rightArrow: boolean
  readonly pageDown: boolean
  readonly pageUp: boolean
  readonly home: boolean
  readonly end: boolean
  readonly return: boolean
  readonly escape: boolean
  readonly tab: boolean
  readonly backspace: boolean
  readonly delete: boolean
  readonly ctrl: boolean
  readonly shift: boolean
  readonly meta: boolean
}

/** Ink calls the key above Enter, which sends DEL nearly everywhere, `delete`; the real Delete key is told apart by `isDelete`. */
const NAMES = [
  ['upArrow', 'up'], ['downArrow', 'down'], ['leftArrow', 'left'], ['rightArrow', 'right'], ['pageUp', 'pageUp'], ['pageDown', 'pageDown'], ['home', 'home'], ['end', 'end'],
  ['return', 'enter'], ['escape', 'escape'], ['tab', 'tab'], ['backspace', 'backspace'], ['delete', 'backspace'],
] as const satisfies readonly (readonly [keyof InkKey, Key['name']])[]

const MOUSE = /^\[<(\d+);(\d+);(\d+)([Mm])$/
/** Bits of a button in SGR 1006 (xterm's ctlseqs, "Extended coordinates"). */
const BUTTON = { shift: 4, ctrl: 16, motion: 32, wheel: 64 } as const

/** The key behind one event of Ink's `useInput`; null for what means nothing here. `sequence` is what was typed for it. */
export function keyOf(input: string, ink: InkKey, sequence: string): Key | null {
  const { shift, ctrl } = ink
  if (sequence === '\x1b[3~' || /^\x1b\[3[;^$]/.test(sequence)) return { name: 'delete', text: '', shift, ctrl }
  const named = NAMES.find(([flag]) => ink[flag])
  if (named) return { name: named[1], text: '', shift, ctrl }
  if (input === '\n' || input === '\r') return { name: 'enter', text: '', shift, ctrl }
  const mouse = MOUSE.exec(input)
  if (mouse) return mouseKey(mouse)
  // Alt and what Ink has no name for; a line feed is Ctrl-J to it.
  if (ink.meta || [...input].length !== 1 || (input < ' ' || input === '\x7f')) return null
  return { name: 'character', text: input, shift, ctrl }
}

function mouseKey([, code, column, row, action]: readonly string[]): Key | null {
  const button = Number(code)
  if (action === 'm' || (button & BUTTON.motion) !== 0) return null
  const which = button & 3
  const name = (button & BUTTON.wheel) === 0 ? (which === 0 ? 'click' : null) : which === 0 ? 'wheelUp' : which === 1 ? 'wheelDown' : null
  if (name === null) return null
  return { name, text: '', shift: (button & BUTTON.shift) !== 0, ctrl: (button & BUTTON.ctrl) !== 0, at: { x: Number(column) - 1, y: Number(row) - 1 } }
}
