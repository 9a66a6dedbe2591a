import * as z from 'zod/mini'
import { bytesText, COMMON, durationText, levels, port, secret, texts } from './parts.ts'

const TLS = {
  /** A file with certificates that are trusted besides the system's. */
  ca: z.optional(z.string()),
  /** Takes any certificate, and says so. */
  insecure: z.optional(z.boolean()),
} as const

const status = z.union([z.int().check(z.gte(100), z.lte(599)), z.string().check(z.regex(/^[1-5]xx$/, 'must be a status such as 200, or 2xx'))])

// A name or brackets, then more of them: the grammar stands in health/json-path.ts.
const JSON_PATH = /^(?:\$|(?:\.|(?!\$))[^\s.[\]'"]+|\[\s*(?:-?\d{1,9}|'[^']*'|"[^"]*")\s*\])(?:\.[^\s.[\]'"]+|\[\s*(?:-?\d{1,9}|'[^']*'|"[^"]*")\s*\])*$/

const jsonValues = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).check((found) => {
  for (const path of Object.keys(found.value)) {
    if (!JSON_PATH.test(path)) found.issues.push({ code: 'custom', path: [path], input: path, message: "must have a path into JSON for its key, such as $.status, checks[0].up or $['a key']" })
  }
})

/** What an HTTP answer must be. */
const expectation = z.strictObject({
  /** Statuses that are right; `2xx` where it is left out. */
  status: z.optional(z.union([status, z.array(status).check(z.minLength(1))])),
  contentType: z.optional(z.string()),
  /** Pieces of text the body must have. */
  text: z.optional(texts),
  notText: z.optional(texts),
  /** Values by their path in a JSON body: `{$.status: ok, $.checks[0].up: true}`; `null` stands for anything that is there. */
  json: z.optional(jsonValues),
})

const HTTP = {
  ...TLS,
  responseTime: levels(durationText),
  /** Time the certificate is still valid: alerts when it is less. */
  certificate: levels(durationText, 'below'),
} as const

/** Checks over the network that need no driver. */
export const NETWORK_CHECKS = [
  z.strictObject({
    type: z.literal('dns'), ...COMMON,
    /** The host name that is looked up. */
    host: z.string(),
    /** Name servers, `address` or `address:port`; the system's where it is left out. */
    server: z.optional(texts),
    records: z.optional(z.array(z.enum(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT', 'SRV'])).check(z.minLength(1))),
    /** Addresses (values) of which each must be among the answers. */
    expect: z.optional(texts),
    responseTime: levels(durationText),
  }),
  z.strictObject({
    type: z.literal('connectivity'), ...COMMON,
    /** `host:port`, reached over TCP. */
    target: texts,
    /** Whether all of them must answer, or one. */
    need: z.optional(z.enum(['all', 'any'])),
    responseTime: levels(durationText),
  }),
  z.strictObject({
    type: z.literal('tls'), ...COMMON, ca: TLS.ca,
    host: z.string(),
    port: z.optional(port),
    /** The name in the certificate, where it is not the host. */
    serverName: z.optional(z.string()),
    /** Time it is still valid, of the certificate of the chain that ends first: alerts when it is less. */
    remaining: levels(durationText, 'below'),
    /** Whether a certificate nobody known has signed is all right. */
    selfSigned: z.optional(z.boolean()),
  }),
  z.strictObject({
    type: z.literal('http'), ...COMMON, ...HTTP,
    url: z.string(),
    method: z.optional(z.enum(['GET', 'HEAD', 'POST', 'OPTIONS'])),
    headers: z.optional(z.record(z.string(), z.string())),
    body: z.optional(z.string()),
    /** Sent as `Authorization: Bearer`. */
    token: z.optional(secret),
    user: z.optional(z.string()),
    password: z.optional(secret),
    expect: z.optional(expectation),
    /** `follow` follows up to 5 redirects, `same-host` only those that stay, `none` takes the redirect for the answer. */
    redirects: z.optional(z.enum(['follow', 'same-host', 'none'])),
    /** Whether a page that asks for a password is a good answer. */
    loginPage: z.optional(z.boolean()),
    /** Levels of response time for what it answers: the documented targets. */
    category: z.optional(z.enum(['authentication', 'search', 'media', 'dashboard', 'admin'])),
    /** Most of a body that is read. */
    maxBody: z.optional(bytesText),
  }),
  z.strictObject({ type: z.literal('plex'), ...COMMON, ...HTTP, url: z.string(), token: z.optional(secret) }),
  z.strictObject({ type: z.literal('overseerr'), ...COMMON, ...HTTP, url: z.string(), apiKey: z.optional(secret) }),
  z.strictObject({ type: z.literal('tmdb'), ...COMMON, ...HTTP, url: z.optional(z.string()), apiKey: z.optional(secret) }),
  z.strictObject({ type: z.literal('instance'), ...COMMON, url: z.string(), token: z.optional(secret), insecure: z.optional(z.boolean()), responseTime: levels(durationText) }),
] as const
