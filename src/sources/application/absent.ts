import type { SourceConfig } from '../../collect-schema/schema.ts'
import { UserError } from '../../model/error.ts'
import type { OpenSource } from './source-world.ts'

/** Stands in for a type whose file is not there yet; opening one throws UserError `NOT_BUILT`. */
export function absent<T extends SourceConfig['type']>(type: T): OpenSource<T> {
  return () => {
    throw new UserError({ code: 'NOT_BUILT', kind: 'input', message: `sources of type ${type} cannot be opened by this version`, hint: 'take it out of `collect.sources`, or set `enabled: false`' })
  }
}
