/**
 * Whether a name is meant by a pattern: `*` stands for anything, slashes too, `?` for one character, `{a,b}` for either. Brackets stand for themselves,
 * because routes have them (`/blog/[slug]`).
 */
export function matchesName(name: string, pattern: string): boolean {
  return name === pattern || expand(pattern).some((plain) => asExpression(plain).test(name))
}

/** A pattern with more groups stands for its own name. */
const MOST_GROUPS = 8

function expand(pattern: string): readonly string[] {
  if (pattern.split('{').length - 1 > MOST_GROUPS) return [pattern]
  const group = /\{([^{}]*,[^{}]*)\}/.exec(pattern)
  if (!group) return [pattern]
  return (group[1] ?? '').split(',').flatMap((choice) => expand(pattern.slice(0, group.index) + choice + pattern.slice(group.index + group[0].length)))
}

function asExpression(pattern: string): RegExp {
  const source = pattern.replace(/\*+/g, '*').replace(/[.+^${}()|[\]\\/]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's')
}
