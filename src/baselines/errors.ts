import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'

/** Nobody says which branch is built. */
export function branchNotKnown(): UserError {
  return new UserError({ code: 'BRANCH_NOT_KNOWN', kind: 'usage', message: 'the branch is not known: no CI variable names it, and git has none checked out here', hint: 'name it: --branch main' })
}

/** A name that nothing can be kept under. */
export function unfitName(name: string): UserError {
  return new UserError({ code: 'INVALID_VALUE', kind: 'usage', message: `"${plain(name, 80)}" cannot be a name`, hint: 'write it like main, feature/search or checkout, at most 250 characters' })
}

/** The run did less than it should have. */
export function partialRun(file: string): UserError {
  return new UserError({ code: 'PARTIAL_RUN', kind: 'input', message: `${file} is of a run that is not whole: it would make a wrong yardstick`, hint: 'measure again, or record it all the same with --force' })
}

/** The folder cannot be looked into. */
export function unreadableFolder(folder: string, reason: string): UserError {
  return new UserError({ code: 'BASELINE_FOLDER', kind: 'input', message: `the folder of baselines ${plain(folder, 300)} cannot be read: ${reason}`, hint: 'name another with --dir (of compare: --baseline-dir)' })
}

/** The folder cannot be made or written to. */
export function unwritableFolder(folder: string, reason: string): UserError {
  return new UserError({ code: 'CANNOT_WRITE', kind: 'input', message: `the folder of baselines ${plain(folder, 300)} cannot be written to: ${reason}`, hint: 'name another with --dir' })
}
