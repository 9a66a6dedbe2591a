import { healthSamples } from '../analysis/health-samples.ts'
import { levelReached } from '../analysis/level-reached.ts'
import { healthAlerts, healthShape } from '../analysis/shape/health-shape.ts'
import { describeChanges, describeSince } from '../health/changes.ts'
import { stateShape } from '../health/state-shape.ts'
import type { Change, HealthState } from '../health/state.ts'
import { uptimeOf, WINDOWS } from '../health/uptime.ts'
import { showExcuse } from '../model/excuse.ts'
import type { Finding } from '../model/finding.ts'
import type { CheckResult, Range } from '../model/health.ts'
import { report, type Report } from '../model/report.ts'
import { plain } from '../model/text.ts'
import { showDuration, showRatio } from '../model/unit.ts'
import type { Verdict } from '../model/verdict.ts'
import { checkTable, measureTable } from './health-tables.ts'

/** What a report of a run of checks is made from. */
export interface HealthTerms extends Partial<Pick<Report, 'findings' | 'notes' | 'facts' | 'isQuiet' | 'interrupted'>> {
  readonly name: string
  readonly results: readonly CheckResult[]
  readonly verdict: Verdict
  /** Of the system that was checked, milliseconds; null where it is not known. */
  readonly uptimeMs: number | null
  /** The score is an instance's own word; null where it says none. */
  readonly ownWord?: { readonly score: number | null } | undefined
  readonly detailed: boolean
  readonly startedAt: Date
  readonly finishedAt: Date
  /** What has changed since the run before. */
  readonly changes: readonly Change[]
  /** What is remembered between runs; null where nothing is. */
  readonly state: HealthState | null
}

/** The report of a run of checks. */
export function healthReport(terms: HealthTerms): Report {
  const { results, verdict, uptimeMs, detailed, state, changes, startedAt, finishedAt, ownWord, interrupted, isQuiet } = terms
  const shape = healthShape(results, { at: finishedAt, uptimeMs, detailed, overall: { verdict, score: ownWord?.score ?? null } })
  const { score } = shape.overall
  const at = finishedAt.getTime()
  const told = results.map((result) => withSince(result, state, finishedAt))
  return report({
    command: 'health',
    title: `health of ${plain(terms.name)}`,
    verdict, interrupted, isQuiet, startedAt, finishedAt,
    data: { ...shape, ...(state ? { state: stateShape(state, results, finishedAt) } : {}) },
    samples: { samples: healthSamples(results, { verdict, score, at }), at },
    checks: told,
    findings: [...told.map(findingOf), ...(terms.findings ?? [])],
    alerts: healthAlerts(results, finishedAt),
    facts: [
      ...(score === null ? [] : [{ label: 'score', value: `${score} of 100` }]),
      ...(uptimeMs === null ? [] : [{ label: 'up for', value: showDuration(uptimeMs) }]),
      ...(state ? uptimeFacts(state, at) : []),
      ...(terms.facts ?? []),
    ],
    tables: [checkTable(told), ...(detailed ? [measureTable(results)] : [])].filter(({ rows }) => rows.length > 0),
    notes: [...describeChanges(changes), ...(terms.notes ?? [])],
  })
}

/** `was up: 99.98% of 24h, 99.2% of the 3d 2h watched in 7d`; a window in which no more was watched than in a shorter one says nothing new. */
function uptimeFacts({ overall }: HealthState, at: number): Report['facts'] {
  let longestMs = 0
  const known = Object.entries(WINDOWS).flatMap(([window, ms]) => {
    const { share, watched } = uptimeOf(overall.history, at, ms)
    // Sums over long times may differ by a rounding.
    if (watched * ms <= longestMs + 1) return []
    longestMs = watched * ms
    return share === null ? [] : [watched < 0.995 ? `${showRatio(share)} of the ${showDuration(watched * ms)} watched in ${window}` : `${showRatio(share)} of ${window}`]
  })
  return known.length === 0 ? [] : [{ label: 'was up', value: known.join(', ') }]
}

/** A result whose reason says since when, where that is known; what began with this very run needs no word. */
function withSince(result: CheckResult, state: HealthState | null, at: Date): CheckResult {
  const standing = state?.checks.get(result.name)
  const since = standing && (standing.flappingSince ?? standing.since) < at.getTime() ? describeSince(standing, at) : null
  return since === null ? result : { ...result, outcome: { ...result.outcome, message: `${result.outcome.message}, ${since}` } }
}

function findingOf(result: CheckResult): Finding {
  const { name, verdict, outcome, where } = result
  return {
    id: `check:${plain(name)}`,
    verdict,
    title: `${plain(name)}: ${outcome.message}`,
    excuse: showExcuse(result),
    ...evidenceOf(result),
    hint: outcome.recommendation,
    where,
  }
}

/** The figure that made a check what it is, and the level it has reached; nothing where no figure did. */
function evidenceOf({ outcome }: CheckResult): Pick<Finding, 'observed' | 'limit' | 'unit'> {
  const wanted = outcome.verdict === 'fail' ? 'critical' : outcome.verdict === 'warn' ? 'warning' : null
  const measure = outcome.measures.find((each) => each.uom === undefined && levelReached(each) === wanted)
  const range = wanted && measure?.[wanted]
  return measure && range ? { observed: measure.value, limit: edgeOf(range, measure.value), unit: measure.unit } : {}
}

/** The end of a range that a value has reached. */
function edgeOf({ from, to }: Range, value: number): number | undefined {
  const edge = value < from || !Number.isFinite(to) ? from : to
  return Number.isFinite(edge) ? edge : undefined
}
