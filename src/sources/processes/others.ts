import type { Process } from '../../model/process.ts'

/** Programs that start others and carry their command line with them. */
const STARTERS = new Set([
  'sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'fish', 'busybox', 'sudo', 'doas', 'su', 'runuser', 'env', 'nice', 'ionice', 'timeout', 'flock', 'chronic', 'setsid', 'stdbuf', 'strace', 'time', 'watch', 'xargs', 'npm', 'npx', 'node', 'systemd-cat', 'nsenter',
])

/** The processes but for this one, what it started, and the shells and other starters above it: a command line that asks for `nginx` is no nginx. */
export function othersThan(pid: number, rows: readonly Process[]): Process[] {
  const byPid = new Map(rows.map((row) => [row.program.pid, row]))
  const own = new Set([pid])
  for (let row = byPid.get(byPid.get(pid)?.parent ?? 0); row && isStarter(row) && !own.has(row.program.pid); row = byPid.get(row.parent)) own.add(row.program.pid)
  const isBelow = (row: Process): boolean => {
    // What ends while it is looked at may leave a circle behind.
    for (let at: Process | undefined = row, steps = 0; at !== undefined && steps < 64; at = byPid.get(at.parent), steps++) if (at.parent === pid) return true
    return false
  }
  return rows.filter((row) => !own.has(row.program.pid) && !isBelow(row))
}

/** By its short name or what its command line begins with; a script that was started as a program has a name of its own, and its interpreter stands first. */
function isStarter({ program: { name, command } }: Process): boolean {
  const first = command.split(' ', 1)[0] ?? ''
  return STARTERS.has(name) || STARTERS.has(first.slice(first.lastIndexOf('/') + 1).replace(/^-/, ''))
}
