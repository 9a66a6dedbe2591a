import type { Answer } from '../contract/instance.ts'
import { UserError } from '../model/error.ts'
import type { Finding } from '../model/finding.ts'
import { report, type Alert, type Cell, type Report } from '../model/report.ts'
import { plain } from '../model/text.ts'
import type { Verdict } from '../model/verdict.ts'
import { openAsked } from './asked-instance.ts'
import type { Context } from './command.ts'
import type { SUMMARY_FLAGS } from './summary.ts'

type Summary = Answer<'summary'>['data']

const VERDICTS: Readonly<Record<Summary['status'], Verdict>> = { optimal: 'ok', good: 'ok', degraded: 'warn', critical: 'fail' }
/** After these, looking for a while still tells something: it offers no summary, keeps it for others, or tells it in words nobody knows. */
const LOOK_INSTEAD = new Set(['NOT_OFFERED', 'NOT_UNDERSTOOD', 'FORBIDDEN', 'NOT_JSON'])

/** The summary that an instance has of itself; null where there is none, or where somebody asks for a while of looking. Throws UserError. */
export async function askSummary(context: Pick<Context<typeof SUMMARY_FLAGS>, 'host' | 'config' | 'flags' | 'instances' | 'global'>): Promise<Report | null> {
  const { host, flags } = context
  if (flags.for !== undefined || flags.interval !== undefined) return null
  const asked = await openAsked(context)
  if (asked === null) return null
  const startedAt = host.wallTime()
  try {
    const { data, alerts = [] } = await asked.ask('summary')
    // What was computed from one look here says less than looking for a while.
    if (data['isComputed'] === true) return null
    return summaryReport(data, asked.name, [...data.alerts, ...alerts], { startedAt, finishedAt: host.wallTime() })
  } catch (error) {
    if (error instanceof UserError && LOOK_INSTEAD.has(error.code)) return null
    throw error
  } finally {
    await asked.close()
  }
}

function summaryReport(data: Summary, name: string, alerts: Summary['alerts'], times: Pick<Report, 'startedAt' | 'finishedAt'>): Report {
  const verdict = VERDICTS[data.status]
  const { responseTime, memoryUsage, cpuUsage, errorRate } = data.currentMetrics
  const share = (percent: number | null): Cell => (percent === null ? null : { value: percent / 100, unit: 'ratio' })
  const findings: Finding[] = verdict === 'ok' ? [] : [{ id: 'status', verdict, title: `the instance says that it is ${data.status}`, hint: data.recommendations[0] }]
  const seen = new Set<string>()
  return report({
    command: 'summary', title: `summary of ${plain(name)}`, verdict, ...times, data, findings,
    alerts: alerts.flatMap(({ level, message, metric, component, value, threshold, recommendation, ...held }) => (seen.has(message) ? [] : (seen.add(message), [{ level, message, metric: metric ?? component ?? '', value, threshold, recommendation, ...heldOf(held) }]))),
    samples: { samples: new Map(), at: times.finishedAt.getTime() },
    facts: [
      { label: 'status', value: { text: data.status, tone: verdict } }, { label: 'score', value: `${data.score} of 100` }, { label: 'cpu', value: share(cpuUsage) }, { label: 'memory', value: share(memoryUsage) },
      ...(responseTime === null ? [] : [{ label: 'response time', value: { value: responseTime, unit: 'ms' as const } }]), ...(errorRate === null ? [] : [{ label: 'errors', value: { value: errorRate, unit: 'ratio' as const } }]),
    ],
    tables: [
      { title: 'Trends', columns: [{ label: 'of' }, { label: 'trend' }, { label: 'change', align: 'right' as const }, { label: 'over' }], rows: Object.entries({ 'response time': data.trends.responseTime, memory: data.trends.memory, cache: data.trends.cache }).filter(([, { trend }]) => trend !== 'unknown').map(([of, { trend, change, period }]) => [of, trend, change === null ? null : `${change}%`, period]) },
      { title: 'Recent optimizations', columns: [{ label: 'at' }, { label: 'what' }, { label: 'effect', isMain: true }], rows: data.recentOptimizations.map(({ timestamp, description, impact }) => [timestamp, description, impact]) },
    ].filter(({ rows }) => rows.length > 0),
    notes: data.recommendations.slice(verdict === 'ok' ? 0 : 1),
  })
}

/** What an instance may tell beyond the documented fields. */
function heldOf({ peak, overAt }: Readonly<Record<string, unknown>>): Pick<Alert, 'peak' | 'overAt'> {
  return { ...(typeof peak === 'number' ? { peak } : {}), ...(typeof overAt === 'number' ? { overAt } : {}) }
}
