/** Markup that is safe as it stands: it was made by `markup` or `raw` and by nothing else. */
export interface Markup {
  readonly html: string
}

/** What may stand in a template: text is escaped, markup is not, lists are joined, nothing is nothing. */
type Part = string | number | Markup | null | undefined | readonly Part[]

// What XML 1.0 cannot hold is left out: controls, halves of surrogate pairs, and the two that are no characters.
const INVALID = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;', '`': '&#96;' }

/** Markup from a template; everything put into it is escaped, in attributes (which stand in quotes) as in text. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { html: strings.reduce((text, string, nth) => text + show(parts[nth - 1]) + string) }
}

function show(part: Part): string {
  if (part === null || part === undefined) return ''
  if (typeof part === 'string' || typeof part === 'number') return String(part).replace(INVALID, '').replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? character)
  return 'html' in part ? part.html : part.map(show).join('')
}
