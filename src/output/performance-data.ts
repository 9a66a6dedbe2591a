import type { CheckResult, Measure, Range } from '../model/health.ts'
import { plain } from '../model/text.ts'
import type { Unit } from '../model/unit.ts'

/** A figure of performance data, in the unit that is written behind it. */
export interface PerformanceFigure {
  /** Any text; what the guidelines forbid in it is replaced. */
  readonly label: string
  readonly value: number
  /** `s`, `B`, `%`, `c`, ... or nothing. */
  readonly uom: string
  readonly warning?: Range | undefined
  readonly critical?: Range | undefined
  readonly min?: number | undefined
  readonly max?: number | undefined
}

/** Units of the guidelines, and what a value is multiplied by; they know neither rates nor temperatures, which are plain numbers. */
const UOMS: Readonly<Record<Unit, readonly [uom: string, scale: number]>> = {
  ms: ['s', 0.001], bytes: ['B', 1], ratio: ['%', 100], count: ['', 1], per_second: ['', 1], bytes_per_second: ['', 1], hertz: ['', 1], celsius: ['', 1],
}

/** The figures of checks, the answer's time of each among them. */
export function figuresOf(results: readonly CheckResult[]): PerformanceFigure[] {
  return results.flatMap(({ name, outcome: { measures, responseTimeMs } }) => {
    const isTold = responseTimeMs === undefined || measures.some(({ unit, value }) => unit === 'ms' && value === responseTimeMs)
    return [...measures, ...(isTold ? [] : [{ name: 'response', value: responseTimeMs, unit: 'ms', min: 0 } satisfies Measure])].map((measure) => figureOf(name, measure))
  })
}

function figureOf(check: string, { name, of, value, unit, uom, warning, critical, min, max }: Measure): PerformanceFigure {
  // What a plugin told is passed on in its own unit.
  const [own, scale] = uom === undefined ? UOMS[unit] : [/^[a-zA-Z%/]{0,10}$/.test(uom) ? uom : '', 1]
  const scaled = (range: Range | undefined): Range | undefined => range && { ...range, from: range.from * scale, to: range.to * scale }
  return {
    label: [check, of, name].filter((part) => part !== undefined && part !== '').join(' '), value: value * scale, uom: own,
    warning: scaled(warning), critical: scaled(critical), min: min === undefined ? undefined : min * scale, max: max === undefined ? undefined : max * scale,
  }
}

/** Performance data as one line: `'label'=value[UOM];warning;critical;min;max ...` (https://www.monitoring-plugins.org/doc/guidelines.html#AEN197); labels are made unique. */
export function showPerformanceData(figures: readonly PerformanceFigure[]): string {
  const labels = new Set<string>()
  return figures.map((figure) => {
    const label = labelText(figure.label)
    let unique = label
    for (let count = 2; labels.has(unique); count++) unique = `${label} ${count}`
    labels.add(unique)
    return showFigure(unique, figure)
  }).join(' ')
}

/** Graphers split at the first bar and at equals signs, whatever stands around them. */
function labelText(text: string): string {
  return plain(text, 200).replaceAll('=', '-').replaceAll('|', '/').replace(/ +/g, ' ').trim() || 'figure'
}

function showFigure(label: string, { value, uom, warning, critical, min, max }: PerformanceFigure): string {
  // For percent 0 and 100 go without saying.
  const bound = (limit: number | undefined, given: number): string => (limit === undefined || (uom === '%' && limit === given) ? '' : decimal(limit))
  const parts = [showRange(warning, min), showRange(critical, min), bound(min, 0), bound(max, 100)]
  const known = decimal(value)
  return `'${label.replaceAll("'", "''")}'=${known === '' ? 'U' : `${known}${uom}`};${parts.join(';')}`.replace(/;+$/, '')
}

/** A range of the guidelines: `10`, `10:`, `~:10`, `10:20`, `@10:20`; nothing for one that can raise no alert, and none that is not one. */
function showRange(range: Range | undefined, min: number | undefined): string {
  if (range === undefined || Number.isNaN(range.from) || Number.isNaN(range.to) || range.from > range.to || range.from === Number.POSITIVE_INFINITY || range.to === Number.NEGATIVE_INFINITY) return ''
  const { from, to, isInside } = range
  if (!isInside && from === Number.NEGATIVE_INFINITY && to === Number.POSITIVE_INFINITY) return ''
  const end = to === Number.POSITIVE_INFINITY ? '' : decimal(to)
  // Where nothing can be below zero, `90` says what `~:90` does, and more graphers draw it.
  const isFromZero = end !== '' && to >= 0 && (from === 0 || (from === Number.NEGATIVE_INFINITY && min !== undefined && min >= 0))
  const start = isFromZero ? '' : `${from === Number.NEGATIVE_INFINITY ? '~' : decimal(from)}:`
  return `${isInside ? '@' : ''}${start}${end}`
}

/** A number with digits, a point and a sign alone, to twelve significant digits; nothing for what is no finite number. */
function decimal(value: number): string {
  if (!Number.isFinite(value)) return ''
  // What binary fractions add is taken away: 0.07 * 100 is 7.
  const rounded = Number(value.toPrecision(12))
  if (Math.abs(rounded) >= 1e21) return String(BigInt(rounded))
  const text = String(rounded)
  const digits = text.includes('e') ? rounded.toFixed(20).replace(/0+$/, '').replace(/\.$/, '') : text
  return digits === '-0' ? '0' : digits
}
