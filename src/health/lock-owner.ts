import { readFile, readlink } from 'node:fs/promises'
import { uptime } from 'node:os'

/** What is asked of the world to take a lock. */
export interface LockWorld {
  readonly pid: number
  wallTime(): Date
  /** Whether there is a process with this number, whoever owns it. */
  isRunning(pid: number): boolean
}

/** Who holds a lock; texts are empty where the system has no /proc. */
export interface LockOwner {
  readonly pid: number
  /** When the process started, in ticks since the system did: a number that is given to another process later does not look like the first. */
  readonly started: string
  /** Which start of the system it was: the beginning of the kernel's boot id. */
  readonly boot: string
  /** The namespace the number counts in. */
  readonly space: string
  /** Milliseconds since 1970. */
  readonly since: number
  /** Never the same twice. */
  readonly token: string
}

// 59 bytes are what ext4 keeps in the inode itself, so that a lock needs no space on the disk.
const FORM = /^mnp\.(\d{1,10})\.([0-9a-z]*)\.([0-9a-f]*)\.([0-9a-z]*)\.([0-9a-z]{1,9})\.([0-9a-f]{12})$/

/** An owner as one word of at most 59 bytes. */
export function writeOwner({ pid, started, boot, space, since, token }: LockOwner): string {
  return `mnp.${pid}.${started}.${boot}.${space}.${since.toString(36)}.${token}`
}

/** Reads such a word; null where it is none. */
export function readOwner(word: string): LockOwner | null {
  const [, pid = '', started = '', boot = '', space = '', since = '', token = ''] = FORM.exec(word) ?? []
  return token === '' ? null : { pid: Number(pid), started, boot, space, since: Number.parseInt(since, 36), token }
}

/** This process as an owner. */
export async function ownOwner(world: LockWorld, token: string): Promise<LockOwner> {
  const { pid } = world
  const text = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')
  const space = /\d+/.exec(await readlink(`/proc/${pid}/ns/pid`).catch(() => ''))?.[0] ?? ''
  return {
    pid, token, since: Math.max(0, world.wallTime().getTime()),
    started: (await readProcess(pid))?.started ?? '',
    boot: (await text('/proc/sys/kernel/random/boot_id')).slice(0, 8),
    space: space === '' ? '' : Number(space).toString(36),
  }
}

/** How long one from another container is believed, of whose processes nothing can be seen from here. */
const BELIEVED_MS = 3_600_000
/** What clocks may disagree by. */
const SLACK_MS = 60_000

/** Whether the holder of a lock has ended without giving it back. */
export async function isGone(owner: LockOwner, own: LockOwner, world: LockWorld): Promise<boolean> {
  const now = world.wallTime().getTime()
  if (owner.boot !== own.boot) return true
  if (own.boot === '' && owner.since < now - uptime() * 1_000 - SLACK_MS) return true
  if (owner.space !== own.space) return Math.abs(now - owner.since) > BELIEVED_MS
  // Where others' processes are hidden, the question for the number alone is still answered.
  if (!world.isRunning(owner.pid)) return true
  const found = await readProcess(owner.pid)
  return found !== null && (found.isDead || found.started !== owner.started)
}

async function readProcess(pid: number): Promise<{ readonly started: string; readonly isDead: boolean } | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (stat === null) return null
  // proc(5): the name in brackets may hold anything; state is the first field after it, starttime the twentieth.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { started: Number(fields[19]).toString(36), isDead: fields[0] === 'Z' || fields[0] === 'X' }
}
