import { wrap } from '../painting/wrap.ts'

/** Keys and what they do. */
export interface KeyHelp {
  readonly keys: readonly string[]
  readonly about: string
}

/** A line of the help; its keys are empty where it goes on with the line before. */
export interface HelpLine {
  readonly keys: readonly string[]
  readonly about: string
}

/** Cells of the keys, in words too. */
export const KEY_CELLS = 18
/** Cells between columns. */
const GAP = 2
/** Below this width keys and what they do stand below each other. */
const BESIDE = 50

/** The help in columns; there is more than one only where they are all in sight, each text whole. */
export function helpColumns(keys: readonly KeyHelp[], width: number, height: number): readonly (readonly HelpLine[])[] {
  if (width < BESIDE) return [keys.flatMap((help) => [{ keys: help.keys, about: '' }, ...wrap(help.about, width - 2).map((about) => ({ keys: [], about: `  ${about}` }))])]
  const longest = Math.max(0, ...keys.map(({ about }) => about.length))
  const columns = Math.max(1, Math.ceil(keys.length / Math.max(1, height)))
  if (columns > 1 && columns * (KEY_CELLS + longest + GAP) - GAP <= width) {
    const rows = Math.ceil(keys.length / columns)
    return Array.from({ length: columns }, (_, column) => keys.slice(column * rows, (column + 1) * rows))
  }
  return [keys.flatMap((help) => wrap(help.about, width - KEY_CELLS).map((about, index) => ({ keys: index === 0 ? help.keys : [], about })))]
}

/** The last line the help can begin with; 0 where all of it is in sight. The line of the mark takes one. */
export function lastHelpOffset(keys: readonly KeyHelp[], width: number, height: number): number {
  const [first = []] = helpColumns(keys, width, height)
  return first.length <= height ? 0 : first.length - Math.max(1, height - 1)
}
