import type { Question } from '../../contract/instance.ts'
import type { LoadOrder } from '../../load/read/order.ts'
import { UserError } from '../../model/error.ts'
import type { ServeFile } from '../../serve-schema/schema.ts'
import { allowTarget, checkPath } from './allowed-target.ts'
import { checkFilled, checkTemplates } from './check-templates.ts'
import { invalid, notAllowed, unreadable } from './errors.ts'
import { checkLimits, limitsOf } from './limits.ts'

/** The body of a question for a load test. */
export type LoadTestBody = Question<'loadTest'>['body']

/** A test that may be run. */
export interface TestOrder extends LoadOrder {
  readonly testName: string
  readonly target: string
  readonly scenarios: number
  readonly phases: readonly { readonly name: string; readonly durationMs: number }[]
  /** All phases together. */
  readonly durationMs: number
}

/** Headers that speak of the connection or of who is meant: they would lead a request astray, or say where it ends twice. */
const NOT_SENT = /^(?:host|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|content-length|upgrade|expect)$/i

/** Checks a body and makes an order of it. Throws `ApiError` `FORBIDDEN` for a target that is not allowed, `VALIDATION_ERROR` for all else. */
export async function orderTest(testId: string, body: LoadTestBody, section: ServeFile['loadTest']): Promise<TestOrder> {
  if (!section) throw notAllowed()
  const target = allowTarget(body.targetUrl, [section.targets].flat())
  const limits = limitsOf(section)
  checkLimits(body, limits)
  for (const [nth, scenario] of body.scenarios.entries()) {
    const field = `scenarios.${nth}`
    const odd = Object.keys(scenario.headers ?? {}).find((name) => NOT_SENT.test(name.trim()))
    if (odd !== undefined) throw invalid(`${field}.headers`, `"${odd}" is set by the load generator alone`)
    for (const key of ['target', 'parameters', 'headers', 'body'] as const) checkTemplates(scenario[key], `${field}.${key}`)
    checkFilled(scenario, field)
    checkPath(scenario.target, `${field}.target`)
  }
  const { testName, duration, scenarios, load, thresholds } = body
  // Only what is named here gets through, whatever else a body may hold one day.
  const written = {
    testName, target, ...(duration === undefined ? {} : { duration }), ...(thresholds === undefined ? {} : { thresholds }),
    scenarios: scenarios.map(({ name, weight, target: path, method, parameters, headers, body: content }) => defined({ name, weight, target: path, method, parameters, headers, body: content })),
    load: { phases: load.phases.map(({ name, duration: lasts, arrivalRate, rampTo }) => defined({ name, duration: lasts, arrivalRate, rampTo, maxVusers: limits.users })) },
  }
  const { readBody } = await import('../../load/read/order.ts')
  const plan = await readBody(written).catch((error: unknown) => {
    throw error instanceof UserError ? unreadable(error) : error
  })
  const phases = plan.workloads.flatMap((workload) => (workload.model === 'open' ? workload.segments : [])).map(({ name, durationMs }) => ({ name, durationMs }))
  return { testId, body: written, testName, target, scenarios: scenarios.length, phases, durationMs: phases.reduce((sum, { durationMs }) => sum + durationMs, 0) }
}

function defined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
