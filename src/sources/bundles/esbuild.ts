import { basename } from 'node:path'
import { listAt, recordAt, textAt } from '../artifacts/json-value.ts'
import { reach } from './graph.ts'
import type { Entry, ManifestFormat } from './manifest.ts'

/** Kinds of imports that are fetched at once; `dynamic-import` comes later. */
const AT_ONCE = new Set(['import-statement', 'require-call', 'import-rule'])

/** esbuild's metafile: an entry loads its output, its styles and what those import. Source: https://esbuild.github.io/api/#metafile */
export const esbuild: ManifestFormat = {
  recognise: (value) => recordAt(value, 'inputs') !== undefined && recordAt(value, 'outputs') !== undefined,
  read(value, { folder }) {
    const outputs = recordAt(value, 'outputs') ?? {}
    const imports = (output: string, isWanted: (kind: string) => boolean): readonly string[] =>
      (listAt(outputs, output, 'imports') ?? []).flatMap((each) => (isWanted(textAt(each, 'kind') ?? '') && Object.hasOwn(outputs, textAt(each, 'path') ?? '') ? [textAt(each, 'path') ?? ''] : []))
    const later = new Set(Object.keys(outputs).flatMap((output) => imports(output, (kind) => kind === 'dynamic-import')))
    const entries = Object.keys(outputs).flatMap((output): Entry[] => {
      const entryPoint = textAt(outputs, output, 'entryPoint')
      if (entryPoint === undefined) return []
      const files = reach(output, (each) => {
        const styles = textAt(outputs, each, 'cssBundle')
        return [...imports(each, (kind) => AT_ONCE.has(kind)), ...(styles === undefined ? [] : [styles])]
      })
      return [{ name: entryPoint, aliases: [output, basename(output), basename(output).replace(/\.[^.]*$/, '')], files, isHidden: later.has(output) }]
    })
    return { entries, bases: [folder], hasAddresses: false }
  },
}
