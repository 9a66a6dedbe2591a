import { UserError, type Position } from './error.ts'
import type { Unit } from './unit.ts'

export type Statistic =
  | { readonly kind: 'count' | 'rate' | 'value' | 'avg' | 'min' | 'max' | 'med' }
  | { readonly kind: 'p'; readonly percent: number }

export type Operator = '<' | '<=' | '>' | '>=' | '==' | '!='

/** Statistic, operator and limit; the limit is in the metric's own unit. */
export interface Threshold {
  readonly statistic: Statistic
  readonly operator: Operator
  readonly limit: number
  /** As it was written. */
  readonly text: string
}

/** A threshold on a metric, narrowed by tags, and what to do when it is crossed during the run. */
export interface ThresholdRule {
  readonly metric: string
  readonly tags: Readonly<Record<string, string>>
  readonly threshold: Threshold
  readonly abortOnFail: boolean
  /** Not judged before this long into the run, milliseconds. */
  readonly delayAbortEvalMs: number
  /** A crossed one fails the run; one that is not strict only warns (Artillery's `strict: false`). */
  readonly strict: boolean
  readonly where?: Position | undefined
}

// threshold = method operator number [unit]
// method    = "count" | "rate" | "value" | "avg" | "min" | "max" | "med" | "p(" float ")"
// operator  = ">" | ">=" | "<" | "<=" | "==" | "===" | "!="
// unit      = "us" | "ms" | "s" | "m" | "%" | "/s"           (k6 has none: milliseconds, ratio, per second)
const GRAMMAR = /^\s*(?:(count|rate|value|avg|min|max|med)|p\(\s*(\d+(?:\.\d+)?)\s*\))\s*(===|==|!=|>=|<=|>|<)\s*([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(us|ms|s|m|%|\/s)?\s*$/i
const FACTORS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000, m: 60_000, '%': 0.01, '/s': 1 }

/** Reads k6's threshold language, with optional units. Throws UserError `INVALID_THRESHOLD` that says which part is wrong. */
export function parseThreshold(text: string, where?: Position): Threshold {
  const match = GRAMMAR.exec(text)
  if (!match) throw invalid(text, where)
  const [, plainName, percent, operator = '', number = '', unit = ''] = match
  if (percent !== undefined && Number(percent) > 100) throw invalid(text, where)
  return {
    statistic: percent === undefined ? { kind: (plainName ?? '').toLowerCase() as Exclude<Statistic['kind'], 'p'> } : { kind: 'p', percent: Number(percent) },
    operator: (operator === '===' ? '==' : operator) as Operator,
    limit: Number(number) * (FACTORS[unit.toLowerCase()] ?? 1),
    text: text.trim(),
  }
}

function invalid(text: string, where: Position | undefined): UserError {
  const method = /^\s*([a-z]+\d*(?:\([^)]*\))?)/i.exec(text)?.[1]
  const known = method !== undefined && /^(count|rate|value|avg|min|max|med|p\(\s*(100(\.0+)?|\d{1,2}(\.\d+)?)\s*\))$/i.test(method)
  const operator = /[<>=!~]+/.exec(text)?.[0]
  const problem = !known
    ? `"${method ?? text.trim()}" is not a statistic (count, rate, value, avg, min, max, med or p(0..100))`
    : operator === undefined || !['<', '<=', '>', '>=', '==', '===', '!='].includes(operator)
      ? `${operator === undefined ? 'it has no operator' : `"${operator}" is not an operator`} (<, <=, >, >=, ==, ===, !=)`
      : 'its limit is not a number'
  return new UserError({ code: 'INVALID_THRESHOLD', kind: 'input', message: `the threshold "${text}" cannot be read: ${problem}`, hint: 'write it like p(95)<500 or rate<0.01', where })
}

// key = metric [ "{" tag ":" value { "," tag ":" value } "}" ]
const KEY = /^\s*([^{}\s]+)\s*(?:\{\s*([^{}]*)\}\s*)?$/

/** Reads a threshold's key, `http_req_duration{scenario:load,status:200}`. Throws UserError `INVALID_THRESHOLD`. */
export function parseThresholdKey(key: string, where?: Position): { readonly metric: string; readonly tags: Readonly<Record<string, string>> } {
  const match = KEY.exec(key)
  const pairs = (match?.[2] ?? '').split(',').map((pair) => pair.trim()).filter((pair) => pair !== '').map((pair) => pair.split(/:(.*)/s).map((part) => part.trim().replace(/^(["'])(.*)\1$/, '$2')))
  if (!match || pairs.some(([tag, value]) => tag === undefined || tag === '' || value === undefined)) {
    throw new UserError({ code: 'INVALID_THRESHOLD', kind: 'input', message: `"${key}" does not name a metric`, hint: 'write it like http_req_duration or http_req_duration{scenario:load}', where })
  }
  return { metric: match[1] ?? '', tags: Object.fromEntries(pairs.map(([tag = '', value = '']) => [tag, value])) }
}

/** Whether the observed value is what the threshold demands; false for NaN. */
export function holds({ operator, limit }: Threshold, observed: number): boolean {
  if (Number.isNaN(observed)) return false
  switch (operator) {
    case '<': return observed < limit
    case '<=': return observed <= limit
    case '>': return observed > limit
    case '>=': return observed >= limit
    case '==': return observed === limit
    case '!=': return observed !== limit
  }
}

/** The unit a threshold's limit is in: the metric's own, but per second for the rate of a counter. */
export function limitUnit(statistic: Statistic, unit: Unit): Unit {
  return statistic.kind === 'rate' && unit !== 'ratio' ? (unit === 'bytes' ? 'bytes_per_second' : 'per_second') : unit
}
