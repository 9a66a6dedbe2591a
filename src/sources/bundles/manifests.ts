import { open, readFile } from 'node:fs/promises'
import { constants } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { UserError } from '../../model/error.ts'
import { esbuild } from './esbuild.ts'
import type { Manifest, ManifestFormat } from './manifest.ts'
import { next } from './next.ts'
import { brokenManifest, flatManifest, noFile, noManifest, unknownManifest, unreadable } from './problems.ts'
import { kindOf } from './size-reader.ts'
import { vite } from './vite.ts'
import { reactAssets, webpackAssets, webpackFlat, webpackStats } from './webpack.ts'

/** Asked in this order; the flat one knows too little to be asked before the others. */
const FORMATS: readonly ManifestFormat[] = [next, esbuild, webpackStats, webpackAssets, reactAssets, vite, webpackFlat]

/** Where build tools leave what they write down, from the project's folder. */
const PLACES = [
  '.next/build-manifest.json', 'build-manifest.json', 'dist/.vite/manifest.json', 'build/.vite/manifest.json', '.vite/manifest.json', 'dist/manifest.json', 'build/manifest.json', 'public/build/manifest.json', 'manifest.json',
  'stats.json', 'dist/stats.json', 'build/stats.json', 'build/asset-manifest.json', 'dist/assets-manifest.json', 'public/build/entrypoints.json', 'meta.json', 'dist/meta.json',
]

/** Larger ones hold the source text of all modules, which nobody needs here. */
const MOST_BYTES = 256 * 1024 * 1024

/** A manifest and its name from the root. */
export interface FoundManifest extends Manifest {
  readonly file: string
}

/** Reads the manifest that is named, from `root`, or the first that is found; `shown` is the root for people. Throws UserError `CANNOT_MEASURE`. */
export async function readManifest(root: string, named: string | null, shown: string): Promise<FoundManifest> {
  let flat: string | null = null
  for (const place of named === null ? PLACES : [named]) {
    const value = await readJson(resolve(root, place), place, named !== null)
    const format = value === undefined ? undefined : FORMATS.find((each) => each.recognise(value))
    if (!format) continue
    if (format === webpackFlat && named === null) {
      // Another one may say more.
      flat ??= place
      continue
    }
    const folder = dirname(resolve(root, place))
    // A page's name is part of the path, and may lead out of the build.
    const text = async (path: string): Promise<string | null> => (relative(folder, resolve(folder, path)).startsWith('..') ? null : readFile(resolve(folder, path), 'utf8').catch(() => null))
    const manifest = await format.read(value, { file: place, folder, root, text })
    return { ...manifest, file: place, bases: [...manifest.bases, ...above(folder, root)] }
  }
  if (flat !== null) throw flatManifest(flat)
  throw named === null ? noManifest(shown, PLACES) : unknownManifest(named)
}

/** The folders from a manifest's up to the root. */
function above(folder: string, root: string): readonly string[] {
  const folders: string[] = []
  for (let at = folder; !relative(root, at).startsWith('..'); at = dirname(at)) {
    folders.push(at)
    if (at === dirname(at)) break
  }
  return folders
}

/** The value of a JSON file; undefined where there is none, or where it was only looked for and is something else. */
async function readJson(path: string, shown: string, isNamed: boolean): Promise<unknown> {
  try {
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const found = await file.stat()
      if (!found.isFile()) throw noFile(shown, kindOf(found))
      if (found.size > MOST_BYTES) throw brokenManifest(shown, 'it is larger than 256 MiB; write it without the sources of modules')
      return JSON.parse((await file.readFile('utf8')).replace(/^\ufeff/, '')) as unknown
    } finally {
      await file.close()
    }
  } catch (error) {
    if (!isNamed && !(error instanceof SyntaxError)) return undefined
    if (error instanceof UserError) throw error
    throw error instanceof SyntaxError ? brokenManifest(shown, 'it is not valid JSON') : unreadable(shown, error)
  }
}
