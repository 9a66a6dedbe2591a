import type { Systeminformation } from 'systeminformation'
import type { Process, Program } from '../../model/process.ts'

const STATES: Readonly<Record<string, string>> = { running: 'R', sleeping: 'S', blocked: 'D', zombie: 'Z', stopped: 'T', idle: 'I', dead: 'X' }
const MOST_PROCESSES = 32_768
/** Starts are computed from an age in whole seconds, so they move from look to look. */
const START_SLACK_MS = 3_000

interface Machine {
  readonly platform: string
  readonly cores: number
}

/** Turns lists of processes into rows, and knows a process again from one list to the next. */
export function openProcessList({ platform, cores }: Machine): (list: readonly Systeminformation.ProcessesProcessData[]) => Process[] {
  let known: ReadonlyMap<number, Program> = new Map()
  // `ps` of macOS and the BSDs counts in shares of one processor, the library's own reckoning (Linux, Windows) in shares of all.
  const scale = (platform === 'linux' || platform === 'win32' ? cores : 1) / 100
  return (list) => {
    const programs = new Map<number, Program>()
    const rows = list.slice(0, MOST_PROCESSES).map((each): Process => {
      const program = programOf(each, known.get(each.pid))
      programs.set(each.pid, program)
      return {
        program,
        parent: each.parentPid,
        state: STATES[each.state] ?? '?',
        threads: Number.NaN,
        cpu: each.cpu * scale,
        cpuTimeMs: Number.NaN,
        residentBytes: each.memRss * 1_024,
        memory: each.mem / 100,
        readRate: Number.NaN,
        writeRate: Number.NaN,
      }
    })
    known = programs
    return rows
  }
}

function programOf({ pid, parentPid, name, command, path, params, user, started }: Systeminformation.ProcessesProcessData, before: Program | undefined): Program {
  const startedAt = Date.parse(started)
  const line = `${path !== '' && command !== '' && !command.startsWith('/') ? `${path}/${command}` : command} ${params}`.trim()
  const isKernel = (pid === 2 || parentPid === 2) && path === '' && params === ''
  const wanted = { name, command: line === '' ? name : line, user }
  const isSame = before !== undefined && (Math.abs(before.startedAt - startedAt) <= START_SLACK_MS || (Number.isNaN(startedAt) && Number.isNaN(before.startedAt)))
  if (isSame && before.name === wanted.name && before.command === wanted.command && before.user === wanted.user) return before
  return { pid, ...wanted, uid: Number.NaN, container: null, isKernel, startedAt: isSame ? before.startedAt : startedAt }
}
