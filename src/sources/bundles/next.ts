import { listAt, recordAt } from '../artifacts/json-value.ts'
import type { Entry, ManifestFormat, ManifestReading } from './manifest.ts'
import { pageFiles, readReferences } from './next-references.ts'

const texts = (value: readonly unknown[] | undefined): readonly string[] => (value ?? []).filter((each) => typeof each === 'string')

/** Pages that nobody asks for by address. */
const isInternal = (route: string): boolean => /^\/_/.test(route)

/**
 * Next.js 13.4 to 16, both routers. A page loads what all pages load, then its own files: `/_app` and the page itself, or the files of the client
 * components of its layouts and of itself. Polyfills (`nomodule`) and the small manifests that are fetched with low priority are left out, as in
 * the "First Load JS" of `next build`.
 */
export const next: ManifestFormat = {
  recognise: (value) => recordAt(value, 'pages') !== undefined && (listAt(value, 'rootMainFiles') ?? listAt(value, 'polyfillFiles') ?? listAt(value, 'lowPriorityFiles')) !== undefined,
  async read(value, reading) {
    const pages = Object.keys(recordAt(value, 'pages') ?? {}).map((route): Entry => {
      const files = [...texts(listAt(value, 'pages', '/_app')), ...texts(listAt(value, 'pages', route))]
      return { name: route, aliases: [], files: [...new Set(files)], isHidden: isInternal(route) }
    })
    const apps = await readAppRoutes(texts(listAt(value, 'rootMainFiles')), reading)
    return { entries: [...pages, ...apps], bases: [reading.folder], hasAddresses: false }
  },
}

async function readAppRoutes(shared: readonly string[], reading: ManifestReading): Promise<readonly Entry[]> {
  const routes = recordAt(parse(await reading.text('app-path-routes-manifest.json'))) ?? {}
  const built = recordAt(parse(await reading.text('app-build-manifest.json')), 'pages') ?? {}
  // Several pages make one route where it has parallel slots.
  const byRoute = new Map<string, string[]>()
  for (const page of new Set([...Object.keys(routes), ...Object.keys(built)])) {
    if (!page.endsWith('/page')) continue
    const named = routes[page]
    const route = typeof named === 'string' ? named : routeOf(page)
    byRoute.set(route, [...(byRoute.get(route) ?? []), page])
  }

  return Promise.all([...byRoute].map(async ([name, pages]): Promise<Entry> => {
    const own = await Promise.all(pages.map(async (page) => {
      const references = readReferences(await reading.text(`server/app${page}_client-reference-manifest.js`), page)
      return references ? pageFiles(references, pages) : Object.hasOwn(built, page) ? builtFiles(built, page) : null
    }))
    const gap = own.includes(null) ? 'client-reference-manifest.js that can be read' : undefined
    return { name, aliases: pages, files: [...new Set([...shared, ...own.flatMap((files) => files ?? [])])], isHidden: isInternal(name), gap }
  }))
}

/** What Next.js 13 to 15 wrote of a page and the layouts around it. */
function builtFiles(built: Readonly<Record<string, unknown>>, page: string): readonly string[] {
  const steps = page.split('/').slice(0, -1)
  const layouts = steps.map((_, index) => `${steps.slice(0, index + 1).join('/')}/layout`)
  return [...layouts, page].flatMap((each) => texts(listAt(built, each)))
}

/** `/(shop)/cart/page` is asked for as `/cart`. */
function routeOf(page: string): string {
  const steps = page.split('/').slice(1, -1).filter((step) => !/^\(.*\)$|^@/.test(step))
  return `/${steps.join('/')}`
}

function parse(text: string | null): unknown {
  try {
    return text === null ? null : (JSON.parse(text) as unknown)
  } catch {
    return null
  }
}
