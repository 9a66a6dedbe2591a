import { badPattern } from './errors.ts'
import { readRequestLine, readSeconds, readSize, readStatus, type LoggedRequest, type ReadLine, type TimeUnit } from './logged-request.ts'

/** What is written as it is, then a variable; the last has none. */
interface Step {
  readonly literal: string
  readonly variable: string
}

/**
 * Lines that nginx's `log_format` makes (https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format), given as its text or as the whole directive.
 *
 *     pattern  = { literal | variable }
 *     variable = "$" name | "${" name "}"
 *
 * A variable's value ends where the literal after it stands first, so a line is gone through once and never backwards, whatever is in it. Values with that literal in them are known
 * by their names: a quoted one holds `\"`, a time one blank, a request ends behind its ` HTTP/`, lists of upstreams have `, ` and ` : ` between.
 * Throws UserError `BAD_PATTERN` where two variables touch, or status or path are missing.
 */
export function linePattern(pattern: string, unit?: TimeUnit): ReadLine {
  const steps = stepsOf(textOf(pattern))
  const names = new Set(steps.map(({ variable }) => variable))
  const touching = steps.findIndex(({ variable }, index) => index > 0 && index < steps.length - 1 && steps[index]?.literal === '' && variable !== '')
  if (touching >= 0) throw badPattern(pattern, `nothing stands between $${steps[touching - 1]?.variable} and $${steps[touching]?.variable}, so nobody can tell where one ends`)
  if (!names.has('status')) throw badPattern(pattern, 'it has no $status')
  if (!PATHS.some((name) => names.has(name))) throw badPattern(pattern, 'it has none of $request, $request_uri and $uri')
  return (line) => {
    const values = match(steps, line)
    return values && requestOf(values, unit)
  }
}

const PATHS = ['request', 'request_uri', 'uri', 'document_uri'] as const

/** The text of a format, out of `log_format main escape=default '...' '...';` where that is given. */
function textOf(pattern: string): string {
  const directive = /^\s*log_format\s+[^\s'"]+\s+(?:escape=\w+\s+)?/.exec(pattern)
  const rest = directive ? pattern.slice(directive[0].length) : pattern
  const quoted = [...rest.matchAll(/'([^']*)'/g)].map(([, text]) => text ?? '')
  return directive || /^\s*'/.test(rest) ? quoted.join('') : rest.trimEnd()
}

function stepsOf(text: string): Step[] {
  const steps: Step[] = []
  let literal = ''
  for (let at = 0; at < text.length;) {
    const variable = /\$(?:(\w+)|\{(\w+)\})/y
    variable.lastIndex = at
    const found = variable.exec(text)
    if (found) {
      steps.push({ literal, variable: found[1] ?? found[2] ?? '' })
      literal = ''
      at += found[0].length
    } else literal += text[at++]
  }
  return [...steps, { literal, variable: '' }]
}

function match(steps: readonly Step[], line: string): Map<string, string> | null {
  const values = new Map<string, string>()
  if (!line.startsWith(steps[0]?.literal ?? '')) return null
  let at = steps[0]?.literal.length ?? 0
  for (let index = 0; index < steps.length - 1; index++) {
    const { variable } = steps[index]! // Non-null: below the length.
    const { literal } = steps[index + 1]!
    const isLast = index === steps.length - 2
    // The end of the line is the end of the last value.
    const end = isLast ? (line.endsWith(literal) ? line.length - literal.length : -1) : endOf(variable, literal, line, at)
    if (end < at) return null
    values.set(variable, line.slice(at, end))
    at = end + literal.length
  }
  return values
}

/** Where a value that begins at `from` ends: where the literal after it begins. -1 where it does not. */
function endOf(variable: string, literal: string, line: string, from: number): number {
  let start = from
  if (literal.startsWith(' ')) {
    if (variable === 'request') start = Math.max(from, line.indexOf(' HTTP/', from) + 1)
    if (variable === 'time_local') start = Math.max(from, line.indexOf(' ', from) + 1)
  }
  let end = line.indexOf(literal, start)
  if (literal.startsWith('"')) while (end > from && isEscaped(line, end, from)) end = line.indexOf(literal, end + 1)
  if (variable.startsWith('upstream_') && literal.startsWith(' ')) while (end > from && (line[end - 1] === ',' || line[end - 1] === ':' || line.startsWith(' : ', end))) end = line.indexOf(literal, end + 1)
  return end
}

/** Whether an odd number of backslashes stands before; a run of them is looked at once for the quote behind it. */
function isEscaped(line: string, at: number, from: number): boolean {
  let slashes = 0
  while (at - 1 - slashes >= from && line[at - 1 - slashes] === '\\') slashes++
  return slashes % 2 === 1
}

function requestOf(values: ReadonlyMap<string, string>, unit: TimeUnit | undefined): LoggedRequest | null {
  const status = readStatus(values.get('status') ?? '')
  if (status === null) return null
  const asked = values.get('request')
  const named = readRequestLine(asked ?? '')
  const target = PATHS.slice(1).map((name) => values.get(name)).find((text) => text !== undefined)
  return {
    method: values.get('request_method') ?? named.method,
    target: asked === undefined ? (target ?? '') : named.target,
    status,
    seconds: secondsOf(values, unit),
    bytes: readSize(values.get('body_bytes_sent') ?? values.get('bytes_sent') ?? ''),
  }
}

function secondsOf(values: ReadonlyMap<string, string>, unit: TimeUnit | undefined): number {
  // No variable of nginx: morgan's lines are described with it.
  const ms = values.get('request_time_ms')
  if (ms !== undefined) return readSeconds(ms, 'ms')
  const own = values.get('request_time')
  if (own !== undefined) return readSeconds(own, unit ?? 's')
  // Each server that was tried has its own.
  const tried = (values.get('upstream_response_time') ?? '').split(/, | : /, 20).map((each) => readSeconds(each, unit ?? 's')).filter((each) => !Number.isNaN(each))
  return tried.length === 0 ? Number.NaN : tried.reduce((sum, each) => sum + each, 0)
}
