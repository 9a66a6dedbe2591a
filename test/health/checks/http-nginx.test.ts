import { once } from 'node:events'
import * as net from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nginx, startNginx, type Nginx } from '../../e2e/nginx.ts'
import { hasOpenssl, makeAuthority, type Authority } from '../authority.ts'
import { lookAt } from '../network-look.ts'

describe.skipIf(nginx === undefined || !hasOpenssl)('a check of a real web server (needs nginx and openssl)', () => {
  const stalled = net.createServer((socket) => socket.on('error', () => undefined))
  let authority: Authority
  let web: Nginx

  beforeAll(async () => {
    authority = makeAuthority()
    await once(stalled.listen(0, '127.0.0.1'), 'listening')
    const certified = { good: authority.issue('good.localhost'), expired: authority.issue('expired.localhost', { from: -90, to: -3 }), self: authority.issue('self.localhost', { by: 'itself' }), soon: authority.issue('soon.localhost', { to: 3.5 }), other: authority.issue('other.localhost', { dns: 'somebody.example' }) }
    const server = (port: number, name: string, certFile: string, keyFile: string): string => `server { listen 127.0.0.1:${port} ssl; server_name ${name}.localhost; ssl_certificate ${certFile}; ssl_certificate_key ${keyFile}; location / { return 200 'ok'; } }`
    web = await startNginx(nginx ?? '', {
      locations: `
        location = /app { return 302 /login?from=app; }
        location = /login { default_type text/html; return 200 '<form action="/login"><input type="password"></form>'; }
        location = /dashboard { default_type text/html; return 200 '<form action="/login"><input type="password"></form>'; }
        location /stalled { proxy_pass http://127.0.0.1:${(stalled.address() as net.AddressInfo).port}; }
        location /lost { proxy_pass http://127.0.0.1:1; }
        location = /status { default_type application/json; return 200 '{"status": "degraded"}'; }`, // a TCP server's address is one
      servers: (port) => Object.entries(certified).map(([name, { certFile, keyFile }]) => server(port, name, certFile, keyFile)).join('\n'),
    })
  })
  afterAll(async () => {
    await web.stop()
    stalled.close()
    authority.remove()
  })

  const said = async (path: string, more: object = {}, timeoutMs = 5_000): Promise<readonly [string, string]> => {
    const url = path.startsWith('/') ? `http://127.0.0.1:${web.port}${path}` : `https://${path}.localhost:${web.tlsPort}/`
    const { verdict, message } = await lookAt({ type: 'http', url, ca: authority.caFile, ...more }, { timeoutMs })
    return [verdict, message]
  }

  it.each([
    ['/ok', 'ok', /^200 OK in /],
    ['/gone', 'fail', /^answered 404 Not Found$/],
    ['/broken', 'fail', /^answered 500 Internal Server Error$/],
    ['/lost', 'fail', /^answered 502 Bad Gateway$/],
    ['/app', 'fail', /^answered with a login page \(\/login\)$/],
    ['/dashboard', 'fail', /^answered with a login page \(\/dashboard\)$/],
    ['/round', 'fail', /^redirects in a circle: http:\/\/127\.0\.0\.1:\d+\/round$/],
  ] as const)('tells %s from the rest', async (path, verdict, message) => {
    expect(await said(path)).toEqual([verdict, expect.stringMatching(message)])
  })

  it('reads what it unpacks', async () => {
    expect((await said('/zipped/text.txt', { headers: { 'accept-encoding': 'gzip' }, expect: { text: 'measure, then cut.' } }))[0]).toBe('ok')
    expect(await said('/status', { expect: { json: { status: 'ok' } } })).toEqual(['fail', 'status is "degraded", expected "ok"'])
  })

  it('gives up on one that waits for its upstream', async () => {
    expect(await said('/stalled', {}, 500)).toEqual(['fail', expect.stringMatching(/accepted the connection in .*, then gave no answer within 500 ms$/)])
    expect(await said('/slow/large.bin', {}, 500)).toEqual(['fail', expect.stringMatching(/answered 200 after .*, but its body was not complete within 500 ms$/)])
  })

  it.each([
    ['good', 'ok', /^200 OK in /],
    ['expired', 'fail', /^the certificate of expired\.localhost:\d+ expired on \d{4}-\d\d-\d\d$/],
    ['self', 'fail', /^the certificate of self\.localhost:\d+ is self-signed$/],
    ['other', 'fail', /^the certificate of other\.localhost:\d+ is for somebody\.example, not for other\.localhost$/],
    ['soon', 'fail', /^the certificate ends in 3 days, on .* \(critical at 7 days\)$/],
  ] as const)('judges the certificate of %s', async (name, verdict, message) => {
    expect(await said(name)).toEqual([verdict, expect.stringMatching(message)])
  })

  it('takes any certificate when it must, and says so', async () => {
    expect(await said('expired', { insecure: true })).toEqual(['ok', expect.stringMatching(/^200 OK in .*\(certificate not verified\)$/)])
  })

  it('says that a port speaks TLS, or does not', async () => {
    const { message } = await lookAt({ type: 'http', url: `http://127.0.0.1:${web.tlsPort}/` })
    expect(message).toBe('answered 400 Bad Request: the port speaks TLS, and was asked without')
    const other = await lookAt({ type: 'http', url: `https://127.0.0.1:${web.port}/` })
    expect(other.message).toBe(`127.0.0.1:${web.port} answers, but does not speak TLS`)
  })
})
