import { UserError, type Position } from '../model/error.ts'
import { nearest } from '../model/nearest.ts'
import { plain } from '../model/text.ts'

/** A budget that would let everything pass. */
export function emptyBudget(file: string, where: Position | undefined): UserError {
  return new UserError({ code: 'EMPTY_BUDGET', kind: 'input', message: `${plain(file, 300)} limits nothing`, hint: 'write bundles, timing, api or another section; `medianest-perf budget init` makes a start', where })
}

/** An id that is taken out and was never in. */
export function nothingToLeaveOut(id: string, ids: readonly string[], where: Position | undefined): UserError {
  const near = nearest(id, ids)
  return new UserError({ code: 'UNKNOWN_LINE', kind: 'input', message: `"without" names "${plain(id, 100)}", which nothing that is taken over has`, hint: near === undefined ? 'remove it' : `did you mean "${plain(near, 100)}"?`, where })
}

/** A file that takes itself over. */
export function goesRound(path: string, where: Position | undefined): UserError {
  return new UserError({ code: 'BUDGET_CIRCLE', kind: 'input', message: `the budget ${plain(path, 300)} is taken over by itself, or by too many others in a row`, hint: 'take it out of "extends"', where })
}

/** A name that is neither preset nor budget. */
export function notABudget(name: string, presets: readonly string[], where: Position | undefined, reason: string): UserError {
  const near = nearest(name, presets)
  return new UserError({ code: 'UNKNOWN_PRESET', kind: 'input', message: `"${plain(name, 200)}" is neither a preset nor a budget that can be read (${plain(reason, 200)})`, hint: presets.length === 0 ? 'give it by itself with --budget: several can be judged at once' : near === undefined ? `presets are ${presets.join(', ')}; a file is named from where this one lies` : `did you mean "${near}"?`, where })
}
