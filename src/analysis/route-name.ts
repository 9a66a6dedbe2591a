import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'

const LONGEST = 200
const MOST_SEGMENTS = 12
const MOST_KEPT = 4_096

const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i
const ASSET = /\.(?:js|mjs|css|map|png|jpe?g|gif|webp|avif|svg|ico|woff2?|ttf|eot|mp[34]|webm|wasm)$/i

/** Names the route a target belongs to: `/media/17?x=1` is of `/media/:id`. What is no path is `(other)`. */
export type NameRoute = (target: string) => string

/** Names routes by patterns (`/api/v1/media/:id`, `/files/*`), the exacter before the others, and where none fits by taking identifiers out. Throws UserError `BAD_ROUTE`. */
export function routeNamer(patterns: readonly string[] = []): NameRoute {
  const routes = patterns.map(readRoute).sort(exacterFirst)
  const known = new Map<string, string>()
  return (target) => {
    const path = pathOf(target)
    const found = known.get(path)
    if (found !== undefined) return found
    const segments = path.split('/').slice(1, MOST_SEGMENTS + 2)
    const route = path === '' ? '(other)' : (routes.find((each) => fits(each, segments))?.name ?? withoutIdentifiers(path, segments))
    // Paths with identifiers are many: those that are asked for often soon stand here again.
    if (known.size >= MOST_KEPT) known.clear()
    known.set(copied(path), route)
    return route
  }
}

/** The path of a target or address alone, without query, fragment and parameters, which may hold secrets; empty for what is none. */
export function pathOf(target: string): string {
  const address = /^[a-z][a-z0-9+.-]{0,20}:\/\/[^/?#]*/i.exec(target)
  const path = (address ? target.slice(address[0].length) || '/' : target).replace(/[?#][^]*$/, '').replaceAll(/;[^/]*/g, '')
  if (!path.startsWith('/')) return address ? '/' : ''
  return path.slice(0, 4 * LONGEST).replaceAll(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '')
}

/** The same text with memory of its own: a part of a text keeps all of that in memory. */
export function copied(text: string): string {
  return Buffer.from(text).toString()
}

interface Route {
  readonly name: string
  /** Literal text; null for anything. */
  readonly segments: readonly (string | null)[]
  readonly hasMore: boolean
}

function readRoute(pattern: string): Route {
  const path = pattern.replace(/^[A-Z]+\s+/, '')
  if (!path.startsWith('/') || /[?#\s]/.test(path)) throw new UserError({ code: 'BAD_ROUTE', kind: 'input', message: `"${plain(pattern, 100)}" is no route`, hint: 'write a path with identifiers as :id and a * for all that may follow: /api/v1/media/:id or /files/*' })
  const hasMore = path.endsWith('/*')
  const segments = (hasMore ? path.slice(0, -2) : path.replace(/(?<=.)\/$/, '')).split('/').slice(1)
  return { name: plain(path, LONGEST), segments: segments.map((each) => (/^:|^\{.*\}$|^\*$/.test(each) ? null : each)), hasMore }
}

function exacterFirst(one: Route, other: Route): number {
  for (let at = 0; at < Math.max(one.segments.length, other.segments.length); at++) {
    const [a, b] = [one, other].map(({ segments, hasMore }) => (at >= segments.length ? (hasMore ? 2 : 3) : segments[at] === null ? 1 : 0)) as [number, number] // two of two
    if (a !== b) return a - b
  }
  return Number(one.hasMore) - Number(other.hasMore)
}

function fits({ segments, hasMore }: Route, path: readonly string[]): boolean {
  if (hasMore ? path.length < segments.length : path.length !== segments.length) return false
  return segments.every((each, at) => (each === null ? path[at] !== '' : each === path[at]))
}

function withoutIdentifiers(path: string, segments: readonly string[]): string {
  // Hashes make a name of each build: how scripts and pictures are served is one question.
  const asset = ASSET.exec(path)
  if (asset) return `*${asset[0].toLowerCase()}`
  const shown = segments.slice(0, MOST_SEGMENTS).map((each) => (isIdentifier(each) ? ':id' : decoded(each)))
  return plain(`/${shown.join('/')}${segments.length > MOST_SEGMENTS ? '/*' : ''}`, LONGEST)
}

/** Numbers, dates, UUIDs, hashes, addresses of people, names with a long number (`tt0111161`), and tokens nobody thought of. */
function isIdentifier(raw: string): boolean {
  const text = decoded(raw)
  const hasDigit = /\d/.test(text)
  if (/^-?\d+$/.test(text) || UUID.test(text) || text.includes('@')) return true
  if (/^\d{4}-\d\d-\d\d/.test(text) || /^\d+-./.test(text) || /^[a-z]{1,8}[-_]?\d{4,}$/i.test(text)) return true
  return (/^[0-9a-f]{8,}$/i.test(text) && hasDigit) || (text.length >= 20 && hasDigit) || text.length > 40
}

/** A segment without percent signs where that leaves it a segment that can be shown. */
function decoded(segment: string): string {
  if (!segment.includes('%')) return segment
  try {
    const text = decodeURIComponent(segment)
    return /[/\\%?#]|\p{Cc}|\p{Cf}/u.test(text) ? segment : text
  } catch {
    return segment
  }
}
