import { createHash, randomBytes } from 'node:crypto'
import { lstat, readdir, readlink, rename, stat, symlink, unlink } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'
import { isGone, ownOwner, readOwner, writeOwner, type LockOwner, type LockWorld } from './lock-owner.ts'

/** A lock that was taken. */
export interface Lock {
  /** Gives it back; never throws, and does nothing the second time or where somebody took it away by hand. */
  release(): Promise<void>
  /** Why it holds nobody off although it was taken: the disk was too full to make it. */
  readonly problem: string | null
}

/** Somebody else has it. */
export interface Busy {
  readonly busy: { readonly pid: number; readonly since: Date }
}

/**
 * Takes the lock of a path, which two processes of one machine never have at a time; nobody is waited for.
 *
 * It is a symbolic link that points nowhere and whose text names its owner: made in one step with its content, never followed, and without need of space on
 * the disk. One whose owner has ended is taken over: who wants to do so must first hold a lock on the very lock that was left (its token is in the name),
 * and look again, so that of many who find it only one moves it away. That one may be left behind as well, and is then taken over in the same way.
 *
 * It is no lock between machines that share a network file system. Throws UserError `LOCK_FILE` where it cannot be made, or something else is in its place.
 */
export async function acquireLock(path: string, world: LockWorld): Promise<Lock | Busy> {
  const own = await ownOwner(world, randomBytes(6).toString('hex'))
  let isOurs = true
  const lock: Lock = {
    problem: null,
    release: async () => {
      if (isOurs) await giveBack(path, writeOwner(own))
      isOurs = false
    },
  }
  try {
    const { busy } = await take(path, own, world, await isOpenFolder(path))
    return busy === null ? lock : { busy: { pid: busy.pid, since: new Date(busy.since) } }
  } catch (error) {
    const code = error instanceof UserError ? undefined : (error as NodeJS.ErrnoException).code
    // A check that tells of a full disk must not be held up by it.
    if (code === 'ENOSPC' || code === 'EDQUOT') return { ...lock, problem: `${plain(path)} cannot be made because the disk is full; another run is not held off` }
    throw code === undefined ? error : unusable(path, PROBLEMS[code] ?? plain((error as Error).message, 200))
  }
}

/** Whether a lock was taken. */
export function isHeld(lock: Lock | Busy): lock is Lock {
  return !('busy' in lock)
}

/** Where the lock is when nobody says: beside the state file, else in the user's own folder for such things, else, with user and configuration in its name, in the temporary folder. */
export function lockPath({ stateFile, configFile, env }: { readonly stateFile?: string | undefined; /** Absolute; empty for none. */ readonly configFile: string; readonly env: Readonly<Record<string, string | undefined>> }): string {
  if (stateFile !== undefined) return `${stateFile}.lock`
  const which = createHash('sha256').update(configFile).digest('hex').slice(0, 16)
  const own = env['XDG_RUNTIME_DIR']
  if (own !== undefined && isAbsolute(own)) return join(own, `medianest-perf-health-${which}.lock`)
  return join(env['TMPDIR'] || tmpdir(), `medianest-perf-health-${ownUser() ?? 'any'}-${which}.lock`)
}

interface Taken {
  /** Null where it is ours. */
  readonly busy: LockOwner | null
}

/** More often than anybody could come and go while we look. */
const MOST_TRIES = 100

async function take(path: string, own: LockOwner, world: LockWorld, isOpen: boolean): Promise<Taken> {
  const word = writeOwner(own)
  for (let tries = 1; ; tries++) {
    if (await made(word, path)) return { busy: null }
    const found = await wordOf(path, isOpen)
    if (found === null && tries < MOST_TRIES) continue
    if (found === null) throw unusable(path, 'it comes and goes')
    const owner = readOwner(found)
    if (owner === null) throw unusable(path, 'something else is in its place', 'name another path, or remove what is there')
    if (tries >= MOST_TRIES || !(await isGone(owner, own, world))) return { busy: owner }

    const right = `${path}.${owner.token}`
    const taking = await take(right, own, world, isOpen)
    // Who is about to take it over will have it, or has found that somebody has.
    if (taking.busy !== null) return taking
    try {
      if ((await wordOf(path, isOpen)) === found) {
        await replace(path, word, own.token)
        await sweep(path, world.wallTime().getTime())
        return { busy: null }
      }
    } finally {
      await giveBack(right, word)
    }
  }
}

/** False where there is one already. */
async function made(word: string, path: string): Promise<boolean> {
  return symlink(word, path).then(() => true, (error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return false
    throw error
  })
}

/** Null where it is gone by now. */
async function wordOf(path: string, isOpen: boolean): Promise<string | null> {
  try {
    const user = ownUser()
    const { uid } = await lstat(path)
    if (isOpen && user !== null && uid !== user) throw unusable(path, `it belongs to another user (${uid}) in a folder where everybody may put something`, 'name a path in a folder of your own with --lock')
    return await readlink(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    // Not a link: text that no owner writes.
    if (code === 'EINVAL' || code === 'UNKNOWN') return ''
    throw error
  }
}

async function replace(path: string, word: string, token: string): Promise<void> {
  const beside = `${path}.${token}.new`
  await symlink(word, beside)
  await rename(beside, path).catch(async (error: unknown) => {
    await unlink(beside).catch(() => undefined)
    throw error
  })
}

async function giveBack(path: string, word: string): Promise<void> {
  if ((await readlink(path).catch(() => null)) === word) await unlink(path).catch(() => undefined)
}

const LEFT_BEHIND_MS = 3_600_000

/** Removes what those left beside it who were ended while they took it over. */
async function sweep(path: string, now: number): Promise<void> {
  const name = basename(path)
  const folder = dirname(path)
  for (const each of await readdir(folder).catch(() => [])) {
    if (!each.startsWith(`${name}.`) || !/^(\.[0-9a-f]{12})+(\.new)?$/.test(each.slice(name.length))) continue
    const left = await lstat(join(folder, each)).catch(() => null)
    if (left?.isSymbolicLink() && now - left.mtimeMs > LEFT_BEHIND_MS) await unlink(join(folder, each)).catch(() => undefined)
  }
}

/** Whether it lies where everybody may put something, as in /tmp. */
async function isOpenFolder(path: string): Promise<boolean> {
  return ((await stat(dirname(path))).mode & 0o002) !== 0
}

function ownUser(): number | null {
  try {
    return userInfo().uid
  } catch {
    // A user without a name, as in many a container.
    return null
  }
}

const PROBLEMS: Readonly<Record<string, string>> = { ENOENT: 'its folder does not exist', EACCES: 'its folder may not be written to', EROFS: 'it is on a read-only file system', ENOTDIR: 'part of its path is a file', EPERM: 'its file system knows no symbolic links, or forbids them', ENOSYS: 'its file system knows no symbolic links' }

function unusable(path: string, reason: string, hint = 'name a path in a folder that may be written to'): UserError {
  return new UserError({ code: 'LOCK_FILE', kind: 'input', message: `the lock ${plain(path)} cannot be made: ${reason}`, hint })
}
