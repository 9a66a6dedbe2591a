import { statfsSync, statSync } from 'node:fs'
import type { SampleWriter } from '../probes/probe.ts'

/** What statfs(2) tells of a file system; blocks have `bsize` bytes. */
export interface Space {
  readonly bsize: number
  readonly blocks: number
  readonly bfree: number
  readonly bavail: number
  readonly files: number
  readonly ffree: number
}

/** In memory, smaller ones hold settings and secrets, not data. */
const LEAST_BYTES = 1_000_000

/** The space of a file system that answers at once; undefined for one that is gone, without storage, or mounted over a single file. */
export function readSpace(path: string): Space | undefined {
  try {
    // Containers have files such as /etc/hosts mounted from the disk of their host.
    if (!statSync(path).isDirectory()) return undefined
    const space = statfsSync(path)
    return isStorage(space) ? space : undefined
  } catch {
    return undefined
  }
}

/** Whether data can be kept there: it has a size that matters. */
export function isStorage({ blocks, bsize }: Space): boolean {
  return blocks * bsize >= LEAST_BYTES
}

/** Writes what df would say. Sizes assume that `bsize` counts the blocks, as it does but for a few FUSE servers: Node does not tell `frsize`. */
export function writeSpace(writer: SampleWriter, { bsize, blocks, bfree, bavail, files, ffree }: Space, mountpoint: string): void {
  const used = blocks - bfree
  writer.set('filesystem.size', blocks * bsize, mountpoint)
  writer.set('filesystem.used', used * bsize, mountpoint)
  writer.set('filesystem.available', bavail * bsize, mountpoint)
  writer.set('filesystem.usage', used / (used + bavail), mountpoint)
  // Some (btrfs, vfat) make inodes as they need them and count none.
  if (files <= 0) return
  writer.set('filesystem.inodes', files, mountpoint)
  writer.set('filesystem.inodes.free', ffree, mountpoint)
  writer.set('filesystem.inodes.usage', (files - ffree) / files, mountpoint)
}
