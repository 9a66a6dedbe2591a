import type { CollectFile } from './collect-schema/schema.ts'
import type { ConfigFile } from './config-schema.ts'
import type { Document, Path } from './document.ts'
import type { HealthFile } from './health-schema/schema.ts'
import type { ServeFile } from './serve-schema/schema.ts'
import { UserError, type Position } from './model/error.ts'
import { parseDuration } from './model/unit.ts'

/** The name that is looked for, from the working directory upwards. */
export const CONFIG_FILE = 'medianest-perf.yaml'

/** A section of a file, with the places in it; sections of several files are not mixed. */
export interface Section<T> {
  readonly file: T
  /** Where something of the section stands; `path` begins within it: `['checks', 0, 'name']`. */
  at(path: Path, part?: 'value' | 'key'): Position
  /** A path in it, which is named from where the file is. */
  resolve(path: string): string
}

/** The `health` section. */
export type HealthSection = Section<HealthFile>
/** The `collect` section. */
export type CollectSection = Section<CollectFile>
/** The `serve` section. */
export type ServeSection = Section<ServeFile>

/** The `budgets` of a file: what it names, or the budget that stands in it. */
export type BudgetsSection =
  | { readonly kind: 'files'; /** Absolute, or from the working directory. */ readonly files: readonly string[] }
  | { readonly kind: 'inline'; /** The whole configuration. */ readonly document: Document; /** The folder it lies in, absolute. */ readonly folder: string }

/** What the configuration says, with durations in milliseconds; undefined where it is silent. */
export interface Config {
  readonly output: { readonly format: string | undefined; readonly color: boolean | undefined; readonly strict: boolean | undefined }
  /** The instance that is asked; a token file is an absolute path or one from the working directory. */
  readonly instance: { readonly url: string | undefined; readonly tokenFile: string | undefined; readonly timeoutMs: number | undefined }
  readonly load: { readonly target: string | undefined; readonly timeoutMs: number | undefined; readonly engine: 'wire' | 'autocannon' | undefined; readonly atCap: 'wait' | 'drop' | undefined; readonly allowDropped: boolean | undefined }
  /** Of the weightiest file that has one. */
  readonly health: HealthSection | null
  /** Of the weightiest file that has one. */
  readonly collect: CollectSection | null
  /** Of the weightiest file that has one. */
  readonly serve: ServeSection | null
  /** Of the weightiest file that has one. */
  readonly budgets: BudgetsSection | null
  /** The files it came from, the weightiest first. */
  readonly files: readonly string[]
  /** The folder of the project's file, absolute; null where there is none. */
  readonly folder: string | null
}

/** The parts of the outside world that are read for a configuration. */
export interface ConfigWorld {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string | undefined
  readonly files: { read(path: string): Promise<string>; exists(path: string): Promise<boolean>; resolve(...parts: string[]): string }
}

/**
 * Merges environment > project file > user's file; `explicit` replaces the search for a project file and must exist.
 * Throws UserError `CONFIG_MISSING`, or what `validate` throws.
 */
export async function loadConfig(world: ConfigWorld, explicit: string | undefined): Promise<Config> {
  const project = explicit ?? (await findUpwards(world))
  const paths = [project, await userFile(world)].filter((path) => path !== undefined)
  const files = await Promise.all(
    paths.map(async (path) => {
      const text = await world.files.read(path).catch((error: unknown) => {
        throw new UserError({ code: 'CONFIG_MISSING', kind: 'input', message: `the configuration ${path} cannot be read (${error instanceof Error ? error.message : String(error)})`, hint: 'check the path after --config' })
      })
      // Most runs have no configuration, and need nothing that reads one.
      const [{ configSchema }, { readDocument, validate }] = await Promise.all([import('./config-schema.ts'), import('./document.ts')])
      const document = readDocument(path, text)
      if (document.value === null) return { file: {}, health: null, collect: null, serve: null, budgets: null }
      const file = besideIt(validate(document, configSchema, 'the configuration'), path, world)
      const section = <T>(name: string, written: T | undefined): Section<T> | null =>
        written === undefined ? null : { file: written, at: (inside, part) => document.at([name, ...inside], part), resolve: (named) => world.files.resolve(path, '..', named) }
      return { file, health: section('health', file.health), collect: section('collect', file.collect), serve: section('serve', file.serve), budgets: budgetsIn(file, document, path, world) }
    }),
  )
  return settle([fromEnvironment(world.env), ...files.map(({ file }) => file)], {
    health: files.find(({ health }) => health)?.health ?? null, collect: files.find(({ collect }) => collect)?.collect ?? null, serve: files.find(({ serve }) => serve)?.serve ?? null, budgets: files.find(({ budgets }) => budgets)?.budgets ?? null,
    files: paths, folder: project === undefined ? null : world.files.resolve(project, '..'),
  })
}

/** A token file is named from where the configuration is, wherever the program was started. */
function besideIt(file: ConfigFile, path: string, { files }: ConfigWorld): ConfigFile {
  const tokenFile = file.instance?.tokenFile
  return tokenFile === undefined ? file : { ...file, instance: { ...file.instance, tokenFile: files.resolve(path, '..', tokenFile) } }
}

/** Budgets are named from where the configuration is. */
function budgetsIn({ budgets }: ConfigFile, document: Document, path: string, { files }: ConfigWorld): BudgetsSection | null {
  if (budgets === undefined) return null
  if (typeof budgets === 'string' || Array.isArray(budgets)) return { kind: 'files', files: (typeof budgets === 'string' ? [budgets] : budgets).map((named) => files.resolve(path, '..', named)) }
  return { kind: 'inline', document, folder: files.resolve(path, '..') }
}

async function findUpwards({ files }: ConfigWorld): Promise<string | undefined> {
  let directory = files.resolve('.')
  for (;;) {
    const path = files.resolve(directory, CONFIG_FILE)
    if (await files.exists(path)) return path
    const parent = files.resolve(directory, '..')
    if (parent === directory) return undefined
    directory = parent
  }
}

async function userFile({ env, home, files }: ConfigWorld): Promise<string | undefined> {
  const directory = env['XDG_CONFIG_HOME'] ?? (home === undefined ? undefined : files.resolve(home, '.config'))
  if (directory === undefined) return undefined
  const path = files.resolve(directory, 'medianest-perf', 'config.yaml')
  return (await files.exists(path)) ? path : undefined
}

function fromEnvironment(env: ConfigWorld['env']): ConfigFile {
  const timeout = env['MEDIANEST_TIMEOUT']
  if (timeout !== undefined) parseDuration(timeout)
  return {
    output: { format: env['MEDIANEST_PERF_FORMAT'] },
    instance: { url: env['MEDIANEST_API_URL'] || undefined, tokenFile: env['MEDIANEST_TOKEN_FILE'] || undefined, timeout },
    load: { target: env['MEDIANEST_PERF_TARGET'], timeout },
  }
}

function settle(layers: readonly ConfigFile[], found: Pick<Config, 'health' | 'collect' | 'serve' | 'budgets' | 'files' | 'folder'>): Config {
  const first = <T>(pick: (layer: ConfigFile) => T | undefined): T | undefined => layers.map(pick).find((value) => value !== undefined)
  const ms = (value: number | string | undefined): number | undefined => (value === undefined ? undefined : parseDuration(String(value)))
  return {
    output: { format: first((layer) => layer.output?.format), color: first((layer) => layer.output?.color), strict: first((layer) => layer.output?.strict) },
    instance: { url: first((layer) => layer.instance?.url), tokenFile: first((layer) => layer.instance?.tokenFile), timeoutMs: ms(first((layer) => layer.instance?.timeout)) },
    load: {
      target: first((layer) => layer.load?.target),
      timeoutMs: ms(first((layer) => layer.load?.timeout)),
      engine: first((layer) => layer.load?.engine),
      atCap: first((layer) => layer.load?.atCap),
      allowDropped: first((layer) => layer.load?.allowDropped),
    },
    ...found,
  }
}
