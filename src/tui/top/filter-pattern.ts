import { badPattern } from './filter-error.ts'
import { findPattern, type PatternNode, type Test } from './filter-automaton.ts'

// pattern = branch { "|" branch }
// branch  = { atom [ "*" | "+" | "?" ] }
// atom    = character | "." | "^" | "$" | "(" pattern ")" | "[" [ "^" ] { character [ "-" character ] } "]" | "\" character
// "\d \w \s \D \W \S" are classes, other letters and digits after a backslash are refused. There are no counts in braces, no
// back references and no looking around: what is left can be matched in time that grows with text times pattern.

const CLASSES: Readonly<Record<string, Test>> = {
  d: (code) => code >= 48 && code <= 57,
  w: (code) => (code >= 48 && code <= 57) || (code >= 97 && code <= 122) || code === 95,
  s: (code) => code === 32 || (code >= 9 && code <= 13),
}

/** Reads a regular expression of the subset above; what it returns ignores case and finds it anywhere in a text. Throws UserError `FILTER_SYNTAX` at `column`. */
export function parsePattern(pattern: string, column: number): (text: string) => boolean {
  let position = 0
  const fail = (problem: string): never => { throw badPattern(column, problem) }
  const next = (problem: string): string => pattern[position++] ?? fail(problem)

  const branches = (): PatternNode => {
    const found = [branch()]
    while (pattern[position] === '|') {
      position++
      found.push(branch())
    }
    return { kind: 'any', of: found }
  }
  const branch = (): PatternNode => {
    const found: PatternNode[] = []
    while (position < pattern.length && pattern[position] !== '|' && pattern[position] !== ')') {
      let node = atom()
      for (let sign = pattern[position]; sign === '*' || sign === '+' || sign === '?'; sign = pattern[position]) {
        position++
        node = { kind: 'repeat', of: node, sign }
      }
      found.push(node)
    }
    return { kind: 'all', of: found }
  }
  const atom = (): PatternNode => {
    const character = next('')
    switch (character) {
      case '(': {
        const inner = branches()
        if (next('a ( has no )') !== ')') fail('a ( has no )')
        return inner
      }
      case '[': return { kind: 'character', test: set() }
      case '.': return { kind: 'character', test: () => true }
      case '^': return { kind: 'begin' }
      case '$': return { kind: 'end' }
      case '\\': return { kind: 'character', test: escape() }
      case '*': case '+': case '?': return fail(`there is nothing to repeat before ${character}`)
      case '{': case '}': return fail(`counts in braces are not understood; a brace itself is \\${character}`)
      default: return { kind: 'character', test: same(character) }
    }
  }
  const escape = (): Test => {
    const character = next('a pattern cannot end with a backslash')
    const known = CLASSES[character.toLowerCase()]
    if (known) return character >= 'a' ? known : (code) => !known(code)
    return /[a-z0-9]/i.test(character) ? fail(`\\${character} is not understood in a pattern`) : same(character)
  }
  const set = (): Test => {
    const negated = pattern[position] === '^'
    if (negated) position++
    const tests: Test[] = []
    // A bracket that comes first stands for itself, as everywhere else.
    for (let first = true; first || pattern[position] !== ']'; first = false) {
      const from = next('a [ has no ]')
      if (from === '\\') tests.push(escape())
      else if (pattern[position] === '-' && pattern[position + 1] !== ']') {
        position++
        tests.push(between(from, next('a [ has no ]'), fail))
      } else tests.push(same(from))
    }
    position++
    const inside: Test = (code) => tests.some((test) => test(code))
    return negated ? (code) => !inside(code) : inside
  }

  const root = branches()
  if (position < pattern.length) fail('a ) has no (')
  return findPattern(root)
}

function same(character: string): Test {
  const wanted = character.toLowerCase().charCodeAt(0)
  return (code) => code === wanted
}

function between(from: string, to: string, fail: (problem: string) => never): Test {
  const [first, last] = [from.charCodeAt(0), to.charCodeAt(0)]
  if (first > last) fail(`${from}-${to} is not a range`)
  // The text is in small letters, the range may be of capital ones.
  return (code) => (code >= first && code <= last) || (code >= 97 && code <= 122 && code - 32 >= first && code - 32 <= last)
}
