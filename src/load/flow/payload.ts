import type { Json, Payload, Plan } from '../../model/plan.ts'
import type { Random } from './random.ts'
import type { Scope } from './scope.ts'
import { compileValue } from './json-template.ts'
import { isList } from './value.ts'

/** Gives a new user its variables. */
export type Deal = (scope: Scope) => void

/** Which of several workers this is: each takes every `of`-th row of a sequence, beginning with its own. */
export interface Lane {
  readonly index: number
  readonly of: number
}

/**
 * Prepares the variables and payload rows of a plan: of a list of values each user draws one at random, of a payload a row at
 * random or the next in turn (beginning again at the end). Throws UserError for templates that cannot be read.
 */
export function createDeal({ variables, payloads }: Pick<Plan, 'variables' | 'payloads'>, random: Random, lane: Lane = { index: 0, of: 1 }): Deal {
  const deals = [...Object.entries(variables).map(([name, value]) => dealVariable(name, value, random)), ...payloads.map((payload) => dealRow(payload, random, lane))]
  return (scope) => {
    for (const deal of deals) deal(scope)
  }
}

function dealVariable(name: string, value: Json, random: Random): Deal {
  const template = compileValue(value)
  return (scope) => {
    const made = template.constant ?? template.evaluate(scope)
    const drawn = isList(made) ? made[random.between(0, made.length - 1)] : made
    if (drawn !== undefined) scope.variables.set(name, drawn)
  }
}

function dealRow({ fields, rows, order, as }: Payload, random: Random, lane: Lane): Deal {
  if (as !== undefined) {
    const all = rows.map((row) => Object.fromEntries(fields.map((field, index) => [field, row[index] ?? ''])))
    return ({ variables }) => void variables.set(as, all)
  }
  if (rows.length === 0) return () => undefined
  let next = lane.index % rows.length
  return ({ variables }) => {
    const row = rows[order === 'random' ? random.between(0, rows.length - 1) : next] ?? []
    next = (next + lane.of) % rows.length
    fields.forEach((field, index) => variables.set(field, row[index] ?? ''))
  }
}
