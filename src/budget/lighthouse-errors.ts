import { UserError, type Position } from '../model/error.ts'
import { plain } from '../model/text.ts'

function wrong(message: string, hint: string, where?: Position): UserError {
  return new UserError({ code: 'INVALID_BUDGET', kind: 'input', message, hint, where })
}

/** No limit is in it, so nothing could ever fail. */
export function saysNothing(file: string, where: Position): UserError {
  return wrong(`${file} limits nothing`, 'give it a timing, a resource or an assertion that is not off', where)
}

/** A path that budget.json cannot have; `problem` says why. */
export function pathNotValid(path: string, problem: string, where: Position): UserError {
  return wrong(`"${plain(path, 80)}" is no path of a budget: ${problem}`, 'write it as in robots.txt: /, /media or /media/*$', where)
}

/** A host name of `firstPartyHostnames` that is none. */
export function hostNotValid(host: string, where: Position): UserError {
  return wrong(`"${plain(host, 80)}" is not a host name`, 'write it without scheme and port: example.com or *.example.com', where)
}

/** A name that stands twice in a list or map. */
export function twice(name: string, list: string, where: Position): UserError {
  return wrong(`"${plain(name, 80)}" stands twice in ${list}`, 'remove one of them', where)
}

/** A regular expression that is none; `said` is the engine's word. */
export function patternNotValid(pattern: string, said: string, where: Position): UserError {
  return wrong(`"${plain(pattern, 80)}" is not a regular expression: ${plain(said, 120)}`, 'matchingUrlPattern is matched anywhere in the address: http://[^/]+/media', where)
}

/** Keys of `ci.assert` that exclude each other. */
export function notTogether(one: string, other: string, where: Position): UserError {
  return wrong(`${one} and ${other} cannot stand together in ci.assert`, one === 'assertMatrix' ? 'move it into the entries of assertMatrix' : 'keep one of them; several budgets can be given one by one', where)
}

/** lhci's `extends`, which is not followed. */
export function extendsFile(where: Position): UserError {
  return wrong('ci.extends is not followed here', 'copy the assertions of that file into this one', where)
}

/** Nothing in the configuration asserts anything. */
export function noAssertions(file: string, where: Position): UserError {
  return wrong(`${file} has no assertions`, 'add ci.assert with a preset, assertions, assertMatrix or budgetsFile', where)
}

/** An assertion that its subject has no such figure for; `what` says which it has. */
export function assertionNotValid(key: string, what: string, hint: string, where: Position): UserError {
  return wrong(`the assertion "${plain(key, 80)}" cannot be judged: ${what}`, hint, where)
}
