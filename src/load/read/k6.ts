import { validate, type Document } from '../../document.ts'
import type { Flow, LoadSettings, Plan, RequestStep, Workload } from '../../model/plan.ts'
import { readDefaults, texts, type StepContext } from './defaults.ts'
import type { DialectOptions } from './dialect-options.ts'
import { conflictingKeys, noLoad, nothingIn, unknownWord } from './errors.ts'
import { readExecutor } from './executors.ts'
import { IDLE_OPTIONS, k6Schema, type K6File, type K6Scenario } from './k6-schema.ts'
import { readMetrics } from './metrics.ts'
import { isMap } from './overlay.ts'
import { payloadNotes, readPayloads } from './payload.ts'
import { countOf } from './quantity.ts'
import { DEFAULT_SETTINGS } from './settings.ts'
import { spotOf, type Spot } from './spot.ts'
import { readFlow } from './steps.ts'
import { readTarget, readTargets } from './target.ts'
import { readThresholds } from './thresholds.ts'

/** k6's own limit for a request. */
const K6_TIMEOUT_MS = 60_000

/** Brings what stands under `options:` to the top, where the rest of the file stands. Throws UserError `CONFLICTING_KEYS` for what is in both. */
export function liftOptions(document: Document): Document {
  const { value } = document
  if (!isMap(value) || !isMap(value['options'])) return document
  const { options, ...rest } = value
  const twin = Object.keys(options).find((key) => Object.hasOwn(rest, key))
  if (twin !== undefined) throw conflictingKeys(spotOf(document), [twin, `options.${twin}`], 'they are the same')
  return {
    file: document.file,
    value: { ...rest, ...options },
    at: (path, part) => document.at(path[0] !== undefined && Object.hasOwn(options, path[0]) ? ['options', ...path] : path, part),
  }
}

/** The plan of k6's options and the flows beside them. Throws UserError. */
export async function k6Plan(document: Document, options: DialectOptions): Promise<Plan> {
  const file = validate(document, k6Schema, 'a k6 scenario')
  const root = spotOf(document)
  const metrics = readMetrics(file.metrics, root.at('metrics'))
  const context = readDefaults(file.defaults, root.at('defaults'), metrics)
  const agent: Record<string, string> = file.userAgent === undefined ? {} : { 'user-agent': file.userAgent }
  const written = readFlows(file, root, { ...context, headers: { ...agent, ...context.headers } })

  const scenarios = scenariosOf(file, root)
  const flows: Flow[] = [...written.flows]
  const workloads = scenarios.map(([name, scenario, spot]): Workload => {
    const index = flowIndex(scenario, flows.slice(0, written.flows.length), spot)
    return readExecutor(name, scenario, withEnvironment(flows, index, name, scenario), texts(file.tags), spot)
  })
  const payloads = await readPayloads(file.payload, root.at('payload'), options.payload)
  if (file.baseUrl !== undefined && file.target !== undefined) throw conflictingKeys(root, ['target', 'baseUrl'], 'they are the same')
  const key = file.baseUrl === undefined ? 'target' : 'baseUrl'
  return {
    name: file.name ?? options.name,
    dialect: 'k6',
    source: document.file,
    target: readTarget({ flag: options.target, written: file.target ?? file.baseUrl, key, spot: root.at(key) }, flows),
    targets: readTargets(file.targets, root.at('targets')),
    workloads,
    flows,
    settings: readSettings(file, root),
    variables: { ...file.variables, ...options.variables },
    payloads,
    thresholds: readThresholds(file.thresholds, root.at('thresholds'), metrics),
    metrics: metrics.declared,
    notes: [...written.notes, ...IDLE_OPTIONS.filter((each) => file[each] !== undefined).map((each) => `the option "${each}" of k6 changes nothing here and is read over`), ...payloadNotes(payloads)],
  }
}

function readFlows(file: K6File, root: Spot, context: StepContext): { readonly flows: readonly Flow[]; readonly notes: readonly string[] } {
  if (file.flows === undefined) {
    const request: RequestStep = {
      kind: 'request', name: 'GET /', method: 'GET', url: '/', query: {}, headers: context.headers, cookies: context.cookies, body: { kind: 'none' },
      captures: [], expects: [], tags: {}, where: root.where(),
    }
    return { flows: [{ name: 'default', steps: [request] }], notes: ['the file has no flows: every user sends GET to the target'] }
  }
  const flows = Object.entries(file.flows).map(([name, written]) => {
    const spot = root.at('flows', name)
    if (Array.isArray(written)) return readFlow(name, written, spot, context)
    const { flow, steps } = written
    if (flow !== undefined && steps !== undefined) throw conflictingKeys(spot, ['flow', 'steps'], 'they are the same')
    return readFlow(name, steps ?? flow ?? [], spot.at(steps ? 'steps' : 'flow'), context)
  })
  if (flows.length === 0) throw nothingIn('EMPTY_FLOW', root.at('flows'), '"flows" is empty', 'add one, like default: [{get: {url: /}}]')
  return { flows, notes: [] }
}

/** The scenarios: written out, or the one that k6's shorthands mean. */
function scenariosOf(file: K6File, root: Spot): (readonly [string, K6Scenario, Spot])[] {
  const shorthands = (['stages', 'iterations', 'duration', 'vus'] as const).filter((key) => file[key] !== undefined)
  const [first] = shorthands
  if (file.scenarios !== undefined) {
    if (first !== undefined) throw conflictingKeys(root, ['scenarios', first], 'a test has scenarios or the shorthand of one')
    const scenarios = Object.entries(file.scenarios).map(([name, scenario]) => [name, scenario, root.at('scenarios', name)] as const)
    if (scenarios.length === 0) throw nothingIn('NO_SCENARIOS', root.at('scenarios'), `${root.file} has no scenarios`, 'add one, like load: {executor: constant-vus, vus: 10, duration: 1m}')
    return scenarios
  }
  const { stages, iterations, duration, vus } = file
  const users = vus === undefined ? {} : { vus }
  if (stages !== undefined) {
    const other = shorthands.find((key) => key === 'iterations' || key === 'duration')
    if (other !== undefined) throw conflictingKeys(root, ['stages', other], 'stages say themselves how long they last')
    return [['default', { executor: 'ramping-vus', stages, ...(vus === undefined ? {} : { startVUs: countOf(vus, root.at('vus')) }) }, root]]
  }
  if (iterations !== undefined) return [['default', { executor: 'shared-iterations', iterations, ...users, ...(duration === undefined ? {} : { maxDuration: duration }) }, root]]
  if (duration !== undefined) return [['default', { executor: 'constant-vus', duration, ...users }, root]]
  throw noLoad(root, `${root.file} does not say who arrives`, 'add scenarios, stages, or vus with a duration')
}

/** The flow a scenario names; without a name the one called default, or the only one. Throws UserError `UNKNOWN_FLOW`. */
function flowIndex(scenario: K6Scenario, flows: readonly Flow[], spot: Spot): number {
  const names = flows.map(({ name }) => name)
  if (scenario.exec === undefined && names.length === 1) return 0
  const index = names.indexOf(scenario.exec ?? 'default')
  if (index < 0) throw unknownWord('UNKNOWN_FLOW', 'flow', scenario.exec ?? 'default', names, scenario.exec === undefined ? spot.where() : spot.at('exec').where())
  return index
}

/** A scenario with an `env` of its own runs a copy of its flow that sets these variables first. */
function withEnvironment(flows: Flow[], index: number, name: string, scenario: K6Scenario): number {
  const flow = flows[index]
  if (!scenario.env || !flow) return index
  return flows.push({ name: `${flow.name} (${name})`, steps: [{ kind: 'set', variables: texts(scenario.env) }, ...flow.steps] }) - 1
}

function readSettings(file: K6File, root: Spot): LoadSettings {
  const maxRedirects = countOf(file.maxRedirects ?? DEFAULT_SETTINGS.maxRedirects, root.at('maxRedirects'), 0, 100)
  return {
    ...DEFAULT_SETTINGS,
    timeoutMs: K6_TIMEOUT_MS,
    keepAlive: file.noConnectionReuse !== true,
    tls: { insecure: file.insecureSkipTLSVerify === true },
    followRedirects: maxRedirects > 0,
    maxRedirects,
  }
}

