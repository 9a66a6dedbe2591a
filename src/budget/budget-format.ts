import type { Document } from '../document.ts'
import type { BudgetLine } from '../model/budget.ts'

/** What a reader is told of its file. */
export interface BudgetReading {
  /** As it was named. */
  readonly file: string
  /** The folder it lies in, absolute: patterns are named from there. */
  readonly folder: string
  /** The text of a file that a budget names, from its folder. Throws UserError. */
  read(path: string): Promise<string>
}

/** A budget as it was read. */
export interface BudgetFile {
  readonly file: string
  readonly format: BudgetFormat['name']
  /** It comes with this program and stands in no file. */
  readonly isPreset?: boolean | undefined
  readonly lines: readonly BudgetLine[]
  /** What the reader should know: what its own tool would do otherwise. */
  readonly notes: readonly string[]
  /** A file of results that relative limits are held against where nobody names another; as a path from where the program runs, or absolute. */
  readonly baseline?: string | undefined
}

/** A way that budgets are written down. */
export interface BudgetFormat {
  readonly name: 'medianest' | 'guide' | 'lighthouse-budget' | 'lighthouserc' | 'size-limit'
  /** Whose it is, for people. */
  readonly about: string
  /** What it is recognised by, for people. */
  readonly mark: string
  /** Names that are looked for where nobody names a file, in this order. */
  readonly fileNames: readonly string[]
  recognise(value: unknown): boolean
  /** Throws UserError with the place of what is wrong; an unknown key is wrong. */
  read(document: Document, reading: BudgetReading): Promise<BudgetFile>
}
