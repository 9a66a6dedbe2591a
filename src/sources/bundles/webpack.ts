import { isRecord, listAt, numberAt, recordAt, textAt } from '../artifacts/json-value.ts'
import type { Entry, Manifest, ManifestFormat } from './manifest.ts'
import { failedBuild, flatManifest } from './problems.ts'

/** Names of assets, which older versions write as text and newer ones as objects. */
const assetNames = (assets: readonly unknown[]): readonly string[] => assets.flatMap((asset) => (typeof asset === 'string' ? [asset] : (textAt(asset, 'name') ?? [])))

/** What a browser asks for by itself; `?v=1` is no part of a file's name. */
const loaded = (files: readonly string[]): readonly string[] => [...new Set(files.map((file) => file.replace(/[?#].*$/, '')))].filter((file) => !/\.map$|\.hot-update\./.test(file))

function entry(name: string, files: readonly string[]): Entry {
  return { name, aliases: [], files: loaded(files), isHidden: false }
}

/** webpack's `--json`: `entrypoints` names the assets of each, all chunks it needs at first. Throws UserError `CANNOT_MEASURE` where the build failed. Source: https://webpack.js.org/api/stats/ */
export const webpackStats: ManifestFormat = {
  recognise: (value) => statsOf(value).length > 0,
  read(value, { file, folder }): Manifest {
    const stats = statsOf(value)
    const mistakes = [value, ...stats].flatMap((one) => listAt(one, 'errors') ?? [])
    if (mistakes.length > 0 || [value, ...stats].some((one) => (numberAt(one, 'errorsCount') ?? 0) > 0)) throw failedBuild(file, typeof mistakes[0] === 'string' ? mistakes[0] : textAt(mistakes[0], 'message') ?? '')
    const entries = stats.flatMap((one) => Object.keys(recordAt(one, 'entrypoints') ?? {}).map((name) => entry(name, assetsOf(one, name))))
    const outputs = stats.flatMap((one) => textAt(one, 'outputPath') ?? [])
    return { entries, bases: [...new Set([...outputs, folder])], hasAddresses: false }
  },
}

/** The stats of each compiler: several are children of one. */
function statsOf(value: unknown): readonly unknown[] {
  const isStats = (one: unknown): boolean => Object.values(recordAt(one, 'entrypoints') ?? {}).some((each) => listAt(each, 'assets') !== undefined || listAt(each, 'chunks') !== undefined)
  return isStats(value) ? [value] : (listAt(value, 'children') ?? []).filter(isStats)
}

function assetsOf(stats: unknown, name: string): readonly string[] {
  const assets = listAt(stats, 'entrypoints', name, 'assets')
  if (assets) return assetNames(assets)
  const chunks = new Set(listAt(stats, 'entrypoints', name, 'chunks'))
  return (listAt(stats, 'chunks') ?? []).flatMap((chunk) => (isRecord(chunk) && chunks.has(chunk['id']) ? assetNames(listAt(chunk, 'files') ?? []) : []))
}

/** `entrypoints` of webpack-assets-manifest and of Symfony's Encore: addresses by type, for each entry. */
export const webpackAssets: ManifestFormat = {
  recognise: (value) => Object.values(recordAt(value, 'entrypoints') ?? {}).some((each) => byType(each).length > 0),
  read(value, { folder }): Manifest {
    const points = recordAt(value, 'entrypoints') ?? {}
    return { entries: Object.keys(points).map((name) => entry(name, byType(points[name]))), bases: [folder], hasAddresses: true }
  },
}

function byType(point: unknown): readonly string[] {
  const lists = recordAt(point, 'assets') ?? recordAt(point)
  return Object.values(lists ?? {}).flatMap((list) => (Array.isArray(list) ? assetNames(list) : []))
}

/** asset-manifest.json of Create React App: one entry, `main`. */
export const reactAssets: ManifestFormat = {
  recognise: (value) => recordAt(value, 'files') !== undefined && listAt(value, 'entrypoints') !== undefined,
  read: (value, { folder }): Manifest => ({ entries: [entry('main', assetNames(listAt(value, 'entrypoints') ?? []))], bases: [folder], hasAddresses: true }),
}

/** What webpack-manifest-plugin writes: names and addresses of files, and nothing of what belongs together. */
export const webpackFlat: ManifestFormat = {
  recognise: (value) => isRecord(value) && Object.values(value).length > 0 && Object.entries(value).every(([name, address]) => /\.\w+$/.test(name) && typeof address === 'string'),
  read(_value, { file }): Manifest {
    throw flatManifest(file)
  },
}
