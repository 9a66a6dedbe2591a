import type { Tone } from './tone.ts'

/** A rectangle of cells, from 0 at the upper left. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Cells that a painter may write to; what lies outside is cut off, so a painter can break nothing. */
export interface Surface {
  readonly width: number
  readonly height: number
  /** What the terminal can show; painters choose their characters by it. */
  readonly unicode: boolean
  /**
   * Writes text from a cell on and returns the column after it. Text may be hostile: control characters become `�`, marks without width are dropped, a wide character
   * that would be cut in half becomes a space.
   */
  put(x: number, y: number, text: string, tone?: Tone): number
  /** The same, ending before column `end`; a text that is too long is cut with an ellipsis. */
  putRight(end: number, y: number, text: string, tone?: Tone): void
  fill(x: number, y: number, width: number, height: number, character: string, tone?: Tone): void
  /** A part of this surface with its own zero. */
  part(rectangle: Rectangle): Surface
}
