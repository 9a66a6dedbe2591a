import { readDocument, type Document } from '../../document.ts'
import { UserError } from '../../model/error.ts'
import type { Json, Plan } from '../../model/plan.ts'
import { apiPlan } from './api.ts'
import { artilleryPlan } from './artillery.ts'
import { connectionsPlan } from './connections.ts'
import { detectDialect, type FileDialect } from './detect.ts'
import type { DialectOptions } from './dialect-options.ts'
import { applyEnvironment, fillConfig } from './environment.ts'
import { invalidValue } from './errors.ts'
import { k6Plan, liftOptions } from './k6.ts'
import { isMap, overlay, pseudoDocument } from './overlay.ts'
import { spotOf } from './spot.ts'
import { refuseUnsupported } from './unsupported.ts'

/** A scenario file and what the command line says about it. */
export interface PlanInput {
  /** As the person named it; positions and reports use it. */
  readonly file: string
  readonly text: string
  /** Reads a file named in the scenario, relative to its folder; throws when it cannot. */
  readonly readFile: (path: string) => Promise<string>
  /** One of Artillery's `config.environments`. */
  readonly environment?: string | undefined
  /** Replaces the scenario's target. */
  readonly target?: string | undefined
  /** Laid over the file: maps merge, lists are replaced. */
  readonly overrides?: unknown
  /** Laid over the scenario's variables. */
  readonly variables?: Readonly<Record<string, Json>> | undefined
  /** A CSV file to take in place of the scenario's, as `readFile` knows it. */
  readonly payloadFile?: string | undefined
  /** A file whose `config` the scenario's is laid over (Artillery's `--config`). */
  readonly scenarioConfig?: { readonly file: string; readonly text: string } | undefined
  /** Environment variables for `{{ $env.X }}` in `config`; without them such a template stays as it is. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
}

const READERS: Readonly<Record<FileDialect, (document: Document, options: DialectOptions) => Plan | Promise<Plan>>> = {
  artillery: artilleryPlan,
  k6: k6Plan,
  api: apiPlan,
  connections: connectionsPlan,
}

/** Reads a scenario of any dialect. Throws UserError with the line for everything that is wrong with it. */
export async function readPlan(input: PlanInput): Promise<Plan> {
  const { dialect, document } = readScenario(input)
  refuseUnsupported(document, dialect)
  return READERS[dialect](document, {
    name: input.file.replace(/^.*[\\/]/, '').replace(/\.(ya?ml|json)$/i, ''),
    target: input.target,
    variables: input.variables,
    payload: { readFile: input.readFile, instead: input.payloadFile },
    filled: input.env !== undefined,
  })
}

function readScenario(input: PlanInput): { readonly dialect: FileDialect; readonly document: Document } {
  const written = readDocument(input.file, input.text)
  const config = input.scenarioConfig && readDocument(input.scenarioConfig.file, input.scenarioConfig.text)
  const whole = config ? overlay(config, written) : written
  const dialect = detectDialect(config ? { ...whole, file: written.file } : whole)
  if (dialect !== 'artillery') {
    const flag = config ? '--scenario-config' : input.environment === undefined ? undefined : '--environment'
    if (flag !== undefined) throw misusedFlag(flag, 'only an Artillery scenario has a "config"')
  }
  const shaped = dialect === 'k6' ? liftOptions(whole) : applyEnvironment(whole, input.environment)
  const document = { ...override(shaped, input.overrides), file: written.file }
  return { dialect, document: dialect === 'artillery' ? fillConfig(document, input) : document }
}

function override(document: Document, overrides: unknown): Document {
  if (overrides === undefined) return document
  const layer = pseudoDocument('--overrides', overrides)
  if (!isMap(overrides)) throw invalidValue({ ...spotOf(layer), name: '--overrides' }, 'must be a map', overrides, 'write it like {"config": {"phases": [...]}}')
  return overlay(document, layer)
}

const misusedFlag = (flag: string, why: string): UserError => new UserError({ code: 'MISUSED_FLAG', kind: 'usage', message: `${flag} does not fit this scenario: ${why}`, hint: 'leave it out' })
