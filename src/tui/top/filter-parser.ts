import { noSuchField, noSuchOperator, tooLong, unexpected } from './filter-error.ts'
import { filterField, type FilterField, type Scale } from './filter-field.ts'
import { parsePattern } from './filter-pattern.ts'
import { scanFilter, type FilterScanner } from './filter-scanner.ts'
import type { Filter } from './filter.ts'

// filter     = any
// any        = all { ( "or" | "||" ) all }
// all        = one { [ "and" | "&&" ] one }                     two terms side by side are both wanted
// one        = ( "not" | "!" ) one | "(" any ")" | comparison | flag | search
// comparison = number-field ( "<" | "<=" | ">" | ">=" | "=" | "==" | ":" | "!=" ) number [ unit ]
//            | text-field   ( ":" | "=" | "==" | "!=" | "~" | "!~" ) text      ":" contains, "=" is the whole, "~" is a pattern
// flag       = "kernel"
// search     = text                                             in name, command and user, or the whole pid
// text       = word | '"' ... '"' | "'" ... "'"                  a backslash before a quote or a backslash takes it literally
// Upper and lower case are the same. What is not known (NaN) matches no comparison, != included. The fields are in filter-field.ts.

type Test = Filter['matches']
const LONGEST = 300
const TERM = 'a comparison such as cpu>30, or a text to search for'
const NUMBER_OPERATORS: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '=': (value, limit) => value === limit,
  '==': (value, limit) => value === limit,
  ':': (value, limit) => value === limit,
  '!=': (value, limit) => value < limit || value > limit,
}
const TEXT_OPERATORS = [':', '=', '==', '!=', '~', '!~'] as const
const LETTER_OPERATORS = [':', '=', '==', '!='] as const

/** Understands a filter expression; throws UserError `FILTER_SYNTAX` with the column (from 1) and what was expected there. */
export function parseFilter(text: string): Filter {
  if (text.length > LONGEST) throw tooLong(LONGEST)
  const scanner = scanFilter(text)
  const matches = any(scanner)
  if (!scanner.atEnd()) throw unexpected(scanner.column(), 'and, or, or the end', scanner.rest())
  return { text: text.trim(), matches }
}

function any(scanner: FilterScanner): Test {
  let left = all(scanner)
  while (scanner.take('||') || scanner.takeWord('or')) left = either(left, all(scanner))
  return left
}

function all(scanner: FilterScanner): Test {
  let left = one(scanner)
  while (scanner.take('&&') || scanner.takeWord('and') || scanner.atNextTerm()) left = both(left, one(scanner))
  return left
}

const either = (left: Test, right: Test): Test => (process, at) => left(process, at) || right(process, at)
const both = (left: Test, right: Test): Test => (process, at) => left(process, at) && right(process, at)

function one(scanner: FilterScanner): Test {
  if (scanner.take('!') || scanner.takeWord('not')) {
    const inner = one(scanner)
    return (process, at) => !inner(process, at)
  }
  if (scanner.take('(')) {
    const inner = any(scanner)
    if (!scanner.take(')')) throw unexpected(scanner.column(), ')', scanner.rest())
    return inner
  }
  const quoted = scanner.readQuoted()
  if (quoted !== null) return search(quoted)

  const column = scanner.column()
  const word = scanner.readWord()
  if (word === '' || (/^(and|or)$/i.test(word) && !scanner.atOperator())) throw unexpected(column, TERM, word === '' ? scanner.rest() : word)
  const operatorColumn = scanner.column()
  const operator = scanner.readOperator()
  const field = filterField(word)
  if (operator === '') return field?.kind === 'flag' ? (process) => field.of(process) : search(word)
  if (field === undefined) throw noSuchField(column, word)
  return comparison(scanner, field, operator, operatorColumn)
}

function search(words: string): Test {
  const wanted = words.toLowerCase()
  const pid = /^\d+$/.test(wanted) ? Number(wanted) : Number.NaN
  return ({ program }) => program.name.toLowerCase().includes(wanted) || program.command.toLowerCase().includes(wanted) || program.user.toLowerCase().includes(wanted) || program.pid === pid
}

function comparison(scanner: FilterScanner, field: FilterField, operator: string, operatorColumn: number): Test {
  const allowed = { number: Object.keys(NUMBER_OPERATORS), text: TEXT_OPERATORS, letter: LETTER_OPERATORS, flag: [] }[field.kind] as readonly string[]
  if (!allowed.includes(operator)) throw noSuchOperator(operatorColumn, field, operator, allowed)
  switch (field.kind) {
    case 'number': return numberComparison(scanner, field.scales, operator)
    case 'flag': throw noSuchOperator(operatorColumn, field, operator, [])
    case 'letter': return letterComparison(scanner, field.of, operator)
    case 'text': return textComparison(scanner, field.of, operator)
  }
}

function numberComparison(scanner: FilterScanner, scales: readonly Scale[], operator: string): Test {
  const column = scanner.column()
  const compare = NUMBER_OPERATORS[operator]
  const written = scanner.readQuoted() ?? scanner.readValue()
  const holds = (number: string): Test | undefined => {
    for (const { read, of } of scales) {
      const limit = read(number)
      if (compare && Number.isFinite(limit)) return (process, at) => compare(of(process, at), limit)
    }
    return undefined
  }
  const alone = holds(written)
  if (alone === undefined) throw unexpected(column, `a number such as ${scales.map(({ like }) => like).join(', or ')}`, written)
  // `1 GiB`: a unit that stands apart belongs to its number all the same.
  const unit = scanner.peekUnit()
  const together = unit === '' ? undefined : holds(`${written} ${unit}`)
  return together && scanner.takeWord(unit.toLowerCase()) ? together : alone
}

function letterComparison(scanner: FilterScanner, of: (process: Parameters<Test>[0]) => string, operator: string): Test {
  const column = scanner.column()
  const written = scanner.readQuoted() ?? scanner.readValue()
  const letter = written.toLowerCase()
  if (!/^[a-z]$/.test(letter)) throw unexpected(column, 'one letter such as R, S, D, Z, T or I', written)
  return operator === '!=' ? (process) => of(process).toLowerCase() !== letter : (process) => of(process).toLowerCase() === letter
}

function textComparison(scanner: FilterScanner, of: (process: Parameters<Test>[0]) => string, operator: string): Test {
  const column = scanner.column()
  const isPattern = operator === '~' || operator === '!~'
  const quoted = scanner.readQuoted()
  const written = quoted ?? (isPattern ? scanner.readPattern() : scanner.readValue())
  if (written === '' && (quoted === null || isPattern)) throw unexpected(column, isPattern ? 'a pattern such as ^node' : 'a text', scanner.rest())
  if (isPattern) {
    const found = parsePattern(written, column)
    return operator === '~' ? (process) => found(of(process)) : (process) => !found(of(process))
  }
  const wanted = written.toLowerCase()
  if (operator === ':') return (process) => of(process).toLowerCase().includes(wanted)
  return operator === '!=' ? (process) => of(process).toLowerCase() !== wanted : (process) => of(process).toLowerCase() === wanted
}
