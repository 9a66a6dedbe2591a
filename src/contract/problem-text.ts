import type * as z from 'zod/mini'
import { plain } from '../model/text.ts'

/** What is wrong with one field of a question: `must be one of 10s, 30s, 1m, 5m, 15m, not "2s"`. */
export interface Problem {
  /** `load.phases.0.duration`; empty for the whole part. */
  readonly field: string
  readonly message: string
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text', object: 'an object', record: 'an object', array: 'a list', number: 'a number', int: 'a whole number', boolean: 'true or false', null: 'null', undefined: 'left out',
}
const FORMATS: Readonly<Record<string, string>> = { datetime: 'a moment such as 2026-01-31T12:00:00Z', email: 'an e-mail address', url: 'an address', uuid: 'a UUID' }

/** Every problem behind an issue, in sentences; of a union, those of the member that was most likely meant. Values are shown where the schema was read with `reportInput`. */
export function problemsOf(issue: z.core.$ZodIssue, above: readonly PropertyKey[] = []): Problem[] {
  const path = [...above, ...issue.path]
  const field = plain(path.map(String).join('.'), 200)
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ field, message: `has an unknown key "${plain(key, 80)}"` }))
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const best = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] ?? []
    if (depth(best) > 0) return best.flatMap((each) => problemsOf(each, path))
    const wanted = issue.errors.flatMap((errors) => errors.map((each) => demandOf(each).replace(/^must be /, '')))
    return [{ field, message: `must be ${[...new Set(wanted)].join(' or ')}${instead(issue.input, field)}` }]
  }
  return [{ field, message: `${demandOf(issue)}${instead(issue.input, field)}` }]
}

/** How far a member of a union got before it failed: the deepest is what was meant. */
function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.min(...issues.map((each) => each.path.length * 2 + (each.code === 'unrecognized_keys' ? 1 : 0)))
}

function demandOf(issue: z.core.$ZodIssue): string {
  // What a schema says in its own words begins with "must"; zod's small edition has no other words than these two.
  if (issue.message !== '' && issue.message !== 'Invalid input') return issue.message
  switch (issue.code) {
    case 'invalid_type': return `must be ${TYPES[issue.expected] ?? issue.expected}`
    case 'invalid_value': return issue.values.length === 1 ? `must be ${String(issue.values[0])}` : `must be one of ${issue.values.map(String).join(', ')}`
    case 'invalid_format': return `must be ${FORMATS[issue.format] ?? 'of another form'}`
    case 'too_small': return sized(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)
    case 'too_big': return sized(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)
    default: return 'is not what is taken'
  }
}

function sized(origin: string, how: string, bound: number | bigint): string {
  if (origin === 'string') return `must have ${how} ${bound} ${bound === 1 ? 'character' : 'characters'}`
  if (origin === 'array' || origin === 'set') return `must have ${how} ${bound} ${bound === 1 ? 'entry' : 'entries'}`
  return `must be ${how} ${bound}`
}

/** What was sent instead, as far as it can be shown: nothing that may be a secret, and nothing long. */
function instead(input: unknown, field: string): string {
  if (/password|token|secret|webhook|authorization|cookie/i.test(field)) return ''
  if (input === undefined) return ''
  if (typeof input === 'string') return `, not "${plain(input, 60)}"`
  if (typeof input === 'number' || typeof input === 'boolean' || input === null) return `, not ${String(input)}`
  return `, not ${Array.isArray(input) ? 'a list' : 'an object'}`
}
