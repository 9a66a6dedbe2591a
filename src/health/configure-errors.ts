import { UserError, type Position } from '../model/error.ts'
import { nearest } from '../model/nearest.ts'
import { plain } from '../model/text.ts'

const quote = (text: string): string => `"${plain(text, 80)}"`

/** `did you mean "database"?`, and what there is. */
function suggest(name: string, known: readonly string[], of: string): string {
  const near = nearest(name, known)
  const list = known.length === 0 ? `there are no ${of}` : `${of}: ${known.join(', ')}`
  return near === undefined ? list : `did you mean ${quote(near)}? (${list})`
}

/** Two checks have one name. */
export function duplicateName(name: string, first: Position | undefined, where: Position | undefined): UserError {
  return invalid('DUPLICATE_CHECK', `two checks are named ${quote(name)}`, `give one of them another name${first ? `; the first is in line ${first.line}` : ''}`, where)
}

/** `dependsOn` names a check that is not there. */
export function unknownDependency(check: string, name: string, names: readonly string[], where: Position | undefined): UserError {
  return invalid('UNKNOWN_CHECK', `${quote(check)} depends on ${quote(name)}, and there is no check of that name`, suggest(name, names, 'other checks'), where)
}

/** Checks wait for each other. */
export function circle(names: readonly string[], where: Position | undefined): UserError {
  return invalid('CIRCULAR_CHECKS', `checks depend on each other in a circle: ${names.map((name) => plain(name, 80)).join(' -> ')}`, 'take one of them out of a dependsOn', where)
}

/** A window of maintenance names what is not there. */
export function unknownInMaintenance(name: string, known: readonly string[], where: Position | undefined): UserError {
  return invalid('UNKNOWN_CHECK', `the maintenance is for ${quote(name)}, and no check or component is named so`, suggest(name, known, 'checks and components'), where)
}

/** A value that reads well and cannot be meant. */
export function impossible(message: string, hint: string, where: Position | undefined): UserError {
  return invalid('INVALID_VALUE', message, hint, where)
}

/** `--components` picks what is not there. */
export function unknownComponent(name: string, known: readonly string[]): UserError {
  return new UserError({ code: 'UNKNOWN_COMPONENT', kind: 'usage', message: `no check and no component is named ${quote(name)}`, hint: suggest(name, known, 'checks and components') })
}

/** `--components` picks nothing. */
export function noComponent(known: readonly string[]): UserError {
  return new UserError({ code: 'UNKNOWN_COMPONENT', kind: 'usage', message: 'no component is named', hint: `checks and components: ${known.join(', ')}` })
}

function invalid(code: string, message: string, hint: string, where: Position | undefined): UserError {
  return new UserError({ code, kind: 'input', message, hint, where })
}
