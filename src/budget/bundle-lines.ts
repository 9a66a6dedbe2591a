import type { BudgetText } from '../budget-schema/schema.ts'
import { UserError } from '../model/error.ts'
import type { BudgetLine, Encoding, EntriesSubject, FilesSubject, Subject } from '../model/budget.ts'
import { HASH_GLOB } from '../model/hashless-name.ts'
import { plain } from '../model/text.ts'
import { encodingOf, showEncoding } from './encoding.ts'
import { limitsOf } from './limits.ts'
import type { Origin } from './origin.ts'

type Bundle = Exclude<NonNullable<BudgetText['bundles']>[string], string | number>

/** What is built is not what is installed. */
export const NEVER_COUNTED: readonly string[] = ['**/node_modules/**']

/** Scripts and stylesheets: what `total` counts where it names no files. */
export const CODE: readonly string[] = ['**/*.{js,mjs,cjs,css}']

/** Lines of the section `bundles`. Throws UserError `BUNDLE_WITHOUT_FILES`. */
export function bundleLines(bundles: NonNullable<BudgetText['bundles']>, origin: Origin): BudgetLine[] {
  return Object.entries(bundles).flatMap(([name, written]) => {
    const bundle: Bundle = typeof written === 'object' ? written : { max: written }
    const path = ['bundles', name]
    const encoding = encodingOf(bundle) ?? origin.encoding
    const subject = subjectOf(name, bundle, encoding, origin)
    const where = origin.at(path, 'key')
    const shown = plain(name, 100)
    const base = { section: 'bundles', better: 'lower', ...(where ? { where } : {}) } as const
    const limits = limitsOf(written, { origin, path, kind: 'size', better: 'lower' })
    const count = bundle.count
    return [
      ...(limits.length === 0 ? [] : [{ ...base, id: `bundles:${name}`, title: `${shown}${bundle.each === true ? ', each file' : ''} (${showEncoding(encoding)})`, unit: 'bytes' as const, subjects: [subject], limits }]),
      ...(count === undefined ? [] : [{ ...base, id: `bundles:${name}:count`, title: `${shown}, number of files`, unit: 'count' as const, subjects: [{ ...subject, measure: 'count' as const }], limits: limitsOf(count, { origin, path: [...path, 'count'], kind: 'count', better: 'lower' }) }]),
    ]
  })
}

function subjectOf(name: string, bundle: Bundle, encoding: Encoding, origin: Origin): FilesSubject | EntriesSubject {
  const { root } = origin
  const { type = null } = bundle
  if (bundle.entry !== undefined) return { kind: 'entries', root, manifest: bundle.manifest ?? null, entries: listOf(bundle.entry), type, encoding, measure: 'total' }
  const patterns = bundle.files === undefined ? patternsOf(name) : listOf(bundle.files)
  if (!patterns) {
    throw new UserError({ code: 'BUNDLE_WITHOUT_FILES', kind: 'input', message: `the bundle "${plain(name, 80)}" does not say which files it is of`, hint: 'give it files: a glob such as assets/*.js, or an entry; or name it as its file is called, main.js', where: origin.at(['bundles', name], 'key') })
  }
  return { kind: 'files', root, patterns, ignore: [...NEVER_COUNTED, ...listOf(bundle.ignore ?? [])], type, encoding, measure: bundle.each === true ? 'each' : 'total' }
}

function patternsOf(name: string): readonly string[] | undefined {
  if (name === 'total') return CODE
  if (/[*?{}/\\]/.test(name)) return [name]
  return /^[^\s]+\.[A-Za-z][A-Za-z0-9]{0,9}$/.test(name) ? fileCalled(name) : undefined
}

/** A file of that name anywhere, also where its bundler put a hash into it: four hexadecimal digits and more, or eight letters and digits as Vite, Rollup and esbuild do. */
export function fileCalled(name: string): readonly string[] {
  const [, stem = '', ending = ''] = /^(.*)(\.[^.]+)$/.exec(name) ?? []
  const literal = (text: string): string => text.replace(/[\\[\](){}!*?+@|^$]/g, '\\$&')
  // One pattern: of several each has to find something.
  return [`**/${literal(stem)}${HASH_GLOB}${literal(ending)}`]
}

/** The scripts or styles that a page loads first, by a manifest; without one all of them, which can only be more. */
export function initialSubjects(type: 'script' | 'stylesheet', { root, encoding }: Origin): Subject[] {
  const patterns = type === 'script' ? ['**/*.{js,mjs,cjs}'] : ['**/*.css']
  return [
    { kind: 'entries', root, manifest: null, entries: ['**'], type, encoding, measure: 'total' },
    { kind: 'files', root, patterns, ignore: NEVER_COUNTED, type: null, encoding, measure: 'total' },
  ]
}

/** One text, or several. */
export function listOf(texts: string | readonly string[]): readonly string[] {
  return typeof texts === 'string' ? [texts] : texts
}
