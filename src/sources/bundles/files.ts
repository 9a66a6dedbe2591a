import { resolve } from 'node:path'
import type { FilesSubject, Measured } from '../../model/budget.ts'
import { hashlessNames } from '../../model/hashless-name.ts'
import { plain } from '../../model/text.ts'
import { fileTypeOf } from './file-type.ts'
import { findFiles } from './find-files.ts'
import { noneOfType } from './problems.ts'
import { showEncoding, type SizeReader } from './size-reader.ts'
import { sumFiles } from './sum-files.ts'
import { unmeasured } from './unmeasured.ts'

/** Sizes of the files that patterns find, together or of each, the largest first; `shown` is their folder for people. Throws UserError `CANNOT_MEASURE`. */
export async function measureFiles(subject: FilesSubject, shown: string, reader: SizeReader, signal: AbortSignal): Promise<readonly Measured[]> {
  const { type, root, encoding, measure } = subject
  const { files, idle } = await findFiles(subject, shown, signal)
  const chosen = type === null ? files : files.filter((file) => fileTypeOf(file) === type)
  if (type !== null && chosen.length === 0) throw noneOfType(type, files.length, subject.patterns.join(', '))
  if (measure === 'each') return measureEach(chosen, subject, reader)
  return [await sumFiles({ of: '', root, files: chosen, encoding, measure, remark: idle.length === 0 ? undefined : `nothing matches ${plain(idle.join(', '), 200)}` }, reader)]
}

/** One that cannot be read leaves the others as they are. */
async function measureEach(files: readonly string[], { root, encoding }: FilesSubject, reader: SizeReader): Promise<readonly Measured[]> {
  const names = hashlessNames(files)
  const all = await Promise.allSettled(files.map((file) => reader.size(resolve(root, file), file, encoding)))
  const measured = all.map((each, index): Measured => {
    const file = files[index] ?? ''
    const of = names.get(file) ?? file
    return each.status === 'rejected' ? unmeasured(each.reason, of) : { of, observed: each.value, values: [each.value], from: [file], how: showEncoding(encoding), parts: [] }
  })
  return measured.toSorted((a, b) => (b.observed ?? 0) - (a.observed ?? 0))
}
