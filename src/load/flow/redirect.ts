import { isSameOrigin, locate } from './destination.ts'
import type { PreparedRequest } from './request.ts'

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
/** Meant for whom they were addressed to, and for nobody else. */
const PRIVATE: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie', 'host'])
/** Describe a body, and go with it. */
const ABOUT_BODY: ReadonlySet<string> = new Set(['content-length', 'content-type', 'content-encoding', 'content-language', 'content-location'])

/** Whether a status sends the client somewhere else (RFC 9110 15.4). */
export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status)
}

/**
 * The request a redirect asks for; null when its Location leads nowhere we can go.
 * 301, 302 and 303 turn into GET (HEAD stays), 307 and 308 repeat the request. Credentials, cookies and Host stay behind when the origin changes.
 */
export function redirectRequest(request: PreparedRequest, status: number, location: string): PreparedRequest | null {
  const { origin, path } = request
  const base = `${origin.tls ? 'https' : 'http'}://${origin.authority}${path}`
  if (!URL.canParse(location, base)) return null
  const destination = locate(new URL(location, base).href)
  if (!destination) return null

  const keepsBody = status === 307 || status === 308
  const staysHome = isSameOrigin(origin, destination.origin)
  const fields = request.fields.split('\r\n').filter((line) => {
    const name = line.slice(0, line.indexOf(':')).toLowerCase()
    return line !== '' && (keepsBody || !ABOUT_BODY.has(name)) && (staysHome || !PRIVATE.has(name))
  })
  return {
    ...destination,
    method: keepsBody || request.method === 'HEAD' ? request.method : 'GET',
    host: staysHome ? request.host : null,
    fields: fields.map((line) => `${line}\r\n`).join(''),
    cookies: staysHome ? request.cookies : '',
    body: keepsBody ? request.body : '',
  }
}
