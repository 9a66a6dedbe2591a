import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { ApiError } from '../../contract/error-code.ts'
import { plain } from '../../model/text.ts'
import { isLoopback } from './loopback.ts'

/** Which names an instance answers to. */
export interface HostRule {
  /** What it is bound to. */
  readonly bound: string
  readonly allowed: readonly string[]
  /** Whether whoever asks has to show a token: then a page that lies about its name gains nothing. */
  readonly hasAuthentication: boolean
}

/**
 * Refuses requests that were sent to a name of somebody else: a page may let its own name point to this machine (DNS rebinding), and its
 * scripts would read what is here. Without authentication only names of this machine are taken, with it `allowed` where there is one.
 * Throws `ApiError` `VALIDATION_ERROR`, `FORBIDDEN`.
 */
export function expectHost(header: string | undefined, localAddress: string | undefined, rule: HostRule): void {
  if (rule.hasAuthentication && rule.allowed.length === 0) return
  if (header === undefined || header === '') throw new ApiError('VALIDATION_ERROR', 'the header Host is missing', { details: { header: 'Host' } })
  const name = nameOf(header)
  if (name !== null && (rule.allowed.includes(name) || rule.allowed.includes(`[${name}]`) || isOwn(name, localAddress, rule))) return
  throw new ApiError('FORBIDDEN', `"${plain(header, 100)}" is no name of this instance: add it to serve.allowedHosts if it should be`, { details: { header: 'Host' } })
}

/** Refuses requests that name two hosts: a proxy on the way may have let them in for the other one (RFC 9112 3.2). Throws `ApiError` `VALIDATION_ERROR`. */
export function expectOneHost({ url = '', headersDistinct }: Pick<IncomingMessage, 'url' | 'headersDistinct'>): void {
  const hosts = headersDistinct['host'] ?? []
  const meant = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1]
  const isOther = meant !== undefined && hosts[0]?.toLowerCase() !== meant.toLowerCase()
  if (hosts.length > 1 || isOther) throw new ApiError('VALIDATION_ERROR', 'the request names two hosts', { details: { header: 'Host' } })
}

function isOwn(name: string, localAddress: string | undefined, { bound }: HostRule): boolean {
  return isLoopback(name) || name === bound.toLowerCase() || (isIP(name) > 0 && name === localAddress?.replace(/^::ffff:/, ''))
}

/** Name or address of a Host header, lower case, without port and brackets; null for what is none (RFC 9110 7.2). */
function nameOf(header: string): string | null {
  const [, v6, name] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+))(?::\d{0,5})?$/i.exec(header) ?? []
  return (v6 ?? name)?.toLowerCase().replace(/\.$/, '') ?? null
}
