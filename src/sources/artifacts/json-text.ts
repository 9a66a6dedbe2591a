import type { Position } from '../../model/error.ts'
import { plain } from '../../model/text.ts'
import { broken } from './errors.ts'

/** The value of a JSON document. Throws UserError `BROKEN_ARTIFACT` with the line of the first mistake. */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    const offset = mistakeIn(text)
    const where = positionOf(file, text, offset)
    throw text.slice(offset).trim() === ''
      ? broken(file, `it is cut off: the JSON does not end, at line ${where.line}`, where)
      : broken(file, `it is no JSON from line ${where.line} on: "${plain(text.slice(offset, offset + 40), 41)}"`, where, 'correct that line, or write the file again')
  }
}

function positionOf(file: string, text: string, offset: number): Position {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return { file, line, column: offset - before.lastIndexOf('\n') }
}

const TOKEN = /[ \t\r\n]*(?:([{[])|([}\]])|([,:])|(")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

/** Where a text stops being JSON: V8 tells it for some mistakes only. It keeps its own stack, so depth does not matter. */
function mistakeIn(text: string): number {
  const open: string[] = []
  let expected: 'value' | 'first' | 'key' | 'colon' | 'more' = 'value'
  let offset = 0
  while (open.length > 0 || expected === 'value') {
    TOKEN.lastIndex = offset
    const match = TOKEN.exec(text)
    if (!match) return text.slice(offset).trim() === '' || isOpenEnd(text, offset) ? text.length : offset + leading(text, offset)
    const [, opening, closing, mark, quoted, scalar] = match
    const start = offset + leading(text, offset)
    const inMap = open.at(-1) === '{'
    if (expected === 'colon') {
      if (mark !== ':') return start
      expected = 'value'
    } else if (closing !== undefined) {
      if ((expected !== 'more' && expected !== 'first') || (closing === '}') !== inMap) return start
      open.pop()
      expected = 'more'
    } else if (expected === 'more') {
      if (mark !== ',') return start
      expected = inMap ? 'key' : 'value'
    } else if ((expected === 'key' || expected === 'first') && inMap) {
      if (quoted === undefined) return start
      expected = 'colon'
    } else if (opening !== undefined) {
      open.push(opening)
      expected = 'first'
    } else if (quoted !== undefined || scalar !== undefined) {
      expected = 'more'
    } else {
      return start
    }
    const end = quoted === undefined ? TOKEN.lastIndex : endOfText(text, TOKEN.lastIndex)
    if (end === undefined) return text.length
    if (end < 0) return -end
    offset = end
  }
  return offset + leading(text, offset)
}

function leading(text: string, offset: number): number {
  let end = offset
  while (end < text.length && ' \t\r\n'.includes(text.charAt(end))) end++
  return end - offset
}

/** The end of a quoted text behind its first quote; undefined when the file ends in it, minus the place of what may not stand in it. A loop, because long texts are too much for an expression. */
function endOfText(text: string, begin: number): number | undefined {
  let offset = begin
  while (offset < text.length) {
    const code = text.charCodeAt(offset)
    if (code === 0x22) return offset + 1
    if (code < 0x20) return -offset
    if (code === 0x5c) {
      ESCAPE.lastIndex = offset
      if (!ESCAPE.test(text)) return /^\\(?:u[0-9a-fA-F]{0,3})?$/.test(text.slice(offset, offset + 6)) && offset + 6 > text.length ? undefined : -offset
      offset = ESCAPE.lastIndex
    } else {
      offset++
    }
  }
  return undefined
}

/** Whether what is left is the beginning of a number or a word that the end of the file cuts off. */
function isOpenEnd(text: string, offset: number): boolean {
  return /^(?:-|t|tr|tru|f|fa|fal|fals|n|nu|nul)$/.test(text.slice(offset + leading(text, offset)))
}
