import * as z from 'zod/mini'
import { port, secret } from './parts.ts'

/** Where a PostgreSQL is. */
export const POSTGRES_PLACE = {
  /** `postgres://user@host:port/database?sslmode=require`, or where it is, for a password may be in it; the parts below, then PGHOST and its like, where it is silent. */
  url: z.optional(secret),
  host: z.optional(z.string()),
  port: z.optional(port),
  database: z.optional(z.string()),
  user: z.optional(z.string()),
  password: z.optional(secret),
} as const

/** Where a Redis is. */
export const REDIS_PLACE = {
  /** `redis://user@host:port/0`, `rediss://` with TLS, or where it is, for a password may be in it; the parts below where it is silent. */
  url: z.optional(secret),
  host: z.optional(z.string()),
  port: z.optional(port),
  database: z.optional(z.int().check(z.gte(0))),
  user: z.optional(z.string()),
  password: z.optional(secret),
  /** A file with certificates that are trusted besides the known ones. */
  ca: z.optional(z.string()),
} as const
