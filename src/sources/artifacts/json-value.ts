/** A JSON object; only what it owns is ever looked at. */
export type Entries = Readonly<Record<string, unknown>>

/** Whether it is a JSON object. */
export function isRecord(value: unknown): value is Entries {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** What stands at a path of own keys and indices; undefined where there is nothing. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let inner = value
  for (const step of path) {
    if (inner === null || typeof inner !== 'object' || !Object.hasOwn(inner, step)) return undefined
    inner = (inner as Readonly<Record<string | number, unknown>>)[step] // own, as just asked
  }
  return inner
}

/** The finite number at a path; undefined for anything else. */
export function numberAt(value: unknown, ...path: readonly (string | number)[]): number | undefined {
  const found = at(value, ...path)
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined
}

/** The text at a path; undefined for anything else. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path)
  return typeof found === 'string' ? found : undefined
}

/** The object at a path; undefined for anything else. */
export function recordAt(value: unknown, ...path: readonly (string | number)[]): Entries | undefined {
  const found = at(value, ...path)
  return isRecord(found) ? found : undefined
}

/** The list at a path; undefined for anything else. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] | undefined {
  const found = at(value, ...path)
  return Array.isArray(found) ? found : undefined
}

/** Milliseconds since 1970 of a date in ISO 8601, or of a number of milliseconds; null for anything else. */
export function instantOf(value: unknown): number | null {
  const instant = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : typeof value === 'number' ? value : Number.NaN
  return Number.isFinite(instant) && Math.abs(instant) <= 8.64e15 ? instant : null
}
