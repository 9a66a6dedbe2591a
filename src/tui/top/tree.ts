import type { Process } from '../../model/process.ts'
import type { TableRow } from './screen.ts'

interface Branches {
  readonly child: string
  readonly lastChild: string
  readonly line: string
  readonly gap: string
}

const UNICODE: Branches = { child: '├─ ', lastChild: '└─ ', line: '│  ', gap: '   ' }
const ASCII: Branches = { child: '|- ', lastChild: '`- ', line: '|  ', gap: '   ' }
/** A branch deeper than this is as good as cut off, and a chain of a thousand forks must not cost a million characters. */
const DEEPEST = 40

/** The processes that are kept and all their ancestors among `all`, in the order of `all`. */
export function withAncestors(all: readonly Process[], isKept: (process: Process) => boolean): Process[] {
  const byPid = new Map(all.map((process) => [process.program.pid, process]))
  const kept = new Set<Process>()
  for (const process of all) {
    if (!isKept(process)) continue
    // Ends at a parent that is there already, which also breaks circles.
    for (let each: Process | undefined = process; each !== undefined && !kept.has(each); each = byPid.get(each.parent)) kept.add(each)
  }
  return all.filter((process) => kept.has(process))
}

/**
 * Puts children below their parents; brothers and sisters, and those whose parent is not there, stay in the order they come in.
 * Every process comes exactly once, whatever the parents say: a circle begins with its first.
 */
export function treeRows(processes: readonly Process[], unicode: boolean): TableRow[] {
  const signs = unicode ? UNICODE : ASCII
  const pids = new Set(processes.map(({ program }) => program.pid))
  const children = new Map<number, Process[]>()
  const roots: Process[] = []
  for (const process of processes) {
    const { parent, program } = process
    if (parent === program.pid || !pids.has(parent)) roots.push(process)
    else {
      const siblings = children.get(parent)
      if (siblings) siblings.push(process)
      else children.set(parent, [process])
    }
  }

  const rows: TableRow[] = []
  const seen = new Set<Process>()
  const pending: { readonly process: Process; readonly branch: string; readonly before: string; readonly depth: number }[] = []
  const grow = (root: Process): void => {
    pending.push({ process: root, branch: '', before: '', depth: 0 })
    for (let each = pending.pop(); each !== undefined; each = pending.pop()) {
      if (seen.has(each.process)) continue
      seen.add(each.process)
      rows.push({ process: each.process, branch: each.branch })
      const { pid } = each.process.program
      const below = children.get(pid)
      if (below === undefined) continue
      // Of several processes with one pid the first has the children.
      children.delete(pid)
      const unseen = below.filter((child) => !seen.has(child))
      // The last is pushed first, so that the first comes out first.
      for (let index = unseen.length - 1; index >= 0; index--) {
        const child = unseen[index]
        if (child === undefined) continue
        const isLast = index === unseen.length - 1
        const depth = each.depth + 1
        const before = depth > DEEPEST ? each.before : each.before + (isLast ? signs.gap : signs.line)
        pending.push({ process: child, branch: each.before + (isLast ? signs.lastChild : signs.child), before, depth })
      }
    }
  }
  for (const root of roots) grow(root)
  if (rows.length < processes.length) for (const process of processes) if (!seen.has(process)) grow(process)
  return rows
}
