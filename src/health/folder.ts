import { readdir } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { plain } from '../model/text.ts'
import type { HealthWorld } from './world.ts'

/** What is in a folder, or why that cannot be told; the problem is for people and made safe. */
export type Folder =
  | { readonly entries: readonly { readonly name: string; readonly isFolder: boolean }[] }
  | { readonly problem: string; readonly kind: 'absent' | 'silent' | 'refused' }

/** What comes of it, or null where it has not come in time; the timer does not outlive it. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  const stop = new AbortController()
  try {
    return await Promise.race([work, pause(ms, null, { signal: stop.signal })])
  } finally {
    stop.abort()
  }
}

/** Lists a folder. A file system that hangs is found out by others first, for a thread that waits for it never comes back. */
export async function listFolder(path: string, world: Pick<HealthWorld, 'fileSystems'>, deadlineMs: number): Promise<Folder> {
  const silent: Folder = { kind: 'silent', problem: `the file system of ${plain(path)} does not answer` }
  const [asked] = await world.fileSystems([path], deadlineMs / 2)
  if (asked?.answer === 'silent' || asked?.answer === 'broken') return silent
  try {
    const listed = await within(deadlineMs / 2, readdir(path, { withFileTypes: true }))
    return listed === null ? silent : { entries: listed.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() })) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent', problem: `there is no folder ${plain(path)}` }
    return { kind: 'refused', problem: `the folder ${plain(path)} cannot be read (${code === 'EACCES' || code === 'EPERM' ? 'permission denied' : plain(code, 40)})` }
  }
}
