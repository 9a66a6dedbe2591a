import { readRequestLine, readSeconds, readSize, readStatus, type ReadLine, type TimeUnit } from './logged-request.ts'

/** Names under which people add the time of a request to a line; the time of the whole before that of what stands behind the server. */
const TIME_NAMES = ['rt', 'request_time', 'time', 'duration', 'response_time', 'urt', 'upstream_response_time']

/** nginx's times, and those that name their unit (Traefik's). */
const BARE_TIME = /^(?:\d+\.\d{3}|\d+(?:\.\d+)?(?:ns|us|µs|ms|s))$/

/**
 * Lines of the common and the combined format of Apache and nginx (https://httpd.apache.org/docs/current/logs.html#accesslog), also behind a virtual host's name, and what
 * people add at the end: the time of the request, bare (`0.123`) or named (`rt=0.123 urt="0.120"`). A bare number is taken for seconds where it has nginx's three decimals,
 * others (Apache's %D and %T) only where a unit is given.
 */
export function commonLine(unit?: TimeUnit): ReadLine {
  return (line) => {
    const opening = line.indexOf('[')
    const start = opening < 0 ? -1 : line.indexOf('] "', opening)
    if (start < 0) return null
    const end = closingQuote(line, start + 3)
    if (end < 0 || line[end + 1] !== ' ') return null
    const [statusText, afterStatus] = wordAt(line, end + 2)
    const [sizeText, afterSize] = wordAt(line, afterStatus + 1)
    const [status, bytes] = [readStatus(statusText), readSize(sizeText)]
    if (status === null || Number.isNaN(bytes)) return null
    return { ...readRequestLine(line.slice(start + 3, end)), status, bytes, seconds: afterSize < line.length ? timeIn(wordsOf(line, afterSize + 1), unit) : Number.NaN }
  }
}

function wordAt(line: string, from: number): [text: string, end: number] {
  const found = line.indexOf(' ', from)
  const end = found < 0 ? line.length : found
  return [line.slice(from, end), end]
}

/** Where quoted text ends; what a backslash stands before is part of it. -1 where it does not end. */
function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 1)) {
    let slashes = 0
    while (at - 1 - slashes >= from && line[at - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return at
  }
  return -1
}

interface Word {
  readonly name: string
  readonly value: string
  readonly isQuoted: boolean
}

/** What stands after the size: quoted texts, bare words, and words with a name. At most twenty. */
function wordsOf(line: string, from: number): Word[] {
  const words: Word[] = []
  for (let at = from; at < line.length && words.length < 20;) {
    if (line[at] === ' ') at++
    else {
      const named = /[\w-]{1,40}[=:]/y
      named.lastIndex = at
      const name = named.exec(line)?.[0] ?? ''
      const begin = at + name.length
      const isQuoted = line[begin] === '"'
      const closing = isQuoted ? closingQuote(line, begin + 1) : -1
      const end = closing >= 0 ? closing : wordAt(line, begin)[1]
      words.push({ name: name.slice(0, -1).toLowerCase(), value: line.slice(closing >= 0 ? begin + 1 : begin, end), isQuoted })
      at = end + 1
    }
  }
  return words
}

function timeIn(words: readonly Word[], unit: TimeUnit | undefined): number {
  for (const name of TIME_NAMES) {
    const seconds = readSeconds(words.find((each) => each.name === name)?.value ?? '', unit ?? 's')
    if (!Number.isNaN(seconds)) return seconds
  }
  const isTime = unit === undefined ? BARE_TIME : /^\d+(?:\.\d+)?$/
  // A referer or a name of a program is quoted, and may be a number too.
  const bare = words.find(({ name, value, isQuoted }, index) => name === '' && isTime.test(value) && (!isQuoted || index > 1))
  return bare ? readSeconds(bare.value, unit ?? 's') : Number.NaN
}
