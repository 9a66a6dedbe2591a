import * as z from 'zod/mini'
import { apiSchema } from './api.ts'
import { artillerySchema } from './artillery.ts'
import { connectionsSchema } from './connections.ts'
import { k6Schema, k6WrappedSchema } from './k6-schema.ts'

/** JSON Schema (draft 2020-12) of every dialect a scenario may be written in, for editors. */
export function scenarioJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(z.union([artillerySchema, k6Schema, k6WrappedSchema, apiSchema, connectionsSchema]), { target: 'draft-2020-12', reused: 'ref' })
  return { ...schema, title: 'Scenario of a load test', description: "Artillery's test scripts, k6's options, the Performance API's load test, or autocannon's connections." }
}
