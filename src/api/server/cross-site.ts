import type { IncomingHttpHeaders } from 'node:http'
import { ApiError } from '../../contract/error-code.ts'
import { plain } from '../../model/text.ts'

/**
 * Refuses what a page of somebody else makes a browser send (Fetch Metadata, and `Origin` where a browser tells no more): every change, and without
 * authentication reading too, links that somebody follows excepted. Throws `ApiError` `FORBIDDEN`.
 */
export function expectSameSite(headers: IncomingHttpHeaders, { changes, isOpen, origins }: { readonly changes: boolean; readonly isOpen: boolean; readonly origins: readonly string[] }): void {
  const { origin, host } = headers
  if (origin !== undefined && origins.includes(origin)) return
  if (!isForeign(headers['sec-fetch-site'], origin, host)) return
  // A frame is no link that somebody followed.
  const follows = headers['sec-fetch-mode'] === 'navigate' && (headers['sec-fetch-dest'] ?? 'document') === 'document' && origin === undefined
  if (!changes && (!isOpen || follows)) return
  throw new ApiError('FORBIDDEN', `pages of ${origin === undefined ? 'another site' : `"${plain(origin, 100)}"`} may not ask this instance: add their origin to serve.cors.origins if they should`, { details: { header: origin === undefined ? 'Sec-Fetch-Site' : 'Origin' } })
}

/** What a browser says itself cannot be forged by a page; programs say nothing. */
function isForeign(site: string | readonly string[] | undefined, origin: string | undefined, host: string | undefined): boolean {
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  if (origin === undefined) return false
  return !URL.canParse(origin) || new URL(origin).host !== host?.toLowerCase()
}
