import { plain } from '../model/text.ts'

/** No answer is nested so deeply, and no text of one is so long. */
const MOST = { depth: 60, text: 20_000 } as const

/** A copy of JSON from outside whose texts, and names of fields, may reach a terminal; `hide` takes out what nobody may see. */
export function cleaned(value: unknown, hide: (text: string) => string): unknown {
  const text = (each: string): string => plain(hide(each), MOST.text)
  const copy = (part: unknown, depth: number): unknown => {
    if (typeof part === 'string') return text(part)
    if (typeof part !== 'object' || part === null) return part
    if (depth === MOST.depth) return null
    if (Array.isArray(part)) return part.map((each) => copy(each, depth + 1))
    // fromEntries makes a field even of `__proto__`.
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [text(key), copy(each, depth + 1)]))
  }
  return copy(value, 0)
}
