import { plain } from '../model/text.ts'
import { badAddress } from './errors.ts'

/** Where an instance is. */
export interface Address {
  /** `nas:9464`, for titles and messages. */
  readonly name: string
  readonly origin: string
  /** The performance API's folder with a slash at its end: `http://nas:9464/api/v1/performance/`. */
  readonly base: string
}

/**
 * Reads the address of an instance: its root, its API (`.../api/v1`) or the performance API itself; `http://` may be left out.
 * Throws UserError `INVALID_VALUE`.
 */
export function readAddress(text: string): Address {
  const url = tryParse(withScheme(text.trim()))
  if (!url || url.hostname === '') throw badAddress(withoutSecrets(text), 'it cannot be read as a URL')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw badAddress(withoutSecrets(text), `${url.protocol}// is not spoken here, only http:// and https://`)
  if (url.username !== '' || url.password !== '') throw badAddress(withoutSecrets(text), 'names and passwords do not belong in it; use --token-file')
  return { name: plain(url.host, 100), origin: url.origin, base: `${url.origin}${performanceFolder(url.pathname)}` }
}

const withScheme = (text: string): string => (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`)
/** A password may hold any character, and stands before the last `@` also where there is no scheme. */
const withoutSecrets = (text: string): string => text.replace(/^\s*([a-z][a-z0-9+.-]*:\/\/)?[^]*@/i, '$1***@')

function tryParse(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

function performanceFolder(pathname: string): string {
  const path = pathname.replace(/\/+$/, '').replace(/\/metrics$|(?<=\/performance)\/health$/, '')
  if (path.endsWith('/performance')) return `${path}/`
  if (/\/api(\/v\d+)?$/.test(path)) return `${path}/performance/`
  return `${path}/api/v1/performance/`
}
