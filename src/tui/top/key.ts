/** A key as it was pressed: a printable character, or a named key. */
export interface Key {
  readonly name:
    | 'character' | 'up' | 'down' | 'left' | 'right' | 'pageUp' | 'pageDown' | 'home' | 'end' | 'enter' | 'escape' | 'tab' | 'backspace' | 'delete' | 'wheelUp' | 'wheelDown' | 'click'
  /** The character; empty for named keys. */
  readonly text: string
  readonly shift: boolean
  readonly ctrl: boolean
  /** Where the mouse was, in cells from 0; only of wheel and click. */
  readonly at?: { readonly x: number; readonly y: number } | undefined
}
