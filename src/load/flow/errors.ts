import { UserError, type Position } from '../../model/error.ts'
import { plain } from '../../model/text.ts'

const quote = (text: string): string => `"${plain(text, 120)}"`

const invalid = (code: string, where: Position | undefined, message: string, hint: string): UserError =>
  new UserError({ code, kind: 'input', message, hint, where })

/** A template that has no end or makes no sense; `at` counts characters from 0. */
export function unreadableTemplate(text: string, at: number, problem: string, where: Position | undefined): UserError {
  return invalid('INVALID_TEMPLATE', where, `the template ${quote(text)} cannot be read: ${problem} (character ${at + 1})`, 'write it like {{ name }}, {{ user.roles[0] }} or {{ $randomInt(1, 9) }}')
}

/** A `$name` that is no function and no variable of a loop. */
export function unknownFunction(name: string, suggestion: string | undefined, known: readonly string[], where: Position | undefined): UserError {
  return invalid(
    'UNKNOWN_TEMPLATE_FUNCTION', where, `{{ $${plain(name, 60)} }} is not known`,
    suggestion === undefined ? `known are ${known.map((each) => `$${each}`).join(', ')}` : `did you mean {{ $${suggestion} }}?`,
  )
}

/** A template function called with what it does not take. */
export function wrongArguments(name: string, usage: string, problem: string, where: Position | undefined): UserError {
  return invalid('INVALID_TEMPLATE', where, `$${name} cannot be called like that: ${problem}`, `write it like {{ ${usage} }}`)
}

/** A condition outside the grammar; `at` counts characters from 0. */
export function unreadableCondition(text: string, at: number, problem: string, where: Position | undefined): UserError {
  return invalid('INVALID_CONDITION', where, `the condition ${quote(text)} cannot be read: ${problem} (character ${at + 1})`, 'write it like count > 3 and role == \'admin\'')
}

/** A JSONPath outside the supported part; `at` counts characters from 0. */
export function unreadableJsonPath(text: string, at: number, problem: string, where: Position | undefined): UserError {
  return invalid('INVALID_JSONPATH', where, `the JSONPath ${quote(text)} cannot be read: ${problem} (character ${at + 1})`, 'write it like $.items[0].id, $..token, $.items[-1:] or $.items[?(@.price < 10)].id')
}

/** A regular expression JavaScript does not take. */
export function unreadablePattern(pattern: string, problem: string, where: Position | undefined): UserError {
  return invalid('INVALID_PATTERN', where, `the regular expression ${quote(pattern)} cannot be read: ${plain(problem)}`, 'patterns are in the syntax of JavaScript, without slashes around them')
}

/** A status that is neither a code nor a pattern. */
export function unreadableStatus(code: string, where: Position | undefined): UserError {
  return invalid('INVALID_STATUS', where, `${quote(code)} is not a status`, 'write it like 200, 2xx or 200-299')
}

/** An address requests cannot be sent to. */
export function unusableUrl(url: string, where: Position | undefined): UserError {
  return invalid('INVALID_URL', where, `${quote(url)} is not an address requests can be sent to`, 'write it like http://host:3000/path, or /path with a target')
}

/** A header name, header value or cookie that must not go on the wire. */
export function unusableHeader(name: string, problem: string, where: Position | undefined): UserError {
  return invalid('INVALID_HEADER', where, `the header ${quote(name)} cannot be sent: ${problem}`, 'take it out or write it on one line')
}

/** A loop, pause or value that is no number where one is needed. */
export function unusableNumber(what: string, text: string, example: string, where: Position | undefined): UserError {
  return invalid('INVALID_VALUE', where, `${what} ${quote(text)} is not a number`, `write it like ${example}`)
}

/** Why a request could not be made of its templates: it is never sent, and counts as failed. Never leaves the room. */
export class UnsendableRequest extends Error {
  readonly reason: string

  constructor(reason: string) {
    super(reason)
    this.name = 'UnsendableRequest'
    this.reason = reason
  }
}
