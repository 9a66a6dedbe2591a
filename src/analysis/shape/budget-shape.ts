import type { BudgetLimit, BudgetLine, BudgetResult } from '../../model/budget.ts'
import type { Figure } from '../../model/figure.ts'
import type { Measurements } from '../../model/measurements.ts'
import { worst } from '../../model/verdict.ts'

/** All that a budget came to. */
export interface BudgetOutcome {
  /** In the order of the budgets. */
  readonly results: readonly BudgetResult[]
  readonly budgets: readonly { readonly file: string; readonly format: string; readonly lines: number }[]
  readonly inputs: readonly Measurements[]
  readonly baselines: readonly Measurements[]
  readonly at: Date
}

const SEVERITIES = { fail: 'error', warn: 'warning' } as const

/** A budget as JSON has it: the documented report of violations, and every result with all that it was judged by. */
export function budgetShape({ results, budgets, inputs, baselines, at }: BudgetOutcome) {
  const violations = results.flatMap((result) => {
    const { line, measured: { of, from, observed }, verdict, limitValue } = result
    if (limitValue === null || (verdict !== 'fail' && verdict !== 'warn')) return []
    return [{ metric: line.id, file: (line.section === 'bundles' && from.length === 1 ? from[0] : of || from[0]) ?? null, actual: observed, budget: limitValue, severity: SEVERITIES[verdict], unit: line.unit, section: line.section }]
  })
  const count = (severity: string): number => violations.filter((each) => each.severity === severity).length
  const verdict = worst(results.map((each) => each.verdict))
  return {
    timestamp: at.toISOString(),
    violations,
    summary: {
      totalViolations: violations.length, errorViolations: count('error'), warningViolations: count('warning'),
      total: results.length, withinBudget: results.filter((each) => each.verdict === 'ok').length, notMeasured: results.filter((each) => each.verdict === 'unknown').length,
    },
    // What was not measured has not passed.
    passed: results.length > 0 && (verdict === 'ok' || verdict === 'warn'),
    results: results.map(resultShape),
    budgets,
    inputs: inputs.map(inputShape),
    baselines: baselines.map(inputShape),
  }
}

function resultShape({ line, measured, verdict, limit, limitValue, margin, baseline, why }: BudgetResult) {
  const { observed, values, from, how, parts, problem } = measured
  return {
    id: line.id, of: measured.of, section: line.section, title: line.title, unit: line.unit, better: line.better, class: classOf(line), verdict, why,
    measured: observed, values, from, how, parts, problem: problem ?? null,
    limit: limit && { ...limitShape(limit), value: limitValue }, margin, baseline, change: changeOf(observed, baseline),
    limits: line.limits.map(limitShape), where: line.where ?? null,
  }
}

function limitShape({ level, operator, value, against, text }: BudgetLimit) {
  return { level, operator, value, against, text }
}

/** Files are counted, and so is what a page loads; all else differs from run to run. */
function classOf({ section, subjects }: BudgetLine): 'exact' | 'sampled' {
  return section === 'bundles' || section === 'resources' || subjects.every(({ kind }) => kind !== 'series') ? 'exact' : 'sampled'
}

function inputShape({ file, format, takenAt, surroundings: { tool, plan } }: Measurements) {
  return { file, format, tool, plan, takenAt: takenAt === null ? null : new Date(takenAt).toISOString() }
}

/** How much more than the baseline, 0.1 is 10 % more; null where that cannot be told. */
function changeOf(observed: number | null, baseline: number | null): number | null {
  if (observed === null || baseline === null) return null
  const change = (observed - baseline) / Math.abs(baseline)
  return observed === baseline ? 0 : Number.isFinite(change) ? change : null
}

/** The name of a result, the same from run to run: `bundles:main.js`, `api:p95 GET /search`. */
export function nameOf({ line, measured }: Pick<BudgetResult, 'line' | 'measured'>, isAlone: boolean): string {
  return isAlone || measured.of === '' ? line.id : `${line.id} ${measured.of}`
}

/** What a verdict is called here. */
export function wordOf({ verdict, limitValue, measured: { observed } }: Pick<BudgetResult, 'verdict' | 'limitValue' | 'measured'>): string {
  if (verdict === 'ok') return 'within budget'
  if (observed === null) return 'not measured'
  if (verdict === 'unknown' || limitValue === null) return verdict === 'warn' ? 'new' : 'no baseline'
  return `${observed > limitValue ? 'over' : 'under'} ${verdict === 'fail' ? 'budget' : 'warning level'}`
}

/** The numbers of a budget, for dashboards and comments. */
export function budgetFigures(results: readonly BudgetResult[]): Figure[] {
  return results.map((result): Figure => {
    const { line: { section, unit, better, limits }, measured: { observed, values }, baseline, limitValue, verdict } = result
    const name = nameOf(result, isAlone(result, results))
    const change = unit === 'ratio' ? (observed === null || baseline === null ? null : observed - baseline) : changeOf(observed, baseline)
    return {
      name, section, unit, better, value: observed, baseline, limit: limitValue, verdict, word: wordOf(result), decides: limits.some(({ level }) => level !== 'target'), finding: findingId(name),
      ...(values.length > 1 ? { spread: { low: Math.min(...values), high: Math.max(...values) } } : {}),
      ...(change === null ? {} : { change: { estimate: change, scale: unit === 'ratio' ? 'points' as const : 'relative' as const } }),
    }
  })
}

/** Whether a line was measured of one thing only. */
export function isAlone({ line }: Pick<BudgetResult, 'line'>, results: readonly BudgetResult[]): boolean {
  return results.filter((each) => each.line === line).length === 1
}

/** The id of the finding of a result. */
export function findingId(name: string): string {
  return `budget:${name}`
}
