import { toJSONSchema } from 'zod/mini'
import { configSchema } from '../config-schema.ts'

/** The JSON Schema of the configuration. All of zod is named here and nowhere else by `import()`, which would put what only this needs (0.4 MB) beside what reads a configuration. */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  return { title: 'medianest-perf.yaml', ...toJSONSchema(configSchema, { reused: 'ref' }) }
}
