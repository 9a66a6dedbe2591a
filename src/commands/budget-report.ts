import { errorBudget } from '../analysis/budget/judge-line.ts'
import { budgetFigures, budgetShape, findingId, isAlone, nameOf } from '../analysis/shape/budget-shape.ts'
import type { BudgetResult } from '../model/budget.ts'
import type { Finding } from '../model/finding.ts'
import type { Measurements } from '../model/measurements.ts'
import { report, type Report } from '../model/report.ts'
import { plain, plural } from '../model/text.ts'
import { VERDICTS, worst } from '../model/verdict.ts'
import { isNotGiven } from './budget-measure.ts'
import type { BudgetJudgement } from './budget-run.ts'
import { budgetTable, howOf, labelsOf, partTables, showMargin, showRelative, usedShare, type LabelOf } from './budget-tables.ts'

/** Rows of what is within its budget: all of them are in the JSON. */
const MOST_ROWS = 40
/** Files of one line that are within their budget. */
const MOST_FILES = 5
const MOST_NOTES = 12
/** Of fewer single values the 75th percentile is one of the five largest. */
const FEW_VALUES = 20

/** The report of a budget. */
export function budgetReport({ results, budgets, inputs, baselines, notes }: BudgetJudgement, times: Pick<Report, 'startedAt' | 'finishedAt'>): Report {
  const ordered = worstFirst(results)
  const labelOf = labelsOf(results)
  const findings = [...(results.some(({ line }) => line.limits.some(({ level }) => level !== 'target')) ? [] : [nothingFinding(results, budgets)]), ...findingsOf(ordered, results, labelOf)]
  const fine = ordered.filter(({ verdict }) => verdict === 'ok')
  const fineShown = fewOfEach(fine).slice(0, MOST_ROWS)
  const shown = [...ordered.filter(({ verdict }) => verdict !== 'ok'), ...fineShown]
  return report({
    command: 'budget',
    title: `${plural(results.length, 'figure')} held against ${budgets.length === 0 ? 'no budget' : listed(budgets.map(({ file }) => file))}`,
    verdict: worst(findings.map(({ verdict }) => verdict)),
    ...times,
    data: budgetShape({ results, budgets: budgets.map(({ file, format, lines }) => ({ file, format, lines: lines.length })), inputs, baselines, at: times.finishedAt }),
    findings,
    isTabled: true,
    figures: budgetFigures(results),
    facts: [...factOf('Judged', inputs), ...factOf('Baseline', baselines)],
    tables: [...(results.length > 0 ? [budgetTable(shown, labelOf)] : []), ...partTables(ordered, labelOf)],
    notes: [...notes, ...ownNotes(results, inputs, labelOf), ...(fine.length > fineShown.length ? [`${plural(fine.length - fineShown.length, 'more figure')} within budget: --format json has them`] : [])],
  })
}

/** The worst first, and of those that are alike what uses most of its limit. */
function worstFirst(results: readonly BudgetResult[]): BudgetResult[] {
  const used = (result: BudgetResult): number => usedShare(result) ?? -1
  return results.toSorted((a, b) => VERDICTS.indexOf(b.verdict) - VERDICTS.indexOf(a.verdict) || used(b) - used(a))
}

/** Of a limit for each of many files those that are nearest to it. */
function fewOfEach(ordered: readonly BudgetResult[]): readonly BudgetResult[] {
  const counts = new Map<BudgetResult['line'], number>()
  return ordered.filter(({ line }) => {
    const nth = (counts.get(line) ?? 0) + 1
    counts.set(line, nth)
    return nth <= MOST_FILES || line.section !== 'bundles'
  })
}

/** Why nothing can be said to be within its budget. */
function nothingFinding(results: readonly BudgetResult[], budgets: BudgetJudgement['budgets']): Finding {
  if (results.length > 0) return { id: 'budget:nothing', verdict: 'unknown', title: 'none of it has a limit that could be exceeded: it was measured, not judged', hint: 'give limits: max, or warning' }
  const all = budgets.reduce((sum, { lines }) => sum + lines.length, 0)
  return {
    id: 'budget:nothing', verdict: 'unknown',
    title: all > 0 ? `none of the ${all} lines of ${listed(budgets.map(({ file }) => file))} is of the parts that were asked for` : `there is no limit in ${listed(budgets.map(({ file }) => file)) || 'the budget'}`,
    hint: all > 0 ? 'leave out --only, or name another part' : 'medianest-perf budget init writes limits from what is there',
  }
}

/** A finding for each result; advice that several have in common is given once. */
function findingsOf(ordered: readonly BudgetResult[], results: readonly BudgetResult[], labelOf: LabelOf): Finding[] {
  const given = new Set<string>()
  return ordered.map((result) => {
    const { line, measured, limit, limitValue, verdict } = result
    const hint = isNewLine(result) ? NEW_LINE : verdict === 'unknown' && measured.observed !== null ? (measured.hint ?? NO_BASELINE) : verdict === 'unknown' ? (measured.hint ?? line.hint) : (line.hint ?? measured.hint)
    const isNew = hint !== undefined && !given.has(hint)
    if (hint !== undefined) given.add(hint)
    const observed = measured.observed === null ? {} : { observed: measured.observed }
    return {
      id: findingId(nameOf(result, isAlone(result, results))), verdict, title: `${labelOf(result)}: ${sentenceOf(result)}`, metric: line.id, ...observed, ...(limitValue === null ? {} : { limit: limitValue }), unit: line.unit,
      ...(isNew && verdict !== 'ok' ? { hint } : {}),
      where: limit?.where ?? line.where,
    }
  })
}

const isNewLine = ({ verdict, measured: { observed }, limitValue }: BudgetResult): boolean => verdict === 'warn' && observed !== null && limitValue === null
const NEW_LINE = 'see that it may be as large as this: the next baseline has it; an absolute limit would judge it now'
const NO_BASELINE = 'give an earlier result with --baseline: the JSON that budget wrote then, or results of the same tool'

/** What became of it; the numbers follow as evidence. */
function sentenceOf(result: BudgetResult): string {
  const { line, verdict, limit, limitValue, measured: { observed, problem } } = result
  if (observed === null) return `not measured${problem === undefined ? '' : `, ${problem}`}`
  if (limit === null) return 'it has no limit'
  if (verdict === 'unknown') return `cannot be judged, its limit of ${showRelative(limit, line.unit)} is against a baseline and there is none`
  if (verdict === 'warn' && limitValue === null) return `new since the baseline: nothing to hold its limit of ${showRelative(limit, line.unit)} against`
  const left = errorBudget(result)
  if (verdict === 'ok' || limitValue === null) return ['within budget', ...left].join(', ')
  const how = howOf(result)
  const size = showMargin(result)
  return `${size}${size.endsWith('short') ? ' of' : ''} ${verdict === 'fail' ? 'the budget' : 'the warning level'}${how === null ? '' : ` (${how})`}${left.map((each) => `, ${each}`).join('')}`
}

/** The files by how they came about: `run.json (medianest); lhr-1.json, lhr-2.json (Lighthouse 12.8.2, mobile, simulated throttling)`. */
function factOf(label: string, list: readonly Measurements[]): Report['facts'] {
  const groups = [...new Set(list.map(conditionsOf))].map((conditions) => {
    const files = listed(list.filter((each) => conditionsOf(each) === conditions).map(({ file }) => file))
    return conditions === 'measurements' ? files : `${files} (${conditions})`
  })
  return list.length === 0 ? [] : [{ label, value: groups.join('; ') }]
}

const THROTTLING: Readonly<Record<string, string>> = { simulate: 'simulated throttling', devtools: 'applied throttling', provided: 'no throttling' }

/** The format; of Lighthouse, whose figures say nothing without it, version, device and throttling. */
function conditionsOf({ format, surroundings: { tool, plan } }: Measurements): string {
  if (format !== 'lighthouse' || tool === null) return format
  const [device, throttling = ''] = plan?.split(', ') ?? []
  return [tool, ...(device === undefined ? [] : [device, THROTTLING[throttling] ?? throttling])].map((part) => plain(part, 80)).join(', ')
}

function ownNotes(results: readonly BudgetResult[], inputs: readonly Measurements[], labelOf: LabelOf): string[] {
  const absent = results.filter(({ measured }) => isNotGiven(measured))
  const sections = [...new Set(results.filter(({ measured }) => !isNotGiven(measured)).map(({ line: { section } }) => section))]
  const reports = new Set(inputs.filter(({ format }) => format === 'lighthouse').map(({ file }) => file))
  const isSingle = results.some(({ measured: { values, from } }) => values.length === 1 && from.some((file) => reports.has(file)))
  const few = results.flatMap((result) => (result.measured.count !== undefined && result.measured.count < FEW_VALUES ? [`${labelOf(result)} (${result.measured.count})`] : []))
  const said = inputs.flatMap(({ file, notes }) => notes.map((note) => `${file}: ${note}`))
  return [
    ...(absent.length > 0 && absent.length < results.length && sections.every((section) => absent.every(({ line }) => line.section !== section)) ? [`what was given tells nothing of ${plural(absent.length, 'line')}; --only ${sections.join(',')} judges the others alone`] : []),
    ...(isSingle ? ['pages were judged by one run: Lighthouse differs from run to run, and the median of three or more is steadier'] : []),
    ...(few.length > 0 ? [`fewer than ${FEW_VALUES} values say little of all users: ${listed(few)}`] : []),
    ...said.slice(0, MOST_NOTES), ...(said.length > MOST_NOTES ? [`and ${plural(said.length - MOST_NOTES, 'more note')} of the files`] : []),
  ]
}

function listed(names: readonly string[]): string {
  const shown = names.map((name) => plain(name, 300))
  return shown.length > 4 ? `${shown.slice(0, 3).join(', ')} and ${shown.length - 3} more` : shown.join(', ')
}
