import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'

/** What only a shell understands: a word of operators, a redirection with its file, a word that ends a command. */
const SHELL_WORD = /^([|&]+|\d?>{1,2}.*|<.*|.*;)$/

/**
 * Splits the text of a command into words, as a shell would and no further: nothing is expanded. Between '...' all is as it stands, between "..." a
 * backslash protects " and \, elsewhere any character. Throws UserError `INVALID_COMMAND`.
 */
export function splitWords(text: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let isQuoted = false
  const finish = (): void => {
    if (word === undefined) return
    if (!isQuoted && SHELL_WORD.test(word)) throw invalid(`no shell reads it, and ${operatorOf(word)} means nothing without one`, `put it in quotes to pass it on, or call a shell: sh -c '...'`)
    words.push(word)
    word = undefined
    isQuoted = false
  }
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ''
    if (/\s/.test(char)) {
      finish()
      continue
    }
    if (char === "'" || char === '"') {
      const { inside, end } = readQuoted(text, at)
      word = (word ?? '') + inside
      isQuoted = true
      at = end
      continue
    }
    if (char === '\\') {
      if (at + 1 >= text.length) throw invalid('it ends in a backslash that protects nothing', 'remove it, or write it twice')
      at++
      isQuoted = true
    }
    word = (word ?? '') + (text[at] ?? '')
  }
  finish()
  return words
}

// Of a word that has one only the operator: there may be a password in the rest.
function operatorOf(word: string): string {
  return word.endsWith(';') ? ';' : (/^(\d?>{1,2}(&\d)?|<+|[|&]+)/.exec(word)?.[0] ?? '')
}

function readQuoted(text: string, start: number): { readonly inside: string; readonly end: number } {
  const quote = text[start] ?? ''
  let inside = ''
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at] ?? ''
    if (char === quote) return { inside, end: at }
    const next = text[at + 1]
    const isProtected = quote === '"' && char === '\\' && (next === '"' || next === '\\')
    inside += isProtected ? next : char
    if (isProtected) at++
  }
  throw invalid(`the quote ${quote} in column ${start + 1} is not closed`, 'close it, or protect it with a backslash')
}

// The command is not shown: there may be a password in it.
function invalid(what: string, hint: string): UserError {
  return new UserError({ code: 'INVALID_COMMAND', kind: 'input', message: `the command of a check cannot be read: ${plain(what, 200)}`, hint })
}

/** A command as words, the program first: a list is taken as it is. Throws UserError `INVALID_COMMAND`. */
export function readCommand(command: string | readonly string[]): readonly [program: string, ...words: string[]] {
  const [program, ...words] = typeof command === 'string' ? splitWords(command) : command
  if (program === undefined || program === '') throw invalid('it is empty', 'begin with the path of a program')
  return [program, ...words]
}
