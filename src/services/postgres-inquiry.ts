import type { PostgresRows, PostgresSession } from './postgres.ts'

/** A connection whose questions cannot change anything and end on the server too when our time is up. */
export interface Inquiry {
  /** One question of ours, which may be several SELECTs. Throws `PostgresProblem`. */
  ask(question: string): Promise<readonly PostgresRows[]>
  /** One statement that somebody else wrote; its transaction stays open. Throws `PostgresProblem`. */
  askOne(statement: string): Promise<PostgresRows>
  /** Ends the transaction that an error, or a statement of somebody else, left open: one that is kept idle holds VACUUM up. Throws `PostgresProblem`. */
  rest(): Promise<void>
}

/** Of the time that is left: the server's reason is better than our silence. */
const SHARE = 0.9

/**
 * Questions in transactions of their own, read only; nothing is set for longer, so that a pooler may hand the connection on. A question has `leftMs`
 * milliseconds, and waits `lockMs` for a lock where that is given. (Who asks for long gives the same number each time: pg_stat_statements keeps every
 * text of a SET apart.)
 */
export function inquiryOf(session: PostgresSession, leftMs: () => number, lockMs?: number): Inquiry {
  let isOpen = false
  // A ROLLBACK of nothing would be a warning in the server's log.
  const begin = (): readonly string[] => [
    ...(isOpen ? ['ROLLBACK'] : []), 'BEGIN READ ONLY', `SET LOCAL statement_timeout = ${Math.max(1, Math.round(leftMs() * SHARE))}`,
    ...(lockMs === undefined ? [] : [`SET LOCAL lock_timeout = ${lockMs}`]),
  ]
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
    async rest() {
      if (!isOpen) return
      await session.ask('ROLLBACK')
      isOpen = false
    },
  }
}
