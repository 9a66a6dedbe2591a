/** A terminal that knows what `top` sends, to see what a picture comes out as. */
export interface Emulator {
  write(text: string): void
  resize(width: number, height: number): void
  /** Characters of a row by cell; the right half of a wide one is empty. */
  cells(row: number): readonly string[]
  /** SGR parameters each cell was written with, as they were sent last without the reset before them. */
  looks(row: number): readonly string[]
  readonly text: string
  readonly modes: ReadonlyMap<string, boolean>
}

interface Cell {
  character: string
  look: string
}

/** Opens one; `widthOf` is what this terminal believes of widths. Sequences it does not know are an error, so that a test notices new ones. */
export function openEmulator(width: number, height: number, widthOf: (character: string) => number = () => 1): Emulator {
  let columns = width
  let rows: Cell[][] = []
  let x = 0
  let y = 0
  let look = ''
  const modes = new Map<string, boolean>()
  const blank = (): Cell => ({ character: ' ', look: '' })
  const fit = (wide: number, high: number): void => {
    rows = Array.from({ length: high }, (_, row) => Array.from({ length: wide }, (_, column) => rows[row]?.[column] ?? blank()))
    columns = wide
    x = Math.min(x, wide - 1)
    y = Math.min(y, high - 1)
  }
  fit(width, height)
  const place = (row: Cell[], column: number, character: string): void => {
    // Half of a wide character cannot stay without the other.
    if (row[column]?.character === '' && row[column - 1]) row[column - 1] = blank()
    if (row[column + 1]?.character === '' && character !== '') row[column + 1] = blank()
    row[column] = { character, look }
  }
  const put = (character: string): void => {
    const wide = widthOf(character)
    if (x >= columns) x = columns - 1
    if (wide === 2 && x + 1 >= columns) x = columns - 2
    const row = rows[y] ?? []
    place(row, x, character)
    if (wide === 2) {
      place(row, x + 1, ' ')
      row[x + 1] = { character: '', look }
    }
    x += wide
  }
  const erase = (from: number): void => {
    const row = rows[y] ?? []
    if (row[from]?.character === '') row[from - 1] = blank()
    for (let column = from; column < columns; column++) row[column] = { character: ' ', look: look.split(';').includes('7') ? look : '' }
  }
  const controls: Readonly<Record<string, (parameters: string) => void>> = {
    H: (parameters) => {
      const [row = '', column = ''] = parameters.split(';')
      ;[y, x] = [Math.min(rows.length, Number(row) || 1) - 1, Math.min(columns, Number(column) || 1) - 1]
    },
    C: (parameters) => (x = Math.min(columns - 1, x + (Number(parameters) || 1))),
    K: () => erase(Math.min(x, columns - 1)),
    J: () => {
      erase(x)
      for (const row of rows.slice(y + 1)) row.fill(blank())
      rows = rows.map((row) => row.map((cell) => ({ ...cell })))
    },
    m: (parameters) => {
      if (parameters === '' || parameters === '0') look = ''
      else if (parameters.startsWith('0;')) look = parameters.slice(2)
      else look = parameters
    },
  }
  return {
    write: (text) => {
      for (const [piece, mode, onOff, parameters, control] of text.matchAll(/\x1b\[\?(\d+)([hl])|\x1b\[([\d;]*)([A-Za-z])|[^]/gu)) {
        if (mode !== undefined) modes.set(mode, onOff === 'h')
        else if (control !== undefined) (controls[control] ?? unknown(piece))(parameters ?? '')
        else if (piece === '\r') x = 0
        else if (piece === '\n') {
          if (y + 1 >= rows.length) unknown('a scroll')
          y++
        } else if (/[\p{Cc}\p{Cs}]/u.test(piece)) unknown(piece)
        else put(piece)
      }
    },
    resize: fit,
    cells: (row) => (rows[row] ?? []).map(({ character }) => character),
    looks: (row) => (rows[row] ?? []).map((cell) => cell.look),
    get text() {
      return rows.map((row) => row.map(({ character }) => character).join('').trimEnd()).join('\n').trimEnd()
    },
    modes,
  }
}

function unknown(sequence: string): never {
  throw new Error(`this terminal does not know ${JSON.stringify(sequence)}`)
}
