import { Script } from 'node:vm'
import type { OfPattern } from '../../model/budget.ts'
import { UserError } from '../../model/error.ts'
import { plain } from '../../model/text.ts'

/**
 * Which endpoints, pages or bundles a pattern means. A pattern without a method means the path with any: `/api/media` is `GET /api/media` too.
 * Of globs `*` and `?` stay within a segment of a path and `**` does not, `{a,b}` is one of them; a regular expression may match anywhere; of `robots` a path begins so, `*`
 * is any text and a final `$` its end (RFC 9309, 2.2.3). Throws UserError `SLOW_PATTERN` for one that comes to no end.
 */
export function meantBy({ syntax, pattern }: OfPattern, all: readonly string[]): ReadonlySet<string> {
  const namesOf = (of: string): readonly string[] => [of, of.replace(/^[A-Z]+ (?=\/)/, '')]
  if (syntax === 'exact') return new Set(all.filter((of) => namesOf(of).includes(pattern)))
  const fits = tested(EXPRESSIONS[syntax](pattern), all.map(namesOf), pattern)
  return new Set(all.filter((_, index) => fits[index] === true))
}

const EXPRESSIONS: Readonly<Record<Exclude<OfPattern['syntax'], 'exact'>, (pattern: string) => RegExp>> = { glob: globbed, regexp: (pattern) => new RegExp(pattern), robots: robotic }

/** Far more than names take, milliseconds; on `(a+)+$` a single one can take years. */
const MOST_MS = 2_000

/** Regular expressions come from files, and only in here can they be stopped. */
const TEST = new Script('groups.map((names) => names.some((name) => expression.test(name)))')

function tested(expression: RegExp, groups: readonly (readonly string[])[], pattern: string): readonly boolean[] {
  try {
    return TEST.runInNewContext({ expression, groups }, { timeout: MOST_MS }) as readonly boolean[] // as the script says
  } catch (error) {
    throw new UserError({ code: 'SLOW_PATTERN', kind: 'input', message: `the pattern ${plain(pattern, 100)} cannot be tried on ${groups.length} names within ${MOST_MS / 1_000} s`, hint: 'write it without a repetition inside of a repetition, such as (a+)+', details: { reason: String(error) } })
  }
}

const GLOB_PARTS: Readonly<Record<string, string>> = { '**': '.*', '**/': '(?:.*/)?', '*': '[^/]*', '?': '[^/]', '{': '(?:', ',': '|', '}': ')' }

function globbed(pattern: string): RegExp {
  let depth = 0
  const source = pattern.replace(/\*\*\/|\*\*|[*?{},]|[.+^$()|[\]\\]/g, (part) => {
    if (part === '{') depth++
    const isPart = Object.hasOwn(GLOB_PARTS, part) && (depth > 0 || (part !== ',' && part !== '}'))
    if (part === '}') depth = Math.max(0, depth - 1)
    return isPart ? (GLOB_PARTS[part] ?? '') : `\\${part}`
  })
  // A brace that nobody closes is a brace.
  return depth === 0 ? new RegExp(`^${source}$`, 's') : new RegExp(`^${escaped(pattern)}$`, 's')
}

function robotic(pattern: string): RegExp {
  const isWhole = pattern.endsWith('$')
  const source = (isWhole ? pattern.slice(0, -1) : pattern).split('*').map(escaped).join('.*')
  return new RegExp(`^${source}${isWhole ? '$' : ''}`, 's')
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
