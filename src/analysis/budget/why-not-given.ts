import type { BudgetLine, Measured } from '../../model/budget.ts'
import type { Measurements } from '../../model/measurements.ts'
import { metricNamed, metricNames } from '../../model/metric.ts'
import { nearest } from '../../model/nearest.ts'
import { plain } from '../../model/text.ts'
import { isWebMetric } from '../../model/web-metrics.ts'

/** Names that are told of what a result has. */
const MOST_NAMED = 6

type Reason = Pick<Measured, 'problem' | 'hint'>

/**
 * Why a line that nothing tells is not told by what was given, where that is the very thing that should: a page that Lighthouse measured without it, a name that no result
 * knows. Null where something else has to be given.
 */
export function whyNotGiven({ section, subjects }: Pick<BudgetLine, 'section' | 'subjects'>, inputs: readonly Measurements[]): Reason | null {
  const metrics = subjects.flatMap((subject) => (subject.kind === 'series' ? [subject.metric] : []))
  const pages = inputs.filter(({ format }) => format === 'lighthouse')
  if (['timing', 'resources', 'lighthouse'].includes(section)) return pages.length === 0 ? null : ofPages(metrics, pages)
  const [metric] = metrics
  if (metric === undefined || metrics.some((name) => metricNamed(name) !== undefined)) return null
  const known = [...new Set(inputs.flatMap(({ series }) => series.map((each) => each.metric)))]
  const near = nearest(metric, known) ?? nearest(metric, metricNames())
  const there = known.length === 0 ? `"${plain(metric, 80)}" is no metric of the catalogue; a result must have it under that name` : `there ${known.length === 1 ? 'is' : 'are'} ${listed(known)}`
  const hint = near === undefined ? there : `did you mean "${plain(near, 80)}"?`
  return inputs.length === 0 ? { hint } : { problem: `${listed(inputs.map(({ file }) => file))} ${inputs.length === 1 ? 'has' : 'have'} no ${plain(metric, 80)}`, hint }
}

function ofPages(metrics: readonly string[], pages: readonly Measurements[]): Reason {
  const audit = metrics.find((metric) => !isWebMetric(metric))?.replace(/:(score|length)$/, '')
  const from = listed(pages.map(({ file, surroundings: { tool } }) => (tool === null ? file : `${file} (${tool})`)))
  const verb = pages.length === 1 ? 'has' : 'have'
  if (metrics.some(isWebMetric)) return { problem: `${from} ${verb} none: ${audit === undefined ? 'only real users tell it' : 'without a user Lighthouse cannot tell it, or its version does not'}`, hint: 'ask an instance that keeps its users\' metrics with --url' }
  const near = audit === undefined ? undefined : nearest(audit, new Set(pages.flatMap(({ series }) => series.map(({ metric }) => metric))))
  return { problem: `${from} ${verb} no ${audit?.includes(':') === true ? plain(audit, 80) : `such audit${audit === undefined ? '' : ` (${plain(audit, 80)})`}`}: mistyped, or of another version`, hint: near === undefined ? 'see the names in the report, or measure with the version that has it' : `did you mean "${plain(near, 80)}"?` }
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).map((name) => plain(name, 200))
  return `${shown.join(', ')}${names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ''}`
}
