import type { InstanceHealth } from '../../model/health.ts'
import { type Body, contentOf, isBody, textOf, timeOf, under } from '../body.ts'
import { readNumber } from '../figure.ts'

const MOST = 200
const PRIORITIES = ['low', 'medium', 'high', 'critical'] as const
const SIZES = ['low', 'medium', 'high'] as const

/** Recommendations as they are documented, from lists of sentences or of other fields; undefined where there is no list. */
export function translateAdvice(body: unknown, wallTime: number): unknown {
  const content = contentOf(body)
  const list = [under(content, 'recommendations'), under(body, 'data'), content, under(body, 'recommendations')].find((each) => Array.isArray(each)) as readonly unknown[] | undefined // It is a list, of whatever.
  if (list === undefined) return undefined
  const quick = sentences(under(content, 'quickWins'), 'quick win', 'low')
  const score = readNumber(under(content, 'overallScore') ?? under(content, 'score') ?? under(content, 'healthScore'))
  return advice({
    at: timeOf(under(content, 'analysisDate') ?? under(content, 'timestamp') ?? under(content, 'generatedAt')) ?? wallTime,
    score: Number.isNaN(score) ? null : score,
    recommendations: [...list.slice(0, MOST).flatMap((each) => (isBody(each) ? recommendation(each) : sentences([each], 'general', 'medium'))), ...quick],
    current: under(content, 'performanceGoals'),
  })
}

/** The recommendations that an instance's health holds, where nothing else tells of them. */
export function adviceOfHealth({ recommendations, issues, score, checkedAt }: InstanceHealth, wallTime: number): unknown {
  return advice({ at: checkedAt ?? wallTime, score, recommendations: sentences(recommendations, 'health', issues.length > 0 ? 'high' : 'medium'), current: undefined })
}

function advice({ at, score, recommendations, current }: { readonly at: number; readonly score: number | null; readonly recommendations: readonly unknown[]; readonly current: unknown }): unknown {
  const number = (value: unknown): number | null => (typeof value === 'number' ? value : null)
  const goal = (name: string): unknown => ({ current: number(under(current, name, 'current')), target: number(under(current, name, 'target')), improvement: textOf(under(current, name, 'improvement')) || null })
  return {
    analysisDate: new Date(at).toISOString(), overallScore: score, recommendations,
    performanceGoals: { apiResponseTime: goal('apiResponseTime'), databaseQueryTime: goal('databaseQueryTime'), cacheHitRate: goal('cacheHitRate') },
  }
}

function sentences(list: unknown, category: string, priority: (typeof PRIORITIES)[number]): unknown[] {
  if (!Array.isArray(list)) return []
  return list.slice(0, MOST).map((each) => textOf(each, 500)).filter((text) => text !== '').map((title) => ({ category, priority, title, description: title, impact: null, effort: null, details: {}, actions: [] }))
}

function recommendation(told: Body): unknown[] {
  const text = (...keys: readonly string[]): string => keys.map((key) => textOf(told[key], 500)).find((each) => each !== '') ?? ''
  const word = <W extends string>(key: string, words: readonly W[]): W | null => words.find((each) => each === text(key).toLowerCase()) ?? null
  const title = text('title', 'message', 'recommendation', 'description', 'action')
  if (title === '') return []
  const listed = [told['actions'], told['steps']].find((each) => Array.isArray(each)) as readonly unknown[] | undefined // It is a list, of whatever.
  const actions = (listed ?? [told['implementation'], told['action'], told['suggestion']]).slice(0, 50).map((each) => textOf(each, 500)).filter((each) => each !== '' && each !== title)
  // Where a size is documented, some write a sentence.
  const prose = (['impact', 'effort'] as const).filter((key) => word(key, SIZES) === null && text(key) !== '').map((key) => [key, text(key)] as const)
  return [{
    category: text('category', 'type', 'component') || 'general', priority: word('priority', PRIORITIES) ?? word('severity', PRIORITIES) ?? 'medium', title, description: text('description', 'message') || title,
    impact: word('impact', SIZES), effort: word('effort', SIZES), details: { ...(isBody(told['details']) ? told['details'] : {}), ...Object.fromEntries(prose) }, actions,
  }]
}
