import type { SizeLimitEntry } from './size-limit.ts'

type Key = keyof SizeLimitEntry

/** Keys that change what is bundled, and how they do. */
const BUNDLING: Partial<Readonly<Record<Key, string>>> = {
  import: 'bundles what is imported and leaves out the rest',
  entry: 'names an entry of a webpack configuration',
  ignore: 'leaves packages out of the bundle',
  config: 'names a configuration of the bundler',
  modifyWebpackConfig: 'changes the configuration of webpack',
  modifyEsbuildConfig: 'changes the configuration of esbuild',
  disableModuleConcatenation: 'changes how webpack bundles',
}

/** Keys that turn no verdict, and why not here. */
const WITHOUT_EFFECT: Partial<Readonly<Record<Key, string>>> = {
  time: 'the network that loading times are reckoned with; sizes alone are measured here',
  uiReports: 'reports of the bundler, which is not run here',
  compareWith: 'a report of the bundler, which is not run here',
  module: 'size-limit takes it and does nothing with it',
}

const FILE_PLUGIN = '@size-limit/file'

/** A key that cannot be honoured, for people; null where all of them can. `bundlers` are those of the project. */
export function unsupportedIn(entry: SizeLimitEntry, bundlers: readonly string[]): { readonly key: Key; readonly message: string; readonly hint: string } | null {
  const hint = 'build first and name the files of the build in "path"'
  if (entry.webpack === true) return { key: 'webpack', message: '"webpack": true bundles files before they are measured, and no bundler is run here', hint }
  if (entry.disablePlugins?.includes(FILE_PLUGIN) === true) return { key: 'disablePlugins', message: `without ${FILE_PLUGIN} nothing is measured`, hint: 'leave it out of disablePlugins' }
  // Where all bundlers are turned off, these keys have no effect in size-limit either, but for the two that say what is measured.
  const isOff = bundlers.length > 0 && bundlersFor(entry, bundlers).length === 0
  const key = (Object.keys(BUNDLING) as Key[]).find((each) => entry[each] !== undefined && (!isOff || each === 'import' || each === 'entry'))
  return key === undefined ? null : { key, message: `"${key}" ${BUNDLING[key] ?? ''}, and no bundler is run here`, hint }
}

/** Notes on keys that are read and change nothing. */
export function ignoredOf(entry: SizeLimitEntry): readonly string[] {
  const notes = (Object.keys(WITHOUT_EFFECT) as Key[]).filter((key) => entry[key] !== undefined).map((key) => `"${key}" has no effect: ${WITHOUT_EFFECT[key] ?? ''}`)
  return entry.running === true ? [...notes, '"running": true has no effect: code is not run here'] : notes
}

/** Which of a project's bundlers size-limit would run for an entry: `webpack: false` turns off one of them only. */
export function bundlersFor({ webpack, disablePlugins = [] }: SizeLimitEntry, bundlers: readonly string[]): readonly string[] {
  return bundlers.filter((name) => (/esbuild|small-lib/.test(name) ? !disablePlugins.includes('@size-limit/esbuild') : webpack !== false && !disablePlugins.includes('@size-limit/webpack')))
}

/** Plugins of a project that bundle, by what its package.json names. */
export function bundlersOf(project: Readonly<Record<string, unknown>> | null): readonly string[] {
  const names = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) => Object.keys(project?.[kind] ?? {}))
  return [...new Set(names.filter((name) => /^@size-limit\/(webpack|esbuild|preset-big-lib|preset-small-lib)$/.test(name)))].sort()
}
