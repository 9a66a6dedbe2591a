import type { Check } from './check.ts'
import { noComponent, unknownComponent } from './configure-errors.ts'
import { withDependencies } from './dependencies.ts'

/** The checks of these components or names, each text perhaps a list with commas, and what they depend on. Throws UserError `UNKNOWN_COMPONENT`. */
export function pickChecks(checks: readonly Check[], components: readonly string[]): readonly Check[] {
  const wanted = components.flatMap((text) => text.split(',')).map((text) => text.trim()).filter((text) => text !== '')
  const known = [...new Set(checks.flatMap(({ name, component }) => [component, name]))]
  if (wanted.length === 0) throw noComponent(known)
  const unknown = wanted.find((name) => !known.includes(name))
  if (unknown !== undefined) throw unknownComponent(unknown, known)
  return withDependencies(checks.filter(({ name, component }) => wanted.includes(name) || wanted.includes(component)), checks)
}
