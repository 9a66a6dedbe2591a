import * as z from 'zod/mini'
import { FILE_TYPES } from '../model/budget.ts'
import { amount, hasLevels, inOrder, levelsBelow, limitsBelow, texts, type Levels } from './levels.ts'

const level = (most: number): z.ZodMiniUnion<[z.ZodMiniLiteral<true>, z.ZodMiniNumberFormat]> => z.union([z.literal(true), z.int().check(z.gte(0), z.lte(most))])

/** How sizes are counted, `true` being the best there is: gzip -9, brotli 11. */
const ENCODING = {
  /** As the file is. */
  raw: z.optional(z.literal(true)),
  /** As gzip at this level (0 to 9) makes it; `true` is 9. */
  gzip: z.optional(level(9)),
  /** As Brotli at this quality (0 to 11) makes it; `true` is 11. */
  brotli: z.optional(level(11)),
} as const

/** The ways to count that are given. */
export interface EncodingKeys {
  readonly raw?: true | undefined
  readonly gzip?: number | true | undefined
  readonly brotli?: number | true | undefined
}

const isOne: z.core.CheckFn<EncodingKeys> = ({ value, issues }) => {
  const given = (['raw', 'gzip', 'brotli'] as const).filter((key) => value[key] !== undefined)
  const [, second] = given
  if (second !== undefined) issues.push({ code: 'custom', path: [second], input: value[second], message: `must not stand beside ${given[0] ?? ''}: a size is counted in one way` })
}

/** How sizes are counted where nothing else is said. */
export const compression = z.union([z.enum(['raw', 'gzip', 'brotli']), z.strictObject(ENCODING).check(isOne)])

const bundleKeys = {
  /** Globs of its files, from `root`; sizes of all together are counted. */
  files: z.optional(texts),
  /** Globs of files that do not belong to it. */
  ignore: z.optional(texts),
  /** Only files of this type. */
  type: z.optional(z.enum(FILE_TYPES)),
  /** Instead of files: what this entry point (a glob) loads, by the bundler's manifest. */
  entry: z.optional(texts),
  /** The manifest or stats file, from `root`; it is looked for where it is left out. */
  manifest: z.optional(z.string()),
  /** Whether the limit holds for each file, not for all together. */
  each: z.optional(z.boolean()),
  /** How many files there may be. */
  count: z.optional(limitsBelow('count')),
  ...ENCODING,
  ...levelsBelow('size'),
  /** The same as `max`. */
  maxSize: z.optional(amount('size')),
}

const whole: z.core.CheckFn<Levels & EncodingKeys & { readonly files?: unknown; readonly entry?: unknown; readonly each?: boolean | undefined; readonly manifest?: unknown; readonly count?: unknown; readonly ignore?: unknown }> = (found) => {
  const { value, issues } = found
  const refuse = (key: keyof typeof value, message: string): void => void issues.push({ code: 'custom', path: [key], input: value[key], message })
  if (!hasLevels(value) && value.count === undefined) issues.push({ code: 'custom', input: value, message: 'must have a limit: max, warning, target, maxIncrease or count' })
  if (value.max !== undefined && value.maxSize !== undefined) refuse('maxSize', 'must not stand beside max, which means the same')
  if (value.files !== undefined && value.entry !== undefined) refuse('entry', 'must not stand beside files: a bundle is one or the other')
  if (value.manifest !== undefined && value.entry === undefined) refuse('manifest', 'must stand beside an entry, which it is asked for')
  if (value.entry !== undefined && value.each === true) refuse('each', 'must not stand beside an entry: each entry that fits is measured by itself')
  if (value.entry !== undefined && value.ignore !== undefined) refuse('ignore', 'must not stand beside an entry')
}

const bundle = z.union([amount('size'), z.strictObject(bundleKeys).check(isOne, whole, inOrder('lower', 'size'))])

/** Sizes of what is built, by name. */
export const bundlesSchema = z.record(z.string().check(z.minLength(1)), bundle)

/** What a project brings along. */
export const packagesSchema = z.strictObject({
  /** Packages that package.json names to run. */
  direct: z.optional(limitsBelow('count')),
  /** Packages that are installed to run, by the lock file. */
  installed: z.optional(limitsBelow('count')),
  /** What `npm pack` makes of it. */
  packed: z.optional(limitsBelow('size')),
  /** What that holds, unpacked. */
  unpacked: z.optional(limitsBelow('size')),
})

const resource = z
  .strictObject({
    /** How many of them a page may load. */
    maxCount: z.optional(amount('count')),
    /** How large they may be together. */
    maxTotalSize: z.optional(amount('size')),
    /** The same as `maxCount`, or with more levels. */
    count: z.optional(limitsBelow('count')),
    /** The same as `maxTotalSize`, or with more levels. */
    size: z.optional(limitsBelow('size')),
  })
  .check(({ value, issues }) => {
    if (Object.values(value).every((each) => each === undefined)) issues.push({ code: 'custom', input: value, message: 'must have a limit: maxCount, maxTotalSize, count or size' })
    if (value.maxCount !== undefined && value.count !== undefined) issues.push({ code: 'custom', path: ['count'], input: value.count, message: 'must not stand beside maxCount, which means the same' })
    if (value.maxTotalSize !== undefined && value.size !== undefined) issues.push({ code: 'custom', path: ['size'], input: value.size, message: 'must not stand beside maxTotalSize, which means the same' })
  })

const RESOURCES = {
  images: z.optional(resource), fonts: z.optional(resource), scripts: z.optional(resource), stylesheets: z.optional(resource), documents: z.optional(resource), media: z.optional(resource), other: z.optional(resource),
  /** All of them. */
  total: z.optional(resource),
  /** What comes from other hosts; only Lighthouse tells. */
  'third-party': z.optional(resource),
} as const

/** What a page loads, by kind. */
export const resourcesSchema = z.strictObject({
  ...RESOURCES,
  /** Other limits for pages whose path fits the glob. */
  pages: z.optional(z.record(z.string(), z.strictObject(RESOURCES))),
})
