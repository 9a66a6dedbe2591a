import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UnsendableRequest } from '../../../src/load/flow/errors.ts'
import { compileRequest, writeRequest, type CompiledRequest } from '../../../src/load/flow/request.ts'
import { UserError } from '../../../src/model/error.ts'
import type { Json, RequestStep } from '../../../src/model/plan.ts'
import { capture, expecting, get, scopeOf, WHERE } from './fake-world.ts'

const settings = { timeoutMs: 5_000, keepAlive: true, followRedirects: true, maxRedirects: 10 }
const compile = (step: RequestStep, target = 'http://api.test:3000'): CompiledRequest => compileRequest(step, { id: 0, flow: 'flow', group: '', target, settings })
const bytes = (step: RequestStep, variables: Record<string, Json> = {}, target?: string): string => {
  const request = compile(step, target)
  const written = writeRequest(request.prepare(scopeOf(variables)), '')
  if (request.bytes) expect(request.bytes.toString('latin1')).toBe(written)
  return written
}
const COMMON = 'User-Agent: medianest-perf\r\nAccept: */*\r\n'
const line = (text: string): string => text.split('\r\n', 1)[0] ?? ''

describe('the bytes of a request', () => {
  it('of a plain GET', () => {
    expect(bytes(get('/users'))).toBe(`GET /users HTTP/1.1\r\nHost: api.test:3000\r\n${COMMON}\r\n`)
  })

  it('of a JSON body count its bytes, not its characters', () => {
    const step = get('/users', { method: 'POST', body: { kind: 'json', value: { name: '{{ name }}', n: '{{ n }}' } } })
    const body = Buffer.from('{"name":"Žofie","n":3}')
    expect(bytes(step, { name: 'Žofie', n: 3 })).toBe(`POST /users HTTP/1.1\r\nHost: api.test:3000\r\n${COMMON}Content-Type: application/json\r\nContent-Length: 23\r\n\r\n${body.toString('latin1')}`)
  })

  it('of a form', () => {
    const step = get('/login', { method: 'POST', body: { kind: 'form', fields: { user: '{{ user }}', 'p w': 'a+b & (c)', tags: ['x', 'y'] } } })
    const body = 'user=J%C3%B6+R&p+w=a%2Bb+%26+%28c%29&tags=x&tags=y'
    expect(bytes(step, { user: 'Jö R' })).toBe(`POST /login HTTP/1.1\r\nHost: api.test:3000\r\n${COMMON}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  })

  it('of a text, with a content type of its own', () => {
    const step = get('/x', { method: 'PUT', headers: { 'content-type': 'application/xml' }, body: { kind: 'text', text: '<a>{{ n }}</a>' } })
    expect(bytes(step, { n: 1 })).toBe('PUT /x HTTP/1.1\r\nHost: api.test:3000\r\ncontent-type: application/xml\r\nUser-Agent: medianest-perf\r\nAccept: */*\r\nContent-Length: 8\r\n\r\n<a>1</a>')
  })

  it('of a POST without a body say that it is empty; a GET\'s say nothing', () => {
    expect(bytes(get('/x', { method: 'POST' }))).toContain('Content-Length: 0\r\n\r\n')
    expect(bytes(get('/x', { method: 'DELETE' }))).not.toContain('Content-Length')
  })

  it('of headers, cookies and authentication', () => {
    const step = get('/x', { headers: { 'X-Trace': '{{ trace }}', accept: 'text/html', Host: 'other.test', 'User-Agent': 'mine', 'Content-Length': '99' }, cookies: { session: '{{ s }}', lang: 'cs' }, auth: { user: 'ada', pass: '{{ pw }}' } })
    expect(bytes(step, { trace: 't-1', s: 'abc', pw: 'ž' })).toBe(
      `GET /x HTTP/1.1\r\nHost: other.test\r\nX-Trace: t-1\r\naccept: text/html\r\nUser-Agent: mine\r\nAuthorization: Basic ${Buffer.from('ada:ž').toString('base64')}\r\nCookie: session=abc; lang=cs\r\n\r\n`,
    )
  })

  it('hold a header once, however it is spelled: the last one counts', () => {
    expect(bytes(get('/x', { headers: { 'X-A': '1', 'x-a': '2', HOST: 'a.test', Host: 'b.test' } }))).toBe(`GET /x HTTP/1.1\r\nHost: b.test\r\nx-a: 2\r\n${COMMON}\r\n`)
  })

  it('put the jar\'s cookies behind the step\'s own, which win', () => {
    const request = compile(get('/x', { cookies: { a: 'mine' }, headers: { Cookie: 'raw=1' } }))
    expect(writeRequest(request.prepare(scopeOf()), 'a=jar; b=jar')).toContain('\r\nCookie: raw=1; a=mine; b=jar\r\n')
  })

  it.each<[string, Partial<RequestStep>, Record<string, Json>, string]>([
    ['/a?x=1', { query: { q: 'ä b&c', list: [1, 2], none: null, yes: true } }, {}, 'GET /a?x=1&q=%C3%A4%20b%26c&list=1&list=2&none=&yes=true HTTP/1.1'],
    ['/a', { query: { q: '{{ q }}', ids: '{{ ids }}' } }, { q: 'a/b', ids: [3, 4] }, 'GET /a?q=a%2Fb&ids=3&ids=4 HTTP/1.1'],
    ['/a', { query: { ids: '{{ ids }}' } }, { ids: [] }, 'GET /a HTTP/1.1'],
    ['/größe/ x"<>', {}, {}, 'GET /gr%C3%B6%C3%9Fe/%20x%22%3C%3E HTTP/1.1'],
    ['/a%20b/(c)?d=[e]#frag', {}, {}, 'GET /a%20b/(c)?d=[e] HTTP/1.1'],
    ['/u/{{ id }}/x', {}, { id: 'a b/č?q=1#f' }, 'GET /u/a%20b/%C4%8D?q=1 HTTP/1.1'],
    ['/u/{{ id }}', {}, { id: '\ud800' }, 'GET /u/%EF%BF%BD HTTP/1.1'],
    ['users', {}, {}, 'GET /users HTTP/1.1'],
    ['?a=1', {}, {}, 'GET /?a=1 HTTP/1.1'],
    ['', {}, {}, 'GET / HTTP/1.1'],
    ['http://api.test:3000', {}, {}, 'GET / HTTP/1.1'],
    ['{{ path }}', {}, { path: '/from/variable' }, 'GET /from/variable HTTP/1.1'],
    ['{{ target }}/x', {}, {}, 'GET /x HTTP/1.1'],
  ])('%s %j with %j: %s', (url, more, variables, expected) => {
    expect(line(bytes(get(url, more), variables))).toBe(expected)
  })

  it('keep the path of the target, as Artillery does', () => {
    expect(line(bytes(get('/users'), {}, 'https://api.test/v1/'))).toBe('GET /v1/users HTTP/1.1')
  })

  it('ask for the connection to be closed when it is not to be kept', () => {
    const request = compileRequest(get('/x'), { id: 0, flow: 'flow', group: '', target: 'http://api.test', settings: { ...settings, keepAlive: false } })
    expect(request.bytes?.toString()).toContain('\r\nConnection: close\r\n')
  })

  it('of a constant request are made once', () => {
    const request = compile(get('/users', { query: { a: 1 }, headers: { x: 'y' }, body: { kind: 'json', value: { a: 1 } } }))
    expect(request.bytes).toBeInstanceOf(Buffer)
    expect(request.prepare(scopeOf())).toBe(request.prepare(scopeOf()))
    expect(compile(get('/users/{{ id }}')).bytes).toBeNull()
  })
})

describe('the origin of a request', () => {
  it.each<[string, string, object]>([
    ['/x', 'http://api.test', { tls: false, host: 'api.test', port: 80, authority: 'api.test' }],
    ['/x', 'https://API.test:8443/v1', { tls: true, host: 'api.test', port: 8443, authority: 'api.test:8443' }],
    ['https://other.test/x', 'http://api.test', { tls: true, host: 'other.test', port: 443, authority: 'other.test' }],
    ['http://[::1]:9000/{{ p }}', 'http://api.test', { tls: false, host: '::1', port: 9000, authority: '[::1]:9000' }],
    ['{{ base }}/x', 'http://api.test', { tls: false, host: 'dynamic.test', port: 81, authority: 'dynamic.test:81' }],
    ['http://{{ host }}/x', 'http://api.test', { tls: false, host: 'h.test', port: 80, authority: 'h.test' }],
    ['/x', 'http://{{ host }}:82', { tls: false, host: 'h.test', port: 82, authority: 'h.test:82' }],
    ['http://bücher.test/', 'http://api.test', { tls: false, host: 'xn--bcher-kva.test', port: 80, authority: 'xn--bcher-kva.test' }],
  ])('%s of %s', (url, target, origin) => {
    const request = compile(get(url), target)
    const scope = scopeOf({ base: 'http://dynamic.test:81', host: 'h.test' })
    expect(request.prepare(scope).origin).toEqual(origin)
    expect(request.prepare(scope).origin).toBe(request.prepare(scope).origin)
  })

  it('with a user and password in its address becomes authentication', () => {
    expect(bytes(get('/x'), {}, 'http://ada:p%40ss@api.test')).toContain(`\r\nAuthorization: Basic ${Buffer.from('ada:p@ss').toString('base64')}\r\n`)
  })

  it('is told apart from the target: its password stays there', () => {
    const target = 'http://ada:pw@api.test'
    expect(bytes(get('{{ target }}/x'), {}, target)).toContain('\r\nAuthorization: Basic ')
    for (const url of ['http://other.test/x', '{{ next }}']) expect(bytes(get(url), { next: 'http://other.test/x' }, target)).not.toContain('Authorization')
  })

  it('is known before the run unless a template decides', () => {
    expect(compile(get('/x/{{ id }}')).origin).toMatchObject({ host: 'api.test' })
    expect(compile(get('{{ next }}')).origin).toBeNull()
  })

  it.each([['/x', 'demo'], ['ftp://api.test/', 'http://api.test'], ['http://', 'http://api.test'], ['http://a b/', 'http://api.test'], ['/x', 'http://api.test:99999']])('%s of %s is refused before the run', (url, target) => {
    expect(() => compile(get(url), target)).toThrow(expect.objectContaining({ code: 'INVALID_URL', where: WHERE }))
  })

  it('that a variable spoils makes the request unsendable', () => {
    for (const host of ['', 'a b', 'x:99999', 'h\r\nX: 1']) expect(() => compile(get('http://{{ host }}/x')).prepare(scopeOf({ host }))).toThrow(UnsendableRequest)
  })
})

describe('a request that was tampered with', () => {
  const evil = 'x\r\nX-Injected: 1\r\n\r\nGET /evil HTTP/1.1\r\n'
  it('cannot smuggle a line through its path, query, form or JSON', () => {
    const step = get('/u/{{ v }}', { method: 'POST', query: { q: '{{ v }}' }, body: { kind: 'form', fields: { f: '{{ v }}' } } })
    for (const v of [evil, '\u010d\u010aX-Injected: 1', '\u2028', 'a\0b']) {
      const written = bytes(step, { v })
      expect(written.split('\r\n').filter((each) => each.startsWith('X-Injected'))).toEqual([])
      expect(written.split('\r\n\r\n')).toHaveLength(2)
    }
  })

  it.each<[string, Partial<RequestStep>, string]>([
    ['header', { headers: { 'X-Token': 'Bearer {{ v }}' } }, 'invalid header value: X-Token'],
    ['Host', { headers: { Host: '{{ v }}' } }, 'invalid header value: Host'],
    ['cookie', { cookies: { s: '{{ v }}' } }, 'invalid cookie value: s'],
    ['Cookie header', { headers: { Cookie: 's={{ v }}' } }, 'invalid cookie value: Cookie'],
  ])('through its %s is not sent', (_, more, reason) => {
    for (const v of [evil, 'a\nb', 'a\rb', 'a\0b', 'a\x7f']) expect(() => compile(get('/x', more)).prepare(scopeOf({ v }))).toThrow(expect.objectContaining({ reason }))
  })

  it('cannot smuggle a line by letters latin1 cuts down to CR and LF', () => {
    const step = get('/x', { headers: { 'X-A': '{{ v }}' }, cookies: { c: '{{ v }}' }, method: 'POST', body: { kind: 'text', text: '{{ v }}' } })
    const written = Buffer.from(bytes(step, { v: 'a\u010d\u010ab' }), 'latin1').toString('utf8')
    expect(written).toContain('X-A: a\u010d\u010ab\r\n')
    expect(written).toContain('Cookie: c=a\u010d\u010ab\r\n')
  })

  it('is one request whatever its variables hold', () => {
    const step = get('/u/{{ v }}?a={{ v }}', { method: 'POST', headers: { 'X-A': '{{ v }}' }, cookies: { c: '{{ v }}' }, query: { q: '{{ v }}' }, auth: { user: '{{ v }}', pass: 'x' }, body: { kind: 'json', value: { v: '{{ v }}' } } })
    const request = compile(step)
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string()), (v) => {
      let written: string
      try {
        written = writeRequest(request.prepare(scopeOf({ v })), '')
      } catch (error) {
        expect(error).toBeInstanceOf(UnsendableRequest)
        return
      }
      const end = written.indexOf('\r\n\r\n')
      const head = written.slice(0, end)
      expect(head.split('\r\n')).toHaveLength(9)
      expect(head).toMatch(/^POST [!-~]+ HTTP\/1\.1\r\nHost: api\.test:3000\r\nX-A: /)
      expect(/[^\r\n]\n|\r[^\n]/.test(head)).toBe(false)
      const body = Buffer.from(written.slice(end + 4), 'latin1')
      expect(head).toContain(`Content-Length: ${body.length}`)
      expect(JSON.parse(body.toString('utf8'))).toEqual({ v: Buffer.from(v, 'utf8').toString('utf8') === v ? v : expect.anything() })
    }), { numRuns: 500 })
  })

  it.each<[Partial<RequestStep>]>([
    [{ headers: { 'X A': '1' } }], [{ headers: { 'X:': '1' } }], [{ headers: { '': '1' } }], [{ headers: { 'X\r\nY': '1' } }], [{ headers: { X: 'a\r\nb' } }], [{ headers: { 'Transfer-Encoding': 'chunked' } }],
    [{ cookies: { 'a b': '1' } }], [{ cookies: { a: '1; b=2' } }],
  ])('by its author is refused before the run: %j', (more) => {
    expect(() => compile(get('/x', more))).toThrow(UserError)
  })
})

describe('what is asked of the client', () => {
  it('is only what captures and expectations need', () => {
    expect(compile(get('/x')).options).toEqual({ head: false, idempotent: true, keepBody: false, timeoutMs: 5_000 })
    expect(compile(get('/x', { captures: [capture('$.a', 'a')] })).options).toMatchObject({ keepBody: true })
    expect(compile(get('/x', { expects: [expecting<'contentType'>({ kind: 'contentType', type: 'json' })] })).options).toMatchObject({ keepBody: false })
    expect(compile(get('/x', { method: 'HEAD', timeoutMs: 7 })).options).toMatchObject({ head: true, timeoutMs: 7 })
    expect(compile(get('/x', { method: 'POST' })).options).toMatchObject({ idempotent: false })
  })
})
