import { issuesOf } from '../analysis/advice.ts'
import { recommendationsShape } from '../analysis/shape/recommendations-shape.ts'
import type { Answer } from '../contract/instance.ts'
import { UserError } from '../model/error.ts'
import type { Finding } from '../model/finding.ts'
import { report, type Cell, type Report, type Table } from '../model/report.ts'
import { plain, plural } from '../model/text.ts'
import { worst, type Verdict } from '../model/verdict.ts'
import { openAsked } from './asked-instance.ts'
import type { Context } from './command.ts'
import { openSources } from './feed-sources.ts'
import { lookFindings, nothingReport } from './metrics-report.ts'
import type { RECOMMEND_FLAGS } from './recommend.ts'
import { lookForAWhile, silent } from './while-look.ts'

type RecommendContext = Pick<Context<typeof RECOMMEND_FLAGS>, 'host' | 'config' | 'flags' | 'instances' | 'global'>
type Recommendations = Answer<'recommendations'>['data']
type Priority = Recommendations['recommendations'][number]['priority']

const PRIORITIES: readonly Priority[] = ['critical', 'high', 'medium', 'low']
const TONES: Readonly<Record<Priority, Verdict>> = { critical: 'fail', high: 'warn', medium: 'ok', low: 'ok' }

/** Says what could be better: an instance by its own answer, this machine by looking for a while. */
export async function runRecommend(context: RecommendContext): Promise<Report> {
  const { host, flags } = context
  const startedAt = host.wallTime()
  const asked = await openAsked(context)
  if (asked !== null) {
    const stray = (['for', 'interval'] as const).find((name) => flags[name] !== undefined)
    try {
      if (stray !== undefined) throw new UserError({ code: 'USAGE', kind: 'usage', message: `--${stray} means nothing here: an instance has looked for itself`, hint: 'leave it out' })
      const { data } = await asked.ask('recommendations')
      return recommendReport(data, asked.name, [], { startedAt, finishedAt: host.wallTime() })
    } finally {
      await asked.close()
    }
  }
  const looked = await lookForAWhile(host, flags, await openSources(context))
  if (looked.stretch === null) return nothingReport(looked.feed, host, startedAt, 'recommend')
  const { stretch, feed, isSilent, spanMs, last } = looked
  const findings = [...lookFindings(stretch.last, feed), ...(isSilent ? [silent(feed.name, spanMs)] : [])]
  const told = recommendReport(recommendationsShape(stretch, issuesOf(stretch)), last.facts?.host || feed.name, findings, { startedAt, finishedAt: host.wallTime() })
  return { ...told, meta: { dataPoints: stretch.looks }, interrupted: host.interrupts.drain.aborted ? (host.interrupts.drain.reason as 'SIGINT' | 'SIGTERM') : undefined } // The reason is the signal's name.
}

function recommendReport(data: Recommendations, name: string, beside: readonly Finding[], times: Pick<Report, 'startedAt' | 'finishedAt'>): Report {
  const sorted = data.recommendations.toSorted((a, b) => PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority))
  const findings = [...sorted.flatMap(({ category, priority, title, actions }, index): Finding[] => (priority === 'critical' ? [{ id: `recommendation:${plain(category, 60)}:${index + 1}`, verdict: 'warn', title, hint: actions.length > 0 ? actions.join('; ') : undefined }] : [])), ...beside]
  const actions = sorted.flatMap(({ title, actions: steps }) => steps.map((step) => [title, step] as const))
  const goals = Object.entries(GOALS).flatMap(([key, { title, cell }]) => {
    const { current, target, improvement } = data.performanceGoals[key as keyof typeof GOALS] // A key of the same table.
    return current === null && target === null ? [] : [[title, cell(current), cell(target), improvement]]
  })
  return report({
    command: 'recommend', title: `recommendations for ${plain(name)}`, verdict: worst(findings.map(({ verdict }) => verdict)), ...times, data, findings, isTabled: true,
    facts: [...(data.overallScore === null ? [] : [{ label: 'score', value: `${data.overallScore} of 100` }]), { label: 'recommendations', value: sorted.length }],
    tables: ([
      { title: 'Recommendations', columns: [{ label: 'priority' }, { label: 'about' }, { label: 'what', isMain: true }, { label: 'impact', isSpare: true }, { label: 'effort', isSpare: true }], rows: sorted.map(({ priority, category, title, description, impact, effort }) => [{ text: priority, tone: TONES[priority] }, category, actions.length === 0 && description !== title ? `${title}: ${description}` : title, impact, effort]) },
      { title: 'What to do', columns: [{ label: 'because' }, { label: 'step', isMain: true }], rows: actions },
      { title: 'Goals', columns: [{ label: 'figure' }, { label: 'now', align: 'right' }, { label: 'goal', align: 'right' }, { label: 'improvement' }], rows: goals },
    ] satisfies readonly Table[]).filter(({ rows }) => rows.length > 0),
    notes: sorted.length === 0 ? ['nothing that was measured is above its target'] : sorted.length > findings.length ? [`${plural(sorted.length, 'recommendation')}; only critical ones are warnings`] : [],
  })
}

const ms = (value: number | null): Cell => (value === null ? null : { value, unit: 'ms' })
const percent = (value: number | null): Cell => (value === null ? null : { value: value / 100, unit: 'ratio' })
const GOALS = { apiResponseTime: { title: 'API response time', cell: ms }, databaseQueryTime: { title: 'database query time', cell: ms }, cacheHitRate: { title: 'cache hit rate', cell: percent } } as const
