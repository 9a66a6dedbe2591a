/** What a statement does with rows. `other` is a WITH whose end was not told. */
export type StatementKind = 'select' | 'insert' | 'update' | 'delete' | 'merge' | 'other'

const KINDS: Readonly<Record<string, StatementKind>> = { select: 'select', values: 'select', table: 'select', insert: 'insert', update: 'update', delete: 'delete', merge: 'merge', with: 'other' }

/** Comments, texts and names in quotes, words, brackets; what else there is, is passed over. */
const TOKEN = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_][\w$]*|[()]/g

/** What a statement does, by its first word, and for a WITH by the first word after what it names; null for one that is no query: BEGIN, SET, VACUUM, COPY. */
export function statementKind(text: string): StatementKind | null {
  let depth = 0
  let isWith = false
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith('--') || token.startsWith('/*')) continue
    if (token === '(') depth++
    else if (token === ')') depth--
    else {
      const word = token.toLowerCase()
      const kind = Object.hasOwn(KINDS, word) ? KINDS[word] : undefined
      if (!isWith) {
        if (kind !== 'other') return kind ?? null
        isWith = true
        // (WITH ...) is taken for WITH ...
        depth = 0
      } else if (depth === 0 && kind !== undefined && word !== 'table' && word !== 'values') return kind
    }
  }
  return isWith ? 'other' : null
}
