import { acquireLock, isHeld, lockPath } from '../health/lock.ts'
import type { Host } from '../host.ts'
import type { Finding } from '../model/finding.ts'
import { plain } from '../model/text.ts'
import { showDuration } from '../model/unit.ts'
import type { HealthContext } from './health-run.ts'

/** The right to run now, where runs must not overlap. */
export interface Turn {
  /** Why it is somebody else's turn; null where it is ours. */
  readonly busy: Finding | null
  readonly notes: readonly string[]
  release(): Promise<void>
}

const FREE: Turn = { busy: null, notes: [], release: async () => undefined }

/** Takes the lock that was asked for, if any. Throws UserError `LOCK_FILE`. */
export async function takeTurn({ host, config, flags }: HealthContext, statePath: string | null): Promise<Turn> {
  const given = flags.lock ?? config.health?.file.lock
  if (given === undefined || given === false) return FREE
  const path = given === true ? ownLockPath(statePath, config.files[0], host) : (flags.lock === undefined ? config.health : null)?.resolve(given) ?? host.files.resolve(given)
  const lock = await acquireLock(path, host)
  if (isHeld(lock)) return { busy: null, notes: lock.problem === null ? [] : [lock.problem], release: () => lock.release() }
  const { pid, since } = lock.busy
  return {
    ...FREE,
    busy: {
      id: 'lock', verdict: 'unknown', title: `another run (process ${pid}) has been under way for ${showDuration(Math.max(0, host.wallTime().getTime() - since.getTime()))}, so nothing was checked`,
      hint: `look what holds it up, or run less often; the lock is ${plain(path)}`,
    },
  }
}

/** Where the lock is when nobody says: beside the state, or one for this configuration. */
function ownLockPath(statePath: string | null, configFile: string | undefined, { files, env }: Host): string {
  return lockPath({ stateFile: statePath ?? undefined, configFile: configFile === undefined ? '' : files.resolve(configFile), env })
}
