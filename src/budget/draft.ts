import type { AmountName } from '../budget-schema/amount.ts'
import type { BudgetSection, Encoding, EntriesSubject, FilesSubject, PackagesSubject } from '../model/budget.ts'
import type { MeasuredSeries, Measurements } from '../model/measurements.ts'
import { showQuantity, type Unit } from '../model/unit.ts'
import { CODE, fileCalled, NEVER_COUNTED } from './bundle-lines.ts'
import { TIMINGS, type TimingName } from './timing-lines.ts'
import { rounded, writtenAmount } from './written-amount.ts'

/** A line that a new budget may have, and what it comes to now. */
export interface DraftLine {
  readonly section: BudgetSection
  /** Steps to its value below the section. */
  readonly path: readonly string[]
  readonly kind: AmountName
  readonly better: 'lower' | 'higher'
  readonly observed: number
  readonly unit: Unit
  /** The entry point it is of, which stands beside its limit. */
  readonly entry?: string | undefined
}

/** Something to measure for a new budget. */
export interface Candidate extends Pick<DraftLine, 'section' | 'path' | 'kind' | 'unit'> {
  readonly subject: FilesSubject | EntriesSubject | PackagesSubject
}

/** What is measured of a folder of built files. */
export function bundleCandidate(root: string, encoding: Encoding): Candidate {
  return { section: 'bundles', path: ['total'], kind: 'size', unit: 'bytes', subject: { kind: 'files', root, patterns: CODE, ignore: NEVER_COUNTED, type: null, encoding, measure: 'total' } }
}

/** A bundle by the name that its file has without the bundler's hash. */
export function namedCandidate(file: string, root: string, encoding: Encoding): Candidate {
  const name = (file.split('/').at(-1) ?? file).replace(/[.-](?:[0-9a-f]{4,}|[0-9A-Za-z_-]{8})(\.[^.]+)$/, '$1')
  return { section: 'bundles', path: [name], kind: 'size', unit: 'bytes', subject: { kind: 'files', root, patterns: fileCalled(name), ignore: NEVER_COUNTED, type: null, encoding, measure: 'total' } }
}

/** What is measured of a package. */
export function packageCandidates(root: string, hasLock: boolean): Candidate[] {
  return (hasLock ? (['direct', 'installed'] as const) : (['direct'] as const)).map((measure) => ({ section: 'packages', path: [measure], kind: 'count', unit: 'count', subject: { kind: 'packages', root, measure } }))
}

/** What results hold that a budget has a name for. */
export function resultLines(results: readonly Measurements[]): DraftLine[] {
  const series = results.flatMap((result) => result.series)
  const worst = (is: (each: MeasuredSeries) => boolean, better: 'lower' | 'higher'): number | undefined => {
    const values = series.filter(is).flatMap(({ values: all }) => all.filter(Number.isFinite))
    return values.length === 0 ? undefined : better === 'lower' ? Math.max(...values) : Math.min(...values)
  }
  const line = (section: BudgetSection, path: readonly string[], kind: AmountName, unit: Unit, better: 'lower' | 'higher', is: (each: MeasuredSeries) => boolean): DraftLine[] => {
    const observed = worst(is, better)
    return observed === undefined ? [] : [{ section, path, kind, unit, better, observed }]
  }
  const whole = (metric: string, percent?: number) => (each: MeasuredSeries): boolean => each.metric === metric && each.of === '' && (percent === undefined ? each.statistic?.kind === 'rate' : each.statistic?.kind === 'p' && each.statistic.percent === percent)
  const named = (metric: string) => (each: MeasuredSeries): boolean => each.metric === metric && each.statistic === null
  return [
    ...(['firstContentfulPaint', 'largestContentfulPaint', 'totalBlockingTime', 'cumulativeLayoutShift', 'speedIndex'] satisfies TimingName[]).flatMap((name) => line('timing', [name], name === 'cumulativeLayoutShift' ? 'score' : 'time', name === 'cumulativeLayoutShift' ? 'count' : 'ms', 'lower', named(TIMINGS[name].audit ?? ''))),
    ...[['images', 'image'], ['fonts', 'font'], ['scripts', 'script'], ['stylesheets', 'stylesheet'], ['total', 'total']].flatMap(([name = '', type = '']) => line('resources', [name, 'maxTotalSize'], 'size', 'bytes', 'lower', named(`resource-summary:${type}:size`))),
    ...['performance', 'accessibility', 'best-practices', 'seo'].flatMap((name) => line('lighthouse', ['categories', name], 'share', 'ratio', 'higher', named(`categories:${name}`))),
    ...[50, 95, 99].flatMap((percent) => line('api', ['responseTime', `p${percent}`], 'time', 'ms', 'lower', whole('http.duration', percent))),
    ...line('api', ['errorRate'], 'percent', 'ratio', 'lower', whole('http.failed')),
    ...line('api', ['throughput'], 'rate', 'per_second', 'higher', whole('http.requests')),
    ...endpointsOf(series).flatMap((endpoint) => line('api', ['endpoints', endpoint, 'responseTime', 'p95'], 'time', 'ms', 'lower', (each) => isP95(each) && endpointOf(each.of) === endpoint)),
    ...sizesOf(series).flatMap((name) => line('thresholds', [`size{name:${name}}`], 'size', 'bytes', 'lower', (each) => isSize(each) && each.of === name)),
  ].filter(({ observed, better, section }) => observed > 0 || (better === 'lower' && section !== 'resources'))
}

/** Endpoints and bundles of a result that get lines of their own: more than this nobody reads. */
const MOST_OF_RESULTS = 50

/** An endpoint as a budget names it: without its query, which would be a pattern. Null for what is none, and for names that would mean others too. */
function endpointOf(of: string): string | null {
  return /^((?:[A-Z]+ )?\/[^\s?#*]*)(?:[?#].*)?$/.exec(of)?.[1] ?? null
}

const isP95 = ({ metric, statistic }: MeasuredSeries): boolean => metric === 'http.duration' && statistic?.kind === 'p' && statistic.percent === 95
const isSize = ({ metric, unit, statistic }: MeasuredSeries): boolean => metric === 'size' && unit === 'bytes' && statistic === null

function endpointsOf(series: readonly MeasuredSeries[]): readonly string[] {
  return [...new Set(series.filter(isP95).flatMap(({ of }) => endpointOf(of) ?? []))].slice(0, MOST_OF_RESULTS)
}

/** Names that size-limit gives to what it measures; what a threshold's key cannot hold is left out. */
function sizesOf(series: readonly MeasuredSeries[]): readonly string[] {
  return [...new Set(series.filter(isSize).flatMap(({ of }) => (of.trim() === of && /^[^{},"']+$/.test(of) ? [of] : [])))].slice(0, MOST_OF_RESULTS)
}

/** Errors that are let happen where none did: a budget of none would be broken by a single one. */
const LEAST_ERRORS = 0.001

/** What is good enough for users (web.dev/vitals, Lighthouse's own bounds): a run that was better would be no limit that the next one holds. */
const LEAST_TIMINGS: Readonly<Record<string, number>> = { firstContentfulPaint: 1_800, largestContentfulPaint: 2_500, totalBlockingTime: 200, cumulativeLayoutShift: 0.1, speedIndex: 3_400 }

/** Response times below this differ from run to run by more than any margin, milliseconds. */
const LEAST_RESPONSE = 10

function leastOf({ section, path, kind }: Pick<DraftLine, 'section' | 'path' | 'kind'>): number {
  if (section === 'timing') return LEAST_TIMINGS[path.at(-1) ?? ''] ?? 0
  return section === 'api' && kind === 'time' ? LEAST_RESPONSE : 0
}

/** The limit of a line: what it is now and the margin, as a person would write it. */
export function limitFor({ section, observed, kind, better, unit, path }: DraftLine, margin: number): string {
  const wanted = better === 'lower' ? Math.max(observed * (1 + margin), leastOf({ section, path, kind })) : observed * (1 - margin)
  if (section === 'thresholds') return `value<=${rounded(wanted, 'up')}`
  if (path.at(-1) === 'errorRate') return writtenAmount(Math.max(wanted, LEAST_ERRORS), 'percent')
  if (kind === 'share' && better === 'higher') return String(Math.floor(wanted * 100) / 100)
  return wanted === 0 ? (unit === 'count' ? '0' : writtenAmount(0, kind)) : writtenAmount(wanted, kind)
}

/** What a new budget says beside its lines. */
export interface DraftHead {
  /** The folder of built files, from where the budget is; null where there is none. */
  readonly root: string | null
  readonly compression: string
  readonly margin: number
  readonly on: Date
}

interface Tree { [key: string]: Tree | string }

/** The text of a new budget: YAML with a comment of what each line was when it was written. */
export function draftText(lines: readonly DraftLine[], { root, compression, margin, on }: DraftHead): string {
  const tree: Tree = {}
  for (const line of lines) {
    let at = tree
    for (const step of [line.section, ...line.path.slice(0, -1)]) at = typeof at[step] === 'object' ? at[step] : (at[step] = {})
    if (line.entry !== undefined) at['entry'] = JSON.stringify(line.entry)
    at[line.path.at(-1) ?? ''] = `${limitFor(line, margin)}  # now ${showQuantity({ value: line.observed, unit: line.unit })}`
  }
  const percent = `${Math.round(margin * 1_000) / 10}%`
  return [
    `# What may not be exceeded, written by medianest-perf budget init on ${on.toISOString().slice(0, 10)}: what was there then, and ${percent} more.`,
    '# `medianest-perf budget` judges by it; `budget --update` tightens it when things got smaller. `medianest-perf schema budget` says what else it may hold.',
    'version: 1',
    ...(root === null ? [] : [`root: ${JSON.stringify(root)}`, `compression: ${compression}  # what the sizes below are counted as: raw, gzip (-9) or brotli (11)`]),
    `margin: ${percent}  # the room that budget --update leaves`,
    ...branch(tree, ''),
    '',
  ].join('\n')
}

function branch(tree: Tree, indent: string): string[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const shown = /^[A-Za-z][\w.-]*$/.test(key) ? key : JSON.stringify(key)
    return typeof value === 'string' ? [`${indent}${shown}: ${value}`] : [...(indent === '' ? [''] : []), `${indent}${shown}:`, ...branch(value, `${indent}  `)]
  })
}
