import { readDocument, type Document } from '../document.ts'
import type { BudgetFile, BudgetFormat, BudgetReading } from './budget-format.ts'
import { ambiguousBudget, emptyBudget, isScript, unknownBudget } from './errors.ts'
import { BUDGET_FORMATS } from './formats.ts'

/** Names of programs, which are not run. */
const SCRIPT = /\.[cm]?[jt]sx?$/

/**
 * Reads a budget, recognised by what is in it; YAML or JSON.
 * Throws UserError `BUDGET_SCRIPT`, `EMPTY_BUDGET`, `UNKNOWN_BUDGET`, `AMBIGUOUS_BUDGET`, `INVALID_DOCUMENT`, and what the format's reader throws.
 */
export async function readBudgetFile(file: string, text: string, reading: BudgetReading, formats: readonly BudgetFormat[] = BUDGET_FORMATS): Promise<BudgetFile> {
  const known = await recognised(file, text, reading, formats)
  if (known === null) throw unknownBudget(file, formats)
  return known
}

/** The same of a document that was read already. */
export async function readBudgetDocument(document: Document, reading: BudgetReading, formats: readonly BudgetFormat[] = BUDGET_FORMATS): Promise<BudgetFile> {
  const known = await ofDocument(document, reading, formats)
  if (known === null) throw unknownBudget(document.file, formats)
  return known
}

/** The same of a file that nobody named: null where it is no budget. A package.json is one of its tool alone, whatever else its keys are called. */
export async function recogniseBudgetFile(file: string, text: string, reading: BudgetReading, formats: readonly BudgetFormat[] = BUDGET_FORMATS): Promise<BudgetFile | null> {
  const own = formats.filter(({ fileNames }) => fileNames.includes(file))
  return text.trim() === '' ? null : recognised(file, text, reading, file === 'package.json' ? own : formats)
}

async function recognised(file: string, text: string, reading: BudgetReading, formats: readonly BudgetFormat[]): Promise<BudgetFile | null> {
  if (SCRIPT.test(file)) throw isScript(file)
  const document = readDocument(file, text.replace(/^\ufeff/, ''))
  if (document.value === null || document.value === undefined) throw emptyBudget(file)
  return ofDocument(document, reading, formats)
}

async function ofDocument(document: Document, reading: BudgetReading, formats: readonly BudgetFormat[]): Promise<BudgetFile | null> {
  const found = formats.filter((format) => format.recognise(document.value))
  const [format] = found
  if (!format) return null
  if (found.length > 1) throw ambiguousBudget(document.file, found)
  return format.read(document, reading)
}

/** Names that are looked for where nobody names a file, each once, in the order of the formats. */
export function budgetFileNames(formats: readonly BudgetFormat[] = BUDGET_FORMATS): string[] {
  return [...new Set(formats.flatMap(({ fileNames }) => fileNames))]
}

/** Whether a file is a program, which is not run. */
export function isBudgetScript(file: string): boolean {
  return SCRIPT.test(file)
}
