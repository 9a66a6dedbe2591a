import type { Document, Path } from '../../document.ts'
import { unknownWord } from './errors.ts'
import { isMap, overlay } from './overlay.ts'

/** Lays one of Artillery's `config.environments` over `config`. Throws UserError `UNKNOWN_ENVIRONMENT` with the known ones. */
export function applyEnvironment(document: Document, environment: string | undefined): Document {
  if (environment === undefined) return document
  const config = isMap(document.value) ? document.value['config'] : undefined
  const environments = isMap(config) && isMap(config['environments']) ? config['environments'] : {}
  if (!Object.hasOwn(environments, environment)) throw unknownWord('UNKNOWN_ENVIRONMENT', 'environment', environment, Object.keys(environments), document.at(['config', 'environments'], 'key'))
  const inFile = (path: Path): Path => ['config', 'environments', environment, ...path.slice(1)]
  const chosen = environments[environment] ?? {}
  return overlay(document, { file: document.file, value: { config: chosen }, at: (path, part) => document.at(inFile(path), part) })
}

/** The world that `config` may ask for while it is read. */
export interface ConfigVariables {
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  readonly environment?: string | undefined
  readonly variables?: Readonly<Record<string, unknown>> | undefined
}

const FILLED = ['target', 'targets', 'phases', 'payload', 'http', 'tls', 'ensure', 'timeout'] as const
const TEMPLATE = /\{\{\s*(?:\$(?:env|processEnvironment)\.([A-Za-z_]\w*)|(\$environment)|([A-Za-z_][\w.-]*))\s*\}\}/g

/** Fills in what Artillery fills in before the test: `{{ $env.X }}`, `{{ $processEnvironment.X }}`, `{{ $environment }}` and --variables. What is unknown stays. */
export function fillConfig(document: Document, known: ConfigVariables): Document {
  if (!isMap(document.value) || !isMap(document.value['config'])) return document
  const replace = (text: string): string =>
    text.replace(TEMPLATE, (whole, fromEnv: string | undefined, environment: string | undefined, variable: string | undefined) => {
      const value = fromEnv !== undefined ? known.env?.[fromEnv] : environment !== undefined ? known.environment : known.variables?.[variable ?? '']
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : whole
    })
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') return replace(value)
    if (Array.isArray(value)) return value.map(fill)
    return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each)])) : value
  }
  const config = document.value['config']
  const filled = Object.fromEntries(FILLED.filter((key) => Object.hasOwn(config, key)).map((key) => [key, fill(config[key])]))
  return { file: document.file, value: { ...document.value, config: { ...config, ...filled } }, at: (path, part) => document.at(path, part) }
}

