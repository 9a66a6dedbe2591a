/** What a family is declared to be. */
type FamilyType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped' | 'unknown' | 'info' | 'stateset' | 'gaugehistogram'

/** One line with a value. Untrusted. */
export interface ExposedSample {
  readonly labels: ReadonlyMap<string, string>
  /** NaN and both infinities included. */
  readonly value: number
}

/** What an endpoint exposes. Untrusted. */
export interface Exposition {
  /** By the name of the family; in OpenMetrics a counter's lacks `_total`. */
  readonly types: ReadonlyMap<string, FamilyType>
  readonly helps: ReadonlyMap<string, string>
  /** By the name in the line: `http_requests_total`, `http_request_duration_seconds_bucket`. */
  readonly samples: ReadonlyMap<string, readonly ExposedSample[]>
}

/** How a text is taken. */
export interface ExpositionTerms {
  readonly isOpenMetrics: boolean
  /** Whether the end of the text must be seen, because nothing else says that it is whole. */
  readonly needsEnd: boolean
}

/** A text that is no exposition; `reason` says of the line what is wrong with it. Lines count from 1. */
export class ExpositionProblem extends Error {
  readonly line: number
  readonly reason: string

  constructor(line: number, reason: string) {
    super(`line ${line} ${reason}`)
    this.name = 'ExpositionProblem'
    this.line = line
    this.reason = reason
  }
}

/** Most lines with a value that are kept of one text. */
export const MOST_SERIES = 100_000
/** Longest line, characters; so no name, label or help is longer. */
export const LONGEST_LINE = 65_536

const TYPES: ReadonlySet<string> = new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped', 'unknown', 'info', 'stateset', 'gaugehistogram'] satisfies FamilyType[])
const COMMENT = /^#[ \t]+(HELP|TYPE|UNIT|EOF)(?:[ \t]+([^ \t]+)(?:[ \t]+(.*))?)?$/s
const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y
const LABEL = /[a-zA-Z_][a-zA-Z0-9_]*/y
const BLANKS = /[ \t]*/y
const WORD = /[^ \t]+/y
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const WORDS: ReadonlyMap<string, number> = new Map([['nan', Number.NaN], ['inf', Infinity], ['+inf', Infinity], ['-inf', -Infinity], ['infinity', Infinity], ['+infinity', Infinity], ['-infinity', -Infinity]])

/**
 * Reads what a client library of Prometheus prints, in time linear in its length: the text format 0.0.4, or OpenMetrics 1.0
 * (https://prometheus.io/docs/instrumenting/exposition_formats/, https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md). Timestamps and
 * exemplars are checked and left out. Throws `ExpositionProblem` and nothing else.
 */
export function readExposition(text: string, terms: ExpositionTerms): Exposition {
  const types = new Map<string, FamilyType>()
  const helps = new Map<string, string>()
  const samples = new Map<string, ExposedSample[]>()
  let isOver = false
  let series = 0
  let number = 0
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found
    number++
    if (isOver) throw new ExpositionProblem(number, 'comes after # EOF')
    if (end - start > LONGEST_LINE) throw new ExpositionProblem(number, `is longer than ${LONGEST_LINE} characters`)
    if (found < 0 && terms.needsEnd) throw new ExpositionProblem(number, 'does not end: the answer is not whole')
    const line = text.slice(start, end).replace(/^[ \t]+/, '')
    start = end + 1
    if (line.startsWith('#')) {
      const [, word, name, rest = ''] = COMMENT.exec(line) ?? []
      if (word === 'EOF' && name === undefined && terms.isOpenMetrics) isOver = true
      if (word === 'HELP' && name !== undefined) helps.set(name, rest.slice(0, 200))
      if (word === 'TYPE' && name !== undefined) types.set(name, readType(rest.trim(), number))
      continue
    }
    if (line.trim() === '') continue
    if (++series > MOST_SERIES) throw new ExpositionProblem(number, `is one of more than ${MOST_SERIES} series`)
    const { name, sample } = readLine(line, number, terms.isOpenMetrics)
    const known = samples.get(name)
    if (known) known.push(sample)
    else samples.set(name, [sample])
  }
  if (terms.isOpenMetrics && !isOver) throw new ExpositionProblem(number, 'is the last and not # EOF: the answer is not whole')
  return { types, helps, samples }
}

function readType(word: string, line: number): FamilyType {
  if (!TYPES.has(word)) throw new ExpositionProblem(line, `declares a type that there is not: ${quote(word)}`)
  return word as FamilyType // it is one of them
}

function readLine(line: string, number: number, isOpenMetrics: boolean): { readonly name: string; readonly sample: ExposedSample } {
  let at = 0
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const [found = ''] = pattern.exec(line) ?? []
    at += found.length
    return found
  }
  const wrong = (reason: string): ExpositionProblem => new ExpositionProblem(number, reason)
  const name = take(NAME)
  if (name === '') throw wrong(`begins with no name of a metric: ${quote(line)}`)
  take(BLANKS)
  const labels = new Map<string, string>()
  if (line[at] === '{') {
    at++
    readLabels()
  } else if (at === name.length) {
    throw wrong(at < line.length ? `has a character that no name of a metric has: ${quote(line)}` : `has no value: ${quote(line)}`)
  }
  take(BLANKS)
  const value = readNumber(take(WORD))
  if (value === undefined) throw wrong(`has no number as its value: ${quote(line)}`)
  take(BLANKS)
  if (at < line.length && line[at] !== '#') {
    if (!NUMBER.test(take(WORD))) throw wrong(`has no time after its value: ${quote(line)}`)
    take(BLANKS)
  }
  if (at < line.length && !(isOpenMetrics && line[at] === '#')) throw wrong(`goes on after its value: ${quote(line)}`)
  return { name, sample: { labels, value } }

  function readLabels(): void {
    for (;;) {
      take(BLANKS)
      if (line[at] === '}') break
      const label = take(LABEL)
      if (label === '') throw wrong(`has something else than a label at character ${at + 1}: ${quote(line)}`)
      take(BLANKS)
      if (line[at++] !== '=') throw wrong(`has no = after the label ${quote(label)}`)
      take(BLANKS)
      if (line[at++] !== '"') throw wrong(`has no quoted value for the label ${quote(label)}`)
      if (labels.has(label)) throw wrong(`has the label ${quote(label)} twice`)
      labels.set(label, readQuoted(label))
      take(BLANKS)
      if (line[at] === ',') at++
      else if (line[at] !== '}') throw wrong(`has neither , nor } after the label ${quote(label)}`)
    }
    at++
  }

  function readQuoted(label: string): string {
    let value = ''
    for (let from = at; ; at++) {
      const char = line[at]
      if (char === undefined) throw wrong(`ends within the value of the label ${quote(label)}`)
      if (char === '"') {
        value += line.slice(from, at++)
        return value
      }
      if (char !== '\\') continue
      const escaped = { '\\': '\\', '"': '"', n: '\n' }[line[at + 1] ?? '']
      if (escaped === undefined) throw wrong(`has an unknown escape in the value of the label ${quote(label)}`)
      value += line.slice(from, at) + escaped
      from = ++at + 1
    }
  }
}

/** A number as Go reads it, without its hexadecimal ones; undefined for none. */
function readNumber(word: string): number | undefined {
  return NUMBER.test(word) ? Number(word) : WORDS.get(word.toLowerCase())
}

function quote(text: string): string {
  return `"${text.length > 60 ? `${text.slice(0, 59)}…` : text}"`
}
