import * as z from 'zod/mini'
import { validate, type Document } from '../document.ts'
import type { BudgetLimit, BudgetLine, Encoding, FilesSubject } from '../model/budget.ts'
import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'
import type { BudgetFormat, BudgetReading } from './budget-format.ts'
import { seriesSubject } from './series-subject.ts'
import { bundlersFor, bundlersOf, ignoredOf, unsupportedIn } from './size-limit-keys.ts'
import { readSizeLimit } from './size-limit-value.ts'
import { toldApart } from './told-apart.ts'

const texts = z.union([z.string(), z.array(z.string())])

/** Every key that size-limit 11 and 12 take; what cannot be honoured is refused or named in the notes (`size-limit-keys.ts`). */
const entrySchema = z.strictObject({
  name: z.optional(z.string()),
  path: z.optional(texts),
  limit: z.optional(z.union([z.string(), z.number()])),
  gzip: z.optional(z.boolean()),
  brotli: z.optional(z.boolean()),
  message: z.optional(z.string()),
  webpack: z.optional(z.boolean()),
  disablePlugins: z.optional(z.array(z.string())),
  running: z.optional(z.boolean()),
  time: z.optional(z.unknown()),
  uiReports: z.optional(z.unknown()),
  compareWith: z.optional(z.unknown()),
  module: z.optional(z.unknown()),
  import: z.optional(z.unknown()),
  entry: z.optional(z.unknown()),
  ignore: z.optional(z.unknown()),
  config: z.optional(z.unknown()),
  modifyWebpackConfig: z.optional(z.unknown()),
  modifyEsbuildConfig: z.optional(z.unknown()),
  disableModuleConcatenation: z.optional(z.unknown()),
})

const schema = z.array(entrySchema)

/** One check of size-limit. */
export type SizeLimitEntry = z.infer<typeof entrySchema>

/** Keys of which an entry has at least one; budget.json of Lighthouse, also a list, has others. */
const MARKS = ['limit', 'path', 'entry', 'import', 'gzip', 'brotli']
/** Keys of other lists: Lighthouse's budget.json and what `size-limit --json` writes. */
const FOREIGN = ['resourceSizes', 'resourceCounts', 'timings', 'options', 'size', 'passed', 'sizeLimit']

/** size-limit's configuration without code: a list in .size-limit.json, or `size-limit` of package.json. Source: https://github.com/ai/size-limit */
export const sizeLimit: BudgetFormat = {
  name: 'size-limit',
  about: 'size-limit',
  mark: 'a list of path and limit, or package.json with "size-limit"',
  fileNames: ['package.json', '.size-limit.json', '.size-limit'],
  recognise: (value) => isChecks(value) || (isMap(value) && Object.hasOwn(value, 'size-limit')),
  async read(document, reading) {
    const place = Array.isArray(document.value) ? [] : ['size-limit']
    const own = place.length === 0 ? document : within(document, 'size-limit')
    const entries = validate(own, schema, 'a size-limit configuration')
    if (entries.length === 0) throw new UserError({ code: 'EMPTY_BUDGET', kind: 'input', message: `${document.file} has no entries`, hint: 'add {"path": "dist/app.js", "limit": "8 kB"}', where: own.at([]) })

    const project = await readProject(document, reading)
    const bundlers = bundlersOf(project)
    const lines: BudgetLine[] = []
    const notes = new Set<string>()
    for (const [index, entry] of entries.entries()) {
      const refused = unsupportedIn(entry, bundlers)
      if (refused) throw new UserError({ code: 'UNSUPPORTED_KEY', kind: 'input', message: refused.message, hint: refused.hint, where: own.at([index, refused.key], 'key') })
      for (const note of ignoredOf(entry)) notes.add(note)
      if (entry.limit === 0 || entry.limit === '') notes.add('size-limit takes a limit of 0 for none: such an entry is measured and cannot fail')
      lines.push(toLine(entry, index, project, reading.folder, own, place))
    }
    const used = new Set(entries.flatMap((entry) => bundlersFor(entry, bundlers)))
    if (used.size > 0) notes.add(`size-limit with ${[...used].join(' and ')} bundles files before it measures them; here they are measured as they are, so its sizes are others`)
    return { file: reading.file, format: 'size-limit', lines: toldApart(lines), notes: [...notes] }
  },
}

function toLine(entry: SizeLimitEntry, index: number, project: Readonly<Record<string, unknown>> | null, folder: string, own: Document, place: readonly string[]): BudgetLine {
  const encoding = encodingOf(entry)
  const patterns = typeof entry.path === 'string' ? [entry.path].filter((path) => path !== '') : entry.path
  const files = (these: readonly string[]): FilesSubject => ({ kind: 'files', root: folder, patterns: these, ignore: [], takesAll: true, type: null, encoding, measure: 'total' })
  const wanted = patterns && (patterns.length > 0 || Array.isArray(entry.path)) ? [patterns] : mainOf(project, own, index)
  const name = entry.name !== undefined && entry.name !== '' ? entry.name : (wanted[0] ?? []).join(', ')
  return {
    id: `bundles:${name}`,
    section: 'bundles',
    title: `${name} (${encoding.kind === 'raw' ? 'uncompressed' : encoding.kind === 'gzip' ? `gzip -${encoding.level}` : `brotli ${encoding.quality}`})`,
    unit: 'bytes',
    better: 'lower',
    // What size-limit itself wrote of it goes before the files, which may be elsewhere.
    subjects: [seriesSubject('size', null, { syntax: 'exact', pattern: name }), ...wanted.map(files)],
    limits: limitsOf(entry, index, own, place),
    where: own.at([index]),
    hint: entry.message === undefined ? undefined : plain(entry.message),
  }
}

/** As its file plugin has it: `gzip` goes before `brotli`, brotli is what it takes by default. */
function encodingOf({ gzip, brotli }: SizeLimitEntry): Encoding {
  if (gzip === true) return { kind: 'gzip', level: 9 }
  return brotli === false ? { kind: 'raw' } : { kind: 'brotli', quality: 11 }
}

function limitsOf({ limit }: SizeLimitEntry, index: number, own: Document, place: readonly string[]): readonly BudgetLimit[] {
  if (limit === undefined || limit === 0 || limit === '') return []
  const where = own.at([index, 'limit'])
  return [{ level: 'fail', operator: '<=', value: readSizeLimit(limit, where), against: 'nothing', text: String(limit), where, path: [...place, index, 'limit'] }]
}

/** What is measured where no path is named: `main` of package.json as Node finds it, or index.js. */
function mainOf(project: Readonly<Record<string, unknown>> | null, own: Document, index: number): readonly (readonly string[])[] {
  if (!project) throw new UserError({ code: 'INVALID_VALUE', kind: 'input', message: `[${index}] names no path, and there is no package.json beside ${own.file} whose "main" could be meant`, hint: 'add "path"', where: own.at([index]) })
  const main = project['main']
  if (typeof main !== 'string' || main === '') return [['index.js']]
  const literal = main.replace(/^\.\//, '').replace(/[()[\]{}*?|!+@\\]/g, '\\$&')
  return ['', '.js', '.json', '/index.js'].map((end) => [`${literal.replace(/\/$/, '')}${end}`])
}

/** package.json: the file itself, or the one beside it. */
async function readProject(document: Document, reading: BudgetReading): Promise<Readonly<Record<string, unknown>> | null> {
  if (isMap(document.value)) return document.value
  try {
    const value: unknown = JSON.parse(await reading.read('package.json'))
    return isMap(value) ? value : null
  } catch {
    return null
  }
}

function within(document: Document, key: string): Document {
  const value = isMap(document.value) ? document.value[key] : undefined
  return { file: document.file, value, at: (path, part) => document.at([key, ...path], path.length === 0 ? 'key' : part) }
}

function isChecks(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isMap) && value.some((each) => MARKS.some((key) => Object.hasOwn(each, key))) && !value.some((each) => FOREIGN.some((key) => Object.hasOwn(each, key)))
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
