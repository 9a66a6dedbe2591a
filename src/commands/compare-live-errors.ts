import { UserError } from '../model/error.ts'
import { showDuration } from '../model/unit.ts'
import type { SideName } from './compare-live-sides.ts'

/** What the sides are called to people. */
export const TITLES = { base: 'baseline', head: 'current side' } as const satisfies Readonly<Record<SideName, string>>

/** One side alone is no comparison. */
export function missingSide(side: SideName): UserError {
  return new UserError({ code: 'USAGE', kind: 'usage', message: `the ${TITLES[side]} is missing`, hint: `say where it answers with --${side}-url, or how it is started with --${side}-cmd` })
}

/** Twice the same thing has no difference. */
export function sameAddress(url: string): UserError {
  return new UserError({ code: 'SAME_ADDRESS', kind: 'usage', message: `both sides are ${url}: there is nothing to compare`, hint: 'start the two builds on two ports; two equal builds are fine, they show what noise alone does' })
}

/** Flags of files and of running builds do not mix. */
export function misplaced(name: string, wants: string, has: string): UserError {
  return new UserError({ code: 'MISPLACED_FLAG', kind: 'usage', message: `${name} belongs to ${wants}, and this compares ${has}`, hint: `leave ${name} out; medianest-perf help compare shows both ways` })
}

/** One scenario or path for both sides. */
export function tooMany(words: readonly string[]): UserError {
  return new UserError({ code: 'USAGE', kind: 'usage', message: `running builds are compared by one scenario or path, and ${words.join(' ')} are ${words.length}`, hint: 'give one: medianest-perf compare --base-url A --head-url B scenario.yaml' })
}

/** What is measured would be somebody else. */
export function addressTaken(side: SideName, url: string): UserError {
  return new UserError({ code: 'ADDRESS_TAKEN', kind: 'input', message: `something answers at ${url} already, before the build of the ${TITLES[side]} is started`, hint: `end it, or leave --${side}-url out: a free port is chosen then and given in $PORT` })
}

/** A build that ended before it could be measured. */
export function endedEarly(side: SideName, how: string, words: readonly string[]): UserError {
  return new UserError({
    code: 'BUILD_ENDED', kind: 'unreachable', message: `the build of the ${TITLES[side]} ended before it answered (${how})`,
    hint: `${said(words)}; it must stay in the foreground and listen at $PORT`, details: { side, lastWords: words },
  })
}

/** A build that did not come up in time. */
export function notReady(side: SideName, url: string, problem: string, timeoutMs: number, words: readonly string[]): UserError {
  return new UserError({
    code: 'BUILD_NOT_READY', kind: 'unreachable', message: `the build of the ${TITLES[side]} did not answer at ${url} within ${showDuration(timeoutMs)}: ${problem}`,
    hint: `${said(words)}; does it listen at $PORT (or {port}) of 127.0.0.1? --${side}-url says where else, --ready-timeout how long to wait`, details: { side, lastWords: words },
  })
}

/** A slice in which nothing that counts was asked. */
export function sliceTooShort(side: SideName, sliceMs: number, hasAnswers: boolean): UserError {
  return new UserError({
    code: 'SLICE_TOO_SHORT', kind: 'usage', message: `in a slice of ${showDuration(sliceMs)} the ${TITLES[side]} was asked nothing that counts${hasAnswers ? ': its answers take as long as the slice' : ''}`,
    hint: 'take longer slices with --slice, or ask for more users or arrivals',
  })
}

/** A name after --gate that no figure has. */
export function strangeGate(name: string, known: readonly string[]): UserError {
  return new UserError({
    code: 'UNKNOWN_FIGURE', kind: 'usage', message: `"${name}" is to decide, and there will be no such figure`,
    hint: `figures are: ${known.slice(0, 12).join(', ')}${known.length > 12 ? ` and ${known.length - 12} more` : ''}${known.includes('cpu.per_request') ? '' : '; cpu.per_request where both builds are started with --base-cmd and --head-cmd, on Linux'}`,
  })
}

function said(words: readonly string[]): string {
  return words.length === 0 ? 'it said nothing' : `it said last: ${words.slice(-3).join(' / ')}`
}
