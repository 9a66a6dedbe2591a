import { healthSamples } from '../analysis/health-samples.ts'
import { healthAlerts, healthShape } from '../analysis/shape/health-shape.ts'
import { describeChanges, describeSince } from '../health/changes.ts'
import { stateShape } from '../health/state-shape.ts'
import type { Change, HealthState } from '../health/state.ts'
import { uptimeOf, WINDOWS } from '../health/uptime.ts'
import { showExcuse } from '../model/excuse.ts'
import type { Finding } from '../model/finding.ts'
import type { CheckResult, Measure, Range } from '../model/health.ts'
import { report, type Cell, type Report, type Table } from '../model/report.ts'
import { plain } from '../model/text.ts'
import { showDuration, showQuantity, showRatio } from '../model/unit.ts'
import type { Verdict } from '../model/verdict.ts'

/** What a report of a run of checks is made from. */
export interface HealthTerms {
  readonly name: string
  readonly results: readonly CheckResult[]
  readonly verdict: Verdict
  /** Of the system that was checked, milliseconds; null where it is not known. */
  readonly uptimeMs: number | null
  /** Whether the verdict, and this score, are an instance's own word. */
  readonly ownWord?: { readonly score: number | null } | undefined
  readonly detailed: boolean
  readonly startedAt: Date
  readonly finishedAt: Date
  readonly changes: readonly Change[]
  /** What is remembered between runs; null where nothing is. */
  readonly state: HealthState | null
  readonly findings: readonly Finding[]
  readonly notes: readonly string[]
  readonly isQuiet: boolean
  readonly interrupted: 'SIGINT' | 'SIGTERM' | undefined
}

/** The report of a run of checks. */
export function healthReport(terms: HealthTerms): Report {
  const { results, finishedAt, verdict } = terms
  const shape = healthShape(results, { at: finishedAt, uptimeMs: terms.uptimeMs, detailed: terms.detailed, overall: terms.ownWord && { verdict, score: terms.ownWord.score } })
  const { score } = shape.overall
  const told = results.map((result) => withSince(result, terms.state, finishedAt))
  return report({
    command: 'health',
    title: `health of ${plain(terms.name)}`,
    verdict,
    interrupted: terms.interrupted,
    isQuiet: terms.isQuiet,
    startedAt: terms.startedAt,
    finishedAt,
    data: { ...shape, ...(terms.state ? { state: stateShape(terms.state, results, finishedAt) } : {}) },
    samples: { samples: healthSamples(results, { verdict, score, at: finishedAt.getTime() }), at: finishedAt.getTime() },
    checks: told,
    findings: [...told.map(findingOf), ...terms.findings],
    alerts: healthAlerts(results, finishedAt),
    facts: [...(score === null ? [] : [{ label: 'score', value: `${score} of 100` }]), ...(terms.uptimeMs === null ? [] : [{ label: 'up for', value: showDuration(terms.uptimeMs) }]), ...(terms.state ? uptimeFacts(terms.state, finishedAt) : [])],
    tables: [checkTable(told), ...(terms.detailed ? [measureTable(results)] : [])].filter(({ rows }) => rows.length > 0),
    notes: [...describeChanges(terms.changes), ...terms.notes],
  })
}

function uptimeFacts({ overall }: HealthState, at: Date): Report['facts'] {
  const shares = (Object.entries(WINDOWS) as [keyof typeof WINDOWS, number][]).map(([window, ms]) => ({ window, ...uptimeOf(overall.history, at.getTime(), ms) }))
  const known = shares.flatMap(({ window, share, watched }) => (share === null ? [] : [`${showRatio(share)} of ${window}${watched < 0.995 ? ` (watched ${showRatio(watched)} of it)` : ''}`]))
  return known.length === 0 ? [] : [{ label: 'was up', value: known.join(', ') }]
}

/** A result whose reason says since when, where that is known. */
function withSince(result: CheckResult, state: HealthState | null, at: Date): CheckResult {
  const standing = state?.checks.get(result.name)
  const since = standing ? describeSince(standing, at) : null
  return since === null ? result : { ...result, outcome: { ...result.outcome, message: `${result.outcome.message}, ${since}` } }
}

function findingOf(result: CheckResult): Finding {
  const { name, verdict, outcome, where } = result
  const worstMeasure = outcome.measures.find((measure) => reaches(measure, measure.critical) || reaches(measure, measure.warning))
  const limit = worstMeasure && (reaches(worstMeasure, worstMeasure.critical) ? worstMeasure.critical : worstMeasure.warning)
  const isNumber = worstMeasure !== undefined && worstMeasure.uom === undefined && verdict !== 'ok'
  return {
    id: `check:${plain(name)}`,
    verdict,
    title: `${plain(name)}: ${outcome.message}`,
    excuse: showExcuse(result),
    ...(isNumber ? { observed: worstMeasure.value, limit: limit && edgeOf(limit), unit: worstMeasure.unit } : {}),
    hint: outcome.recommendation,
    where,
  }
}

/** Whether a value is where a range alerts; a level itself is reached. */
function reaches({ value }: Measure, range: Range | undefined): boolean {
  if (range === undefined) return false
  const isWithin = value > range.from && value < range.to
  return range.isInside ? value >= range.from && value <= range.to : !isWithin && !(value === range.from && range.from === 0)
}

function edgeOf({ from, to }: Range): number | undefined {
  return Number.isFinite(to) ? to : Number.isFinite(from) ? from : undefined
}

const STATES: Readonly<Record<Verdict, string>> = { ok: 'ok', warn: 'WARNING', unknown: 'UNKNOWN', fail: 'CRITICAL' }

function checkTable(results: readonly CheckResult[]): Table {
  return {
    title: 'Checks',
    columns: [{ label: 'state', align: 'left' }, { label: 'check', align: 'left' }, { label: 'level', align: 'left' }, { label: 'what was found', align: 'left' }, { label: 'answered in', align: 'right' }],
    rows: results.map((result): Cell[] => {
      const { name, verdict, excuse, outcome, isOptional } = result
      const word: Cell = excuse ? (excuse.kind === 'dependency' ? 'skipped' : 'maintenance') : { text: STATES[verdict], tone: verdict }
      return [word, `${plain(name)}${isOptional ? ' (optional)' : ''}`, fullest(result), outcome.message, outcome.responseTimeMs === undefined ? null : { value: outcome.responseTimeMs, unit: 'ms' }]
    }),
  }
}

/** The share that is nearest to its critical level. */
function fullest({ outcome }: CheckResult): Cell {
  const shares = outcome.measures.filter(({ unit, uom, value, critical }) => unit === 'ratio' && uom === undefined && Number.isFinite(value) && critical !== undefined && Number.isFinite(critical.to) && critical.to > 0)
  const worst = shares.toSorted((a, b) => b.value / (b.critical?.to ?? 1) - a.value / (a.critical?.to ?? 1))[0]
  return worst ? { share: worst.value, tone: toneOf(worst) } : ''
}

function toneOf(measure: Measure): Verdict {
  return reaches(measure, measure.critical) ? 'fail' : reaches(measure, measure.warning) ? 'warn' : 'ok'
}

function measureTable(results: readonly CheckResult[]): Table {
  return {
    title: 'Measured',
    columns: [{ label: 'check', align: 'left' }, { label: 'what', align: 'left' }, { label: 'of', align: 'left' }, { label: 'value', align: 'right' }, { label: 'warning', align: 'right' }, { label: 'critical', align: 'right' }],
    rows: results.flatMap(({ name, outcome }) => outcome.measures.map((measure): Cell[] => [plain(name), plain(measure.name), plain(measure.of ?? ''), { text: showValue(measure, measure.value), tone: toneOf(measure) }, showRange(measure, measure.warning), showRange(measure, measure.critical)])),
  }
}

function showValue({ unit, uom }: Measure, value: number): string {
  if (!Number.isFinite(value)) return '-'
  if (uom !== undefined) return plain(`${value}${uom}`, 40)
  return unit === 'ratio' ? showRatio(value) : showQuantity({ value, unit })
}

function showRange(measure: Measure, range: Range | undefined): string {
  if (range === undefined) return ''
  const show = (value: number): string => showValue(measure, value)
  const text = Number.isFinite(range.from) && range.from !== 0 ? (Number.isFinite(range.to) ? `${show(range.from)} to ${show(range.to)}` : show(range.from)) : Number.isFinite(range.to) ? show(range.to) : ''
  return range.isInside ? `in ${text}` : text
}
