/** What is wrong with the bytes of a response. */
export type Fault =
  | 'not-http' // no HTTP/1.x status line
  | 'tls-record' // a TLS record where a status line should be
  | 'status' // status code outside 100..599
  | 'header' // a header line that is none
  | 'framing' // Content-Length or Transfer-Encoding that cannot be believed
  | 'chunk' // chunked coding broken
  | 'upgrade' // 101, which nobody asked for
  | 'truncated' // the connection ended before the response did
  | 'head-too-large'
  | 'body-too-large'

/** What the lines of a response head have said so far: only what decides where the response ends and the connection goes. */
export interface Head {
  /** Minor version; -1 until the status line has been read. */
  minor: number
  status: number
  /** -1 when the head gives none. */
  contentLength: number
  hasTransferEncoding: boolean
  /** Whether chunked is the last transfer coding. */
  chunked: boolean
  saysClose: boolean
  saysKeepAlive: boolean
  /** The kind of the line before, for folded lines. */
  lastLine: 'status' | 'framing' | 'field'
  headDone: boolean
  fault: Fault | null
}

const TAB = 9
const LF = 10
const CR = 13
const SPACE = 32
const COLON = 58
const DEL = 127

/** tchar of RFC 9110 5.6.2: 1 where a byte may stand in a field name. */
const TOKEN = new Uint8Array(256)
for (const char of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") TOKEN[char.charCodeAt(0)] = 1

const HTTP = Buffer.from('http/1.')
const CONTENT_LENGTH = Buffer.from('content-length')
const TRANSFER_ENCODING = Buffer.from('transfer-encoding')
const CONNECTION = Buffer.from('connection')
const KEEP_ALIVE = Buffer.from('keep-alive')
const CHUNKED = Buffer.from('chunked')
const CLOSE = Buffer.from('close')

/** Forgets one head so that the next can be read into the same object. */
export function clearHead(head: Head): void {
  head.minor = -1
  head.status = 0
  head.contentLength = -1
  head.hasTransferEncoding = false
  head.chunked = false
  head.saysClose = false
  head.saysKeepAlive = false
  head.lastLine = 'status'
  head.headDone = false
}

/**
 * Reads whole head lines of `bytes` from `at` on and returns where the first unread line begins; sets `headDone` after the
 * empty line, or `fault`. Lines may end in a bare LF (RFC 9112 2.2); folded lines are read over (5.2), but refused where
 * they would continue a field that frames the message.
 */
export function readHead(head: Head, bytes: Uint8Array, at: number, to: number): number {
  // Non-null assertions below: every index is checked against `to`, which is at most bytes.length.
  if (head.minor < 0) {
    // Stray line ends before a response are left by servers that count a body wrong; harmless, and everyone reads over them.
    while (at < to && (bytes[at] === CR || bytes[at] === LF)) at++
    const next = readStatusLine(head, bytes, at, to)
    if (next < 0) return at
    at = next
  }
  while (at < to) {
    const first = bytes[at]!
    if (first === LF) {
      head.headDone = true
      return at + 1
    }
    if (first === CR) {
      if (at + 1 === to) return at
      if (bytes[at + 1] === LF) head.headDone = true
      else head.fault = 'header'
      return at + 2
    }
    const folded = first === SPACE || first === TAB
    let colon = at
    if (!folded) {
      while (colon < to && TOKEN[bytes[colon]!] === 1) colon++
      if (colon === to) return at
      if (bytes[colon] !== COLON || colon === at) return refuse(head, 'header', at)
    }
    const end = skipText(bytes, colon + 1, to)
    const next = lineEnd(bytes, end, to)
    if (next === INCOMPLETE) return at
    if (next === BROKEN) return refuse(head, 'header', at)
    if (folded) {
      if (head.lastLine !== 'field') return refuse(head, head.lastLine === 'framing' ? 'framing' : 'header', at)
    } else {
      readField(head, bytes, at, colon, end)
      if (head.fault !== null) return at
    }
    at = next
  }
  return at
}

const INCOMPLETE = -1
const BROKEN = -2

function refuse(head: Head, fault: Fault, at: number): number {
  head.fault = fault
  return at
}

function skipText(bytes: Uint8Array, at: number, to: number): number {
  while (at < to) {
    const byte = bytes[at]!
    if ((byte < SPACE && byte !== TAB) || byte === DEL) break
    at++
  }
  return at
}

/** Where the next line begins, if a line end stands at `at`. */
function lineEnd(bytes: Uint8Array, at: number, to: number): number {
  if (at >= to) return INCOMPLETE
  if (bytes[at] === LF) return at + 1
  if (bytes[at] !== CR) return BROKEN
  if (at + 1 === to) return INCOMPLETE
  return bytes[at + 1] === LF ? at + 2 : BROKEN
}

/** Where the line after the status line begins; -1 when it is not whole yet or faulty. */
function readStatusLine(head: Head, bytes: Uint8Array, at: number, to: number): number {
  const known = Math.min(HTTP.length, to - at)
  for (let i = 0; i < known; i++) {
    // The name is case-sensitive (RFC 9112 2.3): only its letters differ from the pattern by the case bit.
    const wanted = HTTP[i]! >= 97 ? HTTP[i]! - 32 : HTTP[i]!
    if (bytes[at + i] === wanted) continue
    const record = bytes[at] === 0x15 || bytes[at] === 0x16
    if (record && to - at === 1) return -1
    return refuse(head, record && bytes[at + 1] === 3 ? 'tls-record' : 'not-http', -1)
  }
  if (to - at < 13) return wrongSoFar(bytes, at, to) ? refuse(head, 'not-http', -1) : -1
  if (wrongSoFar(bytes, at, at + 12)) return refuse(head, 'not-http', -1)
  const after = bytes[at + 12]
  if (after !== SPACE && after !== CR && after !== LF) return refuse(head, 'not-http', -1)
  const status = (bytes[at + 9]! - 48) * 100 + (bytes[at + 10]! - 48) * 10 + (bytes[at + 11]! - 48)
  if (status < 100 || status > 599) return refuse(head, 'status', -1)
  const next = lineEnd(bytes, skipText(bytes, at + 12, to), to)
  if (next === BROKEN) return refuse(head, 'not-http', -1)
  if (next === INCOMPLETE) return -1
  head.minor = bytes[at + 7]! - 48
  head.status = status
  return next
}

/** Whether what follows `HTTP/1.` cannot become `digit SP 3DIGIT`. */
function wrongSoFar(bytes: Uint8Array, at: number, to: number): boolean {
  for (let i = 7; i < 12 && at + i < to; i++) {
    const byte = bytes[at + i]!
    if (i === 8 ? byte !== SPACE : byte < 48 || byte > 57) return true
  }
  return false
}

function readField(head: Head, bytes: Uint8Array, at: number, colon: number, end: number): void {
  const length = colon - at
  head.lastLine = 'field'
  if (length === 14 && matches(bytes, at, CONTENT_LENGTH)) readContentLength(head, bytes, colon + 1, end)
  else if (length === 10 && matches(bytes, at, CONNECTION)) eachItem(head, bytes, colon + 1, end, readConnectionOption)
  else if (length === 17 && matches(bytes, at, TRANSFER_ENCODING)) eachItem(head, bytes, colon + 1, end, readTransferCoding)
  else return
  head.lastLine = 'framing'
}

/** Whether the bytes at `at` are the lower-case `word` in any case. */
function matches(bytes: Uint8Array, at: number, word: Uint8Array): boolean {
  for (let i = 0; i < word.length; i++) {
    const byte = bytes[at + i]!
    if (byte !== word[i] && (byte | 32) !== word[i]) return false
  }
  return true
}

/** A number, or the same number several times (RFC 9110 8.6). */
function readContentLength(head: Head, bytes: Uint8Array, at: number, end: number): void {
  let digits = 0
  let value = 0
  for (; at <= end; at++) {
    const byte = at === end ? 44 : bytes[at]!
    if (byte >= 48 && byte <= 57) {
      if (digits < 0) break
      digits++
      value = value * 10 + byte - 48
      if (value > Number.MAX_SAFE_INTEGER) break
    } else if (byte === SPACE || byte === TAB) {
      if (digits > 0) digits = -digits
    } else if (byte === 44) {
      if (digits === 0 || (head.contentLength >= 0 && head.contentLength !== value)) break
      head.contentLength = value
      value = digits = 0
    } else break
  }
  if (at <= end) head.fault = 'framing'
}

function readConnectionOption(head: Head, bytes: Uint8Array, at: number, length: number): void {
  if (length === 5 && matches(bytes, at, CLOSE)) head.saysClose = true
  else if (length === 10 && matches(bytes, at, KEEP_ALIVE)) head.saysKeepAlive = true
}

function readTransferCoding(head: Head, bytes: Uint8Array, at: number, length: number): void {
  head.hasTransferEncoding = true
  head.chunked = length === 7 && matches(bytes, at, CHUNKED)
}

/** Calls `read` for every item of a comma-separated list, without the blanks around it. */
function eachItem(head: Head, bytes: Uint8Array, at: number, end: number, read: (head: Head, bytes: Uint8Array, at: number, length: number) => void): void {
  while (at < end) {
    while (at < end && (bytes[at] === SPACE || bytes[at] === TAB || bytes[at] === 44)) at++
    let stop = at
    while (stop < end && bytes[stop] !== 44) stop++
    let last = stop
    while (last > at && (bytes[last - 1] === SPACE || bytes[last - 1] === TAB)) last--
    if (last > at) read(head, bytes, at, last - at)
    at = stop
  }
}
