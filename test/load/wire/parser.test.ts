import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fieldValue, fieldValues } from '../../../src/load/wire/fields.ts'
import { createResponseParser, endResponse, expectResponse, readResponse } from '../../../src/load/wire/parser.ts'

const LIMITS = { maxHeaderBytes: 512, maxBodyBytes: 1000 }
const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1')

interface Outcome {
  readonly fault: string | null
  readonly status: number
  readonly body: string
  readonly reusable: boolean
  readonly rest: number
  readonly head: string
}

/** Feeds the pieces, each laid into the same buffer as the client does, then the end of the connection. */
function parse(pieces: readonly Buffer[], head = false, parser = createResponseParser(LIMITS)): Outcome {
  const shared = Buffer.alloc(65_536)
  expectResponse(parser, head, true)
  let rest = 0
  for (const piece of pieces) {
    piece.copy(shared)
    const used = parser.fault === null ? readResponse(parser, shared, piece.length) : 0
    rest += piece.length - used
    shared.fill(0xee)
  }
  endResponse(parser)
  const { fault } = parser
  if (fault !== null) return { fault, status: 0, body: '', reusable: false, rest: 0, head: '' }
  return { fault, status: parser.status, body: Buffer.concat(parser.body).toString('latin1'), reusable: parser.reusable, rest, head: parser.headText }
}

const responses: readonly (readonly [name: string, text: string, expected: Partial<Outcome>, head?: boolean])[] = [
  ['a plain response', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', { status: 200, body: 'hello', reusable: true, rest: 0 }],
  ['no reason phrase', 'HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n', { status: 200, body: '' }],
  ['not even the blank before it', 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n', { status: 200 }],
  ['a reason in latin1', 'HTTP/1.1 404 introuv\xe9\r\nContent-Length: 0\r\n\r\n', { status: 404 }],
  ['bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 2\nX: y\n\nok', { status: 200, body: 'ok', reusable: true }],
  ['stray line ends before it', '\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', { status: 200 }],
  ['names in any case', 'HTTP/1.1 200 OK\r\ncOnTeNt-LeNgTh:2\r\nCONNECTION:Close\r\n\r\nok', { body: 'ok', reusable: false }],
  ['blanks around values', 'HTTP/1.1 200 OK\r\nContent-Length: \t 2 \t\r\n\r\nok', { body: 'ok' }],
  ['the same length twice', 'HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\nContent-Length: 2\r\n\r\nok', { body: 'ok', reusable: true }],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nokk', { fault: 'framing' }],
  ['two lengths in one line', 'HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\nokk', { fault: 'framing' }],
  ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n', { fault: 'framing' }],
  ['a signed length', 'HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok', { fault: 'framing' }],
  ['a length with a gap', 'HTTP/1.1 200 OK\r\nContent-Length: 1 2\r\n\r\nok', { fault: 'framing' }],
  ['an empty length', 'HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n', { fault: 'framing' }],
  ['a length beyond all numbers', `HTTP/1.1 200 OK\r\nContent-Length: ${'9'.repeat(40)}\r\n\r\n`, { fault: 'framing' }],
  ['a length above the limit', 'HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n', { fault: 'body-too-large' }],
  ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n00A;x="y"\r\n, you all.\r\n0\r\n\r\n', { body: 'hello, you all.', reusable: true }],
  ['chunks with padding and trailers', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2  \r\nok\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n', { body: 'ok', rest: 0, reusable: true }],
  ['chunks and a length', 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n', { body: 'ok', reusable: false }],
  ['chunks from HTTP/1.0', 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n', { body: 'ok', reusable: false }],
  ['an unknown last transfer coding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, odd\r\n\r\n2\r\nok', { body: '2\r\nok', reusable: false }],
  ['a chunk size that is none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n', { fault: 'chunk' }],
  ['a chunk size beyond all numbers', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n', { fault: 'chunk' }],
  ['a chunk longer than it says', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nokay\r\n0\r\n\r\n', { fault: 'chunk' }],
  ['a chunk above the limit', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n', { fault: 'body-too-large' }],
  ['endless trailers', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${'X: y\r\n'.repeat(200)}\r\n`, { fault: 'head-too-large' }],
  ['a body until the end', 'HTTP/1.1 200 OK\r\n\r\nall of it', { body: 'all of it', reusable: false }],
  ['an endless body', `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(1001)}`, { fault: 'body-too-large' }],
  ['interim responses first', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 7\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', { status: 200, body: 'ok', reusable: true }],
  ['endless interim responses', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(30), { fault: 'head-too-large' }],
  ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n', { fault: 'upgrade' }],
  ['204', 'HTTP/1.1 204 No Content\r\n\r\n', { status: 204, body: '', reusable: true }],
  ['304 with a length', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n', { status: 304, body: '', reusable: true }],
  ['the response to HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n', { status: 200, body: '', reusable: true }, true],
  ['the response to HEAD, chunked', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', { status: 200, body: '', reusable: true }, true],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok', { body: 'ok', reusable: false }],
  ['HTTP/1.0 that keeps the connection', 'HTTP/1.0 200 OK\r\nConnection: foo, Keep-Alive\r\nContent-Length: 2\r\n\r\nok', { body: 'ok', reusable: true }],
  ['bytes after the end', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1', { body: 'ok', rest: 8 }],
  ['a folded field', 'HTTP/1.1 200 OK\r\nX-A: one\r\n  two\r\nContent-Length: 2\r\n\r\nok', { body: 'ok' }],
  ['a folded transfer coding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n', { fault: 'framing' }],
  ['a fold with nothing before it', 'HTTP/1.1 200 OK\r\n X: y\r\n\r\n', { fault: 'header' }],
  ['a blank before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok', { fault: 'header' }],
  ['a line without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n', { fault: 'header' }],
  ['a nameless field', 'HTTP/1.1 200 OK\r\n: x\r\n\r\n', { fault: 'header' }],
  ['a NUL in a value', 'HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n', { fault: 'header' }],
  ['a bare carriage return', 'HTTP/1.1 200 OK\r\nX: a\rY: b\r\n\r\n', { fault: 'header' }],
  ['status 099', 'HTTP/1.1 099 Low\r\n\r\n', { fault: 'status' }],
  ['status 600', 'HTTP/1.1 600 High\r\n\r\n', { fault: 'status' }],
  ['status 2000', 'HTTP/1.1 2000 Much\r\n\r\n', { fault: 'not-http' }],
  ['HTTP/2.0', 'HTTP/2.0 200 OK\r\n\r\n', { fault: 'not-http' }],
  ['lower case', 'http/1.1 200 OK\r\n\r\n', { fault: 'not-http' }],
  ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', { fault: 'not-http' }],
  ['a TLS alert', '\x15\x03\x01\x00\x02\x02\x46', { fault: 'tls-record' }],
  ['a head above the limit', `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(500)}\r\n\r\n`, { fault: 'head-too-large' }],
  ['a cut head', 'HTTP/1.1 200 OK\r\nContent-Le', { fault: 'truncated' }],
  ['a cut body', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel', { fault: 'truncated' }],
  ['cut chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n', { fault: 'truncated' }],
  ['nothing', '', { fault: 'truncated' }],
]

describe('a response is read the same however it is cut:', () => {
  test.each(responses.map(([name, text, expected, head = false]) => ({ name, text, expected, head })))('$name', ({ text, expected, head }) => {
    const bytes = bytesOf(text)
    const whole = parse([bytes], head)
    expect(whole).toMatchObject(expected)
    expect(whole.fault).toBe(expected.fault ?? null)

    expect(parse([...bytes].map((byte) => Buffer.of(byte)), head)).toEqual(whole)
    for (let at = 1; at < bytes.length; at++) expect(parse([bytes.subarray(0, at), bytes.subarray(at)], head)).toEqual(whole)
  })

  test('and one parser reads them all after one another', () => {
    const parser = createResponseParser(LIMITS)
    for (const [, text, , head = false] of responses) {
      const bytes = bytesOf(text)
      const halves = [bytes.subarray(0, bytes.length >> 1), bytes.subarray(bytes.length >> 1)].filter((half) => half.length > 0)
      expect(parse(halves, head, parser)).toEqual(parse([bytes], head))
    }
  })
})

test('a server of another protocol is found out before it ends a line', () => {
  const parser = createResponseParser(LIMITS)
  for (const greeting of ['220 mail ready', 'HTTP/1.1 2x', 'HTTP/1.1x', '\0', '<html>']) {
    expectResponse(parser, false, false)
    readResponse(parser, bytesOf(greeting), greeting.length)
    expect(parser.fault).toBe('not-http')
  }
})

test('fields are found by name, in any case, folded or repeated', () => {
  const head = 'HTTP/1.1 200 OK\r\nSET-Cookie: a=1\r\nX-Fold:  one\r\n\t two \r\nset-cookie:b=2\nX-Empty:\r\n\r\n'
  expect(fieldValues(head, 'set-cookie')).toEqual(['a=1', 'b=2'])
  expect(fieldValue(head, 'x-fold')).toBe('one two')
  expect(fieldValue(head, 'x-empty')).toBe('')
  expect(fieldValue(head, 'cookie')).toBeUndefined()
  expect(fieldValues('', 'x')).toEqual([])
})

const token = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_!#$%&'*+.^`|~"), minLength: 1, maxLength: 12 }).map((name) => `x${name}`)
const value = fc.string({ unit: fc.constantFrom(...'abc XYZ\t:;,"=\xe9\xff'), maxLength: 20 }).map((text) => text.replace(/^[ \t]+|[ \t]+$/g, ''))
const response = fc.record({
  status: fc.integer({ min: 200, max: 599 }).filter((status) => status !== 204 && status !== 304),
  reason: value,
  fields: fc.array(fc.tuple(token, value), { maxLength: 8 }),
  chunks: fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 5 }),
  framing: fc.constantFrom('length', 'chunked', 'close'),
  cuts: fc.array(fc.nat(), { maxLength: 6 }),
})

function serialise({ status, reason, fields, chunks, framing }: typeof response extends fc.Arbitrary<infer T> ? T : never): Buffer {
  const body = Buffer.concat(chunks)
  const length = framing === 'length' ? `Content-Length: ${body.length}\r\n` : framing === 'chunked' ? 'Transfer-Encoding: chunked\r\n' : ''
  const head = `HTTP/1.1 ${status} ${reason}\r\n${length}${fields.map(([name, text]) => `${name}: ${text}\r\n`).join('')}\r\n`
  const chunked = [...chunks.flatMap((chunk) => [bytesOf(`${chunk.length.toString(16)}\r\n`), chunk, bytesOf('\r\n')]), bytesOf('0\r\n\r\n')]
  return Buffer.concat([bytesOf(head), ...(framing === 'chunked' ? chunked : [body])])
}

function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [0, ...cuts.map((point) => point % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end)).filter((piece) => piece.length > 0)
}

test('any valid response, cut anywhere, is read as it was written', () => {
  fc.assert(
    fc.property(response, (made) => {
      const parser = createResponseParser({ maxHeaderBytes: 4096, maxBodyBytes: 4096 })
      const read = parse(cut(serialise(made), made.cuts), false, parser)
      expect(read).toMatchObject({ fault: null, status: made.status, body: Buffer.concat(made.chunks).toString('latin1'), rest: 0, reusable: made.framing !== 'close' })
      for (const [name] of made.fields) {
        const wanted = made.fields.filter(([other]) => other.toLowerCase() === name.toLowerCase()).map(([, text]) => text)
        expect(fieldValues(read.head, name.toLowerCase())).toEqual(wanted)
      }
    }),
    { numRuns: 500 },
  )
})

const piecesOfHttp = fc.constantFrom('HTTP/1.1 ', 'HTTP/1.0 ', '200', '100', '204', ' OK', '\r\n', '\n', '\r', '\r\n\r\n', 'Content-Length: ', 'Transfer-Encoding: ', 'chunked', 'Connection: close', '5', 'a;b', '0\r\n\r\n', ' ', '\t', ':', ',', '\0', '\x16\x03', '\xff')

test('garbage, cut anywhere, ends in a fault or a status from 200 to 599, and whole as in pieces', () => {
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.array(piecesOfHttp, { maxLength: 40 }).map((parts) => bytesOf(parts.join(''))),
    fc.array(piecesOfHttp, { maxLength: 40 }).map((parts) => bytesOf(`HTTP/1.1 200 OK\r\n${parts.join('')}`)),
  )
  fc.assert(
    fc.property(garbage, fc.array(fc.nat(), { maxLength: 6 }), fc.boolean(), (bytes, cuts, head) => {
      const read = parse(cut(bytes, cuts), head)
      if (read.fault === null) expect(read.status >= 200 && read.status <= 599).toBe(true)
      expect(read).toEqual(parse([bytes], head))
    }),
    { numRuns: 2000 },
  )
})
