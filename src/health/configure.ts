import type { HealthSection } from '../config.ts'
import { readLevel } from '../health-schema/level.ts'
import type { CheckConfig } from '../health-schema/schema.ts'
import type { Position } from '../model/error.ts'
import type { CheckType } from '../model/health.ts'
import { withoutPassword } from './address.ts'
import { CHECK_TYPES } from './check-types.ts'
import { whatItLooksAt } from './check-name.ts'
import type { Check, MaintenanceWindow } from './check.ts'
import { duplicateName, impossible } from './configure-errors.ts'
import { checkDependencies } from './dependencies.ts'
import { refuseMistakes } from './mistakes.ts'
import { readWindows } from './windows.ts'
import { pickChecks } from './pick.ts'
import { localPreset } from './preset.ts'
import { readTarget } from './target.ts'
import type { HealthWorld } from './world.ts'

/** What decides which checks there are. */
export interface Wanted {
  readonly section: HealthSection | null
  /** Texts of `--check`; where there are any, no other check is run. */
  readonly targets: readonly string[]
  /** Names of components or checks, each perhaps a list with commas; all where it is left out. */
  readonly components?: readonly string[] | undefined
}

/** A check that was asked for, and where: `key` is a key of it, and the position that of its value. */
interface Draft {
  readonly config: CheckConfig
  readonly isPreset: boolean
  /** Whether a flag named it. */
  readonly isFlag: boolean
  readonly place: (...key: (string | number)[]) => Position | undefined
}

const nowhere = (): undefined => undefined

/**
 * The checks to run and the times of maintenance. No check at all is possible, and no mistake.
 * Throws UserError with the place in the configuration: `DUPLICATE_CHECK`, `UNKNOWN_CHECK`, `CIRCULAR_CHECKS`, `INVALID_VALUE`; of the flags `INVALID_CHECK`, `UNKNOWN_COMPONENT`.
 */
export function configureChecks({ section, targets, components }: Wanted, world: HealthWorld): { readonly checks: readonly Check[]; readonly windows: readonly MaintenanceWindow[] } {
  const asked = targets.map((target): Draft => ({ config: readTarget(target), isPreset: false, isFlag: true, place: nowhere }))
  // A mistake in the section is told whether it is used this time or not, and maintenance may name what is in it.
  const drafts = draftsOf(section)
  const configured = finish(drafts, world)
  checkDependencies(configured, (index, nth) => placeOfDependency(drafts[index], nth))
  const checks = asked.length > 0 ? finish(asked, world) : configured
  const windows = section?.file.maintenance ? readWindows(section, [...configured, ...checks], new Intl.DateTimeFormat().resolvedOptions().timeZone) : []
  return { checks: components ? pickChecks(checks, components) : checks, windows }
}

/** What is listed, and the local preset where it is wanted or nothing is listed. */
function draftsOf(section: HealthSection | null): readonly Draft[] {
  const listed = section?.file.checks
  const preset = section?.file.preset ?? (listed === undefined ? 'local' : 'none')
  return [
    ...(listed ?? []).map((config, index): Draft => ({ config: withoutPassword(config), isPreset: false, isFlag: false, place: (...key) => section?.at(['checks', index, ...key]) })),
    ...(preset === 'local' ? localPreset(listed ?? []).map((config): Draft => ({ config, isPreset: true, isFlag: false, place: nowhere })) : []),
  ]
}

function placeOfDependency(draft: Draft | undefined, nth: number): Position | undefined {
  return typeof draft?.config.dependsOn === 'string' ? draft.place('dependsOn') : draft?.place('dependsOn', nth)
}

function finish(drafts: readonly Draft[], world: HealthWorld): readonly Check[] {
  const names = nameAll(drafts)
  return drafts.map((draft, index) => finishOne(draft, names[index] ?? draft.config.type, world))
}

/** Names that are written stay; others are the type, then the type and what is looked at, then the type and a number. Of several flags of one type each has what it looks at in its name, whatever their order: a state file knows them by it. */
function nameAll(drafts: readonly Draft[]): readonly string[] {
  const taken = new Map<string, Draft>()
  for (const draft of drafts) {
    const { name } = draft.config
    if (name === undefined) continue
    const first = taken.get(name)
    if (first) throw duplicateName(name, first.place('name'), draft.place('name'))
    taken.set(name, draft)
  }
  return drafts.map((draft) => {
    const { config, isPreset, isFlag } = draft
    if (config.name !== undefined) return config.name
    const subject = isPreset ? undefined : whatItLooksAt(config)
    const isOneOfSeveral = isFlag && subject !== undefined && drafts.filter((other) => other.config.type === config.type).length > 1
    const candidates = [...(isOneOfSeveral ? [] : [config.type]), ...(isPreset ? [`local ${config.type}`] : []), ...(subject === undefined ? [] : [`${config.type} ${subject}`])]
    let name = candidates.find((candidate) => !taken.has(candidate))
    for (let count = 2; name === undefined; count++) if (!taken.has(`${config.type} ${count}`)) name = `${config.type} ${count}`
    taken.set(name, draft)
    return name
  })
}

function finishOne({ config, isPreset, isFlag, place }: Draft, name: string, world: HealthWorld): Check {
  const type: CheckType = config.type
  const info = CHECK_TYPES[type]
  const isExternal = config.external ?? info.isExternal ?? false
  const timeoutMs = config.timeout === undefined ? info.timeoutMs : readLevel(config.timeout, 'ms')
  if (timeoutMs <= 0) throw impossible(`the timeout of "${name}" is ${String(config.timeout)}: nothing can answer in no time`, 'write it like 5s, or leave it out', place('timeout'))
  refuseMistakes(config, { timeoutMs, place, isFlag })
  return {
    name,
    type,
    component: config.component ?? info.component,
    isOptional: config.optional ?? isExternal,
    isExternal,
    timeoutMs,
    retries: config.retries ?? 0,
    pauseMs: config.pause === undefined ? 1_000 : readLevel(config.pause, 'ms'),
    dependsOn: config.dependsOn === undefined ? [] : [config.dependsOn].flat(),
    isPreset,
    where: place(),
    look: async (signal, timeout) => {
      const check = await info.load()
      // The table has for each type the look that reads its configuration; the compiler cannot follow that through a union.
      return check(config as never, { world, signal, timeoutMs: timeout })
    },
  }
}
