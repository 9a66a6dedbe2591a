import * as z from 'zod/mini'
import { durationText, secret, texts } from '../health-schema/parts.ts'
import { COMMON, httpUrl } from './parts.ts'

/** Headers of a request; their values may be secrets. */
const headers = z.optional(z.record(z.string(), secret))

/** Where figures of an API come from. */
export const API_SOURCES = [
  /** The application's own Prometheus endpoint. */
  z.strictObject({
    type: z.literal('prometheus'), ...COMMON,
    url: httpUrl,
    /** A bearer token. */
    token: z.optional(secret),
    headers,
    /** Takes any certificate. */
    insecure: z.optional(z.boolean()),
    /** Families where they have other names than those that are known; labels likewise. */
    families: z.optional(z.strictObject({ requests: z.optional(z.string()), duration: z.optional(z.string()), connections: z.optional(z.string()) })),
    labels: z.optional(z.strictObject({ method: z.optional(z.string()), route: z.optional(z.string()), status: z.optional(z.string()) })),
  }),
  /** The log of a web server before the application. */
  z.strictObject({
    type: z.literal('access-log'), ...COMMON,
    path: z.string(),
    /** How its lines are made; found out from the lines where it is left out. */
    format: z.optional(z.enum(['combined', 'common', 'json', 'morgan'])),
    /** nginx's `log_format`, where lines are made by it: `$remote_addr [$time_local] "$request" $status $request_time`. */
    pattern: z.optional(z.string()),
    /** Names of fields of JSON lines where they are not the usual; with dots for fields inside others: `request.uri`. */
    fields: z.optional(z.strictObject({ method: z.optional(z.string()), path: z.optional(z.string()), status: z.optional(z.string()), duration: z.optional(z.string()), bytes: z.optional(z.string()) })),
    /** What a duration counts; what the format says where it is left out, else seconds. */
    unit: z.optional(z.enum(['s', 'ms', 'us'])),
    /** Routes, so that identifiers do not make a route each: `/api/v1/media/:id`. */
    routes: z.optional(texts),
    /** Only what begins so. */
    prefix: z.optional(z.string()),
  }),
  /** Requests made for the sake of it. */
  z.strictObject({
    type: z.literal('synthetic'), ...COMMON,
    url: httpUrl,
    method: z.optional(z.enum(['GET', 'HEAD', 'POST'])),
    headers,
    body: z.optional(z.string()),
    insecure: z.optional(z.boolean()),
    expect: z.optional(z.strictObject({ status: z.optional(z.union([z.int(), z.array(z.int())])), body: z.optional(z.string()), within: z.optional(durationText) })),
  }),
] as const
