import type { Priority } from '../model/source.ts'

/** How full a machine is, the emptiest first. */
export const ZONES = ['green', 'yellow', 'orange', 'red', 'critical'] as const

/** A place in that order. */
export type Zone = (typeof ZONES)[number]

/** What is in use: shares of processors and memory, bytes of Redis' memory; NaN where it is not known. */
export interface Utilisation {
  readonly cpu: number
  readonly memory: number
  readonly redisMemory: number
}

/** What a zone does to collecting. */
export interface ZoneRule {
  /** The least of the priorities that are still collected. */
  readonly least: Priority
  /** By what intervals are multiplied; 1 where a priority is not named. */
  readonly stretch: Readonly<Partial<Record<Priority, number>>>
  /** Share of a batch's values that is to go by folding values of one series together. */
  readonly fold: number
  /** Whether what costs much (load tests, optimizations) is refused. */
  readonly isSparing: boolean
}

/** Where each zone begins: shares of what is in use. */
const BEGINS: Readonly<Record<Zone, number>> = { green: 0, yellow: 0.6, orange: 0.75, red: 0.85, critical: 0.95 }
/** A zone is left when there is this much room below its beginning, so that it does not flap. */
const SLACK = 0.05
/** For how long more has to be in use before a zone is entered, and less before it is left, milliseconds: one busy second is no want of room. */
const RISE_MS = 10_000
const FALL_MS = 30_000

/** What each zone does, as documented: yellow thins out what matters least, orange gives it up, red keeps what is critical, and critical asks for that rarely too. */
export const ZONE_RULES: Readonly<Record<Zone, ZoneRule>> = {
  green: { least: 'low', stretch: {}, fold: 0, isSparing: false },
  yellow: { least: 'low', stretch: { low: 2 }, fold: 0.3, isSparing: false },
  orange: { least: 'high', stretch: {}, fold: 0.5, isSparing: false },
  red: { least: 'critical', stretch: {}, fold: 1, isSparing: false },
  critical: { least: 'critical', stretch: { critical: 4 }, fold: 1, isSparing: true },
}

/** A zone, and the one that the machine has been on its way to for some time. */
export interface ZoneState {
  readonly zone: Zone
  readonly towards: { readonly zone: Zone; readonly since: number } | null
}

/** Where a machine begins. */
export const FIRST_ZONE: ZoneState = { zone: 'green', towards: null }

/**
 * The zone that a use amounts to: by the greatest of the shares of processors and memory, and at least orange where any of the three is over its
 * limit. With the documented limits (70 % and 80 %) a processor is orange from 70 % on, and memory from 75 % on, for there the zone begins of itself.
 */
export function zoneAt({ cpu, memory, redisMemory }: Utilisation, limits: Utilisation, slack = 0): Zone {
  const share = Math.max(...[cpu, memory].filter((value) => !Number.isNaN(value)), 0) + slack
  const isOver = cpu + slack >= limits.cpu || memory + slack >= limits.memory || redisMemory * (1 + slack) >= limits.redisMemory
  const zone = ZONES.findLast((each) => share >= BEGINS[each]) ?? 'green'
  return isOver && rank(zone) < rank('orange') ? 'orange' : zone
}

/** The zone after another look; `at` in milliseconds that only go forward. What is not known changes nothing. */
export function nextZone(before: ZoneState, use: Utilisation, limits: Utilisation, at: number): ZoneState {
  if ([use.cpu, use.memory, use.redisMemory].every(Number.isNaN)) return before
  const up = zoneAt(use, limits)
  if (rank(up) > rank(before.zone)) return move(before, up, at, RISE_MS, (one, other) => (rank(one) < rank(other) ? one : other))
  const down = zoneAt(use, limits, SLACK)
  if (rank(down) < rank(before.zone)) return move(before, down, at, FALL_MS, (one, other) => (rank(one) > rank(other) ? one : other))
  return before.towards === null ? before : { zone: before.zone, towards: null }
}

/** How far a place in the order of zones is from green. */
function rank(zone: Zone): number {
  return ZONES.indexOf(zone)
}

/** Of all zones that were meant meanwhile the one nearest to the present is gone to. */
function move({ zone, towards }: ZoneState, to: Zone, at: number, holdMs: number, nearer: (one: Zone, other: Zone) => Zone): ZoneState {
  const goesOn = towards !== null && Math.sign(rank(towards.zone) - rank(zone)) === Math.sign(rank(to) - rank(zone))
  const next = goesOn ? { zone: nearer(towards.zone, to), since: towards.since } : { zone: to, since: at }
  return at - next.since >= holdMs ? { zone: next.zone, towards: null } : { zone, towards: next }
}
