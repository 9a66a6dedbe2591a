import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineFormat } from '../../../../src/sources/application/access-log/line-format.ts'
import { linePattern } from '../../../../src/sources/application/access-log/line-pattern.ts'

const read = lineFormat({})
const combined = '10.0.0.1 - - [21/Nov/2026:15:48:24 +0000] "GET /a?b=1 HTTP/1.1" 200 512 "https://shop/" "Mozilla/5.0 (X11; \\"odd\\")"'
const request = { method: 'GET', target: '/a?b=1', status: 200, seconds: Number.NaN, bytes: 512 }
const timed = { ...request, seconds: 0.123 }

describe('a line of an access log', () => {
  it.each([
    ['of the common format', '::1 - bob [10/Oct/2000:13:55:36 -0700] "GET /a?b=1 HTTP/1.0" 200 512', request],
    ['of the combined format', combined, request],
    ['behind the name of a virtual host', `shop.example:443 ${combined}`, request],
    ['of a user with blanks and brackets', combined.replace('- -', '- Bob [the "b\\x22] user'), request],
    ['with the time nginx adds', `${combined} 0.123`, timed],
    ['with two times', `${combined} 0.123 0.100`, timed],
    ['with a proxy\'s address before', `${combined} "1.2.3.4" 0.123 0.100 .`, timed],
    ['with named times', `${combined} rt=0.123 uct="0.001" uht="0.100" urt="0.100"`, timed],
    ['with the time of what stands behind alone', `${combined} urt="0.123"`, timed],
    ['with lengths before the time, as ingress-nginx writes it', `${combined} 731 0.123 [shop-80] [] 10.2.0.7:80 512 0.120 200 9f8e`, timed],
    ['of Traefik\'s own format', '10.0.0.1 - - [21/Nov/2026:15:48:24 +0000] "GET /a?b=1 HTTP/1.1" 200 512 "-" "-" 1 "web@docker" "http://10.2.0.7" 123ms', timed],
    ['with a number nobody knows the unit of', `${combined} 1234`, request],
    ['without bytes', '::1 - - [10/Oct/2000:13:55:36 -0700] "HEAD /a?b=1 HTTP/1.0" 304 -', { ...request, method: 'HEAD', status: 304, bytes: 0 }],
    ['of no HTTP', '::1 - - [10/Oct/2000:13:55:36 -0700] "\\x16\\x03\\x01" 400 157 "-" "-"', { ...request, method: '', target: '', status: 400, bytes: 157 }],
    ['of a connection nobody used', '::1 - - [10/Oct/2000:13:55:36 -0700] "-" 408 0 "-" "-"', { ...request, method: '', target: '', status: 408, bytes: 0 }],
    ['with blanks in what is asked for', '::1 - - [10/Oct/2000:13:55:36 -0700] "GET /a b c HTTP/1.0" 400 9', { ...request, target: '/a b c', status: 400, bytes: 9 }],
    ['of nginx in JSON', '{"time_local":"21/Nov/2026:15:48:24 +0000","request_method":"GET","request_uri":"/a?b=1","status":"200","body_bytes_sent":"512","request_time":"0.123"}', timed],
    ['of nginx in JSON, with the whole request', '{"request":"GET /a?b=1 HTTP/1.1","status":200,"body_bytes_sent":512,"request_time":0.123}', timed],
    ['of Caddy', '{"level":"info","ts":1.7,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"::1","proto":"HTTP/2.0","method":"GET","host":"shop","uri":"/a?b=1","headers":{}},"bytes_read":0,"duration":0.123,"size":512,"status":200}', timed],
    ['of Caddy with text for times', '{"request":{"method":"GET","uri":"/a?b=1"},"duration":"123ms","size":512,"status":200}', timed],
    ['of Traefik in JSON', '{"DownstreamStatus":200,"DownstreamContentSize":512,"Duration":123000000,"OriginStatus":200,"RequestMethod":"GET","RequestPath":"/a?b=1"}', timed],
    ['of pino-http', '{"level":30,"time":1700000000000,"req":{"id":1,"method":"GET","url":"/a?b=1"},"res":{"statusCode":200,"headers":{"content-length":"512"}},"responseTime":123,"msg":"request completed"}', timed],
    ['of Envoy', '{"method":"GET","path":"/a?b=1","response_code":200,"duration":123,"bytes_sent":512}', timed],
    ['of morgan in JSON', '{"method":"GET","url":"/a?b=1","status":200,"content-length":"512","response-time":"123.000 ms"}', timed],
    ['in a journal', 'Nov 21 15:48:24 web nginx[7]: {"method":"GET","path":"/a?b=1","status":200,"bytes":512,"duration_ms":123}', timed],
    ['of morgan\'s tiny', 'GET /a?b=1 200 512 - 123.000 ms', timed],
    ['of morgan\'s dev, coloured', '\u001b[0mGET /a?b=1 \u001b[32m200\u001b[0m 123.000 ms - 512\u001b[0m', timed],
    ['of morgan\'s short', '::1 - GET /a?b=1 HTTP/1.1 200 512 - 123.000 ms', timed],
    ['of another program in JSON', '{"level":30,"msg":"listening on 3000"}', 'aside'],
    ['of another program', 'server listening on [::1] "all" 3000', null],
    ['that breaks off', combined.slice(0, 60), null],
    ['with a status there is not', combined.replace(' 200 ', ' 999 '), null],
    ['of half a JSON', '{"status":200,', null],
  ])('%s is understood', (_, line, expected) => {
    expect(read(line)).toEqual(expected)
  })

  it.each([
    ['Apache\'s %D, microseconds', { unit: 'us' }, `${combined} 123000`, timed],
    ['fields of other names', { fields: { path: 'where.to', status: 'how', duration: 'took' }, unit: 'ms' }, '{"where":{"to":"/a?b=1"},"how":200,"took":123,"method":"GET","bytes":512}', timed],
    ['fields with dots in their names', { fields: { path: 'url.path' } }, '{"url.path":"/a?b=1","status":200,"method":"GET","bytes":512,"request_time":0.123}', timed],
    ['a pattern', { pattern: '$remote_addr [$time_local] "$request" $status $body_bytes_sent $request_time' }, '::1 [21/Nov/2026:15:48:24 +0000] "GET /a?b=1 HTTP/1.1" 200 512 0.123', timed],
    ['the whole directive, of several pieces', { pattern: 'log_format main escape=default \'$status|$request_method|\'\n  \'${request_uri}|$bytes_sent|$request_time\';' }, '200|GET|/a?b=1|512|0.123', timed],
    ['a pattern with nothing quoted', { pattern: '$time_local $request $status $upstream_addr $upstream_response_time $body_bytes_sent' }, '21/Nov/2026:15:48:24 +0000 GET /a?b=1 HTTP/1.1 200 10.0.0.1:80, 10.0.0.2:80 : 10.0.0.3:80 0.100, - : 0.023 512', timed],
    ['a pattern of JSON', { pattern: '{"a":"$http_user_agent","r":"$request","s":$status,"b":$body_bytes_sent,"t":$request_time}' }, '{"a":"x\\"r\\\\","r":"GET /a?b=1 HTTP/1.1","s":200,"b":512,"t":0.123}', timed],
    ['a pattern, but not a line with more', { pattern: '$uri $status.' }, '/a 200. and more', null],
  ] as const)('is understood by %s', (_, config, line, expected) => {
    expect(lineFormat(config)(line)).toEqual(expected)
  })

  it.each([
    ['$status$request', 'nothing stands between $status and $request'], ['$remote_addr $request', 'no $status'], ['$status $body_bytes_sent', 'none of $request, $request_uri and $uri'], ['', 'no $status'],
  ])('cannot be described by %j', (pattern, reason) => {
    expect(() => linePattern(pattern)).toThrow(expect.objectContaining({ code: 'BAD_PATTERN', message: expect.stringContaining(reason) }))
  })

  it('is never an exception, whatever is in it', () => {
    const config = fc.constantFrom({}, { format: 'common' }, { format: 'json' }, { format: 'morgan' }, { pattern: '$a "$request" $upstream_x $status $request_time' }, { fields: { path: '__proto__.constructor', status: 'toString' } }) as fc.Arbitrary<Parameters<typeof lineFormat>[0]>
    const pieces = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(combined, '[', '] "', '" ', '\\', ' 200 ', '{"', '":', '}', 'rt=', ', ', ' : ', ' HTTP/'), fc.json())).map((parts) => parts.join(''))
    fc.assert(fc.property(config, pieces, (given, line) => {
      const found = lineFormat(given)(line)
      if (found !== null && found !== 'aside') expect(found.status === 0 || (found.status >= 100 && found.status < 600 && !(found.seconds < 0) && !(found.bytes < 0))).toBe(true)
    }), { numRuns: 500 })
  })

  it('that a pattern made is read back by it', () => {
    const value = fc.stringMatching(/^[a-z0-9/._-]{1,12}$/)
    const literal = fc.constantFrom(' ', '|', ' "', '" ', ' [', '] ', '\t')
    fc.assert(fc.property(fc.array(fc.tuple(literal, value), { maxLength: 12 }), literal, value, fc.integer({ min: 100, max: 599 }), (others, between, uri, status) => {
      const pattern = `$uri${others.map(([mark], index) => `${mark}$v${index}`).join('')}${between}$status`
      expect(linePattern(pattern)(`${uri}${others.map(([mark, text]) => `${mark}${text}`).join('')}${between}${status}`)).toMatchObject({ target: uri, status })
    }))
  })

  it('made to be slow is gone through once', () => {
    // With backtracking these would not end within the life of this machine.
    const pattern = linePattern(`${Array.from({ length: 60 }, (_, index) => `$v${index} `).join('')}$status "$uri"`)
    for (const evil of [' ', '" ', '\\"', ' : ', ', ']) expect(pattern(evil.repeat(65_536 / evil.length))).toBeNull()
    for (const evil of ['] "', '\\"', '[', '" 200 ', 'a=', '{']) expect([null, 'aside']).toContain(read(`[] "${evil.repeat(65_536 / evil.length)}`))
  })
})
