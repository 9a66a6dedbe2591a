import type { RequestStep } from '../../model/plan.ts'
import { unknownWord } from './errors.ts'
import { METHODS } from './request.ts'
import type { Spot } from './spot.ts'

/** A method by name in any case, GET when there is none. Throws UserError `UNKNOWN_METHOD`. */
export function readMethod(method: string | undefined, spot: Spot): RequestStep['method'] {
  const known = METHODS.map((each) => each.toUpperCase() as RequestStep['method'])
  const wanted = (method ?? 'GET').trim().toUpperCase()
  const found = known.find((each) => each === wanted)
  if (found === undefined) throw unknownWord('UNKNOWN_METHOD', 'method', wanted, known, spot.where())
  return found
}
