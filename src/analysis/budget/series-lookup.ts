import type { BudgetLine, Measured, SeriesSubject } from '../../model/budget.ts'
import type { MeasuredSeries, Measurements } from '../../model/measurements.ts'
import { metricNamed } from '../../model/metric.ts'
import { plural } from '../../model/text.ts'
import type { Statistic } from '../../model/threshold.ts'
import type { Unit } from '../../model/unit.ts'
import { median } from '../compare/ranks.ts'
import { aggregate, showAggregation, type RunMarks } from './aggregate.ts'
import { meantBy } from './of-pattern.ts'

/** A series and the results it is from. */
interface Found {
  readonly input: Measurements
  readonly series: MeasuredSeries
}

/** Names of a list that are told before it is cut. */
const MOST_NAMED = 6

/**
 * Looks a figure up in results: one entry for each endpoint or page it is asked of, the values of several files pooled. What is there but cannot be used
 * (another statistic, another unit, a run without a value, runs of different plans) is a `problem`. Empty where none of the results knows the metric.
 */
export function measureSeries(subject: SeriesSubject, line: Pick<BudgetLine, 'unit' | 'better'>, inputs: readonly Measurements[]): Measured[] {
  const all = seriesOf(nameOf(subject.metric), inputs)
  if (all.length === 0) return []
  const names = [...new Set(all.map(({ series: { of } }) => of))]
  const meant = subject.of === null ? new Set(names.includes('') ? [''] : names) : meantBy(subject.of, names)
  const asked = all.filter(({ series: { of } }) => meant.has(of))
  if (asked.length === 0) {
    const { of: pattern } = subject
    // A regular expression is for programs.
    const wanted = pattern === null || pattern.syntax === 'regexp' ? 'meant' : pattern.pattern
    return [unmeasured({ of: '', from: filesOf(all), problem: `${subject.metric} is measured of ${listed(names.map((of) => of || 'all together'))}, none of which is ${wanted}`, hint: 'measure such an endpoint or page too, or say in the budget which are meant' })]
  }
  return [...meant].map((of) => measureOne(subject, line, of, asked.filter(({ series }) => series.of === of), inputs))
}

function measureOne(subject: SeriesSubject, { unit, better }: Pick<BudgetLine, 'unit' | 'better'>, of: string, found: readonly Found[], inputs: readonly Measurements[]): Measured {
  const same = found.filter(({ series }) => isSame(subject.statistic, series.statistic))
  const over = OVER_RUNS[wordOf(subject.statistic)]
  // What is a figure by itself is a mean and a median too, of its runs.
  const plain = same.length > 0 || over === undefined ? [] : found.filter(({ series: { statistic } }) => wordOf(statistic) === '')
  const used = [...same, ...plain]
  const problem = used.length === 0 ? lacking(subject, found) : unusable(subject, unit, used, inputs)
  if (problem) return unmeasured({ of, from: filesOf(used.length > 0 ? used : found), ...problem })
  const values = used.flatMap(({ series }) => series.values)
  const [first] = used
  const count = used.length === 1 ? first?.series.count : undefined
  if (over !== undefined && plain.length > 0) return { of, observed: over.of(values), values, from: filesOf(used), how: values.length > 1 ? `${over.word} of ${values.length} runs` : 'one value', parts: [] }
  const statistic = subject.statistic === null ? [] : [`${showStatistic(subject.statistic)}${count === undefined ? '' : ` of ${plural(count, 'value')}`}`]
  const how = [...statistic, ...(values.length > 1 ? [showAggregation(subject.aggregate, values.length)] : [])].join(', ')
  return { of, observed: aggregate(values, subject.aggregate, better, subject.aggregate === 'median-run' ? used.flatMap(marksOf) : []), values, from: filesOf(used), how: how || 'one value', parts: [], ...(count === undefined ? {} : { count }) }
}

type Problem = Pick<Measured, 'problem' | 'hint'>

function lacking({ metric, statistic }: SeriesSubject, found: readonly Found[]): Problem {
  const shown = statistic === null ? 'figure without a statistic' : showStatistic(statistic)
  const there = [...new Set(found.map(({ series }) => (series.statistic === null ? 'one figure' : showStatistic(series.statistic))))]
  const above = statistic?.kind === 'p' ? found.flatMap(({ series: { statistic: own } }) => (own?.kind === 'p' && own.percent > statistic.percent ? [own.percent] : [])).sort((a, b) => a - b)[0] : undefined
  return {
    problem: `${toolsOf(found)} has no ${shown} of ${metric}: there ${there.length === 1 ? 'is' : 'are'} ${listed(there)}`,
    hint: above === undefined ? `set the limit for ${listed([...new Set(found.flatMap(({ series: { statistic: own } }) => (own === null ? ['value', ...Object.keys(OVER_RUNS)] : [showStatistic(own)])))])}, as in ${told(found)}` : `set the limit for p(${above}), which is above it, or measure with a tool that tells ${shown}`,
  }
}

/** A statistic that is there, as a threshold has it. */
function told(found: readonly Found[]): string {
  const statistic = found[0]?.series.statistic ?? null
  return `"${statistic === null ? 'value' : showStatistic(statistic)}<=100"`
}

/** What is made of a figure by itself that was taken in several runs. */
const OVER_RUNS: Readonly<Record<string, { readonly word: string; readonly of: (values: readonly number[]) => number }>> = {
  avg: { word: 'mean', of: (values) => values.reduce((sum, value) => sum + value, 0) / values.length },
  'p(50)': { word: 'median', of: median },
  min: { word: 'least', of: (values) => Math.min(...values) },
  max: { word: 'most', of: (values) => Math.max(...values) },
}

/** Why values that were found are none to judge by. */
function unusable({ metric }: SeriesSubject, unit: Unit, used: readonly Found[], inputs: readonly Measurements[]): Problem | null {
  const strange = used.find(({ series }) => series.unit !== unit)
  if (strange) return { problem: `${metric} is measured in ${strange.series.unit} (${strange.input.file}) and the limit is in ${unit}`, hint: 'write the limit in the unit that is measured' }
  const [first] = used
  const other = used.find(({ input }) => first && kindOf(input) !== kindOf(first.input))
  if (first && other) return { problem: `${first.input.file} and ${other.input.file} did not measure the same (${first.input.format === other.input.format ? 'their plans or settings differ' : `${first.input.format} and ${other.input.format}`}), so their values are not one figure`, hint: 'give results of one tool and one plan, or say of which endpoint or page each limit is' }
  // Files that do not tell their plan may measure something else altogether.
  const silent = inputs.find((input) => first && input.surroundings.plan !== null && kindOf(input) === kindOf(first.input) && input.series.some(({ of }) => of === first.series.of) && !used.some((each) => each.input === input))
  if (silent) return { problem: `${silent.file} has no ${metric}, ${used.map(({ input }) => input.file).slice(0, 3).join(', ')} ${used.length === 1 ? 'has' : 'have'}`, hint: AGAIN }
  const counts = used.map(({ series }) => series.values.length)
  const gone = used.find(({ series }) => !series.values.every(Number.isFinite)) ?? used.find(({ series }) => series.values.length === 0)
  if (!gone) return null
  const total = counts.reduce((sum, count) => sum + count, 0)
  const missing = used.flatMap(({ series }) => series.values).filter((value) => !Number.isFinite(value)).length
  return { problem: missing === total ? `${gone.input.file} has no value of ${metric}: nothing was counted` : `${missing} of ${total} runs have no value of ${metric} (${gone.input.file})`, hint: AGAIN }
}

const AGAIN = 'measure again: a value that is missing is never taken for a good one'

function unmeasured(parts: Pick<Measured, 'of' | 'from' | 'problem' | 'hint'>): Measured {
  return { observed: null, values: [], how: '', parts: [], ...parts }
}

/** A name of the catalogue for one of its aliases. */
function nameOf(metric: string): string {
  return metricNamed(metric) ?? metric
}

/** Shares that are told by what is not in them. */
const COMPLEMENTS: Readonly<Record<string, string>> = { 'http.succeeded': 'http.failed', 'http.failed': 'http.succeeded' }

function seriesOf(name: string, inputs: readonly Measurements[]): Found[] {
  const named = (wanted: string): Found[] => inputs.flatMap((input) => input.series.filter(({ metric }) => nameOf(metric) === wanted).map((series) => ({ input, series })))
  const found = named(name)
  const complement = COMPLEMENTS[name]
  if (found.length > 0 || complement === undefined) return found
  return named(complement).flatMap(({ input, series }) => (series.unit === 'ratio' ? [{ input, series: { ...series, metric: name, values: series.values.map((value) => 1 - value) } }] : []))
}

/** `med` is p(50); a single value is what it is, whether or not that is said. */
function isSame(wanted: Statistic | null, own: Statistic | null): boolean {
  return wordOf(wanted) === wordOf(own)
}

function wordOf(statistic: Statistic | null): string {
  if (statistic === null || statistic.kind === 'value') return ''
  if (statistic.kind === 'med') return 'p(50)'
  if (statistic.kind === 'p' && (statistic.percent === 0 || statistic.percent === 100)) return statistic.percent === 0 ? 'min' : 'max'
  return showStatistic(statistic)
}

function showStatistic(statistic: Statistic): string {
  return statistic.kind === 'p' ? `p(${statistic.percent})` : statistic.kind
}

/** What measured, and what of: results that differ in it are not runs of the same. */
function kindOf({ format, surroundings: { plan } }: Measurements): string {
  return JSON.stringify([format.replace(/^(k6|vegeta)-.*/, '$1'), plan])
}

function filesOf(found: readonly Found[]): string[] {
  return [...new Set(found.map(({ input }) => input.file))]
}

function toolsOf(found: readonly Found[]): string {
  return listed([...new Set(found.map(({ input: { file, format } }) => (file.startsWith(format) ? file : `${file} (${format})`)))], 3)
}

function listed(names: readonly string[], most = MOST_NAMED): string {
  return names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ')
}

/** What places each of a file's runs among the others; 0 where a report lacks it, as lhci has it. */
function marksOf({ input, series }: Found): RunMarks[] {
  const audit = (id: string): readonly number[] => input.series.find(({ metric, statistic, of }) => metric === id && statistic === null && of === series.of)?.values ?? []
  const [paints, interactives] = [audit('first-contentful-paint'), audit('interactive')]
  return series.values.map((_, run) => ({ firstContentfulPaint: paints[run] || 0, interactive: interactives[run] || 0 }))
}
