import { parseDuration, parseRatio, showDuration, showRatio } from '../model/unit.ts'
import { UserError } from '../model/error.ts'
import { nearest } from '../model/nearest.ts'

/** One flag as it is declared; help, documentation and parsing come from it. */
export interface Flag<T> {
  /** In commander's notation: `-c, --connections <n>`. */
  readonly notation: string
  readonly about: string
  /** Reads the text after the flag; throws UserError. Flags without a value have none. */
  readonly read?: (text: string) => T
  /** May be given several times; the values come as a list. */
  readonly repeatable?: boolean
  /** Shown in help, applied by the command. */
  readonly otherwise?: string
  /** The environment variable that stands in for it. */
  readonly variable?: string
  /** Kept out of help: for the program's own use. */
  readonly hidden?: boolean
}

export type Flags = Readonly<Record<string, Flag<unknown>>>

/** What the flags of a declaration come out as; undefined where a flag was not given. */
export type FlagValues<F extends Flags> = { readonly [K in keyof F]: (F[K] extends Flag<infer T> ? T : never) | undefined }

type Extra = Partial<Pick<Flag<unknown>, 'otherwise' | 'variable' | 'hidden'>>

/** A flag that is there or not. */
export const toggle = (notation: string, about: string, extra: Extra = {}): Flag<boolean> => ({ notation, about, ...extra })

/** A flag with a text. */
export const text = (notation: string, about: string, extra: Extra = {}): Flag<string> => ({ notation, about, read: (value) => value, ...extra })

/** A flag that may have a text (`--lock [file]`): true without one. */
export const perhaps = (notation: string, about: string, extra: Extra = {}): Flag<string | true> => ({ notation, about, read: (value) => value, ...extra })

/** A flag with a text that may be repeated. */
export const texts = (notation: string, about: string, extra: Extra = {}): Flag<readonly string[]> => ({
  notation, about, repeatable: true, ...extra,
  // Commander hands over one value at a time; the program gathers them.
  read: (value) => [value],
})

/** A flag with a duration (`250ms`, `30s`, `5m`), in milliseconds; `leastMs` says how short it may be. */
export const duration = (notation: string, about: string, { leastMs = 0, ...extra }: Extra & { readonly leastMs?: number } = {}): Flag<number> => ({
  notation, about, ...extra,
  read: (value) => {
    const ms = parseDuration(value)
    if (!(ms >= leastMs)) throw invalid(value, `a duration of at least ${showDuration(leastMs)}`)
    return ms
  },
})

/** A flag with a whole number within bounds. */
export const integer = (notation: string, about: string, bounds: { readonly min: number; readonly max: number }, extra: Extra = {}): Flag<number> => ({
  notation, about, ...extra,
  read: (value) => {
    const number = /^\d+$/.test(value.trim()) ? Number(value) : Number.NaN
    if (!(number >= bounds.min && number <= bounds.max)) throw invalid(value, `a whole number from ${bounds.min} to ${bounds.max}`)
    return number
  },
})

/** A flag with a number above zero. */
export const positive = (notation: string, about: string, extra: Extra = {}): Flag<number> => ({
  notation, about, ...extra,
  read: (value) => {
    const number = value.trim() === '' ? Number.NaN : Number(value)
    if (!(number > 0 && Number.isFinite(number))) throw invalid(value, 'a number above 0')
    return number
  },
})

/** A flag with a share (`3%`, `0.03`) above zero and up to `most`. */
export const ratio = (notation: string, about: string, most: number, extra: Extra = {}): Flag<number> => ({
  notation, about, ...extra,
  read: (value) => {
    const share = parseRatio(value)
    if (!(share > 0 && share <= most)) throw invalid(value, `a share above 0 and up to ${showRatio(most)}`)
    return share
  },
})

/** A flag with a share from zero, and with it, up to `most`. */
export const room = (notation: string, about: string, most: number, extra: Extra = {}): Flag<number> => ({
  notation, about, ...extra,
  read: (value) => {
    const share = parseRatio(value)
    if (!(share >= 0 && share <= most)) throw invalid(value, `a share from 0% to ${showRatio(most)}`)
    return share
  },
})

/** A flag with one of a few words. */
export const choice = <const T extends string>(notation: string, about: string, words: readonly T[], extra: Extra = {}): Flag<T> => ({
  notation, about: `${about} (${words.join(', ')})`, ...extra,
  read: (value) => wordOf(value, words),
})

/** A flag with some of a few words, separated by commas. */
export const choices = <const T extends string>(notation: string, about: string, words: readonly T[], extra: Extra = {}): Flag<readonly T[]> => ({
  notation, about: `${about} (${words.join(', ')})`, ...extra,
  read: (value) => [...new Set(value.split(',').map((each) => wordOf(each.trim(), words)))],
})

function wordOf<T extends string>(value: string, words: readonly T[]): T {
  const word = words.find((each) => each === value)
  if (word !== undefined) return word
  const near = nearest(value, words)
  throw new UserError({ code: 'INVALID_VALUE', kind: 'usage', message: `"${value}" is not one of ${words.join(', ')}`, hint: near ? `did you mean "${near}"?` : undefined })
}

function invalid(value: string, what: string): UserError {
  return new UserError({ code: 'INVALID_VALUE', kind: 'usage', message: `"${value}" is not ${what}` })
}
