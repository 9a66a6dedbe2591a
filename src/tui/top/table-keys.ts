import { processKey } from '../../model/process.ts'
import { step, notify, type Action } from './step.ts'
import { withSelected } from './selection.ts'
import { SORTS, type Sort } from './view.ts'

export const nextSort: Action = (view) => step({ ...view, sort: SORTS[(SORTS.indexOf(view.sort) + 1) % SORTS.length] ?? 'cpu', reversed: false })
export const reverse: Action = (view) => step({ ...view, reversed: !view.reversed })
export const sortBy = (sort: Sort): Action => (view) => step(view.sort === sort && !view.reversed ? view : { ...view, sort, reversed: false })
export const toggleTree: Action = (view) => step({ ...view, tree: !view.tree })

export const askFilter: Action = (view, context) => {
  if (!context.has.has('processes')) return notify(view, context, 'there are no processes to filter')
  return step({ ...view, dialog: { kind: 'filter', text: view.filter?.text ?? '', error: null } })
}

export const showDetails = withSelected(({ program }, view) => {
  const key = processKey(program)
  // Chosen from now on, so that the table does not move on below the dialog.
  return step({ ...view, selected: key, dialog: { kind: 'details', process: key } })
})

const askSignalOf = withSelected(({ program }, view, context) => {
  if (program.isKernel) return notify(view, context, 'a thread of the kernel takes no signals', 'warn')
  const key = processKey(program)
  return step({ ...view, selected: key, dialog: { kind: 'signal', process: key, chosen: 0, confirmed: false } })
})

export const askSignal: Action = (view, context, key) => context.canSignal ? askSignalOf(view, context, key) : notify(view, context, 'signals go to processes of this machine only', 'warn')
