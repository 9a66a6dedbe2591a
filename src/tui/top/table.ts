import type { Process } from '../../model/process.ts'
import type { ProcessTable } from '../../model/snapshot.ts'
import { sortProcesses } from './order.ts'
import type { TableRow } from './screen.ts'
import { treeRows, withAncestors } from './tree.ts'
import type { View } from './view.ts'

/** The lines of the process table: filtered, in order, as a tree or a list. A filter in a tree keeps the ancestors of what it matches. */
export function tableRows(table: ProcessTable | null, view: Pick<View, 'filter' | 'sort' | 'reversed' | 'tree'>, unicode = true): readonly TableRow[] {
  if (table === null) return []
  const { filter, sort, reversed, tree } = view
  const matches = (process: Process): boolean => filter === null || filter.matches(process, table.at)

  if (tree) {
    const kept = filter === null ? table.rows.slice() : withAncestors(table.rows, matches)
    return treeRows(sortProcesses(kept, sort, reversed), unicode)
  }
  const kept = filter === null ? table.rows.slice() : table.rows.filter(matches)
  return sortProcesses(kept, sort, reversed).map((process) => ({ process, branch: '' }))
}
