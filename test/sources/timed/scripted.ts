import type { Attempts } from '../../../src/sources/timed/attempt.ts'
import type { TimedCommand, TimedRun } from '../../../src/sources/timed/timed-command.ts'

/** A command by its name. */
export const command = (name: string): TimedCommand => ({ name, program: name, words: [] })

/** A run that took so long and went well. */
export const run = (ms: number, parts: Partial<TimedRun> = {}): TimedRun => ({ ms, cpu: null, exitCode: 0, signal: null, isLate: false, isCutOff: false, lastWords: [], ...parts })

/** Attempts that run nothing: `answer` says what the nth run of all would have been; `order` has the names of what was run. */
export function scripted(answer: (name: string, nth: number) => TimedRun, parts: Partial<Attempts> = {}): { readonly attempts: Attempts; readonly order: string[] } {
  const order: string[] = []
  return {
    order,
    attempts: {
      prepare: null, ignoresFailure: false, ...parts,
      time: async ({ name }) => {
        order.push(name)
        return answer(name, order.length)
      },
    },
  }
}
