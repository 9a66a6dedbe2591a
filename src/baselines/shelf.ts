import { randomBytes } from 'node:crypto'
import { mkdir, readFile, readdir, rmdir, stat, unlink } from 'node:fs/promises'
import type { Dirent } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Files } from '../files.ts'
import { plain } from '../model/text.ts'
import { folderOf } from './branch-folder.ts'
import { unreadableFolder, unwritableFolder } from './errors.ts'
import { formatBaseline, groupFolder, parseBaseline, type Draft, type KeptBaseline } from './kept-baseline.ts'

/** Something in the folder that is no baseline: somebody else's, or one that cannot be used; `why` is a phrase. */
export interface Stray {
  readonly path: string
  readonly is: 'foreign' | 'broken'
  readonly why: string
}

/** What is in a folder of baselines. */
export interface Shelf {
  /** The oldest first. */
  readonly kept: readonly KeptBaseline[]
  /** Whatever else is there; nothing is passed over but what begins with a dot. */
  readonly strays: readonly Stray[]
}

const MOST_FILES = 10_000
const MOST_BYTES = 64 * 2 ** 20
/** A folder that somebody removes in the instant it is made is made again. */
const TRIES = 3

const PROBLEMS: Readonly<Record<string, string>> = { EACCES: 'it may not be opened', ENOTDIR: 'it is a file', EROFS: 'it is on a read-only file system', ENOSPC: 'the disk is full', EEXIST: 'a file is in its place' }
const reasonOf = (error: unknown): string => PROBLEMS[(error as NodeJS.ErrnoException).code ?? ''] ?? plain((error as Error).message, 200) // thrown by node:fs

/** Reads what is kept in a folder, of one branch or of all; a folder that is not there holds nothing. Throws UserError `BASELINE_FOLDER`. */
export async function readShelf(folder: string, branch?: string): Promise<Shelf> {
  const strays: Stray[] = []
  const found: KeptBaseline[] = []
  const branches = (await entriesOf(folder)).filter(({ name }) => branch === undefined || name === folderOf(branch))
  for (const path of foldersIn(folder, branches, strays)) {
    for (const group of foldersIn(path, await entriesOf(path), strays)) {
      for (const entry of await entriesOf(group)) {
        if (found.length + strays.length >= MOST_FILES) throw unreadableFolder(folder, `it holds more than ${MOST_FILES} files`)
        const file = join(group, entry.name)
        const seen = entry.isFile() && entry.name.endsWith('.json') ? await look(folder, file) : { path: file, is: 'foreign' as const, why: entry.isFile() ? 'its name does not end in .json' : 'it is no regular file' }
        if (seen === null) continue
        if ('is' in seen) strays.push(seen)
        else found.push(seen)
      }
    }
  }
  return { kept: found.sort((a, b) => a.at - b.at || a.facts.savedAt.localeCompare(b.facts.savedAt) || a.path.localeCompare(b.path)), strays }
}

/** Null where it has gone since. */
async function look(folder: string, path: string): Promise<KeptBaseline | Stray | null> {
  let content: string
  try {
    if ((await stat(path)).size > MOST_BYTES) return { path, is: 'broken', why: `it is larger than ${MOST_BYTES / 2 ** 20} MiB` }
    content = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    return { path, is: 'broken', why: reasonOf(error) }
  }
  const seen = parseBaseline(content)
  if (seen.is !== 'baseline') return { path, ...seen }
  const { facts } = seen.kept
  if (dirname(path) === join(folder, folderOf(facts.branch), groupFolder(facts))) return { path, ...seen.kept }
  return { path, is: 'broken', why: `it is of the branch ${plain(facts.branch, 80)} (${plain(facts.format, 40)}) and lies in another's folder` }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw unreadableFolder(folder, reasonOf(error))
  })
  return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => a.name.localeCompare(b.name))
}

/** The folders among entries; what is none is strange. */
function foldersIn(folder: string, entries: readonly Dirent[], strays: Stray[]): string[] {
  for (const entry of entries) if (!entry.isDirectory()) strays.push({ path: join(folder, entry.name), is: 'foreign', why: 'no baseline lies there' })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name))
}

/** Keeps a run in a file of its own, so that of two who do so at once none is lost; returns its path. Throws UserError `CANNOT_WRITE`. */
export async function keep(folder: string, { facts, measured }: Draft, files: Pick<Files, 'write'>): Promise<string> {
  const group = join(folder, folderOf(facts.branch), groupFolder(facts))
  const stamp = facts.savedAt.replace(/[-:]|\.\d+/g, '')
  const path = join(group, `${facts.kind}-${stamp}-${randomBytes(4).toString('hex')}.json`)
  for (let tries = 1; ; tries++) {
    try {
      await mkdir(group, { recursive: true })
    } catch (error) {
      throw unwritableFolder(folder, reasonOf(error))
    }
    try {
      await files.write(path, formatBaseline({ facts, measured }))
      return path
    } catch (error) {
      if (tries >= TRIES || (await stat(group).catch(() => null)) !== null) throw error
    }
  }
}

/** Keeps a copy of a file as another kind, its figures as they are; returns the path of the copy. */
export async function keepCopy(folder: string, kept: KeptBaseline, facts: Pick<KeptBaseline['facts'], 'kind' | 'savedAt'>, files: Pick<Files, 'write'>): Promise<string> {
  const { baseline, ...rest } = JSON.parse(await readFile(kept.path, 'utf8')) as Draft['measured'] & { baseline: Draft['facts']; takenAt: string | null } // recognised when it was read
  const takenAt = rest.takenAt === null ? null : Date.parse(rest.takenAt)
  return keep(folder, { facts: { ...baseline, ...facts }, measured: { ...rest, takenAt } }, files)
}

/** Removes files that were recognised, and the folders they leave empty; what has gone already is no matter. Throws UserError `CANNOT_WRITE`. */
export async function remove(folder: string, list: readonly KeptBaseline[]): Promise<void> {
  for (const { path } of list) {
    await unlink(path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unwritableFolder(folder, `${plain(path, 300)} cannot be removed: ${reasonOf(error)}`)
    })
  }
  const groups = new Set(list.map(({ path }) => dirname(path)))
  // Only what is empty can be removed like this.
  for (const each of [...groups, ...new Set([...groups].map((group) => dirname(group)))]) await rmdir(each).catch(() => undefined)
}
