import { readFile } from 'node:fs/promises'
import { readPlan, type PlanInput } from '../../../src/load/read/plan.ts'
import { showPosition, UserError } from '../../../src/model/error.ts'
import type { Plan } from '../../../src/model/plan.ts'

const FIXTURES = new URL('../../fixtures/scenarios/', import.meta.url)

/** The plan of a text, as a file named `test.yaml` whose folder holds `files`. */
export function read(text: string, more: Partial<PlanInput> = {}, files: Readonly<Record<string, string>> = {}): Promise<Plan> {
  return readPlan({
    file: 'test.yaml',
    text,
    readFile: async (path) => {
      const content = files[path]
      if (content === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' })
      return content
    },
    ...more,
  })
}

/** The plan of a fixture. */
export async function readFixture(name: string, more: Partial<PlanInput> = {}): Promise<Plan> {
  return readPlan({ file: name, text: await readFile(new URL(name, FIXTURES), 'utf8'), readFile: (path) => readFile(new URL(path, FIXTURES), 'utf8'), ...more })
}

/** What a person is told: `code place message | hint`. */
export async function refusal(reading: Promise<unknown>): Promise<string> {
  try {
    await reading
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return `${error.code} ${error.where ? showPosition(error.where) : 'nowhere'} ${error.message} | ${error.hint}`
  }
  throw new Error('it was read without a complaint')
}

/** An Artillery script of one flow. */
export const withFlow = (flow: string, config = ''): string => `config: {target: demo, phases: [{duration: 1, arrivalRate: 1}]${config}}
scenarios:
  - flow:
${flow.trim().split('\n').map((line) => `      ${line}`).join('\n')}
`

/** The same with other settings and a flow of one GET. */
export const withConfig = (config: string): string => `config:
${config.trim().split('\n').map((line) => `  ${line}`).join('\n')}
scenarios: [{flow: [{get: {url: /}}]}]
`
