import type { CheckResult, Range } from '../../model/health.ts'
import { showQuantity, type Unit } from '../../model/unit.ts'
import type { Verdict } from '../../model/verdict.ts'
import { type Body, isBody } from '../body.ts'
import { readBytes, readNumber, readPercent, readShare, readTime } from '../figure.ts'
import { safeDetails, safeText } from '../safe-details.ts'
import { type HealthContext, resultOf, wordsOf } from './health-context.ts'

/** A figure with what it is judged by there; NaN where it was not told. */
interface Figure {
  readonly value: number
  readonly limit: number
  readonly unit: Unit
  /** How it was written, where figure and threshold were not in the same unit. */
  readonly written?: string | undefined
}

/** Figures and the issues that are about none of them. */
export interface FigureReading {
  readonly results: readonly CheckResult[]
  readonly issues: readonly string[]
}

const MOST_FIGURES = 50
/** What to do about a figure, by its words. */
const ADVICE: readonly (readonly [words: RegExp, advice: string])[] = [
  [/error|fail/, 'look into the instance\'s log for what fails'],
  [/time|latency|duration/, 'see which endpoints are slow: medianest-perf metrics --application --url'],
  [/memory|heap|rss/, 'see whether its memory grows without end: medianest-perf top --url; a restart helps for a while'],
  [/cpu|load/, 'see what it is busy with: medianest-perf top --url'],
]
/** Figures of which more is better. */
const WANTED = /hit|avail|success|throughput|free|uptime/

/**
 * The figures of a bare answer, `{responseTime: {current, threshold, score}}`, as components. One that is past its threshold weighs what the instance says of
 * itself, and a warning where it says that it is well.
 */
export function readFigures(metrics: unknown, issues: readonly string[], overall: Verdict, at: number | null, context: HealthContext): FigureReading {
  const left = [...issues]
  const results = !isBody(metrics) ? [] : Object.entries(metrics).slice(0, MOST_FIGURES).flatMap(([key, told]) => {
    // What was not told is not there: nulls stand where nothing was counted yet.
    if (!isBody(told) || told['current'] === null || told['current'] === undefined) return []
    const name = safeText(key, context.hide, 80)
    const words = wordsOf(name)
    const figure = figureOf(words, told)
    const { value, limit, unit, written } = figure
    const isPast = WANTED.test(words) ? value < limit : value > limit
    const verdict: Verdict = Number.isNaN(value) ? 'unknown' : !isPast ? 'ok' : overall === 'fail' ? 'fail' : 'warn'
    const about = left.findIndex((issue) => issue.toLowerCase().includes(words))
    const issue = about >= 0 && verdict !== 'ok' ? left.splice(about, 1)[0] : undefined
    const show = (shown: number): string => showQuantity({ value: shown, unit })
    const observed = Number.isNaN(value) ? `${words} cannot be told from ${typeof told['current'] === 'string' ? `"${safeText(told['current'], context.hide, 40)}"` : 'what is no figure'}` : `${words} ${show(value)}`
    const beside = [...(Number.isNaN(limit) ? [] : [`its threshold is ${show(limit)}`]), ...(written === undefined ? [] : [`it wrote ${written}`])]
    const range: Range | undefined = Number.isNaN(limit) ? undefined : WANTED.test(words) ? { from: limit, to: Number.POSITIVE_INFINITY, isInside: false } : { from: Number.NEGATIVE_INFINITY, to: limit, isInside: false }
    return [resultOf({
      name, verdict, at, context,
      message: `${issue === undefined ? observed : corrected(issue, told, figure)}${beside.length > 0 ? ` (${beside.join('; ')})` : ''}`,
      recommendation: verdict === 'ok' ? undefined : ADVICE.find(([about]) => about.test(words))?.[1],
      measures: [{ name: words, value, unit, critical: range }],
      details: safeDetails(told, context.hide),
    })]
  })
  return { results, issues: left }
}

function figureOf(words: string, { current, threshold, score }: Body): Figure {
  if (/time|latency|duration/.test(words)) return { value: readTime(current), limit: readTime(threshold), unit: 'ms' }
  const isSize = (each: unknown): boolean => readNumber(each) > 100 || (typeof each === 'string' && Number.isNaN(readNumber(each)) && readBytes(each) >= 0)
  if (/memory|heap|rss|disk|storage|swap/.test(words) && (isSize(current) || isSize(threshold))) return { value: readBytes(current), limit: readBytes(threshold), unit: 'bytes' }
  if (/rate|ratio|usage|percent|memory|heap|cpu|disk|storage|swap|util|avail/.test(words) && !/rate.*per|per (second|minute)/.test(words)) return shareOf(current, threshold, readNumber(score))
  return { value: readNumber(current), limit: readNumber(threshold), unit: 'count' }
}

/**
 * Share and threshold, of which either may be a percentage or a fraction. A figure over 1 beside a threshold below it can only be a percentage; of one that may be
 * either, that reading counts which agrees with the score, where there is one.
 */
function shareOf(current: unknown, threshold: unknown, score: number): Figure {
  const unit = 'ratio'
  const isPercent = (each: unknown): boolean => readNumber(each) > 1 || (typeof each === 'string' && each.trim().endsWith('%'))
  const limit = readShare(threshold)
  if (Number.isNaN(limit)) return { value: readShare(current), limit, unit }
  if (isPercent(threshold)) return { value: readPercent(current), limit, unit }
  if (isPercent(current)) return { value: readPercent(current), limit, unit, written: `${readNumber(current)} beside a threshold of ${readNumber(threshold)}` }
  const agrees = (value: number): boolean => value <= limit === score >= 50
  const [fraction, percent] = [readShare(current), readPercent(current)]
  if (Number.isNaN(score) || agrees(fraction) || !agrees(percent)) return { value: fraction, limit, unit }
  return { value: percent, limit, unit, written: `${readNumber(current)} beside a threshold of ${readNumber(threshold)} and a score of ${score}` }
}

/** A percentage that was taken for a fraction reads a hundred times too high in the instance's own words. */
function corrected(issue: string, { current }: Body, { written }: Figure): string {
  const number = readNumber(current)
  if (written === undefined || Number.isNaN(number)) return issue
  return [2, 1, 0].reduce((text, digits) => text.replace(`${(number * 100).toFixed(digits)}%`, `${number}%`), issue)
}
