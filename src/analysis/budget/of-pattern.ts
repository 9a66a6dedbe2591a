import type { OfPattern } from '../../model/budget.ts'

/**
 * Whether a pattern means an endpoint, a page or a bundle. A pattern without a method means the path with any: `/api/media` is `GET /api/media` too.
 * Of globs `*` and `?` stay within a segment of a path and `**` does not, `{a,b}` is one of them; a regular expression may match anywhere; of `robots` a path begins so, `*`
 * is any text and a final `$` its end (RFC 9309, 2.2.3).
 */
export function matches({ syntax, pattern }: OfPattern, of: string): boolean {
  const names = [of, of.replace(/^[A-Z]+ (?=\/)/, '')]
  switch (syntax) {
    case 'exact': return names.includes(pattern)
    case 'glob': return names.some((name) => globbed(pattern).test(name))
    case 'regexp': return names.some((name) => new RegExp(pattern).test(name))
    case 'robots': return names.some((name) => robotic(pattern).test(name))
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
