import type { PostgresRows, PostgresSession } from '../../services/postgres.ts'
import type { HealthWorld } from '../world.ts'

/** A connection whose questions cannot change anything and end on the server too when our time is up. */
export interface Inquiry {
  /** One question of ours, which may be several SELECTs. Throws `PostgresProblem`. */
  ask(question: string): Promise<readonly PostgresRows[]>
  /** One statement that somebody else wrote. Throws `PostgresProblem`. */
  askOne(statement: string): Promise<PostgresRows>
}

/** Of the time that is left: the server's reason is better than our silence. */
const SHARE = 0.9

/** Questions in transactions of their own, read only; nothing is set for longer, so that a pooler may hand the connection on. */
export function inquiryOf(session: PostgresSession, world: Pick<HealthWorld, 'now'>, deadlineAt: number): Inquiry {
  let isOpen = false
  // A ROLLBACK of nothing would be a warning in the server's log.
  const begin = (): readonly string[] => [...(isOpen ? ['ROLLBACK'] : []), 'BEGIN READ ONLY', `SET LOCAL statement_timeout = ${Math.max(1, Math.round((deadlineAt - world.now()) * SHARE))}`]
  return {
    async ask(question) {
      const before = begin()
      isOpen = true
      const results = await session.ask([...before, question, 'COMMIT'].join('; '))
      isOpen = false
      return results.slice(before.length, -1)
    },
    async askOne(statement) {
      const before = begin()
      isOpen = true
      await session.ask(before.join('; '))
      return session.askOne(statement)
    },
  }
}
