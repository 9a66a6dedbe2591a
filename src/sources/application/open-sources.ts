import type { SourceConfig, SourceConfigOf } from '../../collect-schema/schema.ts'
import type { CollectSection } from '../../config.ts'
import { readLevel } from '../../health-schema/level.ts'
import { UserError, type Position } from '../../model/error.ts'
import type { Source } from '../../model/source.ts'
import { plain } from '../../model/text.ts'
import { duplicateSource, tooShort } from './errors.ts'
import { SOURCE_TYPES } from './source-types.ts'
import type { SourceTerms, SourceWorld } from './source-world.ts'
import { timed } from './timed-source.ts'

/** What sources are given of the outside; the rest is in the section. */
export type OpenWorld = Pick<SourceWorld, 'now' | 'wallTime' | 'env' | 'readFile'>

/** For one collection unless its configuration says otherwise, milliseconds. */
const TIMEOUT_MS = 10_000
const LEAST_INTERVAL_MS = 100

/**
 * Opens the sources that are configured and enabled, the weightiest first, as `mergeCollected` wants them. `timeoutMs` weighs more than what each says.
 * Nothing is asked yet. Throws UserError with the place in the file: `DUPLICATE_SOURCE`, `INVALID_VALUE`, and what a type throws.
 */
export async function openSources(section: CollectSection, world: OpenWorld, { timeoutMs }: { readonly timeoutMs?: number | undefined } = {}): Promise<Source[]> {
  const configs = section.file.sources ?? []
  const enabled = configs.map((config, index) => ({ config, place: (...key: readonly string[]): Position => section.at(['sources', index, ...key]) })).filter(({ config }) => config.enabled !== false)
  const whole: SourceWorld = {
    now: () => world.now(), wallTime: () => world.wallTime(), env: world.env, readFile: (path) => world.readFile(path),
    resolve: (path) => section.resolve(path), sources: configs, lookups: new Map(),
  }
  const first = new Map<string, Position>()
  const weights = Object.keys(SOURCE_TYPES)
  const opened: { readonly source: Source; readonly weight: number }[] = []
  for (const { config, place } of enabled) {
    const terms = termsOf(config, place)
    const earlier = first.get(terms.id)
    if (earlier) throw duplicateSource(terms.id, earlier, place())
    first.set(terms.id, place())
    const ownMs = config.timeout === undefined ? TIMEOUT_MS : readTime('timeout', config.timeout, 1, place)
    opened.push({ source: timed(await open(config, terms, whole, place()), timeoutMs ?? ownMs), weight: weights.indexOf(config.type) })
  }
  return opened.toSorted((a, b) => a.weight - b.weight).map(({ source }) => source)
}

/** The sources that the configuration switches off, to be shown and never asked; of two of one name the second has a number. Throws UserError `INVALID_VALUE`. */
export function disabledSources(section: CollectSection): Source[] {
  const taken = new Set<string>()
  const all = (section.file.sources ?? []).map((config, index) => ({ config, terms: termsOf(config, (...key) => section.at(['sources', index, ...key])) }))
  for (const { config, terms } of all) if (config.enabled !== false) taken.add(terms.id)
  return all.filter(({ config }) => config.enabled === false).map(({ config, terms }) => {
    let id = terms.id
    for (let number = 2; taken.has(id); number++) id = `${terms.id}#${number}`
    taken.add(id)
    return { ...terms, id, kind: SOURCE_TYPES[config.type].kind, collect: async () => ({ samples: new Map() }), close: async () => undefined }
  })
}

function termsOf(config: SourceConfig, place: (...key: readonly string[]) => Position): SourceTerms {
  const { priority, intervalMs } = SOURCE_TYPES[config.type]
  const name = config.name === undefined ? null : plain(config.name, 100)
  return {
    id: name === null ? config.type : `${config.type}:${name}`,
    name: name ?? config.type,
    priority: config.priority ?? priority,
    intervalMs: config.interval === undefined ? intervalMs : readTime('interval', config.interval, LEAST_INTERVAL_MS, place),
  }
}

function readTime(key: 'interval' | 'timeout', given: string | number, leastMs: number, place: (...key: readonly string[]) => Position): number {
  const ms = readLevel(given, 'ms')
  if (ms < leastMs) throw tooShort(key, given, leastMs, place(key))
  return ms
}

async function open<T extends SourceConfig['type']>(config: SourceConfigOf<T>, terms: SourceTerms, world: SourceWorld, where: Position): Promise<Source> {
  const openSource = await SOURCE_TYPES[config.type].load()
  try {
    return openSource(config, terms, world)
  } catch (error) {
    if (!(error instanceof UserError) || error.where !== undefined) throw error
    const { code, kind, message, hint, details } = error
    throw new UserError({ code, kind, message, hint, details, where })
  }
}
