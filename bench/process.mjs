// Processes of a benchmark: each in a group of its own, ended with everything it started.
import { spawn } from 'node:child_process'
import { access, constants, readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { delimiter, join } from 'node:path'

const running = new Set()
let ending = false

/** Where a command is; undefined when it is not installed. */
export async function find(command) {
  for (const directory of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']) {
    const path = join(directory, command)
    if (await access(path, constants.X_OK).then(() => true, () => false)) return path
  }
}

const taskset = availableParallelism() >= 2 ? await find('taskset') : undefined

/** Whether servers and clients have a core each. */
export const pinned = taskset !== undefined

/** A command on one core: clients use the first, servers the second. */
function onCore(role, command) {
  return taskset ? [taskset, '-c', role === 'client' ? '0' : '1', ...command] : command
}

/** Starts a command for a role; the child's `ended` resolves with its exit code, `endGroup` ends it with all it started. */
export function start(role, command, { wrap = (line) => line, stdin = 'ignore' } = {}) {
  if (ending) throw new Error('interrupted')
  const [file, ...args] = wrap(onCore(role, command))
  const child = spawn(file, args, { stdio: [stdin, 'pipe', 'pipe'], detached: true })
  running.add(child)
  child.ended = new Promise((done, failed) => {
    child.once('error', failed)
    child.once('close', (code) => done(code))
  }).finally(() => running.delete(child))
  child.ended.catch(() => undefined)
  return child
}

/** Ends a child's process group; resolves when it is gone. */
export async function end(child, signal = 'SIGTERM') {
  const kill = (name) => {
    try {
      if (running.has(child)) process.kill(-child.pid, name)
    } catch {
      // It has just gone by itself.
    }
  }
  kill(signal)
  const late = setTimeout(kill, 3_000, 'SIGKILL')
  await child.ended.catch(() => undefined)
  clearTimeout(late)
}

/** Ends whatever still runs, and lets nothing more begin. */
export async function endAll() {
  ending = true
  await Promise.all([...running].map((child) => end(child)))
}

/** Runs a client to its end: what it printed, the CPU seconds of its process tree, the wall-clock seconds, and its peak memory in MB, which is looked at every `lookMs`. */
export async function measure(command, mostSeconds, lookMs = 100) {
  // bash's `time` counts the waited-for tree, costs nothing while the client runs, and is there on every machine.
  const timed = (line) => ['bash', '-c', 'TIMEFORMAT="%U %S %R"; time "$@" 2>&1', 'bash', ...line]
  const child = start('client', command, { wrap: timed })
  let output = ''
  let times = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (times += text))
  let peakKb = 0
  const look = setInterval(async () => (peakKb = Math.max(peakKb, await treeMemory(child.pid))), lookMs)
  const late = setTimeout(() => void end(child, 'SIGKILL'), mostSeconds * 1_000)
  const code = await child.ended.finally(() => {
    clearInterval(look)
    clearTimeout(late)
  })
  const [user, system, seconds] = times.trim().split('\n').at(-1).split(' ').map(Number)
  if (!(user >= 0) || !(seconds > 0)) throw new Error(`${command.join(' ')} ended with ${code}: ${times || output}`)
  return { code, output, cpuSeconds: user + system, seconds, memoryMB: peakKb / 1_000 }
}

/** Peak resident memory of all children of a process, kB; 0 where there is no /proc. */
async function treeMemory(pid) {
  const children = (await read(`/proc/${pid}/task/${pid}/children`)).split(' ').filter(Boolean)
  const each = await Promise.all(children.map(async (child) => Number(/VmHWM:\s*(\d+)/.exec(await read(`/proc/${child}/status`))?.[1] ?? 0) + (await treeMemory(child))))
  return each.reduce((sum, kb) => sum + kb, 0)
}

const read = (path) => readFile(path, 'utf8').catch(() => '')
