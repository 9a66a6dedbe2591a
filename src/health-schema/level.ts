import { parseBytes, parseDuration, parseRatio, type Unit } from '../model/unit.ts'

/** How the text of a level is read; where a unit is not listed it is a plain number. */
const READ: Readonly<Partial<Record<Unit, (text: string) => number>>> = { ms: parseDuration, ratio: parseRatio, bytes: parseBytes }

/** A level as a configuration has it, in the unit of what it judges; a bare number of a duration counts seconds. Throws UserError `INVALID_VALUE`. */
export function readLevel(level: string | number, unit: Unit): number {
  // Written as text a very small or large number would have an exponent, which no unit knows.
  if (typeof level === 'number') return unit === 'ms' ? level * 1_000 : level
  return (READ[unit] ?? Number)(level)
}
