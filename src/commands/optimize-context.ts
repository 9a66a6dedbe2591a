import { UserError } from '../model/error.ts'
import type { Table } from '../model/report.ts'
import type { Verdict } from '../model/verdict.ts'
import type { Context } from './command.ts'
import type { OPTIMIZE_FLAGS } from './optimize.ts'

/** What an optimization works with. */
export type OptimizeContext = Pick<Context<typeof OPTIMIZE_FLAGS>, 'host' | 'config' | 'flags' | 'instances' | 'global' | 'arguments'>

const STATES: readonly (readonly [state: RegExp, verdict: Verdict])[] = [[/^(fail|error|abort)/i, 'fail'], [/roll.*back|partial|warn|cancel/i, 'warn'], [/^(complete|success|done|finish|started|running|scheduled|pending|queued|in.progress)/i, 'ok']]

/** What a state that an instance names means; unknown for a word nobody knows. */
export function verdictOfState(state: string): Verdict {
  return STATES.find(([pattern]) => pattern.test(state))?.[1] ?? 'unknown'
}

/** Tables with something in them. */
export function tablesOf(tables: readonly Table[]): readonly Table[] {
  return tables.filter(({ rows }) => rows.length > 0)
}

/** Somebody wrote what optimize does not take. */
export function usage(message: string, hint: string): UserError {
  return new UserError({ code: 'USAGE', kind: 'usage', message, hint })
}
