import { createInterface } from 'node:readline'
import { acquireLock, isHeld, type Lock } from '../../src/health/lock.ts'

/** What it says: `ready` first, then one line for each it was told. */
export type Answer = 'ready' | 'released' | 'held' | `busy ${number}` | `error ${string}`

/** A process that takes and gives back locks as its standard input says: `take PATH AT` (milliseconds since 1970), `release`. */
let lock: Lock | undefined
const world = {
  pid: process.pid,
  wallTime: () => new Date(),
  isRunning: (pid: number): boolean => {
    try {
      return process.kill(pid, 0)
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM'
    }
  },
}

async function obey(line: string): Promise<Answer> {
  const [what, path = '', at] = line.split(' ')
  if (what === 'release') {
    await lock?.release()
    lock = undefined
    return 'released'
  }
  while (Date.now() < Number(at));
  const taken = await acquireLock(path, world)
  if (!isHeld(taken)) return `busy ${taken.busy.pid}`
  lock = taken
  return 'held'
}

createInterface({ input: process.stdin }).on('line', (line) => void obey(line).then((answer) => console.log(answer), (error: unknown) => console.log(`error ${String(error)}`)))
console.log('ready')
