import { type ChunkState, clearChunkState, newChunkState, readChunkFraming, takeChunkData } from './chunked.ts'
import { clearHead, type Fault, type Head, readHead } from './head.ts'

/**
 * Reads one HTTP/1.1 response (RFC 9112) at a time out of whatever pieces the network makes of it. No sockets, and no
 * allocation but for the head's text and what is kept of the body.
 */
export interface ResponseParser extends Head {
  readonly maxHeaderBytes: number
  readonly maxBodyBytes: number
  part: 'head' | 'fixed' | 'chunked' | 'until-close' | 'complete'
  /** The final response's head as it came, latin1, line ends included. */
  headText: string
  /** Body bytes so far, without chunk framing. */
  bodyBytes: number
  /** The pieces of the body when it is kept. */
  readonly body: Buffer[]
  /** Whether the connection may carry another request; meaningful once complete. */
  reusable: boolean
  bodyless: boolean
  keepBody: boolean
  /** Bytes of heads read, interim responses included. */
  headBytes: number
  /** The beginning of a head whose end has not come yet, and where its first unread line starts. */
  partial: Buffer | null
  partialBytes: number
  lineAt: number
  readonly chunk: ChunkState
  /** Of a fixed body: bytes still to come. */
  left: number
}

/** A parser that waits for its first response; limits are bytes. */
export function createResponseParser(limits: { readonly maxHeaderBytes: number; readonly maxBodyBytes: number }): ResponseParser {
  return {
    minor: -1, status: 0, contentLength: -1, hasTransferEncoding: false, chunked: false, saysClose: false, saysKeepAlive: false,
    lastLine: 'status', headDone: false, fault: null,
    maxHeaderBytes: limits.maxHeaderBytes, maxBodyBytes: limits.maxBodyBytes,
    part: 'head', headText: '', bodyBytes: 0, body: [], reusable: false, bodyless: false, keepBody: false,
    headBytes: 0, partial: null, partialBytes: 0, lineAt: 0, chunk: newChunkState(), left: 0,
  }
}

/** Makes the parser ready for the response to the next request. */
export function expectResponse(parser: ResponseParser, head: boolean, keepBody: boolean): void {
  clearHead(parser)
  parser.fault = null
  parser.part = 'head'
  parser.headText = ''
  parser.bodyBytes = 0
  if (parser.body.length > 0) parser.body.length = 0
  parser.reusable = false
  parser.bodyless = head
  parser.keepBody = keepBody
  parser.headBytes = 0
  parser.partialBytes = 0
}

/** Reads bytes of `bytes` up to `to` and returns how many belong to this response; see `part` and `fault` for how it stands. */
export function readResponse(parser: ResponseParser, bytes: Buffer, to: number): number {
  let at = 0
  while (at < to && parser.fault === null && parser.part !== 'complete') {
    if (parser.part === 'head') at = readHeadPart(parser, bytes, at, to)
    else if (parser.part === 'fixed') at = readFixed(parser, bytes, at, to)
    else if (parser.part === 'chunked') at = readChunked(parser, bytes, at, to)
    else at = readUntilClose(parser, bytes, at, to)
  }
  return at
}

/** Tells the parser that the connection has ended: the end of a body that had no other, a fault for anything else. */
export function endResponse(parser: ResponseParser): void {
  if (parser.part === 'until-close') parser.part = 'complete'
  if (parser.part === 'complete') return
  // The last line, though not whole, may already be wrong.
  if (parser.fault === null && parser.partial !== null && parser.partialBytes > 0) readHead(parser, parser.partial, parser.lineAt, parser.partialBytes)
  parser.fault ??= 'truncated'
}

function readHeadPart(parser: ResponseParser, bytes: Buffer, at: number, to: number): number {
  if (parser.partialBytes > 0) return continueHead(parser, bytes, at, to)
  const room = parser.maxHeaderBytes - parser.headBytes
  const limit = to - at < room ? to : at + room
  const stop = readHead(parser, bytes, at, limit)
  if (parser.fault !== null) return stop
  if (parser.headDone) {
    finishHead(parser, bytes, at, stop)
    return stop
  }
  if (limit - at >= room) return fail(parser, 'head-too-large', limit)
  keepPartial(parser, bytes, at, to)
  parser.lineAt = stop - at
  return to
}

/** A head in several pieces is gathered; a line is read when its end is there, so that every byte is looked at a few times at most. */
function continueHead(parser: ResponseParser, bytes: Buffer, at: number, to: number): number {
  const room = parser.maxHeaderBytes - parser.headBytes
  const limit = Math.min(to, at + room - parser.partialBytes)
  const before = parser.partialBytes
  const partial = keepPartial(parser, bytes, at, limit)
  const newline = bytes.indexOf(10, at)
  // The first bytes are looked at one by one: who does not speak HTTP may never send a line end.
  if ((newline >= 0 && newline < limit) || before < 16 || parser.partialBytes >= room) {
    const stop = readHead(parser, partial, parser.lineAt, parser.partialBytes)
    if (parser.fault !== null) return limit
    if (parser.headDone) {
      finishHead(parser, partial, 0, stop)
      parser.partialBytes = 0
      return at + stop - before
    }
    parser.lineAt = stop
  }
  return parser.partialBytes >= room ? fail(parser, 'head-too-large', limit) : limit
}

function keepPartial(parser: ResponseParser, bytes: Buffer, at: number, to: number): Buffer {
  const needed = parser.partialBytes + to - at
  let partial = parser.partial
  if (partial === null || partial.length < needed) {
    const grown = Buffer.allocUnsafeSlow(Math.max(1024, needed * 2))
    if (partial !== null) partial.copy(grown, 0, 0, parser.partialBytes)
    parser.partial = partial = grown
  }
  bytes.copy(partial, parser.partialBytes, at, to)
  parser.partialBytes = needed
  return partial
}

function finishHead(parser: ResponseParser, bytes: Buffer, at: number, stop: number): void {
  parser.headBytes += stop - at
  const { status, contentLength } = parser
  if (status < 200) {
    // Interim responses announce the final one (RFC 9110 15.2); a switch of protocol ends HTTP, and no request asks for it.
    if (status === 101) parser.fault = 'upgrade'
    else clearHead(parser)
    return
  }
  parser.headText = bytes.toString('latin1', at, stop)
  parser.reusable = !parser.saysClose && (parser.minor > 0 || parser.saysKeepAlive)
  // Both framings at once, or chunked from HTTP/1.0, smell of smuggling: what follows cannot be trusted (RFC 9112 6.1).
  if (parser.hasTransferEncoding && (contentLength >= 0 || parser.minor === 0)) parser.reusable = false

  if (parser.bodyless || status === 204 || status === 304 || (contentLength === 0 && !parser.hasTransferEncoding)) {
    parser.part = 'complete'
  } else if (parser.chunked) {
    clearChunkState(parser.chunk)
    parser.part = 'chunked'
  } else if (contentLength > 0 && !parser.hasTransferEncoding) {
    if (contentLength > parser.maxBodyBytes) parser.fault = 'body-too-large'
    parser.left = contentLength
    parser.part = 'fixed'
  } else {
    parser.reusable = false
    parser.part = 'until-close'
  }
}

function readFixed(parser: ResponseParser, bytes: Buffer, at: number, to: number): number {
  const stop = parser.left < to - at ? at + parser.left : to
  takeBody(parser, bytes, at, stop)
  parser.left -= stop - at
  if (parser.left === 0) parser.part = 'complete'
  return stop
}

function readChunked(parser: ResponseParser, bytes: Buffer, at: number, to: number): number {
  const { chunk } = parser
  if (chunk.part !== 'data') {
    const stop = readChunkFraming(chunk, bytes, at, to, parser.maxHeaderBytes)
    if (typeof stop === 'string') return fail(parser, stop, to)
    if (parser.chunk.part === 'end') parser.part = 'complete'
    else if (parser.chunk.part === 'data' && parser.bodyBytes + chunk.left > parser.maxBodyBytes) return fail(parser, 'body-too-large', stop)
    return stop
  }
  const stop = chunk.left < to - at ? at + chunk.left : to
  takeBody(parser, bytes, at, stop)
  takeChunkData(chunk, stop - at)
  return stop
}

function readUntilClose(parser: ResponseParser, bytes: Buffer, at: number, to: number): number {
  const room = parser.maxBodyBytes - parser.bodyBytes
  if (to - at > room) return fail(parser, 'body-too-large', at + room)
  takeBody(parser, bytes, at, to)
  return to
}

function takeBody(parser: ResponseParser, bytes: Buffer, at: number, stop: number): void {
  parser.bodyBytes += stop - at
  // A copy: the bytes lie in the one buffer every connection reads into.
  if (parser.keepBody) parser.body.push(Buffer.from(bytes.subarray(at, stop)))
}

function fail(parser: ResponseParser, fault: Fault, at: number): number {
  parser.fault = fault
  return at
}
