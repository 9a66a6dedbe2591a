import type { Caller } from '../../contract/instance.ts'
import type { ServerSettings } from './settings.ts'

/** What requests are counted as: the role of who asks, nobody where nobody needs to be known, or somebody who was refused. */
export type Weight = Caller['role'] | 'public' | 'refused'

const MINUTE_MS = 60_000
/** In a minute. An administrator's dashboards and fifty pollers at a second each share one token. */
const USUAL: Readonly<Record<Weight, number>> = { admin: 6_000, reader: 6_000, scrape: 600, user: 600, public: 600, refused: 100 }

/** Most requests of one identity in a time. */
export function requestLimit({ rateLimit }: Pick<ServerSettings, 'rateLimit'>, weight: Weight): { readonly requests: number; readonly perMs: number } {
  if (rateLimit === null || rateLimit === 'off' || weight === 'public') return { requests: USUAL[weight], perMs: MINUTE_MS }
  return weight === 'refused' ? { requests: Math.min(rateLimit.requests, USUAL.refused), perMs: rateLimit.perMs } : rateLimit
}
