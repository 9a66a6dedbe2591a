import type { BudgetText } from '../budget-schema/schema.ts'
import type { BudgetLine, OfPattern, Subject } from '../model/budget.ts'
import { UserError } from '../model/error.ts'
import { METRICS, metricNamed, type Metric } from '../model/metric.ts'
import { plain } from '../model/text.ts'
import { limitUnit, parseThreshold, parseThresholdKey, type Statistic, type Threshold } from '../model/threshold.ts'
import type { Unit } from '../model/unit.ts'
import type { Origin } from './origin.ts'
import { seriesSubject } from './series-subject.ts'

type Expression = Exclude<NonNullable<BudgetText['thresholds']>[string], readonly unknown[]>

/** Tags that results are told apart by; any other is of single requests, which no result has. */
const NAME_TAGS: readonly string[] = ['name', 'url', 'endpoint', 'page']

/** Lines of the section `thresholds`, in k6's language. Throws UserError `INVALID_THRESHOLD`, `THRESHOLD_TAG`. */
export function thresholdLines(thresholds: NonNullable<BudgetText['thresholds']>, origin: Origin): BudgetLine[] {
  return Object.entries(thresholds).flatMap(([key, written]) => {
    const { metric, tags } = parseThresholdKey(key, origin.at(['thresholds', key], 'key'))
    const of = ofTags(tags, key, origin)
    const isList = Array.isArray(written)
    const expressions: readonly Expression[] = isList ? written : [written]
    return expressions.map((expression, index) => {
      const path = ['thresholds', key, ...(isList ? [index] : []), ...(typeof expression === 'object' ? ['threshold'] : [])]
      return lineOf(metric, of, key, expression, path, origin)
    })
  })
}

function lineOf(metric: string, of: OfPattern | null, key: string, expression: Expression, path: readonly (string | number)[], origin: Origin): BudgetLine {
  const [where, full] = [origin.at(path), origin.pathOf(path)]
  const threshold = parseThreshold(typeof expression === 'object' ? expression.threshold : expression, where)
  const { statistic, operator, limit, text } = threshold
  const name = metricNamed(metric)
  const known: Metric | undefined = name && METRICS[name]
  const onlyWarns = typeof expression === 'object' && expression.level === 'warning'
  const place = where ? { where } : {}
  return {
    id: `thresholds:${key}:${text}`, section: 'thresholds', title: `${plain(key, 120)} ${text}`, unit: known ? limitUnit(statistic, known.unit) : unitByText(metric, threshold), better: betterOf(operator, known), ...place,
    subjects: statisticsFor(statistic).map((each): Subject => seriesSubject(name ?? metric, each, of)),
    limits: [{ level: onlyWarns ? 'warn' : 'fail', operator, value: limit, against: 'nothing', text, ...place, ...(full ? { path: full } : {}) }],
  }
}

/** A figure by itself has no statistic, and a median is a percentile whatever a tool calls it. */
function statisticsFor(statistic: Statistic): readonly (Statistic | null)[] {
  switch (statistic.kind) {
    case 'med': return [{ kind: 'p', percent: 50 }]
    case 'value': return [statistic, null]
    case 'rate': return [statistic, null]
    default: return [statistic]
  }
}

/** Sizes of bundles and resources are bytes, as size-limit and Lighthouse have them. */
function unitByText(metric: string, { text, statistic }: Threshold): Unit {
  if (/(^|:)size$/.test(metric)) return 'bytes'
  if (/%\s*$/.test(text)) return 'ratio'
  if (/\/s\s*$/.test(text)) return 'per_second'
  if (/(us|ms|s|m)\s*$/i.test(text)) return 'ms'
  return statistic.kind === 'rate' ? 'ratio' : 'count'
}

function betterOf(operator: Threshold['operator'], known: Metric | undefined): 'lower' | 'higher' {
  if (operator === '<' || operator === '<=') return 'lower'
  if (operator === '>' || operator === '>=') return 'higher'
  return known?.better === 'higher' ? 'higher' : 'lower'
}

function ofTags(tags: Readonly<Record<string, string>>, key: string, origin: Origin): OfPattern | null {
  const [first, ...more] = Object.entries(tags)
  if (!first) return null
  const [tag, value] = first
  if (more.length > 0 || !NAME_TAGS.includes(tag)) {
    throw new UserError({ code: 'THRESHOLD_TAG', kind: 'input', message: `the threshold "${plain(key, 100)}" is of single requests, which a result no longer has`, hint: `name an endpoint or page by one of ${NAME_TAGS.join(', ')}, as in http_req_duration{name:GET /api/media}; thresholds of other tags belong into the load test`, where: origin.at(['thresholds', key], 'key') })
  }
  return { syntax: 'exact', pattern: value }
}
