/** What bundlers put before the ending: six hexadecimal digits and more, or eight characters as Vite, Rollup and esbuild do; a word of small letters is none. */
const HASH = /[.-](?:(?=[a-f]*\d)[0-9a-f]{6,}|(?=[\w-]*[\dA-Z])[\w-]{8})(?=\.[^./]+$)/

/** The name of a file without the hash of its bundler, which is another after each build: `assets/main-DiwrgTda.js` is `assets/main.js`. */
export function hashlessName(file: string): string {
  return file.replace(HASH, '')
}

/** Names of files without their hashes, by file; those that would be alike stay as they are. */
export function hashlessNames(files: readonly string[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>()
  for (const file of files) counts.set(hashlessName(file), (counts.get(hashlessName(file)) ?? 0) + 1)
  return new Map(files.map((file) => [file, counts.get(hashlessName(file)) === 1 ? hashlessName(file) : file]))
}

const HEX = '[0-9a-fA-F]'
const WORD = '[0-9A-Za-z_-]'

/** What may stand between a name and its ending, as a glob: nothing, four hexadecimal digits and more, or eight letters and digits. */
export const HASH_GLOB = `{,[.-]${HEX.repeat(4)}*(${HEX}),[.-]${WORD.repeat(8)}}`
