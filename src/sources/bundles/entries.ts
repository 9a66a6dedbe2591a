import { access } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import type { EntriesSubject, Measured } from '../../model/budget.ts'
import { fileTypeOf } from './file-type.ts'
import { matchesName } from './entry-name.ts'
import type { Entry } from './manifest.ts'
import { readManifest, type FoundManifest } from './manifests.ts'
import { incompleteEntry, noEntry, noneOfType, outsideFile } from './problems.ts'
import type { SizeReader } from './size-reader.ts'
import { sumFiles } from './sum-files.ts'
import { unmeasured } from './unmeasured.ts'

/**
 * What each entry loads first; one that cannot be measured is told beside the others. `shown` is the folder for people.
 * Throws UserError `CANNOT_MEASURE` where there is no manifest that can be read.
 */
export async function measureEntries(subject: EntriesSubject, shown: string, reader: SizeReader): Promise<readonly Measured[]> {
  const manifest = await readManifest(subject.root, subject.manifest, shown)
  const known = manifest.entries.filter(({ isHidden }) => !isHidden).map(({ name }) => name)
  const chosen = new Set<Entry>()
  const measured: Measured[] = []
  for (const pattern of subject.entries.length === 0 ? ['*'] : subject.entries) {
    const exact = manifest.entries.filter(({ name, aliases }) => name === pattern || aliases.includes(pattern))
    const matching = exact.length > 0 ? exact : manifest.entries.filter(({ name, isHidden }) => !isHidden && matchesName(name, pattern))
    if (matching.length === 0) measured.push(unmeasured(noEntry(pattern, manifest.file, known), pattern))
    for (const entry of matching) chosen.add(entry)
  }
  for (const entry of chosen) {
    measured.push(await measureEntry(entry, manifest, subject, reader).catch((error: unknown) => unmeasured(error, entry.name)))
  }
  return measured
}

async function measureEntry(entry: Entry, manifest: FoundManifest, { root, type, encoding, measure }: EntriesSubject, reader: SizeReader): Promise<Measured> {
  const wanted = type === null ? entry.files : entry.files.filter((file) => fileTypeOf(file) === type)
  if (entry.gap !== undefined) throw incompleteEntry(entry.name, manifest.file, entry.gap)
  if (entry.files.length === 0) throw incompleteEntry(entry.name, manifest.file, 'file')
  if (wanted.length === 0) throw noneOfType(type ?? 'file', entry.files.length, entry.name)
  const files = await locate(wanted, manifest)
  return sumFiles({ of: entry.name, root, files: files.map((file) => relative(root, file)), encoding, measure, remark: `by ${manifest.file}` }, reader)
}

/** Where the files of an entry lie, absolute: in the first folder that has one of them. */
async function locate(files: readonly string[], { bases, hasAddresses, file: manifest }: FoundManifest): Promise<readonly string[]> {
  const spellings = (file: string): readonly string[] => (hasAddresses ? addressEnds(file) : [file])
  const at = (base: string, name: string): string => {
    const path = resolve(base, name)
    const way = relative(base, path)
    if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) throw outsideFile(name, manifest)
    return path
  }
  for (const base of bases) {
    const found = await Promise.all(files.map((file) => firstThere(spellings(file).map((name) => at(base, name)))))
    // What is missing of them is told of when it is read.
    if (found.some((path) => path !== null)) return found.map((path, index) => path ?? at(base, spellings(files[index] ?? '').at(-1) ?? ''))
  }
  return files.map((file) => at(bases[0] ?? '', spellings(file).at(-1) ?? ''))
}

async function firstThere(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if (await access(path).then(() => true, () => false)) return path
  return null
}

/** Most folders of a public path. */
const MOST_PUBLIC = 20

/** `https://cdn/static/js/a.js` may lie there as static/js/a.js, js/a.js or a.js: how much of it is the public path nobody says. */
function addressEnds(address: string): readonly string[] {
  const steps = address.replace(/^[a-z]+:\/\/[^/]*|^\/\/[^/]*/i, '').split('/').filter((step) => step !== '')
  return steps.slice(0, MOST_PUBLIC).map((_, index) => steps.slice(index).join('/'))
}
