import { dirname, isAbsolute, join, resolve } from 'node:path'
import * as z from 'zod/mini'
import { budgetSchema, type BudgetText } from '../budget-schema/schema.ts'
import { readDocument, validate, type Document } from '../document.ts'
import { BUDGET_SECTIONS, type BudgetLine } from '../model/budget.ts'
import { UserError } from '../model/error.ts'
import { nearest } from '../model/nearest.ts'
import { plain } from '../model/text.ts'
import type { BudgetFile, BudgetFormat, BudgetReading } from './budget-format.ts'
import { listOf } from './bundle-lines.ts'
import { encodingOf } from './encoding.ts'
import { guide } from './guide.ts'
import { folderOf, originIn, type Origin } from './origin.ts'
import { emptyBudget, goesRound, notABudget, nothingToLeaveOut } from './own-errors.ts'
import { BUDGET_PRESETS, budgetPreset, isPresetName } from './presets.ts'
import { linesOf, overlaid } from './sections.ts'
import { takenOver } from './taken-over.ts'

/** Files that take over files; deeper is a circle. */
const MOST_NESTED = 8

const KEYS: readonly string[] = Object.keys(budgetSchema._zod.def.shape)

/** A configuration may hold a budget among other things. */
const configured = z.looseObject({ budgets: budgetSchema })

/** Our own budget file, alone or as `budgets` of a configuration. */
export const own: BudgetFormat = {
  name: 'medianest',
  about: 'a budget of medianest-perf',
  mark: `one of ${BUDGET_SECTIONS.join(', ')}`,
  fileNames: ['budget.yaml', 'budget.yml', 'performance-budget.yaml', 'performance-budget.yml'],
  recognise: (value) => looksLikeBudget(value) || (isMap(value) && looksLikeBudget(value['budgets'])),
  read: (document, reading) => readOwn(document, reading, 0),
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** A section, also a mistyped one; or nothing but keys that a budget has. */
function looksLikeBudget(value: unknown): boolean {
  if (!isMap(value)) return false
  const keys = Object.keys(value)
  const sections: readonly string[] = BUDGET_SECTIONS
  if (keys.some((key) => sections.includes(key)) || (keys.length > 0 && keys.every((key) => KEYS.includes(key)))) return true
  return keys.some((key) => Math.abs(key.length - (nearest(key, sections)?.length ?? Number.POSITIVE_INFINITY)) <= 1)
}

async function readOwn(document: Document, reading: BudgetReading, depth: number): Promise<BudgetFile> {
  const isConfigured = !looksLikeBudget(document.value)
  const base = isConfigured ? ['budgets'] : []
  const budget: BudgetText = isConfigured ? validate(document, configured, 'the configuration').budgets : validate(document, budgetSchema, 'the budget')
  const origin = originIn(document, base, { root: folderOf(reading.folder, budget.root), encoding: encodingOf(budget.compression) ?? { kind: 'raw' } })
  const taken = await extended(budget, origin, reading, depth)
  const lines = overlaid(leftOut(budget, taken.lines, origin), linesOf(budget, origin, reading.folder))
  if (lines.length === 0) throw emptyBudget(reading.file, document.at([...base]))
  const baseline = budget.baseline === undefined ? taken.baseline : beside(reading.file, budget.baseline)
  return { file: reading.file, format: 'medianest', lines, notes: taken.notes, ...(baseline === undefined ? {} : { baseline }) }
}

/** A file that a budget names, as it is named from where the program runs. */
function beside(file: string, named: string): string {
  return isAbsolute(named) ? named : join(dirname(file), named)
}

interface Taken {
  readonly lines: readonly BudgetLine[]
  readonly notes: readonly string[]
  readonly baseline: string | undefined
}

async function extended(budget: BudgetText, origin: Origin, reading: BudgetReading, depth: number): Promise<Taken> {
  const parts: (Taken & { readonly name: string })[] = []
  for (const [index, name] of listOf(budget.extends ?? []).entries()) {
    const where = origin.at(Array.isArray(budget.extends) ? ['extends', index] : ['extends'])
    if (isPresetName(name)) {
      parts.push({ name, lines: budgetPreset(name, origin.root), notes: [], baseline: undefined })
      continue
    }
    if (depth >= MOST_NESTED) throw goesRound(name, where)
    const text = await reading.read(name).catch((error: unknown) => {
      throw notABudget(name, BUDGET_PRESETS.map((preset) => preset.name), where, error instanceof Error ? error.message : String(error))
    })
    const document = readDocument(beside(reading.file, name), text)
    const inner: BudgetReading = { file: document.file, folder: resolve(reading.folder, dirname(name)), read: (path) => reading.read(isAbsolute(path) ? path : join(dirname(name), path)) }
    const file = own.recognise(document.value) ? await readOwn(document, inner, depth + 1) : guide.recognise(document.value) ? await guide.read(document, inner) : null
    if (!file) throw notABudget(name, [], where, 'it is a budget neither of ours nor of the guide')
    parts.push({ name, lines: takenOver(file.lines), notes: file.notes, baseline: file.baseline })
  }
  return { lines: overlaid(...parts.map(({ lines }) => lines)), notes: [...parts.flatMap(({ notes }) => notes), ...hiddenIn(parts)], baseline: parts.findLast(({ baseline }) => baseline !== undefined)?.baseline }
}

/** What of several that are taken over does not hold, because a later one has it too: it may be looser. */
function hiddenIn(parts: readonly (Pick<Taken, 'lines'> & { readonly name: string })[]): string[] {
  return parts.flatMap(({ name, lines }, index) => {
    const later = new Set(parts.slice(index + 1).flatMap((part) => part.lines.map(({ id }) => id)))
    const hidden = lines.flatMap(({ id }) => (later.has(id) ? [id] : []))
    return hidden.length === 0 ? [] : [`of ${plain(name, 200)} ${hidden.length === 1 ? 'one line does' : `${hidden.length} lines do`} not hold, what comes after it in "extends" says otherwise: ${plain(hidden.slice(0, 5).join(', '), 300)}${hidden.length > 5 ? ', ...' : ''}`]
  })
}

function leftOut(budget: BudgetText, lines: readonly BudgetLine[], origin: Origin): BudgetLine[] {
  const ids = lines.map(({ id }) => id)
  const without = listOf(budget.without ?? [])
  const stranger = without.findIndex((id) => !ids.includes(id))
  if (stranger >= 0) throw nothingToLeaveOut(without[stranger] ?? '', ids, origin.at(Array.isArray(budget.without) ? ['without', stranger] : ['without']))
  return lines.filter(({ id }) => !without.includes(id))
}

/** Reads a budget that stands in a text of its own. Throws UserError as `read` does. */
export function readBudgetText(file: string, text: string, reading: Omit<BudgetReading, 'file'>): Promise<BudgetFile> {
  const document = readDocument(file, text)
  if (!own.recognise(document.value)) return Promise.reject(new UserError({ code: 'EMPTY_BUDGET', kind: 'input', message: `${file} is no budget`, hint: `it has none of ${BUDGET_SECTIONS.join(', ')}` }))
  return own.read(document, { file, ...reading })
}
