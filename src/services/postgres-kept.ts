import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'
import { openPostgres, type PostgresSession } from './postgres.ts'
import { inquiryOf, type Inquiry } from './postgres-inquiry.ts'
import type { PostgresPlace } from './postgres-place.ts'
import { PostgresProblem } from './postgres-problem.ts'
import { showPostgresTarget } from './postgres-target.ts'

/** The oldest version that is known here. */
const OLDEST = 12
/** How long a question of ours may wait for a lock: others must not wait behind it. */
const LOCK_MS = 100

/** What every question of ours begins with: pg_stat_statements keeps names, so that they can be told from an application's. */
export const OWN_QUESTION = 'WITH medianest_perf_question AS ('

/** A connection that is kept from one question to the next, and opened anew where it was lost; never asked twice at once. */
export interface KeptPostgres {
  /** Asks a SELECT of one value, read only; nothing stays open on the server but the session. When the signal aborts the connection is closed at once. Throws `PostgresProblem`, UserError `POSTGRES_TOO_OLD`, and what reading the place throws. */
  ask(question: string, signal: AbortSignal): Promise<string | null | undefined>
  /** Closes it; a question that is under way fails. Nothing is open afterwards. */
  close(): Promise<void>
}

interface Kept {
  readonly session: PostgresSession
  readonly inquiry: Inquiry
  readonly ends: AbortController
}

/** A connection to a place that is read whenever it is opened, so that a new password is found; a question has `timeoutMs`. */
export function keepPostgres(readPlace: () => Promise<PostgresPlace>, timeoutMs: number): KeptPostgres {
  let kept: Kept | undefined
  let isClosed = false
  const opening = new Set<AbortController>()
  const drop = (): void => {
    kept?.session.close()
    kept = undefined
  }

  async function open(signal: AbortSignal): Promise<Kept> {
    const ends = new AbortController()
    const release = aborting(ends, signal)
    opening.add(ends)
    try {
      const { target, pem } = await readPlace()
      const session = await openPostgres(target, pem, ends.signal)
      const major = Number.parseInt(session.version, 10)
      if (major < OLDEST) {
        session.close()
        throw new UserError({ code: 'POSTGRES_TOO_OLD', kind: 'input', message: `${showPostgresTarget(target)} is PostgreSQL ${plain(session.version, 40)}, which is too old to be asked for its figures`, hint: `update it; versions from ${OLDEST} on are known` })
      }
      return { session, ends, inquiry: inquiryOf(session, () => timeoutMs, LOCK_MS) }
    } finally {
      opening.delete(ends)
      release()
    }
  }

  async function askOn({ inquiry, ends }: Kept, question: string, signal: AbortSignal): Promise<string | null | undefined> {
    const release = aborting(ends, signal)
    try {
      const [result] = await inquiry.ask(`${OWN_QUESTION}${question}) TABLE medianest_perf_question`)
      return result?.rows[0]?.[0]
    } catch (error) {
      if (isAnswer(error)) await inquiry.rest().catch(drop)
      else drop()
      throw error
    } finally {
      release()
    }
  }

  return {
    async ask(question, signal) {
      if (kept !== undefined) {
        try {
          return await askOn(kept, question, signal)
        } catch (error) {
          // The server, or a pooler, may have let go of it while nobody asked.
          if (isAnswer(error) || signal.aborted || isClosed) throw error
        }
      }
      kept = await open(signal)
      return askOn(kept, question, signal)
    },
    async close() {
      isClosed = true
      for (const ends of opening) ends.abort()
      if (kept === undefined) return
      drop()
      // The session says goodbye before it ends.
      await new Promise((ended) => setImmediate(ended))
    },
  }
}

/** Whether the server said it of a question, and the connection stands. */
function isAnswer(error: unknown): boolean {
  return error instanceof PostgresProblem && error.sqlState !== undefined && error.kind !== 'terminated' && !/^(08|57P|XX)/.test(error.sqlState)
}

function aborting(ends: AbortController, signal: AbortSignal): () => void {
  const abort = (): void => ends.abort()
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  return () => signal.removeEventListener('abort', abort)
}
