import type { Position } from '../model/error.ts'
import type { Check } from './check.ts'
import { circle, unknownDependency } from './configure-errors.ts'

type Dependent = Pick<Check, 'name' | 'dependsOn'>

/** Throws UserError `UNKNOWN_CHECK` or `CIRCULAR_CHECKS` where a check depends on one that is not there, or on itself by whatever way. `place` is that of the nth dependency of a check. */
export function checkDependencies(checks: readonly Dependent[], place: (index: number, nth: number) => Position | undefined): void {
  const byName = new Map(checks.map((check, index) => [check.name, { check, index }]))
  for (const [index, { name, dependsOn }] of checks.entries()) {
    for (const [nth, needed] of dependsOn.entries()) {
      if (!byName.has(needed)) throw unknownDependency(name, needed, checks.map((other) => other.name).filter((other) => other !== name), place(index, nth))
    }
  }
  const known = new Set<string>()
  // Its own stack: a chain may be longer than the program's.
  for (const { name } of checks) {
    const path: { readonly name: string; next: number }[] = [{ name, next: 0 }]
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const found = byName.get(top.name)
      const needed = known.has(top.name) ? undefined : found?.check.dependsOn[top.next++]
      if (needed === undefined) {
        known.add(top.name)
        path.pop()
        continue
      }
      const again = path.findIndex((above) => above.name === needed)
      if (again >= 0) throw circle([...path.slice(again).map((each) => each.name), needed], place(found?.index ?? 0, top.next - 1))
      path.push({ name: needed, next: 0 })
    }
  }
}

/** These and all they depend on, however far, in the order of the checks. */
export function withDependencies<T extends Dependent>(chosen: readonly T[], checks: readonly T[]): readonly T[] {
  const byName = new Map(checks.map((check) => [check.name, check]))
  const names = new Set(chosen.map(({ name }) => name))
  // A set that grows while it is walked is walked to its end.
  for (const name of names) for (const needed of byName.get(name)?.dependsOn ?? []) names.add(needed)
  return checks.filter(({ name }) => names.has(name))
}
