import { BlockList, isIP } from 'node:net'
import type { ServeSection } from '../../config.ts'
import { plain } from '../../model/text.ts'
import { parseDuration } from '../../model/unit.ts'
import type { SecretWorld } from '../../services/secret.ts'
import type { AccessToken } from './access-token.ts'
import { badSetting, needsAuthentication } from './errors.ts'
import { readJwtSettings, type JwtSettings } from './jwt-settings.ts'
import { readLogLevel, type LogLevel } from './log-level.ts'
import { isLoopback } from './loopback.ts'

/** How an instance is served: the `serve` section with everything read and checked. */
export interface ServerSettings {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Lower case, without ports. */
  readonly allowedHosts: readonly string[]
  readonly tokens: readonly AccessToken[]
  readonly jwt: JwtSettings | null
  /** Paths of files in PEM. */
  readonly tls: { readonly cert: string; readonly key: string } | null
  /** Origins whose pages may ask: `https://media.example.org`. */
  readonly origins: readonly string[]
  /** Addresses and networks of proxies whose X-Forwarded-For is believed. */
  readonly trustProxy: readonly string[]
  /** Requests of one identity in a time; null for what is usual of its role. */
  readonly rateLimit: 'off' | { readonly requests: number; readonly perMs: number } | null
  /** Whether browsers may tell their measurements without a token. */
  readonly takesFromAll: boolean
  /** A path; null for stderr. */
  readonly auditLog: string | null
  readonly logLevel: LogLevel
  readonly maxStreams: number
  /** Of one identity; null for what is usual of its role. */
  readonly maxStreamsEach: number | null
}

/** Where Prometheus' registry has room for exporters. */
export const DEFAULT_PORT = 9_464
const DEFAULT_STREAMS = 2_000

/** What flags and environment say; undefined where they are silent. */
export interface Spoken {
  readonly host: string | undefined
  readonly port: number | undefined
}

/** Reads the section; what was spoken weighs more. Throws UserError `NEEDS_AUTHENTICATION`, `INVALID_VALUE`, `NO_SECRET`, `BAD_KEY`. */
export async function readServerSettings(section: ServeSection | null, spoken: Spoken, world: SecretWorld): Promise<ServerSettings> {
  const file = section?.file ?? {}
  const settings: ServerSettings = {
    host: (spoken.host ?? file.host ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1'),
    port: spoken.port ?? file.port ?? DEFAULT_PORT,
    allowedHosts: list(file.allowedHosts).map((name) => name.toLowerCase().replace(/\.$/, '')),
    tokens: section === null ? [] : readTokens(section),
    jwt: section === null || file.jwt === undefined ? null : await readJwtSettings(file.jwt, section, world),
    tls: section === null || file.tls === undefined ? null : { cert: section.resolve(file.tls.cert), key: section.resolve(file.tls.key) },
    origins: list(file.cors?.origins),
    trustProxy: list(file.trustProxy),
    rateLimit: file.rateLimit === undefined || file.rateLimit === 'off' ? (file.rateLimit ?? null) : { requests: file.rateLimit.requests, perMs: parseDuration(String(file.rateLimit.per ?? '1m')) },
    takesFromAll: file.clientMetrics?.open ?? false,
    auditLog: section === null || file.auditLog === undefined ? null : section.resolve(file.auditLog),
    logLevel: readLogLevel(world.env),
    maxStreams: file.maxStreams ?? DEFAULT_STREAMS,
    maxStreamsEach: file.maxStreamsEach ?? null,
  }
  if (settings.host === '') throw badSetting('serve.host is empty', 'write 127.0.0.1, or leave it out')
  for (const origin of settings.origins) expectOrigin(origin, section)
  for (const proxy of settings.trustProxy) expectNetwork(proxy, section)
  for (const name of settings.allowedHosts) if (!/^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)$/.test(name)) throw badSetting(`"${plain(name, 100)}" is no host name`, 'write names alone, without scheme and port: perf.example.org', section?.at(['allowedHosts']))
  if (typeof settings.rateLimit === 'object' && settings.rateLimit !== null && settings.rateLimit.perMs < 1_000) throw badSetting('serve.rateLimit.per is less than a second', 'write 1m', section?.at(['rateLimit', 'per']))
  if (!hasAuthentication(settings) && !isLoopback(settings.host)) throw needsAuthentication(settings.host)
  return settings
}

/** Whether somebody has to show who it is. */
export function hasAuthentication({ tokens, jwt }: Pick<ServerSettings, 'tokens' | 'jwt'>): boolean {
  return tokens.length > 0 || jwt !== null
}

function list(texts: string | readonly string[] | undefined): string[] {
  return texts === undefined ? [] : typeof texts === 'string' ? [texts] : [...texts]
}

function readTokens(section: ServeSection): AccessToken[] {
  const names = new Set<string>()
  return (section.file.tokens ?? []).map(({ name, role, hash, expires }, index) => {
    if (names.has(name)) throw badSetting(`there are two tokens named "${plain(name)}"`, 'a name says in the audit log who it was: give each its own', section.at(['tokens', index, 'name']))
    names.add(name)
    return { name: plain(name), role, hash: Buffer.from(hash.slice('sha256:'.length), 'hex'), expiresAt: expires === undefined ? null : Date.parse(expires) }
  })
}

function expectOrigin(origin: string, section: ServeSection | null): void {
  const url = URL.canParse(origin) ? new URL(origin) : null
  if (url === null || url.origin !== origin) throw badSetting(`"${plain(origin, 100)}" is no origin`, 'write scheme, host and port alone, such as https://media.example.org; * would let every page in', section?.at(['cors', 'origins']))
}

function expectNetwork(text: string, section: ServeSection | null): void {
  const [address = '', bits] = text.split('/')
  const family = isIP(address)
  try {
    if (family === 0) throw new Error('no address')
    if (bits !== undefined) new BlockList().addSubnet(address, /^\d{1,3}$/.test(bits) ? Number(bits) : -1, family === 6 ? 'ipv6' : 'ipv4')
    if (bits === '0') throw new Error('everybody')
  } catch {
    throw badSetting(`"${plain(text, 100)}" is no address of a proxy`, 'write addresses or networks, such as 127.0.0.1 or 10.0.0.0/8', section?.at(['trustProxy']))
  }
}
