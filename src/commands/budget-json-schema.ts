import { toJSONSchema } from 'zod/mini'
import { budgetSchema } from '../budget-schema/schema.ts'

/** The JSON Schema of our own budget file. */
export function budgetJsonSchema(): Readonly<Record<string, unknown>> {
  return { title: 'budget.yaml', ...toJSONSchema(budgetSchema, { reused: 'ref' }) }
}
