import * as z from 'zod/mini'
import { COMMON, countNumber, durationText, levels, ratioText } from './parts.ts'
import { POSTGRES_PLACE, REDIS_PLACE } from './places.ts'

/** Checks that need a driver. */
export const DATABASE_CHECKS = [
  z.strictObject({
    type: z.literal('postgres'), ...COMMON, ...POSTGRES_PLACE,
    /** Whether it must be the primary, a replica in recovery, or may be either. */
    role: z.optional(z.enum(['primary', 'replica', 'any'])),
    responseTime: levels(durationText),
    /** Connections in use of those everybody may have. */
    connections: levels(ratioText),
    /** Of a replica how far it is behind, of a primary how far its replicas are. */
    replicationLag: levels(durationText),
    /** Replicas a primary must have. */
    replicas: z.optional(z.int().check(z.gte(0))),
    /** Age of the oldest transaction. */
    longTransaction: levels(durationText),
    /** The table of migrations, or more exactly what is expected of it. */
    migrations: z.optional(z.union([z.string(), z.strictObject({ table: z.string(), /** The folder whose files must all be in it. */ folder: z.optional(z.string()), /** The name of the last one. */ latest: z.optional(z.string()) })])),
    /** The last backup: a file or pattern (`/backups/*.dump`) whose newest counts, or a query that gives a time. */
    backup: z.optional(z.strictObject({ file: z.optional(z.string()), query: z.optional(z.string()), age: levels(durationText) }).check(({ value, issues }) => {
      if ((value.file === undefined) === (value.query === undefined)) issues.push({ code: 'custom', input: value, message: 'must have a file or a query, and not both: nothing else tells when the last backup was' })
    })),
  }),
  z.strictObject({
    type: z.literal('redis'), ...COMMON, ...REDIS_PLACE,
    role: z.optional(z.enum(['primary', 'replica', 'any'])),
    responseTime: levels(durationText),
    /** Memory in use of `maxmemory`. */
    memory: levels(ratioText),
    /** Hits of all look-ups since it started: alerts when there are fewer. Judged only where it is given. */
    hitRate: levels(ratioText, 'below'),
    /** Clients of `maxclients`. */
    connections: levels(ratioText),
    /** Replicas a primary must have. */
    replicas: z.optional(z.int().check(z.gte(0))),
    replicationLag: levels(durationText),
    /** Keys that were evicted since it started: judged only where it is given. */
    evicted: levels(countNumber),
    /** Whether it must be able to outlive a restart. */
    persistence: z.optional(z.enum(['required', 'any'])),
    /** Writes a key that expires after some seconds, and reads it back. */
    write: z.optional(z.boolean()),
  }),
] as const
