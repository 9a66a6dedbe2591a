import { UserError } from '../model/error.ts'
import { report } from '../model/report.ts'
import { defineCommand } from './command.ts'

/** `schema`: the JSON Schema of the files people write, for their editors. */
export const schema = defineCommand({
  name: 'schema',
  about: 'print the JSON Schema of a file you write, for your editor',
  argument: { name: 'which', about: 'config, scenario or budget', required: true },
  exit: 'plain',
  flags: {},
  examples: [{ line: 'schema scenario > scenario.schema.json', about: 'then: # yaml-language-server: $schema=./scenario.schema.json' }],
  async *run({ host, argument }) {
    const startedAt = host.wallTime()
    const data = await schemaOf(argument ?? '')
    yield report({ command: 'schema', title: `JSON Schema of a ${argument ?? ''} file`, startedAt, finishedAt: host.wallTime(), data, text: `${JSON.stringify(data, null, 2)}\n` })
  },
})

async function schemaOf(which: string): Promise<Readonly<Record<string, unknown>>> {
  if (which === 'scenario') return (await import('../load/read/json-schema.ts')).scenarioJsonSchema()
  if (which === 'config') return (await import('./config-json-schema.ts')).configJsonSchema()
  if (which === 'budget') return (await import('./budget-json-schema.ts')).budgetJsonSchema()
  throw new UserError({ code: 'UNKNOWN_SCHEMA', kind: 'usage', message: `there is no schema "${which}"`, hint: 'config, scenario or budget' })
}
