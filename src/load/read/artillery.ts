import * as z from 'zod/mini'
import { validate, type Document } from '../../document.ts'
import type { LoadSettings, OpenWorkload, Plan } from '../../model/plan.ts'
import { plain } from '../../model/text.ts'
import { readDefaults } from './defaults.ts'
import { ensureSchema, readEnsure } from './ensure.ts'
import { conflictingKeys, duplicateName, missingValue, noLoad, nothingIn, unsupported } from './errors.ts'
import { metricsSchema, readMetrics } from './metrics.ts'
import type { DialectOptions } from './dialect-options.ts'
import { payloadNotes, payloadSchema, readPayloads } from './payload.ts'
import { phaseSchema, readPhases, readWeights } from './phases.ts'
import { amount, countOf, durationOf, isYes, yesNo } from './quantity.ts'
import { DEFAULT_SETTINGS } from './settings.ts'
import { spotOf, type Spot } from './spot.ts'
import { defaultsSchema, stepSchema, type WrittenDefaults } from './step-schema.ts'
import { readFlow } from './steps.ts'
import { readTarget, readTargets, targetsSchema } from './target.ts'
import { readThresholds, thresholdsSchema } from './thresholds.ts'

const httpSchema = z.strictObject({
  timeout: z.optional(amount),
  pool: z.optional(amount),
  maxSockets: z.optional(amount),
  extendedMetrics: z.optional(yesNo),
  defaults: z.optional(defaultsSchema),
})

const tlsSchema = z.strictObject({
  rejectUnauthorized: z.optional(z.boolean()),
  caFile: z.optional(z.string()),
  certFile: z.optional(z.string()),
  keyFile: z.optional(z.string()),
  serverName: z.optional(z.string()),
})

const configSchema = z.strictObject({
  target: z.optional(z.string()),
  targets: z.optional(targetsSchema),
  phases: z.optional(z.array(phaseSchema)),
  environments: z.optional(z.record(z.string(), z.nullable(z.record(z.string(), z.unknown())))),
  variables: z.optional(z.record(z.string(), z.json())),
  payload: z.optional(payloadSchema),
  defaults: z.optional(defaultsSchema),
  http: z.optional(httpSchema),
  timeout: z.optional(amount),
  tls: z.optional(tlsSchema),
  ensure: z.optional(ensureSchema),
  thresholds: z.optional(thresholdsSchema),
  metrics: z.optional(metricsSchema),
  plugins: z.optional(z.record(z.string(), z.unknown())),
  statsInterval: z.optional(amount),
})

/** An Artillery test script. */
export const artillerySchema = z.strictObject({
  config: configSchema,
  scenarios: z.optional(z.array(z.strictObject({
    name: z.optional(z.string()),
    weight: z.optional(amount),
    engine: z.optional(z.nullable(z.string())),
    flow: z.array(stepSchema),
  }))),
})

type Config = z.infer<typeof configSchema>

const expectPluginSchema = z.nullable(z.strictObject({
  outputFormat: z.optional(z.string()),
  formatter: z.optional(z.string()),
  reportFailuresAsErrors: z.optional(yesNo),
  useOnlyRequestNames: z.optional(yesNo),
  expectDefault200: z.optional(yesNo),
}))

/** The plan of an Artillery test script. Throws UserError. */
export async function artilleryPlan(document: Document, options: DialectOptions): Promise<Plan> {
  const script = validate(document, artillerySchema, 'an Artillery scenario')
  const { config } = script
  const root = spotOf(document)
  const spot = root.at('config')
  const plugins = readPlugins(document, config, spot)
  const metrics = readMetrics(config.metrics, spot.at('metrics'))
  const context = readDefaults(mergeDefaults(config, spot), spot.at('defaults'), metrics, plugins.expect200)

  const scenarios = script.scenarios ?? []
  const list = root.at('scenarios')
  if (scenarios.length === 0) throw nothingIn('NO_SCENARIOS', script.scenarios ? list : root, `${document.file} has no scenarios`, 'add one under "scenarios", with a "flow" of requests')
  const flows = scenarios.map((scenario, index) => {
    const name = scenario.name ?? `scenario ${index + 1}`
    if (scenarios.findIndex((each) => each.name === name) < index && scenario.name !== undefined) throw duplicateName('scenarios', name, list.at(index, 'name'))
    return readFlow(name, scenario.flow, list.at(index, 'flow'), context)
  })
  if (!config.phases) throw noLoad(spot, '"config" does not say who arrives: it has no "phases"', 'add phases, like [{duration: 60, arrivalRate: 10}]')

  const payloads = await readPayloads(config.payload, spot.at('payload'), options.payload)
  const workload: OpenWorkload = {
    model: 'open',
    name: 'default',
    startMs: 0,
    flows: readWeights(scenarios, list),
    gracefulStopMs: null,
    tags: {},
    segments: readPhases(config.phases, spot.at('phases')),
  }
  return {
    name: options.name,
    dialect: 'artillery',
    source: document.file,
    target: readTarget({ flag: options.target, written: config.target, key: 'config.target', spot: spot.at('target'), filled: options.filled }, flows),
    targets: readTargets(config.targets, spot.at('targets')),
    workloads: [workload],
    flows,
    settings: { ...readSettings(config, spot), endOnFailedExpectation: plugins.endOnFailure },
    variables: { ...config.variables, ...options.variables },
    payloads,
    thresholds: [...readEnsure(config.ensure, spot.at('ensure'), metrics), ...readEnsure(plugins.ensure, spot.at('plugins', 'ensure'), metrics), ...readThresholds(config.thresholds, spot.at('thresholds'), metrics)],
    metrics: metrics.declared,
    notes: [...plugins.notes, ...notesOf(config, plugins.ensure, scenarios.map(({ weight }) => Number(weight ?? 1)), flows.map(({ name }) => name)), ...payloadNotes(payloads)],
  }
}

function mergeDefaults(config: Config, spot: Spot): WrittenDefaults {
  const inner = config.http?.defaults
  if (inner && config.defaults) throw conflictingKeys(spot, ['defaults', 'http.defaults'], 'they are the same')
  return inner ?? config.defaults ?? {}
}

function readSettings(config: Config, spot: Spot): LoadSettings {
  const { http = {}, tls = {} } = config
  const timeout = config.timeout ?? http.timeout
  const { rejectUnauthorized = true, ...files } = tls
  if ((tls.certFile === undefined) !== (tls.keyFile === undefined)) throw missingValue(spot.at('tls'), tls.certFile === undefined ? 'certFile' : 'keyFile', 'a client certificate needs its key')
  return {
    ...DEFAULT_SETTINGS,
    ...(timeout === undefined ? {} : { timeoutMs: durationOf(timeout, config.timeout === undefined ? spot.at('http', 'timeout') : spot.at('timeout'), 1_000, 'more') }),
    ...(http.pool === undefined ? {} : { maxConnections: countOf(http.pool, spot.at('http', 'pool'), 1) }),
    // Absent keys stay absent; the schema knows only the files' names besides.
    tls: { insecure: !rejectUnauthorized, ...(files as LoadSettings['tls'] | object) },
  }
}

interface Plugins {
  readonly expect200: boolean
  readonly endOnFailure: boolean
  readonly ensure: z.infer<typeof ensureSchema> | undefined
  readonly notes: readonly string[]
}

/** Artillery's plugins that are built in here; any other changes what is sent or measured, so it is refused. */
function readPlugins(document: Document, config: Config, spot: Spot): Plugins {
  const plugins = config.plugins ?? {}
  const other = Object.keys(plugins).find((name) => !['expect', 'ensure', 'metrics-by-endpoint'].includes(name))
  if (other !== undefined) throw unsupported(`the plugin "${other.slice(0, 60)}"`, 'built in are expect, ensure and metrics-by-endpoint', spot.at('plugins', other).keyWhere())
  const options = <T>(name: string, schema: z.ZodMiniType<T>): T | undefined =>
    plugins[name] === undefined || plugins[name] === null ? undefined : validate({ file: document.file, value: plugins[name], at: (path, part) => document.at(['config', 'plugins', name, ...path], part) }, schema, `"config.plugins.${name}"`)
  const expect = options('expect', expectPluginSchema)
  const notes = [
    ...(Object.keys(expect ?? {}).some((key) => key !== 'expectDefault200' && key !== 'reportFailuresAsErrors') ? ['options of the plugin "expect" that shape its output are read over'] : []),
    ...(Object.keys(options('metrics-by-endpoint', z.record(z.string(), z.unknown())) ?? {}).length > 0 ? ['options of the plugin "metrics-by-endpoint" are read over: statistics are kept by the name of each request'] : []),
  ]
  return { expect200: isYes(expect?.expectDefault200), endOnFailure: isYes(expect?.reportFailuresAsErrors), ensure: options('ensure', ensureSchema), notes }
}

function notesOf(config: Config, ensure: Plugins['ensure'], weights: readonly number[], names: readonly string[]): string[] {
  return [
    ...(config.http?.maxSockets === undefined ? [] : ['"http.maxSockets" is read over: a user has one request under way at a time']),
    ...(config.statsInterval === undefined ? [] : ['"statsInterval" is read over']),
    ...((config.ensure ?? ensure)?.maxErrorRate === undefined ? [] : ['"maxErrorRate" is judged by the share of failed requests']),
    ...(isYes(Array.isArray(config.payload) ? config.payload.find(({ cast }) => isYes(cast))?.cast : config.payload?.cast) ? ['"payload.cast" is read over: values of a payload are text'] : []),
    ...names.filter((_, index) => weights[index] === 0).map((name) => `the scenario "${plain(name, 80)}" has weight 0 and is never picked`),
  ]
}
