import type { Position } from '../../model/error.ts'
import type { Origin } from '../exchange.ts'
import { unusableHeader, UnsendableRequest } from './errors.ts'
import type { Scope } from './scope.ts'
import { compileTemplate, type DeclaredNames, type Template } from './template.ts'
import { breaksHeader, echoText, isToken, wireText } from './wire-text.ts'

/** The cookies one user has been given. */
export interface CookieJar {
  /** Takes the Set-Cookie lines of a response. */
  keep(lines: readonly string[], origin: Origin, path: string): void
  /** What goes into the Cookie header of a request, '' for nothing. */
  cookiesFor(origin: Origin, path: string): string
}

const MOST_REMEMBERED = 50
/** How long an answer of the jar stands while no cookie arrives; cookies expire by the second. */
const REMEMBERED_MS = 1_000

/** Loads tough-cookie (RFC 6265) and returns what makes a user's jar; `now` is any clock in milliseconds. */
export async function loadCookieJars(now: () => number): Promise<() => CookieJar> {
  const { CookieJar: Jar } = await import('tough-cookie')
  return () => {
    // Test systems live on localhost, on bare names and under public suffixes.
    const jar = new Jar(null, { looseMode: true, rejectPublicSuffixes: false, allowSpecialUseDomain: true })
    const remembered = new Map<string, string>()
    let rememberedAt = 0
    const addressOf = ({ tls, authority }: Origin, path: string): string => `${tls ? 'https' : 'http'}://${authority}${path}`
    const keep = (lines: readonly string[], origin: Origin, path: string): void => {
      remembered.clear()
      for (const line of lines) if (!breaksHeader(line)) attempt(() => jar.setCookieSync(line, addressOf(origin, path), { ignoreError: true }))
    }
    const cookiesFor = (origin: Origin, path: string): string => {
      const query = path.indexOf('?')
      const address = addressOf(origin, query === -1 ? path : path.slice(0, query))
      const at = now()
      if (at - rememberedAt > REMEMBERED_MS || remembered.size >= MOST_REMEMBERED) {
        remembered.clear()
        rememberedAt = at
      }
      const known = remembered.get(address)
      if (known !== undefined) return known
      const text = echoText(attempt(() => jar.getCookieStringSync(address)) ?? '')
      remembered.set(address, text)
      return text
    }
    return { keep, cookiesFor }
  }
}

/** A cookie or an address the jar does not take is no cookie. */
function attempt<Thing>(ask: () => Thing): Thing | null {
  try {
    return ask()
  } catch {
    return null
  }
}

/** Compiles a step's own cookies into the text of a Cookie header; '' for none. Throws UserError `INVALID_HEADER`; later, UnsendableRequest. */
export function compileCookies(cookies: Readonly<Record<string, string>>, header: Template | null, where: Position, declared?: DeclaredNames): Template {
  const pairs = Object.entries(cookies).map(([name, value]) => {
    if (!isToken(name)) throw unusableHeader(`Cookie: ${name}`, 'its name is not a cookie name', where)
    const template = compileTemplate(value, where, declared)
    if (template.constant !== null && breaksCookie(template.constant)) throw unusableHeader(`Cookie: ${name}`, 'its value has a semicolon, line break or control character', where)
    return { name, template }
  })
  const own = header === null ? [] : [{ name: null, template: header }]
  const all = [...own, ...pairs]
  const render = (scope: Scope | null): string => all.map(({ name, template }) => {
    const value = template.constant ?? (scope ? template.render(scope) : '')
    if (name === null ? breaksHeader(value) : breaksCookie(value)) throw new UnsendableRequest(`invalid cookie value: ${name ?? 'Cookie'}`)
    return wireText(name === null ? value : `${name}=${value}`)
  }).join('; ')
  if (all.some(({ template }) => template.constant === null)) return { text: '', constant: null, render, evaluate: render }
  const constant = render(null)
  return { text: constant, constant, render: () => constant, evaluate: () => constant }
}

const breaksCookie = (value: string): boolean => breaksHeader(value) || value.includes(';')

/** Joins a step's own cookies with the jar's; of the same name, the step's own wins. */
export function mergeCookies(own: string, kept: string): string {
  if (own === '') return kept
  if (kept === '') return own
  const names = new Set(own.split(';').map(nameOf))
  return [own, ...kept.split(';').filter((cookie) => !names.has(nameOf(cookie))).map((cookie) => cookie.trim())].join('; ')
}

const nameOf = (cookie: string): string => cookie.split('=', 1)[0]?.trim() ?? ''
