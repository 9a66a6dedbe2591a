import type { Position } from './error.ts'
import type { Operator, Statistic } from './threshold.ts'
import type { Unit } from './unit.ts'
import type { Verdict } from './verdict.ts'

/** The parts of a budget, in the order they are shown. */
export const BUDGET_SECTIONS = ['bundles', 'packages', 'timing', 'resources', 'lighthouse', 'api', 'backend', 'thresholds'] as const

export type BudgetSection = (typeof BUDGET_SECTIONS)[number]

/** How a size is counted: as the file is, or as a server would send it; the same script differs by a third. */
export type Encoding = { readonly kind: 'raw' } | { readonly kind: 'gzip'; readonly level: number } | { readonly kind: 'brotli'; readonly quality: number }

/** Types of files as Lighthouse counts them. */
export const FILE_TYPES = ['script', 'stylesheet', 'image', 'font', 'document', 'media', 'other'] as const

export type FileType = (typeof FILE_TYPES)[number]

/** Files of a build, found by patterns. */
export interface FilesSubject {
  readonly kind: 'files'
  /** The folder that patterns are named from, absolute. */
  readonly root: string
  /** Globs; one that finds nothing is a problem, never a size of 0. */
  readonly patterns: readonly string[]
  readonly ignore: readonly string[]
  /** Takes all that the patterns find together, as other tools do: source maps and node_modules too, links out of the folder, and a pattern of several that finds nothing. */
  readonly takesAll?: boolean | undefined
  /** Only files of this type; null for all. */
  readonly type: FileType | null
  readonly encoding: Encoding
  /** Sizes of all together, of each by itself, or how many there are. */
  readonly measure: 'total' | 'each' | 'count'
}

/** What a page or an entry point loads, by what the bundler wrote down of it. */
export interface EntriesSubject {
  readonly kind: 'entries'
  readonly root: string
  /** A manifest or stats file of Next.js, Vite or webpack, from `root`; null to look for one. */
  readonly manifest: string | null
  /** Names of entries, globs; each that matches is measured by itself. */
  readonly entries: readonly string[]
  readonly type: FileType | null
  readonly encoding: Encoding
  readonly measure: 'total' | 'count'
}

/** Packages that a project brings along, by its package.json and lock file. */
export interface PackagesSubject {
  readonly kind: 'packages'
  /** The folder of package.json, absolute. */
  readonly root: string
  /** Those it names, all that are installed for production, or what is packed for the registry (`packed` and `unpacked` are bytes). */
  readonly measure: 'direct' | 'installed' | 'packed' | 'unpacked'
}

/** Which endpoints, pages or bundles of a result are meant. `robots` knows * and a final $, as budget.json's paths do. */
export interface OfPattern {
  readonly syntax: 'exact' | 'glob' | 'regexp' | 'robots'
  readonly pattern: string
}

/** How the values of several runs become one. `optimistic` is the best of them, `median-run` that of the run in the middle, as lhci has them. */
export type Aggregation = 'median' | 'optimistic' | 'pessimistic' | 'median-run'

/** A figure of results that were read or are measured now. */
export interface SeriesSubject {
  readonly kind: 'series'
  /** A name of the catalogue, or the one the result gives it. */
  readonly metric: string
  readonly statistic: Statistic | null
  /** Null for all together where that is told, otherwise for each. */
  readonly of: OfPattern | null
  readonly aggregate: Aggregation
}

export type Subject = FilesSubject | EntriesSubject | PackagesSubject | SeriesSubject

/** What something may come to. */
export interface BudgetLimit {
  /** What is said when it does not hold; `target` is what is aimed at and turns no verdict. */
  readonly level: 'target' | 'warn' | 'fail'
  readonly operator: Operator
  /** In the line's unit; of a share of the baseline a ratio (0.05 with `<=`: at most 5 % more), of a difference in the line's unit. */
  readonly value: number
  readonly against: 'nothing' | 'share-of-baseline' | 'difference-to-baseline'
  /** As it was written: `500KB`. */
  readonly text: string
  readonly where?: Position | undefined
  /** Steps to its value in the file, where it may be written anew. */
  readonly path?: readonly (string | number)[] | undefined
}

/** One thing that has limits. */
export interface BudgetLine {
  /** Stable and unique within a file: `bundles:main.js`. */
  readonly id: string
  readonly section: BudgetSection
  /** What it is, for people: `main.js (gzip -9)`. */
  readonly title: string
  readonly unit: Unit
  readonly better: 'lower' | 'higher'
  /** Ways to measure it, the best first: the first that gives a value is taken. */
  readonly subjects: readonly Subject[]
  readonly limits: readonly BudgetLimit[]
  readonly where?: Position | undefined
  /** What to do when it does not hold. */
  readonly hint?: string | undefined
  /** It is a share that may fail: what is left of it is told (Google's SRE book, chapter 3). */
  readonly isErrorBudget?: boolean | undefined
}

/** What was measured for a line: one for each page, endpoint or entry it is about. */
export interface Measured {
  /** What of it: a page, an endpoint, a file without the hash in its name; empty for all together. Untrusted. */
  readonly of: string
  /** In the line's unit; null when nothing was, and `problem` says why. */
  readonly observed: number | null
  /** What it was made of, in the order of the runs. */
  readonly values: readonly number[]
  /** The files it comes from, as they were named. */
  readonly from: readonly string[]
  /** How it was measured: `gzip -9`, `median of 3 runs`. */
  readonly how: string
  /** Of how many single values a statistic was made; absent where that is not told. */
  readonly count?: number | undefined
  /** The largest parts, at most ten. */
  readonly parts: readonly { readonly name: string; readonly value: number }[]
  readonly problem?: string | undefined
  readonly hint?: string | undefined
}

/** A line that was judged, with its evidence. */
export interface BudgetResult {
  readonly line: BudgetLine
  readonly measured: Measured
  readonly verdict: Verdict
  /** The limit that decided: the worst that does not hold, else the nearest; null where none could be judged. */
  readonly limit: BudgetLimit | null
  /** What the limit comes to in the line's unit, a relative one by its baseline. */
  readonly limitValue: number | null
  /** Room that is left, in the line's unit: below zero it is over. */
  readonly margin: number | null
  /** What the baseline had; null where there is none. */
  readonly baseline: number | null
  /** One sentence for people. */
  readonly why: string
}
