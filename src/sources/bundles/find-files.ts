import * as fs from 'node:fs'
import { lstat, realpath, stat } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import type { FilesSubject } from '../../model/budget.ts'
import type { UserError } from '../../model/error.ts'
import { closedFolder, linkOut, longPattern, noFolder, noMatch, outsidePattern } from './problems.ts'
import { kindOf } from './size-reader.ts'

/** Files that patterns found, from the root, in a stable order. */
export interface Found {
  readonly files: readonly string[]
  /** Patterns that found nothing, where that is no problem. */
  readonly idle: readonly string[]
}

type FindRequest = Pick<FilesSubject, 'root' | 'patterns' | 'ignore' | 'takesAll'>

/** As long as a path may be; the search itself fails at 65,536. */
const LONGEST_PATTERN = 4_096

/**
 * Looks for the files of a subject. A folder that is a link out of the root is looked into only where a pattern names it. `shown` is the root for people.
 * Throws UserError `CANNOT_MEASURE`: nothing found, a folder that cannot be read.
 */
export async function findFiles({ root, patterns, ignore, takesAll = false }: FindRequest, shown: string, signal: AbortSignal): Promise<Found> {
  if (!(await stat(root).then((found) => found.isDirectory(), () => false))) throw noFolder(shown)
  const endless = patterns.find((pattern) => pattern.length > LONGEST_PATTERN)
  if (endless !== undefined) throw longPattern(endless)
  const outside = patterns.find((pattern) => !takesAll && (isAbsolute(pattern) || relative(root, resolve(root, pattern)).split(sep)[0] === '..'))
  if (outside !== undefined) throw outsidePattern(outside, shown)
  const isNegative = (pattern: string): boolean => /^!(?!\()/.test(pattern)
  const wanted = patterns.filter((pattern) => pattern !== '' && !isNegative(pattern))
  const negative = patterns.filter(isNegative)
  const leftOut = takesAll ? [] : [...(wanted.some((pattern) => pattern.includes('node_modules')) ? [] : ['**/node_modules/**']), ...(wanted.some((pattern) => pattern.includes('.map')) ? [] : ['**/*.map'])]
  const watch = createWatch(await realpath(root), root, wanted, takesAll)

  const { glob } = await import('tinyglobby')
  const search = (these: readonly string[]): Promise<string[]> => glob([...these, ...negative], { cwd: root, ignore: [...ignore, ...leftOut], signal, fs: watch.files })
  const together = new Set<string>()
  const idle: string[] = []
  for (const pattern of wanted) {
    const files = await search([pattern])
    signal.throwIfAborted()
    if (watch.problem !== null) throw watch.problem
    if (files.length === 0) idle.push(pattern)
    for (const file of files) together.add(file)
  }
  if (together.size === 0 || (idle.length > 0 && !takesAll)) {
    const ending = /\.[A-Za-z0-9]+$/.exec(idle[0] ?? '')?.[0]
    throw noMatch(idle, shown, idle.length === 1 ? await otherThanFile(root, idle[0] ?? '') : null, ending === undefined ? [] : (await search([`**/*${ending}`])).sort())
  }
  return { files: [...together].sort((a, b) => (a < b ? -1 : 1)), idle }
}

/** What a pattern names where it is simply the name of something that is no file. */
async function otherThanFile(root: string, pattern: string): Promise<string | null> {
  const found = await lstat(resolve(root, pattern)).catch(() => null)
  return found === null || found.isFile() || found.isSymbolicLink() ? null : found.isDirectory() ? 'an empty folder' : kindOf(found)
}

type Realpath = (path: string, done: (error: NodeJS.ErrnoException | null, real: string) => void) => void
type Readdir = (path: string, options: { withFileTypes: true }, done: (error: NodeJS.ErrnoException | null, entries?: fs.Dirent[]) => void) => void

/** What the search reads with: it notes what the search itself would pass over in silence. */
function createWatch(realRoot: string, root: string, wanted: readonly string[], takesAll: boolean) {
  const links = new Map<string, string>()
  const watch = { problem: null as UserError | null, files: {} as { realpath: typeof fs.realpath; readdir: typeof fs.readdir } } // `files` is filled in below
  const isInside = (path: string): boolean => path === realRoot || path.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)
  const isNamed = (link: string): boolean => {
    const name = relative(root, link).replaceAll(sep, '/')
    return wanted.some((pattern) => pattern === name || pattern.replace(/^\.\//, '').startsWith(`${name}/`))
  }

  const follow: Realpath = (path, done) => fs.realpath(path, (error, real) => {
    if (!error && !isInside(real) && !isNamed(path)) links.set(real, path)
    done(error, real)
  })
  const list: Readdir = (path, options, done) => {
    const link = links.get(path.endsWith('/') && path.length > 1 ? path.slice(0, -1) : path)
    if (link !== undefined && !takesAll) {
      watch.problem ??= linkOut(relative(root, link), path)
      return done(null, [])
    }
    fs.readdir(path, options, (error, entries) => {
      if (error && error.code !== 'ENOENT' && error.code !== 'ENOTDIR') watch.problem ??= closedFolder(path, error.code ?? error.message)
      if (error) return done(error)
      // What is neither file nor folder counts as found, so that it is told of instead of being left out.
      done(null, takesAll ? entries : entries.map((entry) => (entry.isFile() || entry.isDirectory() || entry.isSymbolicLink() ? entry : Object.assign(Object.create(entry) as fs.Dirent, { isFile: () => true })))) // a Dirent with one answer of its own
    })
  }
  watch.files = { realpath: follow as typeof fs.realpath, readdir: list as typeof fs.readdir } // called in this one way only
  return watch
}
