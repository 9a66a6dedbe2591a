import type { HealthSection } from '../config.ts'
import type { WindowConfig } from '../health-schema/schema.ts'
import type { Position } from '../model/error.ts'
import { nearest } from '../model/nearest.ts'
import { plain } from '../model/text.ts'
import type { Check, MaintenanceWindow } from './check.ts'
import { impossible, unknownInMaintenance } from './configure-errors.ts'
import { endsAfterItBegins, readMoment } from './maintenance.ts'
import { isZone } from './zone.ts'

type Place = (...key: (string | number)[]) => Position

/** The times of maintenance of a section. Throws UserError `INVALID_VALUE` for times and zones that are none, `UNKNOWN_CHECK` for a check or component that is not there. */
export function readWindows(section: HealthSection, checks: readonly Pick<Check, 'name' | 'component'>[], systemZone: string): readonly MaintenanceWindow[] {
  const known = [...new Set(checks.flatMap(({ name, component }) => [name, component]))]
  return (section.file.maintenance ?? []).map((config, index) => {
    const place: Place = (...key) => section.at(['maintenance', index, ...key])
    const holdsFor = config.checks === undefined ? [] : [config.checks].flat()
    const wrong = holdsFor.findIndex((name) => !known.includes(name))
    if (wrong >= 0) throw unknownInMaintenance(holdsFor[wrong] ?? '', known, typeof config.checks === 'string' ? place('checks') : place('checks', wrong))
    refuseImpossible(config, place, systemZone)
    return { config, name: config.name ?? nameOf(config), holdsFor, where: place() }
  })
}

/** `02:00 to 04:00`, `22:00 to 02:00 (sat, sun)`. */
function nameOf({ from, to, days }: WindowConfig): string {
  return `${from} to ${to}${days ? ` (${days.join(', ')})` : ''}`
}

function refuseImpossible(config: WindowConfig, place: Place, systemZone: string): void {
  if (config.timezone !== undefined && !isZone(config.timezone)) {
    const near = nearest(config.timezone, Intl.supportedValuesOf('timeZone'))
    throw impossible(`there is no time zone "${plain(config.timezone, 80)}"`, near === undefined ? 'write it like Europe/Berlin or UTC' : `did you mean "${near}"?`, place('timezone'))
  }
  const [from, to] = [readMoment(config.from), readMoment(config.to)]
  if (from === null || to === null) {
    const key = from === null ? 'from' : 'to'
    throw impossible(`there is no such time as ${config[key]}`, 'write it like 02:00 or 2026-11-22T02:00', place(key))
  }
  if ((from.day === null) !== (to.day === null)) throw impossible(`a window from ${config.from} to ${config.to} has a date at one end only`, 'give both a date, or neither: then it is every day', place('to'))
  if (from.day === null && from.zone !== to.zone) throw impossible(`a window from ${config.from} to ${config.to} begins and ends in different zones`, 'leave the offsets out and name a timezone', place('to'))
  if (config.timezone !== undefined && (from.zone !== undefined || to.zone !== undefined)) throw impossible(`a window from ${config.from} to ${config.to} says its offset, and a timezone too`, 'leave one of them out', place('timezone'))
  if (from.day === null) return
  if (config.days) throw impossible(`a window from ${config.from} to ${config.to} has dates, and days of the week too`, 'leave one of them out', place('days'))
  if (!endsAfterItBegins(config, systemZone)) throw impossible(`the window ends (${config.to}) before it begins (${config.from})`, 'exchange them, or correct the date', place('to'))
}
