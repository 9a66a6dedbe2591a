/** Whether a UTF-16 unit of a text in small letters is meant. */
export type Test = (code: number) => boolean

/** A pattern that was understood. */
export type PatternNode =
  | { readonly kind: 'character'; readonly test: Test }
  | { readonly kind: 'begin' | 'end' }
  | { readonly kind: 'any' | 'all'; readonly of: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly of: PatternNode; readonly sign: '*' | '+' | '?' }

type State =
  | { readonly kind: 'character'; readonly test: Test; readonly next: number }
  | { readonly kind: 'begin' | 'end'; readonly next: number }
  | { readonly kind: 'split'; readonly ways: number[] }
  | { readonly kind: 'found' }

/** Only so much of a text is looked at. */
const REACH = 2_000
/** Processes keep their texts, so what was found out about one holds for the next tick; texts beyond the reach are too large to keep. */
const REMEMBERED = 2_000

/**
 * What finds a pattern in a text. All ways through the pattern are followed at once (Thompson, CACM 11(6), 1968), so no pattern can
 * run away, as one can with a RegExp, which tries them in turn.
 */
export function findPattern(pattern: PatternNode): (text: string) => boolean {
  const states: State[] = [{ kind: 'found' }]
  const start = addStates(states, pattern, 0)
  const answers = new Map<string, boolean>()
  return (text) => {
    const known = answers.get(text)
    if (known !== undefined) return known
    const answer = finds(states, start, text.slice(0, REACH).toLowerCase())
    if (text.length > REACH) return answer
    if (answers.size >= REMEMBERED) answers.clear()
    answers.set(text, answer)
    return answer
  }
}

/** Adds the states of a pattern that goes on with `next`; returns where it begins. */
function addStates(states: State[], node: PatternNode, next: number): number {
  const add = (state: State): number => states.push(state) - 1
  switch (node.kind) {
    case 'character': return add({ kind: 'character', test: node.test, next })
    case 'begin': case 'end': return add({ kind: node.kind, next })
    case 'all': return node.of.reduceRight((following, part) => addStates(states, part, following), next)
    case 'any': return node.of.length === 1 && node.of[0] ? addStates(states, node.of[0], next) : add({ kind: 'split', ways: node.of.map((way) => addStates(states, way, next)) })
    case 'repeat': {
      const ways = [next]
      const loop = add({ kind: 'split', ways })
      const body = addStates(states, node.of, node.sign === '?' ? next : loop)
      ways.push(body)
      return node.sign === '+' ? body : loop
    }
  }
}

function finds(states: readonly State[], start: number, text: string): boolean {
  const reachedAt = new Int32Array(states.length).fill(-1)
  const here: (State & { kind: 'character' })[] = []
  const pending: number[] = []

  for (let position = 0; position <= text.length; position++) {
    // A pattern may begin anywhere.
    pending.push(start)
    for (let each = pending.pop(); each !== undefined; each = pending.pop()) {
      const state = states[each]
      if (state === undefined || reachedAt[each] === position) continue
      reachedAt[each] = position
      if (state.kind === 'found') return true
      if (state.kind === 'character') here.push(state)
      else if (state.kind === 'split') pending.push(...state.ways)
      else if (state.kind === 'begin' ? position === 0 : position === text.length) pending.push(state.next)
    }
    const code = text.charCodeAt(position)
    for (const { test, next } of here) if (test(code)) pending.push(next)
    here.length = 0
  }
  return false
}
