import type { Finding } from '../model/finding.ts'
import { STATE_WORDS } from '../model/health.ts'
import type { Alert, Report } from '../model/report.ts'
import { plural } from '../model/text.ts'
import { VERDICTS, type Verdict } from '../model/verdict.ts'

/** The findings, the worst first and otherwise in their own order; those that do not count stand before those that are well. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  const rank = ({ verdict, excuse }: Finding): number => VERDICTS.indexOf(verdict) * 2 + (excuse === undefined ? 0 : 1)
  return findings.toSorted((a, b) => rank(b) - rank(a))
}

/** What a finding says, its excuse after it where it does not say that itself. */
export function titleOf({ title, excuse }: Finding): string {
  return excuse === undefined || title.includes(excuse) ? title : `${title} (${excuse})`
}

/** Alerts that say something of their own: those of checks repeat what their findings say. */
export function ownAlerts(report: Report): readonly Alert[] {
  return report.checks ? [] : report.alerts
}

/**
 * What a format that knows only findings must show: the findings, worst first, and before them a stand-in where they do not
 * tell the whole truth: for a run that was broken off, and for a verdict that no finding explains.
 */
export function judged(report: Report): readonly Finding[] {
  const findings = [...report.findings]
  if (report.interrupted) findings.unshift({ id: 'interrupted', verdict: 'unknown', title: `the run was ended by ${report.interrupted}; this is what it had measured` })
  const explained = report.findings.some(({ verdict }) => VERDICTS.indexOf(verdict) >= VERDICTS.indexOf(report.verdict))
  if (!explained) findings.unshift({ id: 'verdict', verdict: report.verdict, title: `${report.title}: ${report.verdict}` })
  return worstFirst(findings)
}

/** The verdict as a headline has it: in the words of monitoring where there are checks. */
export function verdictWord({ verdict, checks }: Report): string {
  return checks === undefined ? verdict : STATE_WORDS[verdict]
}

/** `2 failed`, of checks `2 critical`; `3 warnings`. */
export function showCount(verdict: Verdict, count: number, areChecks: boolean): string {
  if (verdict === 'warn') return plural(count, 'warning')
  return `${count} ${verdict === 'fail' ? (areChecks ? 'critical' : 'failed') : verdict}`
}

/** `2 failed, 1 unknown, 3 warnings, 4 ok, 1 not counted`; empty for no findings. */
export function showTally({ findings, checks }: Report): string {
  const counted = findings.filter(({ excuse }) => excuse === undefined)
  const excused = findings.length - counted.length
  const words = VERDICTS.toReversed()
    .map((verdict) => ({ verdict, count: counted.filter((finding) => finding.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => showCount(verdict, count, checks !== undefined))
  return [...words, ...(excused > 0 ? [`${excused} not counted`] : [])].join(', ')
}

/** `1 critical alert, 2 warning alerts`: what stands beside a verdict that alerts do not turn; empty for none. */
export function showAlertTally(alerts: readonly Alert[]): string {
  return (['critical', 'warning'] as const)
    .map((level) => ({ level, count: alerts.filter((alert) => alert.level === level).length }))
    .filter(({ count }) => count > 0)
    .map(({ level, count }) => plural(count, `${level} alert`))
    .join(', ')
}
