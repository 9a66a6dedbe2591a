import { UserError } from '../../model/error.ts'
import { HASH_GLOB } from '../../model/hashless-name.ts'
import { plain, plural } from '../../model/text.ts'

const shown = (name: string): string => plain(name, 200)

function problem(message: string, hint: string): UserError {
  return new UserError({ code: 'CANNOT_MEASURE', kind: 'input', message, hint })
}

/** The folder patterns are named from is not there. */
export function noFolder(folder: string): UserError {
  return problem(`the folder ${shown(folder)} is not there`, 'build first, or correct the folder')
}

/** A pattern that finds nothing; `is` where its name stands for something that is no file, `near` are files of its ending that are there. */
export function noMatch(patterns: readonly string[], folder: string, is: string | null, near: readonly string[]): UserError {
  const named = patterns.map(shownPattern).join(', ')
  if (is !== null) return problem(`${named} in ${shown(folder)} is ${is}, not a file`, 'name files')
  return problem(patterns.length === 0 ? `no pattern names a file in ${shown(folder)}` : `no file matches ${named} in ${shown(folder)}`, near.length === 0 ? 'build first, or correct the pattern' : `there: ${near.slice(0, MOST_NEAR).map(shown).join(', ')}${near.length > MOST_NEAR ? `, and ${near.length - MOST_NEAR} more` : ''}`)
}

/** Names that are told of what is there instead. */
const MOST_NEAR = 6

/** A name that stands for itself and for itself with a hash is told as that. */
function shownPattern(pattern: string): string {
  const [stem, ending] = pattern.replace(/^\*\*\//, '').split(HASH_GLOB).map((part) => part.replace(/\\(.)/g, '$1'))
  return ending === undefined ? shown(pattern) : `${shown(`${stem ?? ''}${ending}`)}, or ${shown(`${stem ?? ''}-HASH${ending}`)},`
}

/** Files were found, but none of the type that is asked for. */
export function noneOfType(type: string, found: number, of: string): UserError {
  return problem(`none of ${plural(found, 'file')} of ${shown(of)} is a ${type}`, 'correct the pattern or the type')
}

/** A link that leads out of the folder and that no pattern names. */
export function linkOut(link: string, to: string): UserError {
  return problem(`${shown(link)} is a link out of its folder, to ${shown(to)}, and was not followed`, 'name the link in a pattern to count what it leads to, or ignore it')
}

/** A folder that could not be looked into. */
export function closedFolder(folder: string, code: string): UserError {
  return problem(`the folder ${shown(folder)} cannot be read (${code})`, 'let this user read it, or ignore it')
}

/** It is no file: a folder, a device, a pipe. */
export function noFile(name: string, is: string): UserError {
  return problem(`${shown(name)} is ${is}, not a file`, 'leave it out of the pattern')
}

const REASONS: Readonly<Record<string, string>> = { ENOENT: 'it is not there', EACCES: 'this user may not read it', EPERM: 'this user may not read it', ELOOP: 'its links lead in a circle', ENOTDIR: 'part of its path is a file', EISDIR: 'it is a folder', ENXIO: 'it is a device or a pipe' }

/** A file that cannot be read. */
export function unreadable(name: string, error: unknown): UserError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return problem(`${shown(name)} cannot be read: ${REASONS[code] ?? (code || shown(String(error)))}`, code === 'ENOENT' ? 'build again, and measure when the build has ended' : 'look at its permissions and its disk')
}

/** A file that was written to while it was measured. */
export function changed(name: string): UserError {
  return problem(`${shown(name)} changed while it was read`, 'measure when the build has ended')
}

/** No manifest of a bundler was found. */
export function noManifest(folder: string, looked: readonly string[]): UserError {
  return problem(`no manifest of Next.js, Vite, webpack or esbuild in ${shown(folder)}`, `build first (Vite: build.manifest; webpack: --json=stats.json; esbuild: --metafile), or name it; looked for ${looked.join(', ')}`)
}

/** A file that was named as manifest and is none that is known. */
export function unknownManifest(file: string): UserError {
  return problem(`${shown(file)} is no manifest of Next.js, Vite, webpack or esbuild`, 'name .next/build-manifest.json, .vite/manifest.json, webpack\'s stats.json or esbuild\'s metafile')
}

/** A manifest of names and files that does not say what is loaded together. */
export function flatManifest(file: string): UserError {
  return problem(`${shown(file)} lists files, not which of them an entry loads`, 'write webpack\'s own with: webpack --json=stats.json')
}

/** A manifest that cannot be read as what it is. */
export function brokenManifest(file: string, what: string): UserError {
  return problem(`${shown(file)} cannot be read: ${plain(what, 200)}`, 'build again')
}

/** The manifest knows no entry of that name. */
export function noEntry(pattern: string, manifest: string, known: readonly string[]): UserError {
  const some = known.slice(0, 10).map(shown).join(', ')
  return problem(`${shown(manifest)} has no entry ${shown(pattern)}`, known.length === 0 ? 'it has no entries at all: build again' : `known there: ${some}${known.length > 10 ? `, and ${known.length - 10} more` : ''}`)
}

/** An entry of which the manifest does not say all that it loads; `gap` is what is missing. */
export function incompleteEntry(name: string, manifest: string, gap: string): UserError {
  return problem(`${shown(manifest)} does not say all that ${shown(name)} loads: there is no ${shown(gap)}`, 'build again')
}

/** The bundler says itself that it failed. */
export function failedBuild(file: string, said: string): UserError {
  return problem(`${shown(file)} is of a build that failed${said === '' ? '' : `: ${plain(said, 200)}`}`, 'build again: what lies there may be of an earlier one')
}

/** A pattern that is longer than any path. */
export function longPattern(pattern: string): UserError {
  return problem(`the pattern ${plain(pattern, 60)} is longer than any path`, 'correct it')
}

/** A pattern that leads out of the folder it is named from. */
export function outsidePattern(pattern: string, folder: string): UserError {
  return problem(`the pattern ${shown(pattern)} leads out of ${shown(folder)}: what is not in there is no part of the build`, 'correct it, or name a folder further up as the root')
}

/** A file that the manifest names and that lies outside of what was built. */
export function outsideFile(file: string, manifest: string): UserError {
  return problem(`${shown(manifest)} names ${shown(file)}, which lies outside of its folder`, 'build again')
}

/** The project's package.json or lock file cannot be used. */
export function badProject(what: string, hint: string): UserError {
  return problem(what, hint)
}
