import { readFileSync, statfsSync, statSync } from 'node:fs'
import type { FileSystem } from '../../model/machine-look.ts'
import { answerOf, Asker, type Answer } from './asker.ts'
import { parseFstab } from './fstab.ts'
import { isLocal, mountsThatMatter, parseMountinfo, type Mount } from './mountinfo.ts'
import { findPlace, mountsByPath, type Place } from './place.ts'
import { isStorage } from './space.ts'

/** Where a Linux system lists its file systems. */
export interface FileSystemsWorld {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly mountinfo?: string
  readonly fstab?: string
}

/** Most of the time one may take to answer once it is asked. */
const MOST_ANSWER_MS = 2_000

/** Asks the file systems of these absolute paths, or all that matter, once; those that may hang in a child process that is killed in time. Takes no longer than the deadline, and never rejects. */
export async function askFileSystems(paths: readonly string[] | undefined, deadlineMs: number, { env, mountinfo = '/proc/self/mountinfo', fstab = '/etc/fstab' }: FileSystemsWorld): Promise<FileSystem[]> {
  const mounts = parseMountinfo(textOf(mountinfo))
  const wanted = parseFstab(textOf(fstab))
  const all = mountsByPath(mounts)
  const places = paths?.map((path) => ({ asked: path, ...findPlace(path, all) })) ?? mountsThatMatter(mounts).map((mount) => ({ asked: mount.mountpoint, ...placeOf(mount) }))
  const remote = await askRemote(places.filter(({ mayHang }) => mayHang).map(({ path }) => path), deadlineMs, env)
  return places.flatMap((place) => {
    const answer = place.problem ?? (place.mayHang ? (remote.get(place.path) ?? 'unasked') : askHere(place.path, paths === undefined))
    return paths === undefined && !isWorthTelling(place.mount, answer) ? [] : [describe(place.asked, place, answer, wanted)]
  })
}

function placeOf(mount: Mount): Place {
  return { mount, path: mount.mountpoint, isMountpoint: true, mayHang: !isLocal(mount), problem: null }
}

/** Of those nobody named: what has storage, or should have and does not answer. What a user mounts for nobody else (FUSE) is that user's, as for df. */
function isWorthTelling(mount: Mount | undefined, answer: Answer): boolean {
  if (typeof answer === 'object') return isStorage(answer)
  if (answer === 'refused') return mount !== undefined && !isLocal(mount) && !mount.type.startsWith('fuse')
  return answer !== 'absent'
}

function askHere(path: string, isFolderWanted: boolean): Answer {
  try {
    // Containers have files such as /etc/hosts mounted from the disk of their host.
    if (isFolderWanted && !statSync(path).isDirectory()) return 'absent'
    return statfsSync(path)
  } catch (error) {
    return answerOf((error as NodeJS.ErrnoException).code ?? '')
  }
}

async function askRemote(paths: readonly string[], deadlineMs: number, env: FileSystemsWorld['env']): Promise<ReadonlyMap<string, Answer>> {
  if (paths.length === 0) return new Map()
  const asker = new Asker(env)
  const answerMs = Math.min(MOST_ANSWER_MS, deadlineMs / 2)
  try {
    return await asker.ask([...new Set(paths)], answerMs, deadlineMs - answerMs)
  } finally {
    asker.close()
  }
}

function describe(path: string, { mount, isMountpoint }: Place, answer: Answer, wanted: ReadonlyMap<string, boolean>): FileSystem {
  const space = typeof answer === 'object' ? answer : undefined
  const blocks = (count: number | undefined): number => (space && count !== undefined ? count * space.bsize : Number.NaN)
  const hasInodes = space !== undefined && space.files > 0
  return {
    path, mountpoint: mount?.mountpoint ?? '/', isMountpoint, device: mount?.device ?? '', type: mount?.type ?? '',
    answer: typeof answer === 'object' ? 'ok' : answer === 'unasked' ? 'refused' : answer,
    sizeBytes: blocks(space?.blocks), usedBytes: blocks(space && space.blocks - space.bfree), availableBytes: blocks(space?.bavail),
    inodes: hasInodes ? space.files : Number.NaN, inodesFree: hasInodes ? space.ffree : Number.NaN,
    isReadOnly: mount?.isReadOnly ?? false,
    shouldBeReadOnly: mount === undefined ? undefined : mount.isForcedReadOnly ? false : wanted.get(mount.mountpoint),
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
