import { reportOfRun } from '../../analysis/load/report-of-run.ts'
import { timelineTable } from '../../analysis/load/run-tables.ts'
import type { Finding } from '../../model/finding.ts'
import { report, type Report } from '../../model/report.ts'
import { worst } from '../../model/verdict.ts'
import type { LoadTest } from './load-test.ts'

/** The report of a test that has ended: that of its run, and why it ended where that was not its end. */
export function reportOfTest({ order, run, state, reason, startedAt, completedAt }: LoadTest, isDetailed = false): Report {
  const of = run ? reportOfRun(run) : report({ command: 'load', title: `load test "${order.testName}" against ${order.target}`, startedAt, finishedAt: completedAt ?? startedAt })
  // A run that says itself why it ended need not be told twice.
  const isTold = reason === null || of.unreachable === true || of.findings.some(({ id }) => id === 'aborted')
  const findings: readonly Finding[] = isTold ? of.findings : [...of.findings, { id: state, verdict: state === 'failed' ? 'fail' : 'unknown', title: `the test ${state === 'failed' ? 'failed' : 'was ended early'}: ${reason}` }]
  return { ...of, findings, verdict: worst(findings.map(({ verdict }) => verdict)), tables: [...of.tables, ...(run && isDetailed ? [timelineTable(run)] : [])] }
}
