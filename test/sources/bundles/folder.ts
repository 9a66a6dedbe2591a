import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { EntriesSubject, FilesSubject, Measured } from '../../../src/model/budget.ts'
import { measureBundles, type BundleSubject } from '../../../src/sources/bundles/measure.ts'

/** A folder with these files (contents, or how many bytes), gone when the test ends. */
export async function folderWith(files: Readonly<Record<string, string | number>>): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'bundles-')))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), typeof content === 'number' ? 'x'.repeat(content) : content)
  }
  return folder
}

export function filesOf(root: string, patterns: readonly string[], more: Partial<FilesSubject> = {}): FilesSubject {
  return { kind: 'files', root, patterns, ignore: [], type: null, encoding: { kind: 'raw' }, measure: 'total', ...more }
}

export function entriesOf(root: string, entries: readonly string[], more: Partial<EntriesSubject> = {}): EntriesSubject {
  return { kind: 'entries', root, manifest: null, entries, type: null, encoding: { kind: 'raw' }, measure: 'total', ...more }
}

export const measureAll = (subject: BundleSubject): Promise<readonly Measured[]> => measureBundles(subject, { signal: new AbortController().signal, cwd: subject.root })

export async function measureOne(subject: BundleSubject): Promise<Measured> {
  const measured = await measureAll(subject)
  const [only] = measured
  if (!only || measured.length > 1) throw new Error(`${measured.length} instead of one`)
  return only
}
