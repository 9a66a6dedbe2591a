import * as z from 'zod/mini'
import { readDocument, validate, type Document, type Path } from '../document.ts'
import type { Aggregation, BudgetLine, OfPattern } from '../model/budget.ts'
import type { BudgetFormat, BudgetReading } from './budget-format.ts'
import { asserted, dashedKey, merged, type Assertion, type Option } from './lighthouse-assertion.ts'
import { readBudgetBlocks } from './lighthouse-budget.ts'
import { extendsFile, noAssertions, notTogether, patternNotValid, saysNothing, twice } from './lighthouse-errors.ts'
import { PRESETS, presetAssertions } from './lighthouse-presets.ts'
import { takenOver } from './taken-over.ts'
import { toldApart } from './told-apart.ts'

const level = z.enum(['off', 'warn', 'error'])
const aggregation = z.optional(z.enum(['median', 'optimistic', 'pessimistic', 'median-run']))
const limit = z.optional(z.number())
const options = z.strictObject({ minScore: z.optional(z.number().check(z.minimum(0), z.maximum(1))), maxLength: limit, maxNumericValue: limit, aggregationMethod: aggregation })
const assertion = z.union([level, z.tuple([level]), z.tuple([level, options])])
const base = { preset: z.optional(z.enum(PRESETS)), assertions: z.optional(z.record(z.string(), assertion)), aggregationMethod: aggregation, matchingUrlPattern: z.optional(z.string()) }
const assert = z.strictObject({ ...base, assertMatrix: z.optional(z.array(z.strictObject(base))), budgetsFile: z.optional(z.string()), includePassedAssertions: z.optional(z.boolean()), lhr: z.optional(z.string()) })
const client = z.strictObject({ assert: z.optional(assert), collect: z.optional(z.unknown()), upload: z.optional(z.unknown()), server: z.optional(z.unknown()), wizard: z.optional(z.unknown()), extends: z.optional(z.string()) })
const file = z.strictObject({ ci: z.optional(client), lhci: z.optional(client), 'ci:client': z.optional(client), 'ci:server': z.optional(z.unknown()) })

type Group = NonNullable<z.infer<typeof assert>['assertMatrix']>[number]

/** Keys that hold lhci's configuration, of which the last one that is there counts. */
const ROOTS = ['ci', 'lhci', 'ci:client'] as const

/** Configuration of Lighthouse CI: its assertions. Runs of one page come to their median, unless an aggregation is written (lhci takes the best run). */
export const lighthouserc: BudgetFormat = {
  name: 'lighthouserc',
  about: 'the assertions of Lighthouse CI',
  mark: 'ci.assert',
  fileNames: ['.lighthouserc.json', 'lighthouserc.json', '.lighthouserc.yml', 'lighthouserc.yml', '.lighthouserc.yaml', 'lighthouserc.yaml'],
  recognise: (value) => value !== null && typeof value === 'object' && !Array.isArray(value) && ROOTS.some((key) => Object.hasOwn(value, key)),
  async read(document, reading) {
    const content = validate(document, file, 'a configuration of Lighthouse CI')
    const root = ROOTS.findLast((key) => content[key]?.assert !== undefined) ?? 'ci'
    const extending = ROOTS.find((key) => content[key]?.extends !== undefined)
    if (extending) throw extendsFile(document.at([extending, 'extends']))
    const whole = content[root]?.assert
    if (!whole) throw noAssertions(document.file, document.at([]))
    const { lines, notes } = await linesOf(document, [root, 'assert'], whole, reading)
    if (lines.length === 0) throw saysNothing(document.file, document.at([root, 'assert']))
    const others = Object.keys({ ...content['ci:client'], ...content.lhci, ...content.ci }).filter((key) => key !== 'assert')
    return { file: reading.file, format: 'lighthouserc', lines: toldApart(lines), notes: [...notes, ...(others.length > 0 ? [`${others.join(', ')}: not read, only assertions are`] : [])] }
  },
}

interface Lines {
  readonly lines: readonly BudgetLine[]
  readonly notes: readonly string[]
}

async function linesOf(document: Document, path: Path, whole: z.infer<typeof assert>, reading: BudgetReading): Promise<Lines> {
  const { assertMatrix, budgetsFile, includePassedAssertions: _always, lhr, ...group } = whole
  const has = (key: keyof typeof whole): boolean => whole[key] !== undefined
  const alone = (one: 'assertMatrix' | 'budgetsFile', others: readonly (keyof typeof whole)[]): void => {
    const other = has(one) ? others.find(has) : undefined
    if (other) throw notTogether(one, other, document.at([...path, other], 'key'))
  }
  alone('assertMatrix', ['assertions', 'preset', 'budgetsFile', 'aggregationMethod'])
  alone('budgetsFile', ['assertions', 'preset'])
  const notes = lhr === undefined ? [] : ['lhr is not read: give the reports as arguments']
  if (budgetsFile !== undefined) {
    const budgets = readBudgetBlocks(readDocument(budgetsFile, await reading.read(budgetsFile)), 'all')
    const lines = takenOver(budgets.lines)
    return { lines, notes: [...notes, ...budgets.notes, 'of budgetsFile each block counts whose path is that of the page, as lhci has it; given by itself the last one does', aggregationNote(lines.length)] }
  }
  const groups: readonly (readonly [Group, Path])[] = assertMatrix ? assertMatrix.map((each, index) => [each, [...path, 'assertMatrix', index]]) : [[group, path]]
  const read = groups.map(([each, at]) => groupLines(document, at, each))
  const silent = read.reduce((sum, { isSilent }) => sum + isSilent, 0)
  const unread = read.flatMap(({ notDashed }) => notDashed)
  return {
    lines: read.flatMap(({ lines }) => lines),
    notes: [...notes, ...(silent > 0 ? [aggregationNote(silent)] : []), ...(unread.length > 0 ? [`lhci leaves out what is not written with dashes, here it counts: ${unread.join(', ')}`] : [])],
  }
}

function aggregationNote(count: number): string {
  return `${count === 1 ? 'one limit names' : `${count} limits name`} no aggregationMethod: here the median of the runs decides, in lhci the best of them`
}

function groupLines(document: Document, path: Path, { preset, assertions = {}, aggregationMethod, matchingUrlPattern }: Group): { lines: BudgetLine[]; isSilent: number; notDashed: string[] } {
  const of = matchingUrlPattern === undefined ? null : patternOf(document, path, matchingUrlPattern)
  const own = new Map<string, Assertion>()
  for (const [written, value] of Object.entries(assertions)) {
    const at = [...path, 'assertions', written]
    const key = dashedKey(written)
    if (own.has(key)) throw twice(key, 'assertions', document.at(at, 'key'))
    own.set(key, assertionOf(document, at, value))
  }
  const all = new Map<string, Assertion>()
  if (preset !== undefined) {
    const where = document.at([...path, 'preset'])
    for (const [audit, { level, maxLength }] of presetAssertions(preset)) all.set(audit, { level, isWord: false, where, options: maxLength === undefined ? {} : { maxLength: { value: maxLength, where } }, aggregation: undefined })
  }
  for (const [key, each] of own) all.set(key, merged(all.get(key), each))
  const judged = [...all].filter(([, { level }]) => level !== 'off')
  const lines = judged.flatMap(([key, each]) => asserted(key, { ...each, aggregation: each.aggregation ?? aggregationMethod }, of))
  const silent = aggregationMethod === undefined ? judged.filter(([, each]) => each.aggregation === undefined) : []
  return { lines, isSilent: silent.length, notDashed: Object.keys(assertions).filter((written) => /[a-z][A-Z]/.test(written)) }
}

function patternOf(document: Document, path: Path, pattern: string): OfPattern {
  try {
    new RegExp(pattern)
  } catch (error) {
    throw patternNotValid(pattern, error instanceof Error ? error.message : String(error), document.at([...path, 'matchingUrlPattern']))
  }
  return { syntax: 'regexp', pattern }
}

function assertionOf(document: Document, path: Path, value: z.infer<typeof assertion>): Assertion {
  if (typeof value === 'string') return { level: value, isWord: true, where: document.at(path), options: {}, aggregation: undefined }
  const [level, { aggregationMethod, ...numbers } = {}] = value
  const options = Object.fromEntries(Object.entries(numbers).flatMap(([name, number]): [string, Option][] => {
    if (number === undefined) return []
    const at = [...path, 1, name]
    return [[name, { value: number, where: document.at(at), path: at.map((step) => (typeof step === 'number' ? step : String(step))) }]]
  }))
  return { level, isWord: false, where: document.at(path, 'key'), options, aggregation: aggregationMethod satisfies Aggregation | undefined }
}
