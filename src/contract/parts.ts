import * as z from 'zod/mini'

/** A number; null where it is not known. */
export const number = z.nullable(z.number())
/** A text; null where it is not known. */
export const text = z.nullable(z.string())
/** ISO 8601, in UTC. */
export const instant = z.iso.datetime()

/** Text of a query, which may be there several times. */
type Raw = string | readonly string[] | undefined

/** One of several words. */
export const choice = <const W extends readonly [string, ...string[]]>(words: W, otherwise: W[number]) => z._default(z.enum(words), otherwise)

/** A list of words, with commas or one parameter each; all of them where it is left out. */
export const list = <const W extends readonly [string, ...string[]]>(words: W) =>
  z.optional(z.pipe(z.transform((raw: Raw) => (typeof raw === 'string' ? [raw] : [...(raw ?? [])]).flatMap((each) => each.split(',')).map((each) => each.trim()).filter((each) => each !== '')), z.array(z.enum(words)).check(z.minLength(1))))

/** A list of names nobody knows beforehand. */
export const names = () => z.optional(z.pipe(z.transform((raw: Raw) => (typeof raw === 'string' ? [raw] : [...(raw ?? [])]).flatMap((each) => each.split(',')).map((each) => each.trim()).filter((each) => each !== '')), z.array(z.string().check(z.maxLength(100))).check(z.minLength(1), z.maxLength(100))))

/** A whole number in a range. */
export const whole = (least: number, most: number, otherwise: number) => z._default(z.pipe(z.transform((raw: Raw) => (typeof raw === 'string' && /^-?\d{1,15}$/.test(raw) ? Number(raw) : raw)), z.int().check(z.gte(least), z.lte(most))), otherwise)

/** true or false. */
export const flag = (otherwise: boolean) => z._default(z.pipe(z.transform((raw: Raw) => (raw === 'true' || raw === '1' || raw === '' ? true : raw === 'false' || raw === '0' ? false : raw)), z.boolean()), otherwise)
