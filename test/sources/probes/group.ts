import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = '/sys/fs/cgroup'
let made = 0
/** Of memory, bytes. */
export const LIMIT = 256 * 1_048_576

/** A control group with limits. */
export interface Group {
  readonly folders: readonly string[]
  readonly memoryFile: string
  /** What a shell does to be in it. */
  readonly enter: string
  remove(): void
}

/** A group with 256 MiB and a fifth of a processor; null where none can be made. */
export function makeGroup(): Group | null {
  const name = `medianest-test-${process.pid}-${++made}`
  const folders: string[] = []
  const at = (folder: string, files: Readonly<Record<string, string>>): void => {
    mkdirSync(folder)
    folders.push(folder)
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  }
  try {
    if (existsSync(`${ROOT}/cgroup.controllers`)) {
      const offered = readFileSync(`${ROOT}/cgroup.subtree_control`, 'utf8').split(/\s+/)
      if (!['cpu', 'memory', 'pids'].every((controller) => offered.includes(controller))) return null
      at(`${ROOT}/${name}`, { 'memory.max': String(LIMIT), 'cpu.max': '20000 100000' })
      return groupOf(folders, 'memory.current')
    }
    at(`${ROOT}/memory/${name}`, { 'memory.limit_in_bytes': String(LIMIT) })
    at(`${ROOT}/cpu/${name}`, { 'cpu.cfs_period_us': '100000', 'cpu.cfs_quota_us': '20000' })
    // Mounted together with cpu on most systems.
    if (!existsSync(`${ROOT}/cpuacct/${name}`)) at(`${ROOT}/cpuacct/${name}`, {})
    at(`${ROOT}/pids/${name}`, {})
    return groupOf(folders, 'memory.usage_in_bytes')
  } catch {
    folders.forEach((folder) => rmdirSync(folder))
    return null
  }
}

function groupOf(folders: readonly string[], memoryFile: string): Group {
  return {
    folders, memoryFile,
    enter: folders.map((each) => `echo $$ > ${each}/cgroup.procs`).join(' && '),
    remove: () => folders.filter((folder) => existsSync(folder)).forEach((folder) => rmdirSync(folder)),
  }
}
