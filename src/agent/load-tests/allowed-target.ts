import { invalid, notAllowed, targetNotAllowed } from './errors.ts'

// scheme "://" host [":" port] ["/" path], and nothing that two readers of addresses could read in two ways: no user name, no query, no fragment, no backslash, no white space.
const ADDRESS = /^https?:\/\/[^\s\\@/?#\p{Cc}]+(?:\/[^\s\\?#\p{Cc}]*)?$/iu
/** As often as a row of proxies might decode a path. */
const DECODINGS = 3

/**
 * The address a test is turned on: one of those that are allowed, or what stands below it; the first of them where nothing is asked for.
 * Scheme, host and port are compared as the URL standard reads them, and a path that is allowed is kept whole. Only names are compared: which address a name leads to
 * is up to whoever answers for it, so that a name is as trustworthy as its DNS. Throws `ApiError` `FORBIDDEN`.
 */
export function allowTarget(asked: string | undefined, allowed: readonly string[]): string {
  const [first] = allowed
  if (first === undefined) throw notAllowed()
  const address = read(asked ?? first)
  const match = address && allowed.find((each) => {
    const other = read(each)
    return other && other.origin === address.origin && (address.path === other.path || address.path.startsWith(`${other.path}/`))
  })
  if (!address || match === undefined) throw targetNotAllowed(asked ?? first, allowed)
  return address.origin + address.path
}

function read(address: string): { readonly origin: string; readonly path: string } | null {
  if (!ADDRESS.test(address) || !URL.canParse(address)) return null
  const path = (/^https?:\/\/[^/]+(.*)$/is.exec(address)?.[1] ?? '').replace(/\/+$/, '')
  if (climbs(path)) return null
  return { origin: new URL(address).origin, path }
}

/** Checks that a scenario's target is a path below the test's own address. Throws `ApiError` `VALIDATION_ERROR`. */
export function checkPath(path: string, field: string): void {
  // What a template leaves empty must not make `..` of `.{{ x }}.`, and what it fills in is no slash.
  const bare = path.replace(/\{\{.*?\}\}/gs, '')
  if (!path.startsWith('/')) throw invalid(field, 'must be a path that begins with /, such as /api/v1/media; the server is named once, as targetUrl')
  if (path.startsWith('//') || /[\\#\s\p{Cc}]/u.test(bare)) throw invalid(field, 'must be a path without a second / at its beginning, and without backslashes, white space and #')
  if (climbs(bare.replace(/\?.*$/s, ''))) throw invalid(field, 'must not climb with . or ..')
}

/** Whether a part of the path is `.` or `..`, however it is written. */
function climbs(path: string): boolean {
  let text = path
  for (let turn = 0; turn <= DECODINGS; turn++) {
    // Some servers take what follows a ; off before they climb: `..;x`.
    if (text.split(/[/\\]/).some((part) => /^\.{1,2}(?:;|$)/.test(part))) return true
    text = text.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
  }
  return false
}
