import { basename, dirname } from 'node:path'
import { isRecord, listAt, recordAt, textAt } from '../artifacts/json-value.ts'
import { reach } from './graph.ts'
import type { Entry, ManifestFormat } from './manifest.ts'

const texts = (value: readonly unknown[] | undefined): readonly string[] => (value ?? []).filter((each) => typeof each === 'string')

/**
 * Vite's manifest.json: an entry loads its file, its styles and, again and again, what its imports name; dynamic imports and assets come later.
 * Source: https://vite.dev/guide/backend-integration
 */
export const vite: ManifestFormat = {
  recognise: (value) => isRecord(value) && Object.keys(value).length > 0 && Object.values(value).every((chunk) => textAt(chunk, 'file') !== undefined),
  read(value, { folder }) {
    const entries = Object.keys(value as object).flatMap((key): Entry[] => { // a record, as recognised
      const chunk = recordAt(value, key)
      const isDynamic = chunk?.['isDynamicEntry'] === true
      if (chunk?.['isEntry'] !== true && !isDynamic) return []
      const chunks = reach(key, (each) => texts(listAt(value, each, 'imports')))
      const files = chunks.flatMap((each) => [...texts([textAt(value, each, 'file')]), ...texts(listAt(value, each, 'css'))])
      const gap = chunks.find((each) => recordAt(value, each) === undefined)
      return [{ name: key, aliases: texts([chunk['name'], chunk['src'], chunk['file']]), files: [...new Set(files)], isHidden: chunk['isEntry'] !== true, gap }]
    })
    return { entries, bases: basename(folder) === '.vite' ? [dirname(folder), folder] : [folder], hasAddresses: false }
  },
}
