import { UserError } from '../../model/error.ts'
import { plain } from '../../model/text.ts'
import { showDuration } from '../../model/unit.ts'
import type { ModuleAnswer } from './module-thread.ts'

const SHAPE = 'collect({ signal, options }) returns { samples: [{ metric, value, tag }], endpoints: [{ method, path, count, avgMs, errors }], queries: [{ query, count, avgMs }] }, each of them optional'

/** The file is not there, or cannot be read. */
export function moduleMissing(path: string, error: unknown): UserError {
  return new UserError({ code: 'MODULE_MISSING', kind: 'input', message: `the module ${plain(path)} is not there (${error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read'})`, hint: 'name it from the folder of the configuration' })
}

/** It lies, or its link leads, elsewhere. */
export function moduleOutside(path: string): UserError {
  return new UserError({ code: 'MODULE_OUTSIDE', kind: 'input', message: `the module ${plain(path)} is not below the folder of the configuration`, hint: 'only what stands beside the configuration is run: put it there' })
}

const SAID = { broken: 'cannot be loaded', failed: 'failed', ended: 'took its thread down' } as const
const CODES = { broken: 'MODULE_BROKEN', failed: 'MODULE_FAILED', ended: 'MODULE_FAILED', silent: 'MODULE_SILENT' } as const

/** There is no answer. */
export function moduleProblem(path: string, answer: Exclude<ModuleAnswer, { kind: 'returned' }>, timeoutMs: number): UserError {
  const said = answer.kind === 'silent' ? `does not answer within ${showDuration(timeoutMs)}` : `${SAID[answer.kind]}: ${plain(answer.reason, 300)}`
  const hint = answer.kind === 'silent' ? 'give it more time (timeout of this source), or let it end when signal says so; it was ended' : answer.kind === 'broken' ? `it is to be a JavaScript module that exports a function collect; ${SHAPE}` : 'see what it does there; catch what may fail'
  return new UserError({ code: CODES[answer.kind], kind: 'input', message: `the module ${plain(path)} ${said}`, hint })
}

/** What it returned cannot be taken: `where` is the place, `samples[3].value`. */
export function moduleAnswer(path: string, where: string, what: string, hint = SHAPE): UserError {
  return new UserError({ code: 'MODULE_ANSWER', kind: 'input', message: `the module ${plain(path)} returned what cannot be taken: ${where === '' ? 'it' : plain(where, 100)} ${what}`, hint })
}
