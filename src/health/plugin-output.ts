import type { Measure, Range } from '../model/health.ts'
import { plain } from '../model/text.ts'

/** What a plugin printed, in its parts. Made safe. */
export interface PluginOutput {
  /** The first line without its performance data; empty where there is none. */
  readonly text: string
  /** The long output, bounded. */
  readonly lines: readonly string[]
  readonly measures: readonly Measure[]
  /** Pieces of performance data that cannot be read, or came twice. */
  readonly ignored: number
}

const MOST_LINES = 50
const MOST_MEASURES = 200

/**
 * Reads the output of a plugin (Monitoring Plugins Development Guidelines, "plugin output"): `TEXT | DATA`, then lines of long text up to one
 * with `|`, after which everything is performance data again. Never throws.
 */
export function parsePluginOutput(output: string): PluginOutput {
  const [first = '', ...rest] = output.replace(/^\s+/, '').split(/\r?\n/)
  const [text, data] = cut(first)
  const turn = rest.findIndex((line) => line.includes('|'))
  const [lastText, furtherData] = turn < 0 ? ['', ''] : cut(rest[turn] ?? '')
  const long = turn < 0 ? rest : [...rest.slice(0, turn), lastText]
  const pieces = [data, furtherData, ...(turn < 0 ? [] : rest.slice(turn + 1))].join(' ')
  return { text: plain(text.trim()), lines: long.map((line) => plain(line.trimEnd(), 300)).filter((line) => line !== '').slice(0, MOST_LINES), ...parsePerformance(pieces) }
}

function cut(line: string): readonly [before: string, after: string] {
  const bar = line.indexOf('|')
  return bar < 0 ? [line, ''] : [line.slice(0, bar), line.slice(bar + 1)]
}

// 'label'=value[UOM];[warn];[crit];[min];[max], where a quote within quotes is written twice.
const PIECE = /\s*(?:'((?:[^']|'')*)'|([^\s'=]+))=(\S*)(?=\s|$)/y
const NEXT = /\s*\S+/y

/** Reads performance data: pieces with blanks between. What cannot be read is left out and counted. */
export function parsePerformance(data: string): Pick<PluginOutput, 'measures' | 'ignored'> {
  const measures = new Map<string, Measure>()
  let ignored = 0
  let at = 0
  while (at < data.length) {
    PIECE.lastIndex = NEXT.lastIndex = at
    const piece = PIECE.exec(data)
    if (piece === null && NEXT.exec(data) === null) break
    at = piece === null ? NEXT.lastIndex : PIECE.lastIndex
    const name = plain((piece?.[1]?.replaceAll("''", "'") ?? piece?.[2] ?? '').trim(), 80)
    const measure = piece === null || name === '' || measures.has(name) || measures.size >= MOST_MEASURES ? undefined : readMeasure(name, piece[3] ?? '')
    if (measure) measures.set(name, measure)
    else ignored++
  }
  return { measures: [...measures.values()], ignored }
}

// Performance data has no groups of digits, so that one comma without a point can only be a decimal comma, of a plugin that listened to its locale.
const NUMBER = '[-+]?(?:\\d+(?:[.,]\\d*)?|[.,]\\d+)(?:[eE][-+]?\\d+)?'
const VALUE = new RegExp(`^(${NUMBER})([^\\d.,;'"]{0,20})$`)
const WHOLE = new RegExp(`^${NUMBER}$`)

function readMeasure(name: string, text: string): Measure | undefined {
  const [value = '', warning = '', critical = '', min = '', max = ''] = text.split(';')
  const bounds = { warning: parseRange(warning), critical: parseRange(critical), min: readNumber(min), max: readNumber(max) }
  // `U`: it could not be told.
  if (/^(U|-?nan)$/i.test(value)) return { name, value: Number.NaN, unit: 'count', ...bounds }
  const match = VALUE.exec(value)
  const number = readNumber(match?.[1] ?? '')
  if (match === null || number === undefined) return undefined
  return { name, value: number, unit: 'count', uom: match[2] ? plain(match[2]) : undefined, ...bounds }
}

function readNumber(text: string): number | undefined {
  if (!WHOLE.test(text)) return undefined
  const number = Number(text.replace(',', '.'))
  // -0 is 0 for everybody but JavaScript.
  return Number.isFinite(number) ? number + 0 : undefined
}

/**
 * Reads a range (Monitoring Plugins Development Guidelines, "threshold and ranges"): `10` alerts outside 0..10, `10:` below 10, `~:10` above 10,
 * `10:20` outside, `@10:20` within. Undefined where it is none.
 */
export function parseRange(text: string): Range | undefined {
  const isInside = text.startsWith('@')
  const [first = '', second, ...more] = (isInside ? text.slice(1) : text).split(':')
  if (more.length > 0) return undefined
  const from = second === undefined || first === '' ? 0 : first === '~' ? Number.NEGATIVE_INFINITY : readNumber(first)
  const end = second ?? first
  const to = second === '' && first !== '' ? Number.POSITIVE_INFINITY : readNumber(end)
  return from === undefined || to === undefined || from > to ? undefined : { from, to, isInside }
}
