import { healthSamples } from '../../src/analysis/health-samples.ts'
import { showExcuse } from '../../src/model/excuse.ts'
import type { CheckResult, Measure, Outcome, Range } from '../../src/model/health.ts'
import { report, type Report } from '../../src/model/report.ts'
import { checkTable } from '../../src/commands/health-tables.ts'

const startedAt = new Date('2026-03-01T12:00:00.000Z')
const finishedAt = new Date('2026-03-01T12:00:00.152Z')

type Parts = Partial<Omit<CheckResult, 'outcome'>> & { readonly outcome?: Partial<Outcome> }

/** A check that has run; ok unless told otherwise, or excused. */
export function checkResult(name: string, { outcome, ...parts }: Parts = {}): CheckResult {
  const found = outcome?.verdict ?? parts.verdict ?? 'ok'
  const verdict = parts.verdict ?? (parts.excuse === undefined ? found : 'ok')
  return {
    name, type: 'http', component: name, isOptional: false, isExternal: false, attempts: 1, durationMs: 12.5, checkedAt: finishedAt, ...parts, verdict,
    outcome: { verdict: found, message: 'answers', measures: [], details: {}, ...outcome },
  }
}

const above = (level: number): Range => ({ from: Number.NEGATIVE_INFINITY, to: level, isInside: false })
const usage = (of: string, value: number): Measure => ({ name: 'usage', of, value, unit: 'ratio', warning: above(0.85), critical: above(0.95), min: 0, max: 1 })

const CHECKS: readonly CheckResult[] = [
  checkResult('filesystem', { type: 'disk', verdict: 'warn', outcome: { message: '/ 91% used (warning at 85%)', recommendation: 'clean up log files, or give / more room', measures: [usage('/', 0.91), usage('/srv/media', 0.4)] } }),
  checkResult('memory', { type: 'memory', outcome: { message: '41% used, 9.4 GB available', measures: [{ name: 'available', value: 9_400_000_000, unit: 'bytes', min: 0, max: 16_000_000_000 }] } }),
  checkResult('database', { type: 'postgres', verdict: 'fail', attempts: 3, durationMs: 84, outcome: { message: 'nothing listens on 127.0.0.1:5432', recommendation: 'start PostgreSQL: systemctl start postgresql', responseTimeMs: 0.7 } }),
  checkResult('migrations', { type: 'postgres', attempts: 0, durationMs: 0, excuse: { kind: 'dependency', on: 'database' }, outcome: { verdict: 'unknown', message: 'not checked because of database' } }),
  checkResult('api', { attempts: 0, durationMs: 0, excuse: { kind: 'dependency', on: 'database' }, outcome: { verdict: 'unknown', message: 'not checked because of database' } }),
  checkResult('redis', { type: 'redis', outcome: { message: 'answers, 512 MB of 2.1 GB used', responseTimeMs: 2.1, measures: [{ name: 'response', value: 2.1, unit: 'ms', min: 0 }, { name: 'connections', value: 15, unit: 'count', critical: { from: 1, to: 100, isInside: false } }, { name: 'replication lag', value: Number.NaN, unit: 'ms' }] } }),
  checkResult('plex', { type: 'plex', excuse: { kind: 'maintenance', window: 'library scan', until: new Date('2026-03-01T14:00:00.000Z') }, outcome: { verdict: 'fail', message: 'answers 503', responseTimeMs: 145.7 } }),
  checkResult('tmdb', { type: 'tmdb', isOptional: true, isExternal: true, verdict: 'warn', outcome: { verdict: 'fail', message: 'no answer from api.themoviedb.org within 10 s', recommendation: 'look at https://status.themoviedb.org' } }),
  checkResult('clock', { type: 'clock', verdict: 'unknown', outcome: { message: 'the time service | does not say\nwhat it knows', recommendation: 'name a time server' } }),
]

/** What the command `health` makes of checks. */
export function healthReport(checks: readonly CheckResult[], score: number | null, parts: Partial<Report> = {}): Report {
  return report({
    command: 'health', title: 'health of nas', startedAt, finishedAt, checks,
    samples: { samples: healthSamples(checks, { verdict: parts.verdict ?? 'ok', score, at: finishedAt.getTime() }), at: finishedAt.getTime() },
    findings: checks.map((check) => ({ id: `check:${check.name}`, verdict: check.verdict, title: `${check.name}: ${check.outcome.message}`, excuse: showExcuse(check), hint: check.outcome.recommendation })),
    alerts: checks.filter(({ verdict }) => verdict !== 'ok').map(({ name, component, outcome: { message, recommendation } }) => ({ level: 'warning', metric: name, component, message, recommendation, timestamp: finishedAt })),
    ...parts,
  })
}

/** One check of every fate: ok, warning, critical, unknown, excused by what it depends on, in maintenance, optional. */
export const HEALTH: Report = healthReport(CHECKS, 62.5, {
  verdict: 'fail',
  data: { overall: { status: 'critical', score: 62.5 } },
  facts: [{ label: 'score', value: { share: 0.625, tone: 'warn' } }, { label: 'checks', value: 9 }],
  tables: [checkTable(CHECKS)],
  notes: ['database has failed since 2026-03-01 11:40 UTC'],
})

/** A machine that is well, as cron sees it most days. */
export const HEALTHY: Report = healthReport(CHECKS.filter(({ name }) => name === 'memory' || name === 'redis'), 100)
