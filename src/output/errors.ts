import { UserError } from '../model/error.ts'
import { nearest } from '../model/nearest.ts'
import { plain } from '../model/text.ts'
import type { Part } from './format.ts'

/** A format we do not have. */
export function unknownFormat(name: string, known: readonly string[]): UserError {
  const meant = nearest(name, known)
  const all = `the formats are ${known.join(', ')}`
  return new UserError({
    code: 'UNKNOWN_FORMAT',
    kind: 'usage',
    message: `there is no format "${plain(name)}"`,
    hint: meant === undefined ? all : `did you mean ${meant}? ${all}`,
    details: { format: name, known },
  })
}

/** A file whose ending does not say what to write into it. */
export function unknownExtension(file: string, extensions: readonly string[], known: readonly string[]): UserError {
  const ending = /\.[^./\\]*$/.exec(file)?.[0]
  const meant = ending === undefined ? undefined : nearest(ending, extensions)
  const advice = `name the format before the file, as in junit=${plain(file)}; the formats are ${known.join(', ')}`
  return new UserError({
    code: 'UNKNOWN_FORMAT',
    kind: 'usage',
    message: `the name "${plain(file)}" does not say which format to write (${extensions.join(', ')} would)`,
    hint: meant === undefined ? advice : `did you mean ${meant}? Or ${advice}`,
    details: { file, known },
  })
}

/** An output that names a format but no file. */
export function outputWithoutFile(text: string): UserError {
  return new UserError({
    code: 'INVALID_OUTPUT',
    kind: 'usage',
    message: `the output "${plain(text)}" names no file`,
    hint: 'write it like junit=out.xml or out.json; for stdout there is --format',
  })
}

/** Two outputs that would overwrite each other. */
export function outputTwice(place: string): UserError {
  return new UserError({ code: 'DUPLICATE_OUTPUT', kind: 'usage', message: `two outputs go to ${plain(place)}`, hint: 'give each output a file of its own' })
}

/** A format that is no text, where text goes. */
export function notText(format: string): UserError {
  return new UserError({ code: 'NOT_TEXT', kind: 'usage', message: `${format} is no text, and goes to a file alone`, hint: `name the file: --output ${format}=report.${format}` })
}

const WHO_HAS: Readonly<Record<Part, readonly string[]>> = { samples: ['metrics'], checks: ['health'], figures: ['budget', 'compare', 'load'] }

/** A format that writes one of these parts of a report, asked of a command whose reports lack them; `able` are those whose reports have one. */
export function lacking(needs: readonly Part[], format: string, command: string, able: readonly string[] = needs.flatMap((part) => WHO_HAS[part])): UserError {
  return new UserError({
    code: `NO_${(needs[0] ?? 'samples').toUpperCase()}`,
    kind: 'usage',
    message: `${plain(command)} has no ${needs.join(' and no ')} to write as ${format}`,
    hint: able[0] === undefined ? undefined : `${able.join(', ')} ${able.length === 1 ? 'has' : 'have'} them: medianest-perf ${able[0]} --format ${format}`,
    details: { format, commands: able },
  })
}

/** A summary that cannot take any more: GitHub would show nothing of it. */
export function summaryFull(): UserError {
  return new UserError({ code: 'SUMMARY_FULL', kind: 'input', message: 'the summary of this step has no room left (GitHub shows 1 MiB)', hint: 'write less to $GITHUB_STEP_SUMMARY before, or use a step of its own' })
}
