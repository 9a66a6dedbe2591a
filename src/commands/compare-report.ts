import { showChange, showSize } from '../analysis/compare/evidence.ts'
import type { Decision } from '../analysis/compare/decision.ts'
import type { PresetAnalysis } from '../analysis/compare/presets.ts'
import { compareShape, middle, type Comparison, type Judged, type Side } from '../analysis/shape/compare-shape.ts'
import { onlyInconclusive, type Finding } from '../model/finding.ts'
import { report, type Cell, type Report, type Table } from '../model/report.ts'
import { plural } from '../model/text.ts'
import { showDuration } from '../model/unit.ts'
import { worst } from '../model/verdict.ts'
import { compareFigures, findingId, OF_CHANGE, verdictOf } from './compare-figures.ts'

/** What a report of a comparison needs to know besides what was found. */
export interface CompareTerms {
  /** The keys that decide, whether or not both sides have them. */
  readonly gates: ReadonlySet<string>
  /** Names that somebody gave and that mean no figure. */
  readonly strangers: readonly string[]
  /** How many figures both sides have. */
  readonly common: number
  readonly preset: (PresetAnalysis<string> & { readonly name: string }) | undefined
  readonly per: 'run' | 'slice'
  readonly force: boolean
  /** Of running builds that were measured in turns: what there is to say besides. */
  readonly live?: Pick<Report, 'facts' | 'notes' | 'data' | 'findings'> & { /** What to do about a figure that cannot be told. */ readonly hint: string }
  readonly startedAt: Date
  readonly finishedAt: Date
}

/** A baseline of an hour before was called a regression every other time, though nothing had changed. */
const LONG_APART_MS = 30 * 60_000
/** Rows for information: all of them are in the JSON. */
const MOST_ROWS = 20

/** The report of a comparison. */
export function compareReport(comparison: Comparison, terms: CompareTerms): Report {
  const { base, head, figures } = comparison
  const { preset, live, startedAt, finishedAt } = terms
  const findings = [...(live?.findings ?? []), ...general(comparison, terms), ...(preset && comparison.comparability.comparable ? [presetFinding(preset)] : [])]
  if (preset === undefined) findings.push(...figures.filter(({ gates }) => gates).map((figure) => fromFigure(figure, live?.hint)))
  const verdict = worst(findings.map((finding) => finding.verdict))
  const others = nearestFirst(figures)
  const { name: _name, ...analysis } = preset ?? { name: '' }
  return report({
    command: 'compare',
    title: `comparison of ${head.measured.file} with ${base.measured.file}`,
    verdict,
    isInconclusive: onlyInconclusive(findings),
    data: { ...compareShape(comparison), ...(preset && (comparison.comparability.comparable || terms.force) ? { preset: { preset: preset.name, ...analysis } } : {}), ...live?.data },
    findings,
    figures: compareFigures([...figures.filter(({ gates }) => gates), ...others], preset !== undefined),
    facts: [{ label: 'Baseline', value: told(base) }, { label: 'Current', value: told(head) }, ...(live?.facts ?? [])],
    tables: [
      tableOf(preset ? 'Figures' : 'What decides', figures.filter(({ gates }) => gates), live !== undefined),
      tableOf('For information', others.slice(0, MOST_ROWS)),
    ].filter(({ rows }) => rows.length > 0),
    notes: notesOf(comparison, terms, others.length),
    startedAt, finishedAt,
  })
}

/** So many figures that one side lacks are told one by one. */
const FEW = 3

function shortList(names: readonly string[]): string {
  return `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`
}

/** What stands in the way of an answer. */
function general({ comparability: { comparable, reasons }, onlyBase, onlyHead }: Comparison, { gates, strangers, common, preset, force }: CompareTerms): Finding[] {
  const findings: Finding[] = []
  if (!comparable) {
    findings.push({ id: 'incomparable', verdict: 'unknown', title: `the sides were not measured alike: ${reasons.join('; ')}`, hint: force ? 'measure both sides on one machine, with one tool and one plan' : 'measure both sides on one machine, with one tool and one plan; --force shows the numbers, without a verdict' })
  }
  // What is not alike has to be measured again, whatever each side lacks.
  if (common === 0 && comparable) findings.push({ id: 'nothing-in-common', verdict: 'unknown', title: 'the sides have no figure in common', hint: 'compare results of one tool and one plan' })
  for (const name of strangers) findings.push({ id: `gate:${name}`, verdict: 'unknown', title: `"${name}" is to decide, and neither side has it`, hint: '--format json lists every figure by its name' })
  if (preset || !comparable) return findings
  if (gates.size === 0 && strangers.length === 0) findings.push({ id: 'nothing-decides', verdict: 'unknown', title: 'none of the figures decides by itself', hint: 'name what does with --gate, or let everything decide with --gate all' })
  for (const [side, keys] of [['baseline', onlyBase], ['current side', onlyHead]] as const) {
    const lost = keys.filter((each) => gates.has(each))
    const hint = 'measure it on both sides, or name what decides with --gate'
    if (lost.length > FEW) findings.push({ id: `compare:only-on-${side.split(' ')[0] ?? ''}`, verdict: 'unknown', title: `${plural(lost.length, 'figure')} that decide are on the ${side} only: ${shortList(lost)}`, hint })
    else for (const key of lost) findings.push({ id: findingId(key), verdict: 'unknown', title: `${key} is on the ${side} only`, hint })
  }
  return findings
}

function presetFinding({ name, regressions, missing, summary }: NonNullable<CompareTerms['preset']>): Finding {
  const isCritical = regressions.some(({ severity }) => severity === 'critical')
  const verdict = isCritical ? 'fail' : missing.length > 0 ? 'unknown' : regressions.length > 0 ? 'warn' : 'ok'
  return { id: `preset:${name}`, verdict, title: summary.replace(/\.$/, '') }
}

function fromFigure(judged: Judged, hint = 'measure more runs of both sides, in turns, and give them all: compare after-*.json --baseline before-*.json'): Finding {
  const { key, head, decision: { verdict, severity, why } } = judged
  const isUnknown = verdict === 'inconclusive' && verdictOf(judged) === 'unknown'
  const now = middle(head)
  return {
    id: findingId(key),
    verdict: verdictOf(judged),
    ...(verdict === 'inconclusive' && !isUnknown ? { isInconclusive: true } : {}),
    title: `${key} ${verdict}${severity === null ? '' : ` (${severity})`}: ${why}`,
    metric: head.metric, observed: Number.isFinite(now) ? now : null, unit: head.unit,
    ...(verdict === 'inconclusive' ? { hint: isUnknown ? 'measure again: a value that is missing is never taken for a good one' : hint } : {}),
  }
}

function tableOf(title: string, figures: readonly Judged[], isInTurns = false): Table {
  return {
    title,
    columns: [{ label: 'Figure', isMain: true }, { label: 'Baseline', align: 'right' }, { label: 'Current', align: 'right' }, { label: 'Change', align: 'right' }, { label: 'Verdict' }, { label: 'Interval', align: 'right' }, { label: 'Would detect', align: 'right', isSpare: true }, ...(isInTurns ? [{ label: 'Settled after', align: 'right', isSpare: true } as const] : [])],
    rows: figures.map(({ key, base, head, decision, gates, settledAfter }) => [
      key, quantity(base), quantity(head), decision.estimate === null ? null : showChange(decision.estimate, decision.scale),
      gates && decision.verdict !== 'unchanged' ? { text: decision.verdict, tone: OF_CHANGE[decision.verdict] } : decision.verdict,
      interval(decision),
      decision.detectable === null ? null : showSize(decision.detectable, decision.scale),
      ...(isInTurns ? [typeof settledAfter === 'number' ? plural(settledAfter, 'pair') : null] : []),
    ]),
  }
}

/** What does not decide: other figures of what does, then of everything together, then the rest; each as the files have them. */
function nearestFirst(figures: readonly Judged[]): Judged[] {
  const deciding = new Set(figures.filter(({ gates }) => gates).map(({ head }) => head.metric))
  const distance = ({ head }: Judged): number => (head.of === '' ? 0 : 2) + (deciding.has(head.metric) ? 0 : 1)
  return figures.filter(({ gates }) => !gates).toSorted((a, b) => distance(a) - distance(b))
}

function quantity(series: Judged['base']): Cell {
  const value = middle(series)
  return Number.isFinite(value) ? { value, unit: series.unit } : null
}

/** Points are called so in the column before. */
function withoutUnit(change: number, scale: Decision['scale']): string {
  return showChange(change, scale).replace(/ points?$/, '')
}

/** Where a change lies, for a table. */
export function interval({ interval: range, scale }: Decision): Cell {
  if (range === null) return null
  return `${withoutUnit(range.low, scale)} to ${withoutUnit(range.high, scale)}`
}

/** Which change would have been found. */
function told({ files, measured: { format, takenAt } }: Side): string {
  const shown = files.length > 4 ? `${files.slice(0, 3).join(', ')} and ${files.length - 3} more` : files.join(', ')
  return `${shown} (${format}${takenAt === null ? '' : `, measured ${new Date(takenAt).toISOString()}`})`
}

function notesOf({ base, head, figures, comparability, onlyBase, onlyHead }: Comparison, { preset, per, gates, live }: CompareTerms, others: number): string[] {
  const apartMs = (head.measured.takenAt ?? Number.NaN) - (base.measured.takenAt ?? Number.NaN)
  const deciding = figures.filter((figure) => figure.gates)
  // Sizes and counts are the same wherever and however often they are taken.
  const isExact = preset === undefined && deciding.length > 0 && deciding.every(({ head: { class: kind } }) => kind === 'exact')
  const isAlone = !isExact && (base.files.length === 1 || head.files.length === 1)
  const missing = (side: string, keys: readonly string[]): string[] => {
    const list = keys.filter((key) => preset !== undefined || !comparability.comparable || !gates.has(key))
    return list.length === 0 ? [] : [`on the ${side} only: ${shortList(list)}`]
  }
  const more = others > MOST_ROWS ? [`${plural(others - MOST_ROWS, 'more figure')} for information: --format json has them`] : []
  if (live) return [...live.notes, ...more]
  return [
    ...(isAlone ? [`${base.files.length === 1 && head.files.length === 1 ? 'each side is' : 'one side is'} a single file: what differs from one run to the next (the machine, its neighbours, the hour) cannot be told from a change`] : []),
    ...(!isExact && base.files.length === 1 && head.files.length > 1 ? [`the baseline is ${base.files[0] ?? ''} alone; name all of its files with --baseline`] : []),
    ...(Math.abs(apartMs) > LONG_APART_MS && figures.some(({ gates: decides, head: { class: kind } }) => decides && kind === 'sampled') ? [`the sides were measured ${showDuration(Math.abs(apartMs))} apart: what the machine was doing then cannot be told from a change; measure both sides in turns`] : []),
    ...(per === 'slice' ? ['slices of one run are more alike than runs are: the chance of a false alarm is larger than it looks'] : []),
    ...(preset ? [`the preset ${preset.name} compares two numbers and knows nothing of noise: of two equal builds on a shared machine such a rule calls about every third a regression`] : []),
    ...comparability.notes,
    ...(isExact || comparability.unknown.length === 0 ? [] : [`not known on both sides: ${comparability.unknown.join(', ')}`]),
    ...missing('baseline', onlyBase), ...missing('current side', onlyHead),
    ...base.measured.notes.map((note) => `baseline: ${note}`),
    ...head.measured.notes.map((note) => `current: ${note}`),
    ...more,
  ]
}
