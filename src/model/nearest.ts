import { distance } from 'fastest-levenshtein'

/** The candidate most like `name`, or undefined when none is near enough to be what was meant. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(2, Math.floor(name.length / 3)) + 1
  for (const candidate of candidates) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase())
    if (edits < least && sharesLetters(name.toLowerCase(), candidate.toLowerCase())) [best, least] = [candidate, edits]
  }
  return best
}

/** Whether half of the letters are the same, wherever they stand: of short words a few edits make any other. */
function sharesLetters(one: string, other: string): boolean {
  const left = [...other]
  let shared = 0
  for (const letter of one) {
    const at = left.indexOf(letter)
    if (at < 0) continue
    left.splice(at, 1)
    shared++
  }
  return shared * 2 >= Math.max(one.length, other.length)
}
