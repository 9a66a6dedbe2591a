import { readState, writeState } from '../health/state-file.ts'
import { foldState, type Change, type HealthState } from '../health/state.ts'
import type { Files } from '../files.ts'
import { UserError } from '../model/error.ts'
import type { CheckResult } from '../model/health.ts'
import type { Verdict } from '../model/verdict.ts'

/** What is remembered from run to run. */
export interface Memory {
  /** Null where nothing is remembered, or nothing yet. */
  state(): HealthState | null
  /** Adds a run; tells what has changed by it, and why it could not be kept. */
  add(results: readonly CheckResult[], verdict: Verdict, at: Date): Promise<{ readonly changes: readonly Change[]; readonly problem: string | null }>
}

/** Opens a state file; without one nothing is remembered. Throws UserError `STATE_FILE`. */
export async function openMemory(files: Files, path: string | null): Promise<Memory> {
  if (path === null) return { state: () => null, add: async () => ({ changes: [], problem: null }) }
  let state = await readState(path)
  return {
    state: () => state,
    add: async (results, verdict, at) => {
      try {
        // Another run may have added to it while this one waited for its turn.
        state = (await readState(path)) ?? state
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        return { changes: [], problem: error.message }
      }
      const folded = foldState(state, results, verdict, at)
      state = folded.state
      return { changes: folded.changes, problem: await writeState(files, path, state) }
    },
  }
}
