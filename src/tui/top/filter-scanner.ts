import { unexpected } from './filter-error.ts'

const OPERATOR = /<=|>=|==|!=|!~|[<>=:~]/y
const WORD = /[^\s()<>=!:~&|"']+/y
const BLANKS = /\s*/y
const VALUE = /(?:(?!&&|\|\|)[^\s()])*/y
const UNIT = /(?<=\s)(?:%|[a-zµ]+(?:\/s)?)(?![^\s()&|])/iy

/** The place in a filter expression up to which it was read; what takes or reads something moves it. */
export interface FilterScanner {
  /** Goes to what comes next and returns its column, from 1. */
  column(): number
  /** What comes next, for an error. */
  rest(): string
  atEnd(): boolean
  atOperator(): boolean
  /** Whether another term follows that a blank or a parenthesis sets apart. */
  atNextTerm(): boolean
  /** Takes a symbol if it comes next. */
  take(symbol: string): boolean
  /** Takes a word in any case if it comes next, whole, and is compared with nothing. */
  takeWord(word: string): boolean
  readWord(): string
  readOperator(): string
  /** What stands after an operator, up to a blank, a parenthesis, && or ||. */
  readValue(): string
  /** A pattern, up to a blank or a parenthesis that was not opened in it. */
  readPattern(): string
  /** A text in quotes if one comes next; null otherwise. Throws UserError `FILTER_SYNTAX` when it does not end. */
  readQuoted(): string | null
  /** The word after a blank that could be the unit of the number before; empty when none follows. */
  peekUnit(): string
}

/** Begins to read a filter expression. */
export function scanFilter(text: string): FilterScanner {
  let position = 0
  const peek = (pattern: RegExp): string => {
    pattern.lastIndex = position
    return pattern.exec(text)?.[0] ?? ''
  }
  const read = (pattern: RegExp): string => {
    const found = peek(pattern)
    position += found.length
    return found
  }
  const column = (): number => {
    read(BLANKS)
    return position + 1
  }
  const looking = <Found>(look: () => Found): Found => {
    const before = position
    column()
    const found = look()
    position = before
    return found
  }
  const atOperator = (): boolean => looking(() => peek(OPERATOR) !== '')

  return {
    column,
    rest: () => text.slice(position),
    atEnd: () => looking(() => position === text.length),
    atOperator,
    atNextTerm: () => looking(() => {
      const next = text[position] ?? ''
      const isApart = next === '(' || /[\s)]/.test(text[position - 1] ?? '')
      return next !== '' && isApart && !')|&'.includes(next) && peek(WORD).toLowerCase() !== 'or'
    }),
    take(symbol) {
      column()
      const isNext = text.startsWith(symbol, position)
      if (isNext) position += symbol.length
      return isNext
    },
    takeWord(word) {
      column()
      const before = position
      const isNext = read(WORD).toLowerCase() === word && !atOperator()
      if (!isNext) position = before
      return isNext
    },
    readWord: () => read(WORD),
    readOperator: () => read(OPERATOR),
    readValue: () => read(VALUE),
    readPattern() {
      const from = position
      let depth = 0
      for (; position < text.length && !/\s/.test(text[position] ?? ''); position++) {
        if (text[position] === '\\') position++
        else if (text[position] === '(') depth++
        else if (text[position] === ')' && --depth < 0) break
      }
      position = Math.min(position, text.length)
      return text.slice(from, position)
    },
    readQuoted() {
      column()
      const quote = text[position]
      if (quote !== '"' && quote !== "'") return null
      let content = ''
      for (let index = position + 1; index < text.length; index++) {
        const character = text[index] ?? ''
        const next = text[index + 1] ?? ''
        if (character === quote) {
          position = index + 1
          return content
        }
        const isEscape = character === '\\' && (next === quote || next === '\\')
        content += isEscape ? next : character
        if (isEscape) index++
      }
      throw unexpected(text.length + 1, `a closing ${quote}`, '')
    },
    peekUnit: () => looking(() => peek(UNIT)),
  }
}
