import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { plain } from '../model/text.ts'
import { listFolder, within } from './folder.ts'
import { fitsPattern } from './pattern.ts'
import type { Remark } from './remark.ts'
import type { HealthWorld } from './world.ts'

/** The last backup that was found: when it was made, or why there is nothing to judge by its age. */
export interface Backup {
  /** Milliseconds since 1970; null where there is none or it could not be told. */
  readonly at: number | null
  /** What it is, safe to print. */
  readonly name?: string | undefined
  readonly sizeBytes?: number | undefined
  readonly remarks: readonly Remark[]
}

/** The newest file (or folder, as pg_basebackup makes them) of a pattern whose last part may have `*` and `?`. */
export async function newestBackup(pattern: string, world: Pick<HealthWorld, 'fileSystems' | 'resolve'>, deadlineMs: number): Promise<Backup> {
  return (await within(deadlineMs, findNewest(pattern, world, deadlineMs))) ?? none('fail', `no backup: looking for ${plain(pattern)} took too long`, 'look at the mount and the server behind it')
}

function none(verdict: 'fail' | 'unknown', text: string, recommendation: string): Backup {
  return { at: null, remarks: [{ verdict, text, recommendation }] }
}

async function findNewest(pattern: string, world: Pick<HealthWorld, 'fileSystems' | 'resolve'>, deadlineMs: number): Promise<Backup> {
  const path = world.resolve(pattern)
  const folder = dirname(path)
  const last = basename(path)
  if (/[*?]/.test(folder)) return none('unknown', `the pattern ${plain(pattern)} cannot be looked for`, 'only its last part may have * and ?')

  const listed = await listFolder(folder, world, deadlineMs)
  if ('problem' in listed) {
    if (listed.kind === 'refused') return none('unknown', `the last backup is not known: ${listed.problem}`, 'let the user of this check read the folder')
    return none('fail', `no backup: ${listed.problem}`, listed.kind === 'silent' ? 'look at the mount and the server behind it' : 'check whether it is mounted, and `backup.file`')
  }
  const fitting = listed.entries.filter(({ name }) => fitsPattern(name, last))
  const files = (await Promise.all(fitting.map(async ({ name, isFolder }) => {
    // Gone or hidden since it was listed: another one counts.
    const known = await stat(join(folder, name)).catch(() => null)
    return known === null ? [] : [{ name, isFolder, at: known.mtimeMs, sizeBytes: known.size }]
  }))).flat()
  const newest = files.reduce<(typeof files)[number] | null>((best, each) => (best === null || each.at > best.at ? each : best), null)
  if (newest === null) return none('fail', `no backup: nothing in ${plain(folder)} fits ${plain(last, 100)}`, 'see whether the backup job runs, and where it writes to')

  const name = plain(newest.name, 120)
  const remarks: Remark[] = []
  const isEmpty = newest.isFolder ? await listFolder(join(folder, newest.name), world, deadlineMs).then((inner) => 'entries' in inner && inner.entries.length === 0) : newest.sizeBytes === 0
  if (isEmpty) remarks.push({ verdict: 'fail', text: `the last backup ${name} is empty`, recommendation: 'read the log of the backup job: it began and wrote nothing' })
  return { at: newest.at, name, sizeBytes: newest.isFolder ? undefined : newest.sizeBytes, remarks }
}
