import type { FilesSubject, Measured } from '../../model/budget.ts'
import { plain } from '../../model/text.ts'
import { fileTypeOf } from './file-type.ts'
import { findFiles } from './find-files.ts'
import { noneOfType } from './problems.ts'
import type { SizeReader } from './size-reader.ts'
import { sumFiles } from './sum-files.ts'

/** Sizes of the files that patterns find; `shown` is their folder for people. Throws UserError `CANNOT_MEASURE`. */
export async function measureFiles(subject: FilesSubject, shown: string, reader: SizeReader, signal: AbortSignal): Promise<Measured> {
  const { type, root, encoding, measure } = subject
  const { files, idle } = await findFiles(subject, shown, signal)
  const chosen = type === null ? files : files.filter((file) => fileTypeOf(file) === type)
  if (type !== null && chosen.length === 0) throw noneOfType(type, files.length, subject.patterns.join(', '))
  return sumFiles({ of: '', root, files: chosen, encoding, measure, remark: idle.length === 0 ? undefined : `nothing matches ${plain(idle.join(', '), 200)}` }, reader)
}
