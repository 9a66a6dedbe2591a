import { UserError, showPosition, type Position } from '../../model/error.ts'
import { showDuration } from '../../model/unit.ts'

/** Two sources that cannot be told apart. */
export function duplicateSource(id: string, first: Position, where: Position): UserError {
  const isNamed = id.includes(':')
  return new UserError({
    code: 'DUPLICATE_SOURCE', kind: 'input', message: isNamed ? `there are two sources "${id}"; the first is at ${showPosition(first)}` : `there are two sources of type ${id} without a name; the first is at ${showPosition(first)}`,
    hint: isNamed ? 'give one of them another name' : 'give one of them a name: `name: shop`', where,
  })
}

/** A time no source can be asked in. */
export function tooShort(key: string, given: string | number, leastMs: number, where: Position): UserError {
  return new UserError({ code: 'INVALID_VALUE', kind: 'input', message: `the ${key} of a source is ${given}: less than ${showDuration(leastMs)}`, hint: 'write it like 30s; a number alone counts seconds', where })
}

/** A collection that was not over in its time, and gave no reason. */
export function tooSlow(id: string, timeoutMs: number): UserError {
  return new UserError({ code: 'SOURCE_TIMEOUT', kind: 'unreachable', message: `${id} told nothing within ${showDuration(timeoutMs)}`, hint: 'see what it waits for, or give it more time with `timeout`' })
}

/** A collection that does not end although its time is long over. */
export function stillBusy(id: string): UserError {
  return new UserError({ code: 'SOURCE_BUSY', kind: 'unreachable', message: `${id} is still at its last collection, which should have ended`, hint: 'what it runs does not heed its signal' })
}
