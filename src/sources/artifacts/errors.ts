import { UserError, type Position } from '../../model/error.ts'
import { plain } from '../../model/text.ts'
import type { Artifact, Reading } from './artifact.ts'

/** Nothing is in the file. */
export function emptyFile(file: string): UserError {
  return new UserError({ code: 'EMPTY_ARTIFACT', kind: 'input', message: `${file} is empty`, hint: 'did the tool that was to write it fail?' })
}

const SHOWN = 4

/** No recogniser knows it: says some of what such a file could be, and where all of it is listed. */
export function unknownFormat(file: string, artifacts: readonly Artifact[], content: 'JSON' | 'text', hint?: string): UserError {
  const likely = artifacts.filter(({ kind }) => (content === 'JSON') === (kind === 'json')).map(({ name }) => name)
  const more = likely.length > SHOWN ? `, and of ${likely.length - SHOWN} more tools` : ''
  return new UserError({
    code: 'UNKNOWN_ARTIFACT',
    kind: 'input',
    message: `${file} is no file of results that is known here`,
    hint: hint ?? `known as ${content} are those of ${likely.slice(0, SHOWN).join(', ')}${more}; medianest-perf help result-files lists all with what they are recognised by`,
    details: { formats: artifacts.map(({ format }) => format) },
  })
}

/** Two recognisers know it, so neither is believed. */
export function ambiguous(file: string, artifacts: readonly Artifact[]): UserError {
  return new UserError({ code: 'AMBIGUOUS_ARTIFACT', kind: 'input', message: `${file} has the marks of ${artifacts.map(({ name }) => name).join(' and of ')}`, hint: 'give the file as the tool wrote it' })
}

/** It is longer than what is read of one document. */
export function tooLarge(file: string, mebibytes: number): UserError {
  return new UserError({ code: 'ARTIFACT_TOO_LARGE', kind: 'input', message: `${file} is larger than ${mebibytes} MiB and none of the formats that are read line by line`, hint: 'is it the right file?' })
}

/** A line is longer than any record. */
export function lineTooLong(file: string, line: number, mebibytes: number): UserError {
  return broken(file, `line ${line} is longer than ${mebibytes} MiB`, { file, line, column: 1 })
}

/** It is not what its beginning promises; `what` completes "FILE cannot be read: ...". */
export function broken(file: string, what: string, where?: Position, hint = 'write the file again; did the tool end too early?'): UserError {
  return new UserError({ code: 'BROKEN_ARTIFACT', kind: 'input', message: `${file} cannot be read: ${what}`, hint, where })
}

/** A figure the format promises is not there. */
export function lacks({ file, format }: Pick<Reading, 'file' | 'format'>, what: string, where?: Position): UserError {
  return broken(file, `it looks like ${format} but ${what}`, where)
}

/** Nothing was measured in it. */
export function holdsNothing({ file, format }: Pick<Reading, 'file' | 'format'>, what = 'figures'): UserError {
  return new UserError({ code: 'NOTHING_MEASURED', kind: 'input', message: `${file} (${format}) holds no ${what}`, hint: 'did the run do anything? look at the output of the tool' })
}

/** The tool says itself that it could not measure. */
export function failedRun(file: string, whose: string, said: string): UserError {
  return new UserError({ code: 'NOTHING_MEASURED', kind: 'input', message: `${file} holds no result: ${whose} says "${plain(said, 200)}"`, hint: 'solve that and measure again' })
}

/** Files of one side that do not belong together. */
export function mixedSide(what: string, hint: string): UserError {
  return new UserError({ code: 'MIXED_SIDE', kind: 'input', message: what, hint })
}
