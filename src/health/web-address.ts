import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'

/** Reads the address of a check. Throws UserError `INVALID_URL`, whose message has no password of it. */
export function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  const shown = plain(text.replace(/\/\/[^/]*@/, '//***@').replace(/[?#].*/s, ''), 200)
  throw new UserError({ code: 'INVALID_URL', kind: 'input', message: `"${shown}" is not an address of http or https`, hint: 'write it like http://127.0.0.1:8080/health' })
}

/** An address for people: without user, password, query and fragment, any of which may hold a secret. */
export function showUrl(url: URL): string {
  return plain(`${url.origin}${url.pathname === '/' ? '' : url.pathname}`, 200)
}

/** The address of something below a base, which may have a path of its own (`http://nas/plex`). */
export function below(base: URL, path: string): URL {
  const url = new URL(base.origin)
  url.pathname = base.pathname.replace(/\/+$/, '') + path
  return url
}

/** A host and its port. */
export interface HostPort {
  readonly host: string
  readonly port: number
}

/** `host`, `host:port`, `[::1]` or `[::1]:port`, the host without its brackets; undefined where it is none of them. */
export function parseHostPort(text: string): Pick<HostPort, 'host'> & Partial<HostPort> | undefined {
  const match = /^(?:\[([\da-f:.]+(?:%[\w.-]+)?)\]|([^\s:/@[\]]+))(?::(\d{1,5}))?$/i.exec(text)
  const host = match?.[1] ?? match?.[2]
  if (host === undefined || match?.[3] === undefined) return host === undefined ? undefined : { host }
  const port = Number(match[3])
  return port >= 1 && port <= 65_535 ? { host, port } : undefined
}

/** `host:port` with a name, an address, or an IPv6 address in brackets; where there is a preset port, the host alone too. Throws UserError `INVALID_TARGET`. */
export function readHostPort(text: string, presetPort?: number): HostPort {
  const isBareV6 = presetPort !== undefined && /^[\da-f]*:[\da-f]*:[\da-f:.]*(?:%[\w.-]+)?$/i.test(text.trim())
  const { host, port = presetPort } = isBareV6 ? { host: text.trim() } : parseHostPort(text.trim()) ?? {}
  if (host !== undefined && port !== undefined) return { host, port }
  const example = presetPort === undefined ? 'nas.local:443 or [::1]:443' : `10.0.0.1 or 10.0.0.1:${presetPort}`
  throw new UserError({ code: 'INVALID_TARGET', kind: 'input', message: `"${plain(text, 200)}" is not a host with its port`, hint: `write it like ${example}` })
}
