import type { BudgetText } from '../budget-schema/schema.ts'
import type { BudgetLine, FileType, FilesSubject } from '../model/budget.ts'
import { plain } from '../model/text.ts'
import { NEVER_COUNTED } from './bundle-lines.ts'
import { limitsOf } from './limits.ts'
import type { Origin } from './origin.ts'
import { pagesLike, seriesSubject } from './series-subject.ts'

type Resources = NonNullable<BudgetText['resources']>
type ResourceName = Exclude<keyof Resources, 'pages'>

/** What Lighthouse calls each kind, and the files that stand for it where there is no result; null where none can. */
const KINDS: Readonly<Record<ResourceName, { readonly lighthouse: string; readonly files: { readonly type: FileType | null } | null }>> = {
  images: { lighthouse: 'image', files: { type: 'image' } },
  fonts: { lighthouse: 'font', files: { type: 'font' } },
  scripts: { lighthouse: 'script', files: { type: 'script' } },
  stylesheets: { lighthouse: 'stylesheet', files: { type: 'stylesheet' } },
  documents: { lighthouse: 'document', files: { type: 'document' } },
  media: { lighthouse: 'media', files: { type: 'media' } },
  other: { lighthouse: 'other', files: { type: 'other' } },
  total: { lighthouse: 'total', files: { type: null } },
  'third-party': { lighthouse: 'third-party', files: null },
}

/** Lines of the section `resources`: what a page loads by Lighthouse's account, else what lies below the root. */
export function resourceLines(resources: Resources, origin: Origin): BudgetLine[] {
  const { pages = {}, ...kinds } = resources
  return [
    ...linesFor(kinds, undefined, ['resources'], origin),
    ...Object.entries(pages).flatMap(([glob, inside]) => linesFor(inside, glob, ['resources', 'pages', glob], origin)),
  ]
}

function linesFor(kinds: Omit<Resources, 'pages'>, glob: string | undefined, base: readonly string[], origin: Origin): BudgetLine[] {
  return (Object.keys(kinds) as ResourceName[]).flatMap((name) => {
    const resource = kinds[name] ?? {}
    const of = glob === undefined ? '' : ` of ${plain(glob, 100)}`
    const lines = [
      { measure: 'count', key: resource.count === undefined ? 'maxCount' : 'count', written: resource.count ?? resource.maxCount, title: `${name}${of}, number` },
      { measure: 'size', key: resource.size === undefined ? 'maxTotalSize' : 'size', written: resource.size ?? resource.maxTotalSize, title: `${name}${of}, size` },
    ] as const
    return lines.flatMap(({ measure, key, written, title }) => {
      if (written === undefined) return []
      const path = [...base, name, key]
      const where = origin.at(path, 'key')
      return [{
        id: `resources:${name}:${measure}${glob === undefined ? '' : `@${glob}`}`, section: 'resources', title, unit: measure === 'size' ? 'bytes' : 'count', better: 'lower', ...(where ? { where } : {}),
        subjects: [seriesSubject(`resource-summary:${KINDS[name].lighthouse}:${measure}`, null, pagesLike(glob)), ...(glob === undefined ? filesFor(name, measure, origin) : [])],
        limits: limitsOf(written, { origin, path, kind: measure, better: 'lower' }),
      } satisfies BudgetLine]
    })
  })
}

function filesFor(name: ResourceName, measure: 'size' | 'count', { root, encoding }: Origin): FilesSubject[] {
  const { files } = KINDS[name]
  return files === null ? [] : [{ kind: 'files', root, patterns: ['**/*'], ignore: [...NEVER_COUNTED, '**/*.map'], type: files.type, encoding, measure: measure === 'size' ? 'total' : 'count' }]
}
