import type { Position } from '../../model/error.ts'
import type { Json, RequestStep } from '../../model/plan.ts'
import type { Origin } from '../exchange.ts'
import { unusableUrl, UnsendableRequest } from './errors.ts'
import type { Scope } from './scope.ts'
import { compileTemplate, type DeclaredNames, type Template } from './template.ts'
import { compileValue } from './json-template.ts'
import { isList, showValue } from './value.ts'
import { encodeComponent, wirePath } from './wire-text.ts'

/** Where a request goes. */
export interface Destination {
  readonly origin: Origin
  /** Path and query as the request line carries them. */
  readonly path: string
}

/** A destination made ready. */
export interface CompiledDestination {
  /** Where every such request goes; null when a template decides. */
  readonly origin: Origin | null
  /** The destination itself when nothing in it changes. */
  readonly constant: Destination | null
  readonly make: (scope: Scope) => Destination
}

const SCHEME = /^https?:\/\//i
const ANY_SCHEME = /^[a-z][a-z\d+.-]*:\/\//i
const ABSOLUTE = /^(https?:\/\/[^/?#\\]*)([^]*)$/i
/** An origin that is whole before the first template begins. */
const WRITTEN_OUT = /^https?:\/\/[^/?#\\{}]+(?=[/?#]|$)/i
const MOST_ORIGINS = 1_000

/** Reads scheme, host and port of an http or https address; null when it is none. */
export function parseOrigin(address: string): { readonly origin: Origin; readonly user: string; readonly password: string } | null {
  if (!SCHEME.test(address) || !URL.canParse(address)) return null
  const url = new URL(address)
  const tls = url.protocol === 'https:'
  if (url.hostname === '') return null
  const origin = { tls, host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: url.port === '' ? (tls ? 443 : 80) : Number(url.port), authority: url.host }
  return { origin, user: decodeText(url.username), password: decodeText(url.password) }
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Whether two origins are the same place (RFC 6454 5). */
export function isSameOrigin(one: Origin, other: Origin): boolean {
  return one === other || (one.tls === other.tls && one.host === other.host && one.port === other.port)
}

/** Splits an absolute address; null when it is not http or https. */
export function locate(address: string): Destination | null {
  const [, base = '', rest = ''] = ABSOLUTE.exec(address) ?? []
  const origin = parseOrigin(base)?.origin
  return origin ? { origin, path: wirePath(rootedPath(rest)) } : null
}

const rootedPath = (path: string): string => (path.startsWith('/') ? path : `/${path}`)

const TARGET = /^\{\{\s*(\$?)target\s*\}\}/

/** A url as it was written, without a leading `{{ target }}`: that is where it leads anyway. */
export function relativeUrl(url: string, declared?: DeclaredNames): string {
  const written = url.trim()
  const [prefix = '', sign] = TARGET.exec(written) ?? []
  return sign === '' && declared?.has('target') ? written : written.slice(prefix.length)
}

/** Joins as Artillery does: what is not absolute is put after the target, whose own path is kept. */
function joinTarget(target: string, url: string): string {
  if (ANY_SCHEME.test(url)) return url
  const base = target.replace(/\/+$/, '')
  return url === '' || /^[/?#]/.test(url) ? base + url : `${base}/${url}`
}

/**
 * Compiles where a step's request goes. Origins are resolved once per text they come in.
 * Throws UserError `INVALID_URL` when what is constant leads nowhere; later, UnsendableRequest.
 */
export function compileDestination({ url, query, where }: RequestStep, target: string, declared?: DeclaredNames): CompiledDestination {
  const written = relativeUrl(url, declared)
  // A url that begins with a template may turn out to be absolute.
  const full = written.startsWith('{{') ? written : joinTarget(target, written)
  const values = compileQuery(query, where, declared)
  const base = WRITTEN_OUT.exec(full)?.[0]

  if (base !== undefined) {
    const origin = parseOrigin(base)?.origin
    if (!origin) throw unusableUrl(full, where)
    const path = compileTemplate(full.slice(base.length), where, declared)
    const finish = (text: string, more: string): Destination => ({ origin, path: addQuery(wirePath(rootedPath(text)), more) })
    if (path.constant !== null && values.constant !== null) {
      const constant = finish(path.constant, values.constant)
      return { origin, constant, make: () => constant }
    }
    return { origin, constant: null, make: (scope) => finish(path.render(scope), values.render(scope)) }
  }

  const whole = compileTemplate(full, where, declared)
  if (whole.constant !== null) throw unusableUrl(full, where)
  const prefix = compileTemplate(target, where, declared)
  const origins = new Map<string, Origin | null>()
  const make = (scope: Scope): Destination => {
    const address = joinTarget(prefix.render(scope), whole.render(scope).trim())
    const [, text = '', rest = ''] = ABSOLUTE.exec(address) ?? []
    let origin = origins.get(text)
    if (origin === undefined) {
      if (origins.size >= MOST_ORIGINS) origins.clear()
      origin = parseOrigin(text)?.origin ?? null
      origins.set(text, origin)
    }
    if (origin === null) throw new UnsendableRequest('invalid url')
    return { origin, path: addQuery(wirePath(rootedPath(rest)), values.render(scope)) }
  }
  return { origin: null, constant: null, make }
}

function addQuery(path: string, query: string): string {
  return query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`
}

function compileQuery(query: Readonly<Record<string, Json>>, where: Position, declared: DeclaredNames | undefined): Template {
  return compilePairs(query, encodeComponent, where, declared)
}

/** Compiles names and values into `a=1&b=2`; a list repeats its name. */
export function compilePairs(pairs: Readonly<Record<string, Json>>, encode: (text: string) => string, where: Position, declared: DeclaredNames | undefined): Template {
  const compiled = Object.entries(pairs).map(([name, value]) => ({ name: compileTemplate(name, where, declared), value: compileValue(value, where, declared) }))
  const render = (scope: Scope | null): string => compiled.map(({ name, value }) => {
    const key = encode(name.constant ?? (scope ? name.render(scope) : ''))
    const made = value.constant ?? (scope ? value.evaluate(scope) : null)
    return (isList(made) ? made : [made]).map((each) => `${key}=${encode(each === null ? '' : showValue(each))}`).join('&')
  }).filter((text) => text !== '').join('&')
  if (compiled.some(({ name, value }) => name.constant === null || value.constant === undefined)) return { text: '', constant: null, render, evaluate: render }
  const constant = render(null)
  return { text: constant, constant, render: () => constant, evaluate: () => constant }
}
