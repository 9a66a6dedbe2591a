import { resolve } from 'node:path'
import type { Encoding, FilesSubject, Measured } from '../../model/budget.ts'
import { plural } from '../../model/text.ts'
import { showEncoding, type SizeReader } from './size-reader.ts'

/** Most parts that are kept as evidence. */
const MOST_PARTS = 10

/** Files that make up one figure. */
export interface FileGroup {
  readonly of: string
  /** Where the files are named from, absolute. */
  readonly root: string
  readonly files: readonly string[]
  readonly encoding: Encoding
  readonly measure: Exclude<FilesSubject['measure'], 'each'>
  /** What `how` says beside the encoder and the number of files. */
  readonly remark?: string | undefined
}

/** Counts files and what they come to. Throws UserError `CANNOT_MEASURE` for the first of them that cannot be read. */
export async function sumFiles({ of, root, files, encoding, measure, remark }: FileGroup, reader: SizeReader): Promise<Measured> {
  const sized = await Promise.allSettled(files.map(async (name) => ({ name, value: await reader.size(resolve(root, name), name, encoding) })))
  const parts = sized.map((each) => {
    if (each.status === 'rejected') throw each.reason
    return each.value
  })
  const ordered = parts.toSorted((a, b) => b.value - a.value)
  const observed = measure === 'count' ? parts.length : parts.reduce((sum, { value }) => sum + value, 0)
  return {
    of,
    observed,
    values: [observed],
    from: files,
    how: [...(measure === 'count' ? [] : [showEncoding(encoding)]), plural(files.length, 'file'), ...(remark === undefined ? [] : [remark])].join(', '),
    parts: ordered.slice(0, MOST_PARTS),
  }
}
