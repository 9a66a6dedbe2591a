import { relative } from 'node:path'
import type { EntriesSubject, FilesSubject, Measured, PackagesSubject } from '../../model/budget.ts'
import { measureEntries } from './entries.ts'
import { measureFiles } from './files.ts'
import { askNpmPack, type Pack } from './npm-pack.ts'
import { measurePackages } from './packages.ts'
import { createSizeReader } from './size-reader.ts'
import { unmeasured } from './unmeasured.ts'

/** What a build can be measured by. */
export type BundleSubject = FilesSubject | EntriesSubject | PackagesSubject

/** What measuring is given of the outside. */
export interface BundleWorld {
  readonly signal: AbortSignal
  /** Where the person stands: folders are named from there. */
  readonly cwd: string
  /** The environment of npm; our own where there is none. */
  readonly env?: Readonly<Record<string, string>> | undefined
}

/** Measures many subjects of one run; no file is compressed twice, no package packed twice. */
export interface BundleReader {
  /** What cannot be measured has a problem and no value. Rejects with the signal's reason once it aborts. */
  measure(subject: BundleSubject): Promise<readonly Measured[]>
}

/** A reader for one run; it holds nothing open between calls. */
export function createBundleReader({ signal, cwd, env }: BundleWorld): BundleReader {
  const reader = createSizeReader(signal)
  const packs = new Map<string, Promise<Pack>>()
  const ask = (root: string): Promise<Pack> => {
    const asked = packs.get(root) ?? askNpmPack({ root, signal, env })
    packs.set(root, asked)
    return asked
  }
  const look = async (subject: BundleSubject, shown: string): Promise<readonly Measured[]> => {
    switch (subject.kind) {
      case 'files': return measureFiles(subject, shown, reader, signal)
      case 'entries': return measureEntries(subject, shown, reader)
      case 'packages': return [await measurePackages(subject, shown, ask)]
    }
  }
  return {
    async measure(subject) {
      signal.throwIfAborted()
      try {
        return await look(subject, shownFolder(subject.root, cwd))
      } catch (error) {
        return [unmeasured(error)]
      }
    },
  }
}

/** Measures one subject; `createBundleReader` where there are several. */
export function measureBundles(subject: BundleSubject, world: BundleWorld): Promise<readonly Measured[]> {
  return createBundleReader(world).measure(subject)
}

function shownFolder(root: string, cwd: string): string {
  const way = relative(cwd, root)
  return way === '' ? '.' : way.startsWith('..') ? root : way
}
