import * as z from 'zod/mini'
import { httpUrl } from '../collect-schema/parts.ts'
import { countNumber, durationText, port, secret, texts, waitText } from '../health-schema/parts.ts'

/** What who asks may do: `scrape` reads what Prometheus reads and nothing else. */
export const ROLES = ['user', 'admin', 'scrape'] as const

const tokenSchema = z.strictObject({
  /** Who it is, for the audit log. */
  name: z.string().check(z.minLength(1), z.maxLength(100)),
  role: z.enum(ROLES),
  /** `sha256:` and 64 hexadecimal digits, as `serve --make-token` prints them. */
  hash: z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hexadecimal digits; medianest-perf serve --make-token ROLE prints them')),
  /** After this moment it is worth nothing. */
  expires: z.optional(z.iso.datetime({ offset: true, error: 'must be a moment such as 2027-06-30T00:00:00Z' })),
})

const jwtSchema = z.strictObject({
  algorithm: z.enum(['HS256', 'RS256', 'ES256']),
  /** Of HS256, at least 32 bytes. */
  secret: z.optional(secret),
  /** Of RS256 and ES256, in PEM. */
  publicKey: z.optional(secret),
  issuer: z.string(),
  audience: z.string(),
  /** The claim that names the role, or a list of them. */
  roleClaim: z.optional(z.string()),
  /** Longest time between `iat` and now. */
  maxAge: z.optional(waitText),
})

/** The `serve` section of the configuration. */
export const serveSchema = z.strictObject({
  host: z.optional(z.string()),
  port: z.optional(port),
  /** Names it may be called by in `Host`, besides addresses of its own. */
  allowedHosts: z.optional(texts),
  tokens: z.optional(z.array(tokenSchema)),
  jwt: z.optional(jwtSchema),
  tls: z.optional(z.strictObject({ cert: z.string(), key: z.string() })),
  /** Origins whose pages may ask. */
  cors: z.optional(z.strictObject({ origins: texts })),
  /** Addresses of reverse proxies whose X-Forwarded-For is believed. */
  trustProxy: z.optional(texts),
  rateLimit: z.optional(z.union([z.literal('off'), z.strictObject({ requests: z.int().check(z.gte(1)), per: z.optional(waitText) })])),
  /** What a load test may be turned on, and how hard; none at all where it is left out. */
  loadTest: z.optional(z.strictObject({ targets: z.union([httpUrl, z.array(httpUrl).check(z.minLength(1))]), maxRate: z.optional(countNumber), maxUsers: z.optional(z.int().check(z.gte(1))), maxDuration: z.optional(durationText) })),
  /** Measurements of browsers. */
  clientMetrics: z.optional(z.strictObject({ /** Whether pages may send them without a token. */ open: z.optional(z.boolean()), maxPages: z.optional(z.int().check(z.gte(1))), maxClients: z.optional(z.int().check(z.gte(1))) })),
  /** A file for the audit log; stderr where it is left out. */
  auditLog: z.optional(z.string()),
  /** Where what is set over the API outlives a restart. */
  state: z.optional(z.string()),
  /** Whether command lines of processes are told; they may hold secrets. */
  commandLines: z.optional(z.boolean()),
  /** Most live streams at once. */
  maxStreams: z.optional(z.int().check(z.gte(1))),
  /** Most of them for one token, subject or address; 50 for users where it is left out. */
  maxStreamsEach: z.optional(z.int().check(z.gte(1))),
})

/** The section as it is written. */
export type ServeFile = z.infer<typeof serveSchema>
/** What who asks may do. */
export type Role = (typeof ROLES)[number]
