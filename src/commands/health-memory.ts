import type { Files } from '../files.ts'
import { readState, writeState } from '../health/state-file.ts'
import { foldState, type Change, type HealthState } from '../health/state.ts'
import { UserError } from '../model/error.ts'
import type { CheckResult } from '../model/health.ts'
import type { Verdict } from '../model/verdict.ts'

/** Why a run is not remembered. */
export interface MemoryProblem {
  readonly title: string
  readonly hint?: string | undefined
}

/** What is remembered from run to run. */
export interface Memory {
  /** As of the last run; null where nothing is remembered. */
  state(): HealthState | null
  /** Adds a run; tells what has changed by it, and why it is not kept. */
  add(results: readonly CheckResult[], verdict: Verdict, at: Date): Promise<{ readonly changes: readonly Change[]; readonly problem: MemoryProblem | null }>
}

/** Remembers in a state file; without one nothing. A file that cannot be used is left alone and told with every run: the checks matter more than their history. */
export function openMemory(files: Files, path: string | null): Memory {
  let state: HealthState | null = null
  return {
    state: () => state,
    add: async (results, verdict, at) => {
      if (path === null) return { changes: [], problem: null }
      try {
        // Read only now: another run may have added to it while this one waited for its turn.
        state = (await readState(path)) ?? state
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        return { changes: [], problem: { title: error.message, hint: error.hint } }
      }
      const folded = foldState(state, results, verdict, at)
      state = folded.state
      const problem = await writeState(files, path, state)
      return { changes: folded.changes, problem: problem === null ? null : { title: problem, hint: 'see that there is room, and that this user may write there' } }
    },
  }
}
