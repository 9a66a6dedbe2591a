import type { SourceConfig } from '../../../collect-schema/schema.ts'
import { noSuchSource, severalSources } from './errors.ts'

/** A question for one figure that is asked again and again. */
export interface Question {
  /** The figure; NaN where there is nothing to count. Throws UserError, or a problem of the service that was asked. */
  ask(signal: AbortSignal): Promise<number>
  /** Lets go of what it holds open. */
  close(): Promise<void>
}

/** The source that a question is asked through: the one it names, by its name or its type, or the only one. Throws UserError `NO_SUCH_SOURCE`. */
export function throughSource<T extends SourceConfig['type']>(key: string, named: string | undefined, types: readonly T[], sources: readonly SourceConfig[]): Extract<SourceConfig, { readonly type: T }> {
  type Candidate = Extract<SourceConfig, { readonly type: T }>
  const candidates = sources.filter((source): source is Candidate => (types as readonly string[]).includes(source.type))
  const names = candidates.map(({ name, type }) => name ?? type)
  if (named !== undefined) {
    const found = candidates.find(({ name, type }) => (name === undefined ? type === named : name === named || `${type}:${name}` === named))
    if (!found) throw noSuchSource(key, types[0] ?? '', named, names)
    return found
  }
  // Where there is a source of the first type, those of the others are for other things.
  const asked = candidates.filter(({ enabled }) => enabled !== false)
  const [only, ...more] = types.map((type) => (asked.length > 0 ? asked : candidates).filter((each) => each.type === type)).find(({ length }) => length > 0) ?? []
  if (only === undefined) throw noSuchSource(key, types[0] ?? '', undefined, names)
  if (more.length > 0) throw severalSources(key, types[0] ?? '', names)
  return only
}
