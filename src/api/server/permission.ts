import { ApiError } from '../../contract/error-code.ts'
import type { Caller } from '../../contract/instance.ts'

/** What a route asks of who calls it. */
export interface RouteRule {
  readonly role: 'user' | 'admin' | 'scrape' | 'public'
  /** Whether it changes something. */
  readonly changes: boolean
}

const ABLE: Readonly<Record<Exclude<RouteRule['role'], 'public'>, readonly Caller['role'][]>> = {
  user: ['user', 'admin', 'reader'],
  admin: ['admin', 'reader'],
  scrape: ['scrape', 'admin', 'reader'],
}

/** Refuses whoever may not do it, and says what would help. Throws `ApiError` `FORBIDDEN`. */
export function expectPermission({ role }: Caller, rule: RouteRule): void {
  if (rule.role === 'public') return
  if (role === 'reader' && rule.changes) throw new ApiError('FORBIDDEN', 'without tokens this instance answers questions and changes nothing: medianest-perf serve --make-token admin makes a token, for serve.tokens')
  if (!ABLE[rule.role].includes(role)) throw new ApiError('FORBIDDEN', `this is for the role ${rule.role === 'user' ? 'user or admin' : rule.role === 'scrape' ? 'scrape or admin' : 'admin'}, and the token has the role ${role}`)
}
