import { processKey, type Process } from '../../model/process.ts'
import type { TableRow } from './screen.ts'
import { notify, step, type Action, type KeyContext, type Step } from './step.ts'
import type { View } from './view.ts'

const WHEEL_ROWS = 3

/** Which row is selected: the first when none was chosen, -1 when the chosen process is not among the rows. */
export function selectedIndex(view: Pick<View, 'selected'>, rows: readonly TableRow[]): number {
  const { selected } = view
  if (selected === null) return rows.length > 0 ? 0 : -1
  const pid = Number.parseInt(selected, 10)
  return rows.findIndex(({ process: { program } }) => program.pid === pid && processKey(program) === selected)
}

/** The selected process; undefined when it is not among the rows. */
export function selectedProcess(view: Pick<View, 'selected'>, rows: readonly TableRow[]): Process | undefined {
  return rows[selectedIndex(view, rows)]?.process
}

/**
 * The view with its offset where it can be: inside the rows, and with the selected process in sight wherever the order has carried it.
 * To be asked whenever the rows or the room for them changed.
 */
export function keepInSight(view: View, rows: readonly TableRow[], pageRows: number): View {
  const page = Math.max(1, pageRows)
  const index = selectedIndex(view, rows)
  const wanted = index < 0 ? view.offset : Math.min(index, Math.max(view.offset, index - page + 1))
  const offset = Math.max(0, Math.min(wanted, rows.length - page))
  return offset === view.offset ? view : { ...view, offset }
}

function select(view: View, { rows, pageRows }: KeyContext, index: number): Step {
  const row = rows[Math.max(0, Math.min(index, rows.length - 1))]
  if (row === undefined) return step(view)
  return step(keepInSight({ ...view, selected: processKey(row.process.program) }, rows, pageRows))
}

/** Moves the selection by a number of rows; from the top of the picture when the selected process is gone. */
function move(rowsOf: (context: KeyContext) => number): Action {
  return (view, context) => {
    const index = selectedIndex(view, context.rows)
    return select(view, context, (index < 0 ? view.offset : index) + rowsOf(context))
  }
}

export const up = move(() => -1)
export const down = move(() => 1)
export const pageUp = move(({ pageRows }) => -Math.max(1, pageRows))
export const pageDown = move(({ pageRows }) => Math.max(1, pageRows))
export const wheelUp = move(() => -WHEEL_ROWS)
export const wheelDown = move(() => WHEEL_ROWS)

/** To the first row, whichever process that is. */
export const first: Action = (view) => step(view.selected === null && view.offset === 0 ? view : { ...view, selected: null, offset: 0 })
export const last: Action = (view, context) => select(view, context, context.rows.length - 1)

export const click: Action = (view, context, { at }) => {
  if (at === undefined || context.tableTop === undefined) return step(view)
  const line = at.y - context.tableTop
  const isRow = line >= 0 && line < context.pageRows && view.offset + line < context.rows.length
  return isRow ? select(view, context, view.offset + line) : step(view)
}

/** Does something with the selected process, or says that there is none. */
export function withSelected(act: (process: Process, view: View, context: KeyContext) => Step): Action {
  return (view, context) => {
    const process = selectedProcess(view, context.rows)
    return process ? act(process, view, context) : notify(view, context, 'no process is selected')
  }
}
