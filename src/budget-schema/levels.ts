import * as z from 'zod/mini'
import { AMOUNTS, kindOfAmount, readAmount, readShareOfBaseline, type Amount, type AmountKind, type AmountName } from './amount.ts'

const text = (pattern: RegExp, demand: string): z.ZodMiniString => z.string().check(z.regex(pattern, demand))

type AmountSchema = z.ZodMiniType<Amount, Amount>

/** Whether an amount is less than all there is: hundreds of digits are not, and nothing would be beyond them. */
function isFiniteAmount(amount: Amount, kind: AmountName): boolean {
  return Number.isFinite(readAmount(amount, kind))
}

/** An amount, in one of several kinds. */
export function amount(...kinds: readonly AmountName[]): AmountSchema {
  const members = kinds.flatMap((name): AmountSchema[] => {
    const { bare, pattern, demand }: AmountKind = AMOUNTS[name]
    const written = text(pattern, demand).check(z.refine((amount) => !pattern.test(amount) || isFiniteAmount(amount, name), 'must be a number that is not endless')) as unknown as AmountSchema // narrower than what it is used as
    if (bare === null || name !== kinds[0]) return [written]
    const number = z.number().check(z.gte(0), ...(bare.most < Number.MAX_VALUE ? [z.lte(bare.most, bare.demand)] : [])) as unknown as AmountSchema // as above
    return [number, written]
  })
  return z.union(members)
}

/** More than the baseline: a share of it (`5%`), or a difference. */
const change = (kinds: readonly AmountName[]): AmountSchema => z.union([amount(...kinds), text(/^\s*\d+(\.\d+)?\s*%\s*$/, 'must be a share such as 5%') as unknown as AmountSchema]) // as above

const optional = (schema: AmountSchema): z.ZodMiniOptional<AmountSchema> => z.optional(schema)

/** Levels as they are written; which of the last six there may be depends on what is better. */
export interface Levels {
  readonly target?: Amount | undefined
  readonly warning?: Amount | undefined
  readonly max?: Amount | undefined
  /** The same as `max`, as the documents have it for bundles. */
  readonly maxSize?: Amount | undefined
  readonly min?: Amount | undefined
  readonly maxIncrease?: Amount | undefined
  readonly warnIncrease?: Amount | undefined
  readonly maxDecrease?: Amount | undefined
  readonly warnDecrease?: Amount | undefined
}

/** Keys of what is the better the lower. */
export const levelsBelow = (...kinds: readonly AmountName[]) => ({
  /** What is aimed at. Beside `max` it is information; without it, beyond the target warns and beyond `warning` fails. */
  target: optional(amount(...kinds)),
  /** Beyond this it warns; it fails where there is a `target` and no `max`. */
  warning: optional(amount(...kinds)),
  /** Beyond this it fails. */
  max: optional(amount(...kinds)),
  /** It fails when it is so much more than the baseline: `5%` of it, or an amount. */
  maxIncrease: optional(change(kinds)),
  /** It warns when it is so much more than the baseline. */
  warnIncrease: optional(change(kinds)),
})

/** Keys of what is the better the higher. */
export const levelsAbove = (...kinds: readonly AmountName[]) => ({
  /** What is aimed at. Beside `min` it is information; without it, below the target warns and below `warning` fails. */
  target: optional(amount(...kinds)),
  /** Below this it warns; it fails where there is a `target` and no `min`. */
  warning: optional(amount(...kinds)),
  /** Below this it fails. */
  min: optional(amount(...kinds)),
  /** It fails when it is so much less than the baseline: `5%` of it, or an amount. */
  maxDecrease: optional(change(kinds)),
  /** It warns when it is so much less than the baseline. */
  warnDecrease: optional(change(kinds)),
})

const KEYS = ['target', 'warning', 'max', 'maxSize', 'min', 'maxIncrease', 'warnIncrease', 'maxDecrease', 'warnDecrease'] as const

/** Whether anything is judged by it. */
export function hasLevels(levels: Levels): boolean {
  return KEYS.some((key) => levels[key] !== undefined)
}

/** What a parsed map with levels is checked for. */
type Checked = (found: z.core.ParsePayload<Levels>) => void

/** That levels and changes are of one kind, and that levels stand in their order: a warning beyond the limit would never be given. */
export const inOrder = (better: 'lower' | 'higher', ...kinds: readonly AmountName[]): Checked => ({ value, issues }) => {
  const given = (['target', 'warning', 'max', 'maxSize', 'min'] as const).flatMap((key) => {
    const level = value[key]
    return level === undefined ? [] : [{ key, level, kind: kindOfAmount(level, kinds) }]
  })
  for (const [index, { key, level, kind }] of given.entries()) {
    const before = given[index - 1]
    if (!before || kind === undefined || before.kind === undefined) continue
    if (kind !== before.kind) {
      issues.push({ code: 'custom', path: [key], input: level, message: `must be written as ${before.key} is (${before.level})` })
      continue
    }
    const [lower, upper] = [readAmount(before.level, kind), readAmount(level, kind)]
    if (better === 'lower' ? lower > upper : lower < upper) issues.push({ code: 'custom', path: [key], input: level, message: `must not be ${better === 'lower' ? 'below' : 'above'} ${before.key} (${before.level}): ${better === 'lower' ? 'more' : 'less'} is worse` })
  }
  const [first] = given
  for (const key of ['maxIncrease', 'warnIncrease', 'maxDecrease', 'warnDecrease'] as const) {
    const level = value[key]
    if (first?.kind === undefined || level === undefined || readShareOfBaseline(level) !== undefined || kindOfAmount(level, [first.kind]) !== undefined) continue
    issues.push({ code: 'custom', path: [key], input: level, message: `must be a share of the baseline such as 5%, or written as ${first.key} is (${first.level})` })
  }
}

/** That there is a limit at all. */
export const isJudged = (demand: string): Checked => ({ value, issues }) => {
  if (!hasLevels(value)) issues.push({ code: 'custom', input: value, message: `must have a limit: ${demand}` })
}

/** Limits of what is the better the lower: an amount that it fails beyond, or levels. */
export const limitsBelow = (...kinds: readonly AmountName[]) =>
  z.union([amount(...kinds), z.strictObject(levelsBelow(...kinds)).check(isJudged('max, warning, target, maxIncrease or warnIncrease'), inOrder('lower', ...kinds))])

/** Limits of what is the better the higher: an amount that it fails below, or levels. */
export const limitsAbove = (...kinds: readonly AmountName[]) =>
  z.union([amount(...kinds), z.strictObject(levelsAbove(...kinds)).check(isJudged('min, warning, target, maxDecrease or warnDecrease'), inOrder('higher', ...kinds))])

/** Text, or several. */
export const texts = z.union([z.string().check(z.minLength(1)), z.array(z.string().check(z.minLength(1))).check(z.minLength(1))])
