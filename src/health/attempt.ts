import { UserError } from '../model/error.ts'
import type { Outcome } from '../model/health.ts'
import { plain } from '../model/text.ts'
import { showDuration } from '../model/unit.ts'
import { CHECK_TYPES } from './check-types.ts'
import type { Check } from './check.ts'
import type { Ending } from './ending.ts'
import { single } from './remark.ts'

/** How long a look whose time is up may take to say so itself, milliseconds; then it is left behind. */
const GRACE_MS = 100
/** Of a look that was ended from outside, the share of its time after which its silence is its own. */
const NEARLY = 0.95
/** Longer than this a timer would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** A timer that bears any length. */
export function after(ms: number, call: () => void): NodeJS.Timeout {
  return setTimeout(call, Math.min(Math.max(ms, 0), LONGEST_TIMER_MS))
}

/** What one look came to: what it found, null where there is nothing of the kind here, `cut` where the end of everything came first. */
export type Attempt = Outcome | null | 'cut'

/** Looks once, for `budgetMs` at most (less than the check's own time where little is left of all). Never rejects, and what comes late is dropped. */
export function attempt(check: Check, budgetMs: number, now: () => number, ending: Ending): Promise<Attempt> {
  return new Promise((resolve) => {
    if (ending.reason() !== null) return resolve('cut')
    const began = now()
    const time = new AbortController()
    const settle = (found: Attempt): void => {
      clearTimeout(deadline)
      clearTimeout(grace)
      forget()
      // Whatever a look has left open is closed, also after a good answer.
      time.abort()
      resolve(found)
    }
    let grace: NodeJS.Timeout | undefined
    // A budget that was cut short ends with everything, which then decides.
    const { graceMs } = CHECK_TYPES[check.type]
    const deadline = budgetMs < check.timeoutMs ? undefined : after(budgetMs, () => {
      grace = after(graceMs ?? GRACE_MS, () => settle(silence(check)))
      if (graceMs === undefined) time.abort()
    })
    const forget = ending.onEnd(() => settle(now() - began >= check.timeoutMs * NEARLY ? silence(check) : 'cut'))
    const failed = (error: unknown): void => settle(time.signal.aborted ? silence(check) : thrown(error))
    Promise.resolve().then(() => check.look(time.signal, budgetMs)).then(settle, failed)
  })
}

function silence(check: Check): Outcome {
  return single(CHECK_TYPES[check.type].onSilence, `no answer within ${showDuration(check.timeoutMs)}`, 'see whether what it looks at hangs; where it is only slow, give the check more time (timeout)')
}

function thrown(error: unknown): Outcome {
  if (error instanceof UserError) return single('unknown', plain(withoutPasswords(error.message)), error.hint)
  const message = error instanceof Error ? error.message || error.name : String(error)
  return single('unknown', `the check itself broke: ${plain(withoutPasswords(message))}`, 'this is a mistake of this program: please report it')
}

/** A driver's message may repeat the address it was given. */
function withoutPasswords(text: string): string {
  return text.replace(/(:\/\/[^\s/@:]*):\S*@/g, '$1@')
}

/** What the tries of a check came to in words: that it failed all of them, or that it was kept from going on. */
export function afterTries(outcome: Outcome, attempts: number, keptFrom: { readonly reason: string; readonly of: number } | null): Outcome {
  if (outcome.verdict !== 'fail' && outcome.verdict !== 'unknown') return outcome
  if (keptFrom) return { ...outcome, message: `${outcome.message} (${attempts} of ${keptFrom.of} tries; ${keptFrom.reason})` }
  return attempts < 2 ? outcome : { ...outcome, message: `${outcome.message} (${attempts} tries)` }
}
