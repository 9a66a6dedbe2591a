import { levelReached } from '../analysis/level-reached.ts'
import { showExcuse } from '../model/excuse.ts'
import { STATE_WORDS, type CheckResult, type Measure, type Range } from '../model/health.ts'
import type { Cell, Table } from '../model/report.ts'
import { plain } from '../model/text.ts'
import { showQuantity, showRatio } from '../model/unit.ts'
import { VERDICTS, type Verdict } from '../model/verdict.ts'

/** Each check with its state, how near it is to its level, and the reason. */
export function checkTable(results: readonly CheckResult[]): Table {
  const hasAnswers = results.some(({ outcome }) => outcome.responseTimeMs !== undefined)
  const bars = results.map(fullest)
  const hasBars = bars.some((bar) => bar !== '')
  return {
    title: 'Checks',
    columns: [
      { label: 'state' },
      { label: 'check' },
      ...(hasBars ? [{ label: 'level', align: 'right' } as const] : []),
      ...(hasAnswers ? [{ label: 'took', align: 'right', isSpare: true } as const] : []),
      { label: 'what was found', isMain: true },
    ],
    rows: results.map((result, index): Cell[] => {
      const { name, outcome: { responseTimeMs }, isOptional } = result
      return [
        stateCell(result),
        `${plain(name)}${isOptional ? ' (optional)' : ''}`,
        ...(hasBars ? [bars[index] ?? ''] : []),
        ...(hasAnswers ? [responseTimeMs === undefined ? '' : { value: responseTimeMs, unit: 'ms' } as const] : []),
        reasonOf(result),
      ]
    }),
  }
}

function stateCell({ verdict, excuse }: CheckResult): Cell {
  if (excuse) return excuse.kind === 'dependency' ? 'skipped' : 'maintenance'
  return { text: verdict === 'ok' ? 'ok' : STATE_WORDS[verdict], tone: verdict }
}

/** What was found; of one in maintenance also until when. */
function reasonOf(result: CheckResult): string {
  const { excuse, outcome } = result
  return excuse?.kind === 'maintenance' ? `${outcome.message} (${showExcuse(result)})` : outcome.message
}

/** The share that is nearest to its critical level, or over it the farthest. */
function fullest({ outcome }: CheckResult): Cell {
  const shares = outcome.measures.flatMap((measure) => {
    const level = measure.critical?.to ?? Number.NaN
    return measure.unit === 'ratio' && measure.uom === undefined && Number.isFinite(measure.value) && Number.isFinite(level) && level > 0 ? [{ measure, part: measure.value / level }] : []
  })
  const worst = shares.toSorted((a, b) => b.part - a.part)[0]
  return worst ? { share: worst.measure.value, tone: toneOf(worst.measure, outcome.verdict) } : ''
}

/** All that was measured, beside the levels it was judged by. */
export function measureTable(results: readonly CheckResult[]): Table {
  return {
    title: 'Measured',
    columns: [{ label: 'check' }, { label: 'what' }, { label: 'of' }, ...['value', 'warning', 'critical'].map((label) => ({ label, align: 'right' }) as const)],
    rows: results.flatMap(({ name, outcome }) => outcome.measures.map((measure): Cell[] => [
      plain(name), plain(measure.name), plain(measure.of ?? ''),
      { text: showValue(measure, measure.value), tone: toneOf(measure, outcome.verdict) },
      showRange(measure, measure.warning), showRange(measure, measure.critical),
    ])),
  }
}

/** What a figure means for the eye; never worse than what its check made of it, which knows whether a value at the end of a range is within. */
function toneOf(measure: Measure, found: Verdict): Verdict {
  const level = levelReached(measure)
  const tone: Verdict = level === null ? 'ok' : level === 'warning' ? 'warn' : 'fail'
  return VERDICTS.indexOf(tone) < VERDICTS.indexOf(found) ? tone : found
}

function showValue({ unit, uom }: Measure, value: number): string {
  if (!Number.isFinite(value)) return '-'
  if (uom !== undefined) return plain(`${value}${uom}`, 40)
  return unit === 'ratio' ? showRatio(value) : showQuantity({ value, unit })
}

/** A range as levels are written: `85%`, `below 5 GB`, `outside 1 to 3`, `in 1 to 3`. */
function showRange(measure: Measure, range: Range | undefined): string {
  if (range === undefined) return ''
  const { from, to, isInside } = range
  const [low, high] = [from, to].map((end) => (Number.isFinite(end) ? showValue(measure, end) : null))
  if (low && high) return `${isInside ? 'in' : from === 0 ? '' : 'outside'} ${from === 0 && !isInside ? high : `${low} to ${high}`}`.trim()
  if (high) return isInside ? `up to ${high}` : high
  return low ? `${isInside ? 'from' : 'below'} ${low}` : ''
}
