import type { Issue } from '../../analysis/advice.ts'
import { figure } from '../../analysis/shape/figure.ts'
import type { Answer, Caller, Handlers } from '../../contract/instance.ts'
import { valueOf } from '../../model/snapshot.ts'
import { SHARED_MS, type Agent } from '../agent.ts'
import { conditionOf } from '../source-condition.ts'
import { systemHealthOf, type Insight } from '../insights.ts'
import { issuesFor } from './issues-for.ts'

type Row = Answer<'insights'>['data']['insights'][number]

/** Answers `GET insights`: bottlenecks that were seen in the time range. */
export function insightsAnswerOf(agent: Agent): Handlers['insights'] {
  return async ({ query: { severity, timeRange } }, { caller }) => {
    await agent.stretch()
    const all = agent.insights.since(agent.wallTime().getTime() - timeRange * 1_000)
    return { data: { insights: rows(caller, all).filter((each) => severity === undefined || each.severity === severity), correlations: [] }, meta: { note: noteOf(agent) } }
  }
}

/** Answers `GET report`: how it is, what could be better, what to do. */
export function reportAnswerOf(agent: Agent): Handlers['report'] {
  return async (_, { caller }) => {
    await agent.stretch()
    const at = agent.wallTime().getTime()
    const issues = agent.insights.now()
    const active = agent.collector.states.filter((state) => ['healthy', 'degraded'].includes(conditionOf(agent.collector, state, agent.now()).health)).length
    return {
      data: {
        report: {
          timestamp: at,
          summary: { totalMetrics: agent.taken(), activeSources: active, systemHealth: systemHealthOf(issues), resourceUtilization: await utilisationOf(agent) },
          insights: rows(caller, agent.insights.since(at)), correlations: [], recommendations: sentences(issuesFor(caller, issues)), optimizations: [],
        },
      },
      meta: { note: noteOf(agent) },
    }
  }
}

/** Answers the sibling system's `GET recommendations`: sentences. */
export function adviceAnswerOf(agent: Agent): Handlers['advice'] {
  return async (_, { caller }) => {
    await agent.stretch()
    const issues = agent.insights.now()
    return { data: { recommendations: sentences(issuesFor(caller, issues)), optimizations: [], systemHealth: systemHealthOf(issues), resourceUtilization: await utilisationOf(agent) } }
  }
}

function rows(caller: Caller, insights: readonly Insight[]): readonly Row[] {
  const told = new Set(issuesFor(caller, insights.map(({ issue }) => issue)))
  return insights.filter(({ issue }) => told.has(issue)).map(({ issue, since, until }) => ({
    id: `insight_${issue.id}_${since}`, type: 'bottleneck', severity: issue.severity, title: issue.title, description: issue.title,
    // What it does to users, and how sure it is, nobody has measured.
    impact: null, recommendation: issue.advice, metrics: [issue.metric], timestamp: since, confidence: null, lastSeen: until, value: figure(issue.observed, 4), threshold: issue.limit, unit: issue.unit,
  }))
}

function sentences(issues: readonly Issue[]): string[] {
  return issues.map(({ title, advice }) => `${title}: ${advice}`)
}

function noteOf({ settings }: Agent): string {
  return settings.isCorrelated ? 'correlations and anomalies are not found by this version' : 'correlations are switched off (ENABLE_INSIGHT_CORRELATION)'
}

/** The greatest of the shares of processors and memory in use, percent. */
async function utilisationOf(agent: Agent): Promise<number | null> {
  const snapshot = await agent.current(agent.settings.intervalMs + SHARED_MS)
  const known = (['cpu.usage', 'memory.usage'] as const).map((metric) => valueOf(snapshot, metric)).filter((value) => !Number.isNaN(value))
  return known.length === 0 ? null : figure(Math.max(...known) * 100, 1)
}
