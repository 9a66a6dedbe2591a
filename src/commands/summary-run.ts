import { issuesOf, type Issue } from '../analysis/advice.ts'
import { summaryShape } from '../analysis/shape/summary-shape.ts'
import type { Stretch } from '../analysis/stretch.ts'
import type { Finding } from '../model/finding.ts'
import { report, type Cell, type Report } from '../model/report.ts'
import { plain, plural } from '../model/text.ts'
import { showDuration } from '../model/unit.ts'
import { worst, type Verdict } from '../model/verdict.ts'
import type { Context } from './command.ts'
import type { FeedSources } from './feed-sources.ts'
import { alertsOf, lookFindings, nothingReport } from './metrics-report.ts'
import { lookForAWhile, silent } from './while-look.ts'
import type { SUMMARY_FLAGS } from './summary.ts'

type SummaryContext = Pick<Context<typeof SUMMARY_FLAGS>, 'host' | 'flags'>

/** Looks at a system for a while and yields what it comes to. */
export async function* runSummary({ host, flags }: SummaryContext, sources: FeedSources): AsyncGenerator<Report> {
  const startedAt = host.wallTime()
  const looked = await lookForAWhile(host, flags, sources)
  const { feed } = looked
  if (looked.stretch === null) {
    yield nothingReport(feed, host, startedAt, 'summary')
    return
  }
  const { stretch, last, sent, spanMs, isSilent } = looked
  const alerts = alertsOf({ ...last, alerts: sent })
  const issues = issuesOf(stretch)
  const data = summaryShape(stretch, issues, alerts)
  const findings = [...issues.filter(({ severity }) => severity !== 'medium').map(findingOf), ...lookFindings(stretch.last, feed), ...(isSilent ? [silent(feed.name, spanMs)] : [])]
  yield report({
    command: 'summary',
    title: `summary of ${plain(last.facts?.host || feed.name)}`,
    verdict: worst(findings.map(({ verdict }) => verdict)),
    interrupted: host.interrupts.drain.aborted ? (host.interrupts.drain.reason as 'SIGINT' | 'SIGTERM') : undefined,
    startedAt,
    finishedAt: host.wallTime(),
    data,
    meta: { dataPoints: stretch.looks },
    samples: { samples: stretch.last.samples, at: stretch.last.at },
    findings,
    alerts,
    facts: headline(data, stretch),
    notes: [...advice(issues), 'trends need a history, and none is recorded yet'],
  })
}

function findingOf({ id, severity, title, metric, observed, limit, unit, advice }: Issue): Finding {
  return { id: `issue:${id}`, verdict: severity === 'critical' ? 'fail' : 'warn', title, metric, observed, limit, unit, hint: advice }
}

/** What could be better and turns no verdict; the rest is among the findings. */
function advice(issues: readonly Issue[]): string[] {
  return issues.filter(({ severity }) => severity === 'medium').map((issue) => `could be better: ${issue.title}; ${issue.advice}`)
}

const TONES: Readonly<Record<ReturnType<typeof summaryShape>['status'], Verdict>> = { optimal: 'ok', good: 'ok', degraded: 'warn', critical: 'fail' }

function headline({ status, score, currentMetrics }: ReturnType<typeof summaryShape>, stretch: Stretch): Report['facts'] {
  const share = (percent: number | null): Cell => (percent === null ? null : { value: percent / 100, unit: 'ratio' })
  return [
    { label: 'status', value: { text: status, tone: TONES[status] } },
    { label: 'score', value: `${score} of 100` },
    { label: 'cpu', value: share(currentMetrics.cpuUsage) },
    { label: 'memory', value: share(currentMetrics.memoryUsage) },
    ...(currentMetrics.responseTime === null ? [] : [{ label: 'response time', value: { value: currentMetrics.responseTime, unit: 'ms' as const } }]),
    ...(currentMetrics.errorRate === null ? [] : [{ label: 'errors', value: { value: currentMetrics.errorRate, unit: 'ratio' as const } }]),
    { label: 'looked', value: `${plural(stretch.looks, 'time')} in ${showDuration(stretch.spanMs)}` },
  ]
}
