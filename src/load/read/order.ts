import { UserError } from '../../model/error.ts'
import type { Plan } from '../../model/plan.ts'
import { readPlan } from './plan.ts'

/** A load test that another process of ours runs for somebody who asked it to: one line of JSON. */
export interface LoadOrder {
  readonly testId: string
  /** The Performance API's vocabulary, with its `target`. */
  readonly body: Readonly<Record<string, unknown>>
}

/** The plan of a body in the API's vocabulary; nothing it says makes us read a file or the environment. Throws UserError. */
export async function readBody(body: LoadOrder['body']): Promise<Plan> {
  const refuse = (): never => {
    throw new UserError({ code: 'UNSUPPORTED', kind: 'input', message: 'a load test that an instance runs reads no files' })
  }
  // JSON is YAML but for two separators of lines, which YAML folds.
  const text = JSON.stringify(body).replace(/[\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
  const plan = await readPlan({ file: 'load test', text, readFile: () => Promise.resolve().then(refuse) })
  if (plan.dialect !== 'api') refuse()
  return plan
}
