import { readState, writeState } from '../health/state-file.ts'
import { foldState, type Change, type HealthState } from '../health/state.ts'
import type { Files } from '../files.ts'
import { UserError } from '../model/error.ts'
import type { CheckResult } from '../model/health.ts'
import type { Verdict } from '../model/verdict.ts'

/** Why something could not be remembered. */
export interface MemoryProblem {
  readonly title: string
  readonly hint?: string | undefined
}

/** What is remembered from run to run. */
export interface Memory {
  /** Null where nothing is remembered, or nothing yet. */
  state(): HealthState | null
  /** Adds a run; tells what has changed by it, and why it is not kept. */
  add(results: readonly CheckResult[], verdict: Verdict, at: Date): Promise<{ readonly changes: readonly Change[]; readonly problem: MemoryProblem | null }>
}

/** Opens a state file; without one nothing is remembered. One that cannot be used is left alone and told with every run: the checks matter more than their history. */
export async function openMemory(files: Files, path: string | null): Promise<Memory> {
  if (path === null) return forgetful(null)
  try {
    return remembering(files, path, await readState(path))
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return forgetful({ title: error.message, hint: error.hint })
  }
}

function forgetful(problem: MemoryProblem | null): Memory {
  return { state: () => null, add: async () => ({ changes: [], problem }) }
}

function remembering(files: Files, path: string, before: HealthState | null): Memory {
  let state = before
  return {
    state: () => state,
    add: async (results, verdict, at) => {
      const folded = foldState(state, results, verdict, at)
      state = folded.state
      const problem = await writeState(files, path, state)
      return { changes: folded.changes, problem: problem === null ? null : { title: problem, hint: 'see that there is room, and that this user may write there' } }
    },
  }
}
