/** A terminal of a few escape sequences, enough to see what a drawing leaves behind. */
export interface Screen {
  write(text: string): void
  /** Changes the width as terminals do that fold lines anew; the cursor stays at its character. */
  resize(columns: number): void
  /** What has ever been shown and not been cleared, scrollback included, without empty lines at the end. */
  readonly text: string
  readonly cursorVisible: boolean
}

/** Opens a screen; sequences it does not know are an error, so that a test notices new ones. */
export function openScreen(columns: number, rows: number): Screen {
  let width = columns
  let lines: { cells: string[]; folded: boolean }[] = [{ cells: [], folded: false }]
  let row = 0
  let column = 0
  let wraps = true
  let visible = true

  const line = (at: number): { cells: string[]; folded: boolean } => {
    while (lines.length <= at) lines.push({ cells: [], folded: false })
    return lines[at] ?? { cells: [], folded: false }
  }
  const top = (): number => Math.max(0, lines.length - rows)
  const put = (character: string): void => {
    if (column >= width) {
      if (!wraps) column = width - 1
      else {
        line(row).folded = true
        row++
        column = 0
      }
    }
    const { cells } = line(row)
    while (cells.length < column) cells.push(' ')
    cells[column++] = character
  }
  const controls: Readonly<Record<string, (count: number) => void>> = {
    A: (count) => (row = Math.max(top(), row - Math.max(1, count))),
    J: () => {
      line(row).cells.length = Math.min(line(row).cells.length, column)
      line(row).folded = false
      lines.length = row + 1
    },
    K: () => {
      line(row).cells.length = Math.min(line(row).cells.length, column)
      line(row).folded = false
    },
    m: () => undefined,
  }
  const modes: Readonly<Record<string, (on: boolean) => void>> = { 25: (on) => (visible = on), 7: (on) => (wraps = on), 2026: () => undefined }

  return {
    write: (text) => {
      for (const [piece, mode, onOff, count, control] of text.matchAll(/\x1b\[\?(\d+)([hl])|\x1b\[([\d;]*)([A-Za-z])|[^]/gu)) {
        if (mode !== undefined) (modes[mode] ?? unknown(piece))(onOff === 'h')
        else if (control !== undefined) (controls[control] ?? unknown(piece))(Number(count ?? 0))
        else if (piece === '\n') [row, column] = [row + 1, 0]
        else if (piece === '\r') column = 0
        else if (piece < ' ') unknown(piece)
        else put(piece)
        line(row)
      }
    },
    resize: (next) => {
      const before = lines
      lines = []
      let cursor: [number, number] = [0, 0]
      let cells: string[] = []
      let cursorAt = -1
      for (const [index, each] of before.entries()) {
        if (index === row) cursorAt = cells.length + column
        cells.push(...each.cells)
        if (each.folded) continue
        for (let from = 0; from === 0 || from < cells.length; from += next) {
          if (cursorAt >= from && (cursorAt < from + next || from + next >= cells.length)) cursor = [lines.length, cursorAt - from]
          lines.push({ cells: cells.slice(from, from + next), folded: from + next < cells.length })
        }
        cells = []
        cursorAt = -1
      }
      ;[row, column] = cursor
      width = next
    },
    get text() {
      return lines.map(({ cells }) => cells.join('').trimEnd()).join('\n').trimEnd()
    },
    get cursorVisible() {
      return visible
    },
  }
}

function unknown(sequence: string): never {
  throw new Error(`this screen does not know ${JSON.stringify(sequence)}`)
}
