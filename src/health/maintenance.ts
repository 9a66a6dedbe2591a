import type { WindowConfig } from '../health-schema/schema.ts'
import type { MaintenanceWindow } from './check.ts'
import { instantOf, wallOf, type WallMs } from './zone.ts'

const DAY_MS = 86_400_000
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

/** A stretch of time, milliseconds since 1970; the end does not belong to it. */
interface Stretch {
  readonly from: number
  readonly until: number
}

/** The time of maintenance a check is in, the one that lasts longest where there are several; null where it is in none. Windows without a zone are in the system's. */
export function activeWindow(windows: readonly MaintenanceWindow[], { name, component }: { readonly name: string; readonly component: string }, at: Date, systemZone: string): { readonly name: string; readonly until: Date } | null {
  const now = at.getTime()
  let longest: { readonly name: string; readonly until: Date } | null = null
  for (const window of windows) {
    if (window.holdsFor.length > 0 && !window.holdsFor.includes(name) && !window.holdsFor.includes(component)) continue
    for (const { from, until } of stretchesNear(window.config, now, systemZone)) {
      if (now >= from && now < until && until > (longest?.until.getTime() ?? 0)) longest = { name: window.name, until: new Date(until) }
    }
  }
  return longest
}

/** The times of a window that an instant could lie in: the one of a dated window; of others those that began on this day and the one before. */
function stretchesNear(config: WindowConfig, now: number, systemZone: string): readonly Stretch[] {
  const [from, to] = [readMoment(config.from), readMoment(config.to)]
  const zone = from?.zone ?? to?.zone ?? config.timezone ?? systemZone
  if (from === null || to === null) return []
  if (from.day !== null && to.day !== null) return [stretchOf(from.day + from.time, from.zone ?? config.timezone ?? systemZone, to.day + to.time, to.zone ?? config.timezone ?? systemZone)]
  const today = Math.floor(wallOf(now, zone) / DAY_MS) * DAY_MS
  return [today - DAY_MS, today]
    .filter((day) => config.days?.includes(WEEKDAYS[new Date(day).getUTCDay()] ?? 'sun') ?? true)
    .map((day) => stretchOf(day + from.time, zone, day + to.time + (to.time <= from.time ? DAY_MS : 0), zone))
}

/** From the first time the wall shows the beginning to the last time it shows the end. One that falls into the hour that is left out in spring keeps its length. */
function stretchOf(fromWall: WallMs, fromZone: string, toWall: WallMs, toZone: string): Stretch {
  const from = instantOf(fromWall, fromZone, 'first')
  const until = instantOf(toWall, toZone, 'last')
  return { from, until: until > from || fromZone !== toZone ? until : from + Math.max(toWall - fromWall, 0) }
}

/** A time of a window: of a certain day, or of any where `day` is null. */
interface Moment {
  /** Midnight as the wall shows it. */
  readonly day: WallMs | null
  /** Since midnight, milliseconds. */
  readonly time: number
  /** `Z` or an offset, where the text has one. */
  readonly zone: string | undefined
}

/** Reads `02:00`, `24:00`, `2026-11-22T02:00:30` or either with `Z` or an offset; null where there is no such time. */
export function readMoment(text: string): Moment | null {
  const match = /^(?:(\d{4})-(\d\d)-(\d\d)T)?(\d\d):(\d\d)(?::(\d\d))?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/.exec(text)
  if (!match) return null
  const [year, month, date, hours, minutes, seconds] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [number, number, number, number, number, number]
  const time = (hours * 3_600 + minutes * 60 + seconds) * 1_000
  if (minutes > 59 || seconds > 59 || time > DAY_MS) return null
  const zone = match[7]
  if (match[1] === undefined) return { day: null, time, zone }
  const day = Date.UTC(year, month - 1, date)
  return new Date(day).getUTCMonth() === month - 1 && new Date(day).getUTCDate() === date ? { day, time, zone } : null
}

/** Whether a dated window ends after it begins; both must be readable, dated, and their zones known. */
export function endsAfterItBegins(config: WindowConfig, systemZone: string): boolean {
  const [stretch] = stretchesNear(config, 0, systemZone)
  return stretch !== undefined && stretch.until > stretch.from
}
