import { UserError } from '../model/error.ts'
import { plural } from '../model/text.ts'
import type { BudgetFormat } from './budget-format.ts'

/** A configuration that is a program. */
export function isScript(file: string): UserError {
  return new UserError({
    code: 'BUDGET_SCRIPT', kind: 'input',
    message: `${file} is a program, and none is run to read a budget`,
    hint: `write down what it says as JSON: node -p 'JSON.stringify(require("./${file.replace(/^\.\//, '')}"), null, 2)' > ${file.replace(/\.[^./]*$/, '')}.json`,
  })
}

/** Nothing is in the file. */
export function emptyBudget(file: string): UserError {
  return new UserError({ code: 'EMPTY_BUDGET', kind: 'input', message: `${file} is empty`, hint: 'medianest-perf budget init writes one' })
}

/** No recogniser knows it: says what was looked for. */
export function unknownBudget(file: string, formats: readonly BudgetFormat[]): UserError {
  return new UserError({
    code: 'UNKNOWN_BUDGET', kind: 'input',
    message: `${file} is no budget that is known here; looked for ${formats.map(({ about, mark }) => `${about} (${mark})`).join('; ')}`,
    hint: 'results to be judged are given as they are, without --budget; medianest-perf budget init writes a budget',
    details: { formats: formats.map(({ name }) => name) },
  })
}

/** Two recognisers know it, so neither is believed. */
export function ambiguousBudget(file: string, formats: readonly BudgetFormat[]): UserError {
  return new UserError({ code: 'AMBIGUOUS_BUDGET', kind: 'input', message: `${file} has the marks of ${formats.map(({ about }) => about).join(' and of ')}`, hint: `put each of the ${plural(formats.length, 'budget')} into a file of its own` })
}
