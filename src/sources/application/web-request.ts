import type { SecretText } from '../../health-schema/parts.ts'
import { UserError } from '../../model/error.ts'
import { plain } from '../../model/text.ts'
import { readLevel } from '../../health-schema/level.ts'
import { readSecret, type SecretWorld } from '../../services/secret.ts'
import { unescaped } from '../../services/unescaped.ts'

/** Reads the address of a source. Throws UserError `INVALID_URL`, whose message has no password of it. */
export function readAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  const shown = plain(text.replace(/\/\/[^/]*@/, '//***@').replace(/[?#].*/s, ''), 200)
  throw new UserError({ code: 'INVALID_URL', kind: 'input', message: `"${shown}" is not an address of http or https`, hint: 'write it like http://127.0.0.1:4000/metrics' })
}

/** An address for people: without user, password, query and fragment, any of which may hold a secret. */
export function showAddress(url: URL): string {
  return plain(`${url.origin}${url.pathname}`, 200)
}

/** Where an answer would lead, fit to be shown; undefined where it does not say. */
export function showLocation(location: string | undefined, from: URL): string | undefined {
  return location === undefined || !URL.canParse(location, from.href) ? undefined : showAddress(new URL(location, from))
}

/** What a request is to carry, names in lower case: headers of the configuration, then its token, then user and password of the address. Throws UserError `NO_SECRET`. */
export async function requestHeaders(config: { readonly headers?: Readonly<Record<string, SecretText>> | undefined; readonly token?: SecretText | undefined }, url: URL, world: SecretWorld): Promise<Record<string, string>> {
  const headers: Record<string, string> = {}
  for (const [name, given] of Object.entries(config.headers ?? {})) headers[name.toLowerCase()] = (await readSecret(given, world)) ?? ''
  const token = await readSecret(config.token, world)
  if (token !== undefined) headers['authorization'] ??= `Bearer ${token}`
  else if (url.username !== '' || url.password !== '') headers['authorization'] ??= `Basic ${Buffer.from(`${unescaped(url.username)}:${unescaped(url.password)}`).toString('base64')}`
  return headers
}

/** Longest time for one collection where nothing is said, milliseconds. */
const LONGEST_MS = 10_000

/** The time one collection has: what is said, else ten seconds or the interval where that is shorter; milliseconds. */
export function collectionTime({ timeout }: { readonly timeout?: string | number | undefined }, intervalMs: number): number {
  return timeout === undefined ? Math.min(LONGEST_MS, intervalMs) : readLevel(timeout, 'ms')
}
