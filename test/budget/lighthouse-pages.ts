import { readFile } from 'node:fs/promises'
import { lighthouseBudget } from '../../src/budget/lighthouse-budget.ts'
import { lighthouserc } from '../../src/budget/lighthouserc.ts'
import type { BudgetFile } from '../../src/budget/budget-format.ts'
import { readDocument } from '../../src/document.ts'
import type { BudgetLine } from '../../src/model/budget.ts'
import type { Measurements } from '../../src/model/measurements.ts'
import { holds } from '../../src/model/threshold.ts'
import { readMeasurements } from '../../src/sources/artifacts/read-measurements.ts'

const FOLDER = new URL('../fixtures/lighthouse/', import.meta.url)

/** The text of a fixture. */
export function fixture(name: string): Promise<string> {
  return readFile(new URL(name, FOLDER), 'utf8')
}

/** Several runs as one list of reports, every figure of them. */
export async function reports(names: readonly string[], firstParty: readonly (readonly string[])[] = []): Promise<Measurements> {
  const texts = await Promise.all(names.map(fixture))
  return readMeasurements('reports.json', `[${texts.join(',')}]`, { detail: true, firstParty })
}

const reading = { folder: '/', read: fixture }

/** Reads lhci's configuration. */
export async function readRc(value: unknown, file = 'lighthouserc.json'): Promise<BudgetFile> {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2)
  return lighthouserc.read(readDocument(file, text), { ...reading, file })
}

/** Reads a budget.json. */
export async function readBudget(value: unknown): Promise<BudgetFile> {
  return lighthouseBudget.read(readDocument('budget.json', JSON.stringify(value, null, 2)), { ...reading, file: 'budget.json' })
}

/** The values of a line's figure, run by run, for each page that the line is of. */
export function valuesOf({ subjects: [subject] }: BudgetLine, { series }: Measurements): ReadonlyMap<string, readonly number[]> {
  if (subject?.kind !== 'series') throw new Error('a line of Lighthouse measures a series')
  const { of } = subject
  const found = series.filter((each) => each.metric === subject.metric && each.statistic === null && (of === null || new RegExp(of.pattern).test(each.of)))
  return new Map(found.map((each) => [each.of, each.values]))
}

/** Whether a value keeps to all limits of a line. */
export function keeps({ limits }: BudgetLine, value: number): boolean {
  return limits.every((limit) => holds({ statistic: { kind: 'value' }, operator: limit.operator, limit: limit.value, text: limit.text }, value))
}
