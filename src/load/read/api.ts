import * as z from 'zod/mini'
import { validate, type Document } from '../../document.ts'
import type { Flow, OpenWorkload, Plan } from '../../model/plan.ts'
import { showDuration } from '../../model/unit.ts'
import { readHeaders } from './defaults.ts'
import { duplicateName, nothingIn } from './errors.ts'
import { readMethod } from './method.ts'
import { metricsSchema, readMetrics } from './metrics.ts'
import type { DialectOptions } from './dialect-options.ts'
import { phaseSchema, readPhases, readWeights } from './phases.ts'
import { amount, durationOf, scalar } from './quantity.ts'
import { readUrl, requestName } from './request.ts'
import { DEFAULT_SETTINGS } from './settings.ts'
import { spotOf, type Spot } from './spot.ts'
import { readTarget } from './target.ts'
import { readThresholds, thresholdsSchema } from './thresholds.ts'

const scenarioSchema = z.strictObject({
  name: z.optional(z.string()),
  weight: z.optional(amount),
  target: z.string(),
  method: z.optional(z.string()),
  parameters: z.optional(z.record(z.string(), z.json())),
  body: z.optional(z.json()),
  headers: z.optional(z.record(z.string(), scalar)),
})

/** The body of the Performance API's load test, as JSON or YAML. */
export const apiSchema = z.strictObject({
  testName: z.optional(z.string()),
  target: z.optional(z.string()),
  duration: z.optional(amount),
  scenarios: z.array(scenarioSchema),
  load: z.strictObject({ phases: z.array(phaseSchema) }),
  thresholds: z.optional(thresholdsSchema),
  metrics: z.optional(metricsSchema),
  variables: z.optional(z.record(z.string(), z.json())),
})

/** The plan of an API body: each scenario is a flow of one request. Throws UserError. */
export function apiPlan(document: Document, options: DialectOptions): Plan {
  const body = validate(document, apiSchema, 'a load test of the API')
  const root = spotOf(document)
  const list = root.at('scenarios')
  const metrics = readMetrics(body.metrics, root.at('metrics'))
  if (body.scenarios.length === 0) throw nothingIn('NO_SCENARIOS', list, `${document.file} has no scenarios`, 'add one, like {name: search, target: /api/search}')
  const flows = body.scenarios.map((scenario, index) => {
    if (scenario.name !== undefined && body.scenarios.findIndex(({ name }) => name === scenario.name) < index) throw duplicateName('scenarios', scenario.name, list.at(index, 'name'))
    return readScenario(scenario, list.at(index))
  })
  const segments = readPhases(body.load.phases, root.at('load', 'phases'))
  const total = segments.reduce((sum, { durationMs }) => sum + durationMs, 0)
  const asked = body.duration === undefined ? total : durationOf(body.duration, root.at('duration'), 1_000)
  const workload: OpenWorkload = { model: 'open', name: 'default', startMs: 0, flows: readWeights(body.scenarios, list), gracefulStopMs: null, tags: {}, segments }
  return {
    name: body.testName ?? options.name,
    dialect: 'api',
    source: document.file,
    target: readTarget({ flag: options.target, written: body.target, key: 'target', spot: root.at('target') }, flows),
    targets: {},
    workloads: [workload],
    flows,
    settings: DEFAULT_SETTINGS,
    variables: { ...body.variables, ...options.variables },
    payloads: [],
    thresholds: readThresholds(body.thresholds, root.at('thresholds'), metrics),
    metrics: metrics.declared,
    notes: asked === total ? [] : [`"duration" says ${showDuration(asked)}, the phases last ${showDuration(total)}: the phases decide`],
  }
}

function readScenario(scenario: z.infer<typeof scenarioSchema>, spot: Spot): Flow {
  const method = readMethod(scenario.method, spot.at('method'))
  const url = readUrl(scenario.target, spot.at('target'))
  return {
    name: scenario.name ?? requestName(method, url),
    steps: [{
      kind: 'request',
      name: requestName(method, url),
      method,
      url,
      query: scenario.parameters ?? {},
      headers: readHeaders(scenario.headers, spot.at('headers')),
      cookies: {},
      body: scenario.body === undefined ? { kind: 'none' } : { kind: 'json', value: scenario.body },
      captures: [],
      expects: [],
      tags: {},
      where: spot.where(),
    }],
  }
}
