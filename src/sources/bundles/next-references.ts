import { isRecord, listAt, recordAt, textAt, type Entries } from '../artifacts/json-value.ts'

/**
 * What a page's client-reference-manifest.js holds: a script that puts one JSON object into a global, which is read and never run.
 * Null where there is none or it is written otherwise.
 */
export function readReferences(script: string | null, page: string): Entries | null {
  const start = script === null ? null : /__RSC_MANIFEST\[("(?:[^"\\]|\\.)*")\]\s*=\s*(?=\{)/.exec(script)
  if (script === null || !start) return null
  try {
    const value: unknown = JSON.parse(script.slice(start.index + start[0].length).trim().replace(/;$/, ''))
    return JSON.parse(start[1] ?? '') === page && isRecord(value) && isRecord(value['clientModules']) ? value : null
  } catch {
    return null
  }
}

/**
 * Files that a page and its layouts load. `entryJSFiles` (Turbopack) and `entryCSSFiles` name them by the file of the page or layout; webpack has the
 * chunks of every client component, among them those of pages above this one, which are not shown with it. `pages` are those of one route.
 */
export function pageFiles(references: Entries, pages: readonly string[]): readonly string[] {
  const isShown = (source: string): boolean => !source.endsWith('/page') || pages.some((page) => source.endsWith(`/app${page}`))
  const byEntry = (name: string): readonly string[] => Object.entries(recordAt(references, name) ?? {}).flatMap(([source, files]) => (isShown(source) && Array.isArray(files) ? files.flatMap(linked) : []))
  const scripts = recordAt(references, 'entryJSFiles') ? byEntry('entryJSFiles') : componentChunks(references).filter((chunk) => !isOtherPage(chunk, pages))
  return [...scripts, ...byEntry('entryCSSFiles')].map(fileOf)
}

function componentChunks(references: Entries): readonly string[] {
  return Object.entries(recordAt(references, 'clientModules') ?? {}).flatMap(([module, reference]) =>
    // A style sheet is listed as a component, though no script is fetched for it.
    /\.(css|scss|sass|less|styl)(\?|$)/.test(module) ? [] : (listAt(reference, 'chunks') ?? []).flatMap((chunk) => (typeof chunk === 'string' && /\.m?js$/.test(chunk) ? [fileOf(chunk)] : [])),
  )
}

function isOtherPage(chunk: string, pages: readonly string[]): boolean {
  return /^static\/chunks\/app\/(?:.*\/)?page-[^/]*$/.test(chunk) && !pages.some((page) => chunk.startsWith(`static/chunks/app${page}-`))
}

/** Styles that are written into the page are no file. */
function linked(file: unknown): readonly string[] {
  if (typeof file === 'string') return [file]
  const path = textAt(file, 'path')
  return path === undefined || (isRecord(file) && file['inlined'] === true) ? [] : [path]
}

/** An address such as `/_next/static/chunks/app/%5Bslug%5D/page-1.js` as the file it is. */
function fileOf(address: string): string {
  const path = address.slice(Math.max(0, address.indexOf('static/')))
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
