import type { CheckConfig } from '../health-schema/schema.ts'
import { UserError } from '../model/error.ts'
import { nearest } from '../model/nearest.ts'
import { plain } from '../model/text.ts'
import { hasSecret, withoutPassword } from './address.ts'
import { LOCAL_TYPES } from './preset.ts'
import { parseHostPort } from './web-address.ts'

/** Ways to write a check on the command line: what stands before the colon, an example, and how the rest is read (undefined where it is not one). */
const SPELLINGS: Readonly<Record<string, { readonly example: string; readonly read: (rest: string, whole: string) => CheckConfig | undefined }>> = {
  http: { example: 'http://host/path', read: (_, whole) => http(whole) },
  https: { example: 'https://host/path', read: (_, whole) => http(whole) },
  postgres: { example: 'postgres://user@host/database', read: (_, whole) => database('postgres', whole) },
  postgresql: { example: 'postgresql://user@host/database', read: (_, whole) => database('postgres', whole) },
  redis: { example: 'redis://host:6379', read: (_, whole) => database('redis', whole) },
  rediss: { example: 'rediss://host:6379', read: (_, whole) => database('redis', whole) },
  dns: { example: 'dns:host@server', read: dns },
  tls: { example: 'tls:host:443', read: tls },
  tcp: { example: 'tcp:host:port', read: (rest) => (parseHostPort(rest)?.port === undefined ? undefined : { type: 'connectivity', target: rest }) },
  disk: { example: 'disk:/path', read: (rest) => ({ type: 'disk', path: rest }) },
  process: { example: 'process:name', read: (rest) => ({ type: 'process', process: rest }) },
  systemd: { example: 'systemd:unit', read: (rest) => ({ type: 'systemd', unit: rest }) },
  plex: { example: 'plex:http://host:32400', read: plex },
  overseerr: { example: 'overseerr:http://host:5055', read: (rest) => (open(rest) ? { type: 'overseerr', url: rest } : undefined) },
  instance: { example: 'instance:http://host:4000', read: (rest) => (open(rest) ? { type: 'instance', url: rest } : undefined) },
  store: { example: 'store:/path', read: (rest) => ({ type: 'store', path: rest }) },
  clock: { example: 'clock:time.server', read: (rest) => (parseHostPort(rest) ? { type: 'clock', server: rest } : undefined) },
}

const BARE = [...LOCAL_TYPES, 'cpu', 'tmdb', 'postgres', 'redis'] as const

/** The check a text of `--check` means; secrets in an address become its `password` or `token`. Throws UserError `INVALID_CHECK`, which repeats no secret. */
export function readTarget(text: string): CheckConfig {
  const trimmed = text.trim()
  const bare = BARE.find((type) => type === trimmed)
  if (bare !== undefined) return { type: bare }
  const colon = trimmed.indexOf(':')
  const prefix = colon < 0 ? trimmed : trimmed.slice(0, colon)
  const spelling = Object.hasOwn(SPELLINGS, prefix.toLowerCase()) ? SPELLINGS[prefix.toLowerCase()] : undefined
  if (!spelling) throw invalid(trimmed, suggestion(prefix, colon < 0))
  const rest = colon < 0 ? '' : trimmed.slice(colon + 1)
  const config = rest === '' ? undefined : spelling.read(rest, trimmed)
  if (!config) throw invalid(trimmed, `write it like ${spelling.example}`)
  return config
}

function suggestion(prefix: string, isBare: boolean): string {
  const near = nearest(prefix, [...BARE, ...Object.keys(SPELLINGS)])
  const examples = Object.values(SPELLINGS).map(({ example }) => example)
  return `${near === undefined ? '' : `did you mean ${isBare && BARE.some((type) => type === near) ? near : (SPELLINGS[near]?.example ?? near)}? `}known are ${[...examples, ...BARE].join(', ')}`
}

function invalid(text: string, hint: string): UserError {
  // A mistyped address may have its password anywhere before the last @.
  const shown = text.replace(/^([a-z]+:(?:\/\/)?)?.*@/is, '$1...@').replace(/[?#].*$/s, '?...')
  return new UserError({ code: 'INVALID_CHECK', kind: 'usage', message: `"${plain(shown, 120)}" is not a check`, hint })
}

function http(text: string): CheckConfig | undefined {
  return webAddress(text) && addressed({ type: 'http', url: text })
}

function database(type: 'postgres' | 'redis', text: string): CheckConfig | undefined {
  return /^[a-z]+:\/\//i.test(text) && URL.canParse(text) ? addressed({ type, url: text }) : undefined
}

/** The check with its password apart; undefined where the address has one that cannot be read. */
function addressed(config: CheckConfig): CheckConfig | undefined {
  const apart = withoutPassword(config)
  return 'url' in apart && typeof apart.url === 'string' && hasSecret(apart.url) ? undefined : apart
}

/** An address that has no room for a user and a password. */
function open(text: string): URL | undefined {
  const url = webAddress(text)
  return url && url.username === '' && url.password === '' ? url : undefined
}

function plex(rest: string): CheckConfig | undefined {
  const url = open(rest)
  if (!url) return undefined
  const token = url.searchParams.get('X-Plex-Token')
  if (token === null) return { type: 'plex', url: rest }
  url.searchParams.delete('X-Plex-Token')
  return { type: 'plex', url: url.href, ...(token !== '' && { token }) }
}

function dns(rest: string): CheckConfig | undefined {
  const at = rest.indexOf('@')
  const host = at < 0 ? rest : rest.slice(0, at)
  const server = at < 0 ? undefined : rest.slice(at + 1)
  if (!isName(host) || (server !== undefined && !parseHostPort(server))) return undefined
  return { type: 'dns', host, ...(server !== undefined && { server }) }
}

function tls(rest: string): CheckConfig | undefined {
  const found = parseHostPort(rest)
  return found && { type: 'tls', host: found.host, ...(found.port !== undefined && { port: found.port }) }
}

/** An http or https address with a host. */
function webAddress(text: string): URL | undefined {
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined
}

function isName(text: string): boolean {
  return /^[^\s:/@[\]]+$/.test(text)
}
