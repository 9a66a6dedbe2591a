import { once } from 'node:events'
import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { lookAt } from '../network-look.ts'

interface Reply {
  readonly status?: number
  readonly headers?: http.OutgoingHttpHeaders
  /** A text as it is, anything else as JSON. */
  readonly body?: unknown
}

let replies: Record<string, Reply | ((headers: http.IncomingHttpHeaders, url: URL) => Reply)> = {}
const asked: { readonly url: string; readonly headers: http.IncomingHttpHeaders }[] = []

const server = http.createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://x')
  asked.push({ url: request.url ?? '', headers: request.headers })
  const found = replies[url.pathname] ?? { status: 404, body: 'not here' }
  const { status = 200, headers = {}, body = '' } = typeof found === 'function' ? found(request.headers, url) : found
  response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body))
})
let url: string
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a TCP server's address is one
})
afterAll(() => void server.close())
beforeEach(() => {
  replies = {}
  asked.length = 0
})

const HTML = '<!doctype html><title>It works</title>'
const brief = ({ verdict, message }: { readonly verdict: string; readonly message: string }) => [verdict, message]

describe('a check of Plex', () => {
  const IDENTITY = { MediaContainer: { size: 0, claimed: true, machineIdentifier: 'abc123', version: '1.32.5.7349-8f4248874' } }
  const byToken = (headers: http.IncomingHttpHeaders): Reply => (headers['x-plex-token'] === 'right' ? { body: { MediaContainer: { size: 4, Directory: [{}, {}, {}, {}] } } } : { status: 401, body: '<h1>401 Unauthorized</h1>' })

  it('says who it is, without a token', async () => {
    replies['/identity'] = { body: IDENTITY }
    const outcome = await lookAt({ type: 'plex', url })
    expect(brief(outcome)).toEqual(['ok', expect.stringMatching(/^Plex 1\.32\.5\.7349-8f4248874, in /)])
    expect(outcome.details).toMatchObject({ version: '1.32.5.7349-8f4248874', serverUrl: url, machineIdentifier: 'abc123', claimed: true })
    expect(asked.map((each) => each.url)).toEqual(['/identity'])
  })

  it('counts the libraries with a token, behind a path too', async () => {
    replies = { '/plex/identity': { body: IDENTITY }, '/plex/library/sections': byToken }
    const outcome = await lookAt({ type: 'plex', url: `${url}/plex/`, token: 'right' })
    expect(brief(outcome)).toEqual(['ok', expect.stringContaining(', 4 libraries, in ')])
    expect(outcome.details).toMatchObject({ version: '1.32.5.7349-8f4248874', libraries: 4, serverUrl: `${url}/plex/` })
  })

  it('reads the XML of a server that has no JSON', async () => {
    replies = { '/identity': { body: '<?xml version="1.0"?>\n<MediaContainer size="0" claimed="0" machineIdentifier="abc" version="1.2.3"></MediaContainer>' }, '/library/sections': { body: '<MediaContainer size="2" allowSync="0"><Directory/><Directory/></MediaContainer>' } }
    expect((await lookAt({ type: 'plex', url, token: 'right' })).details).toMatchObject({ version: '1.2.3', libraries: 2, claimed: false })
  })

  it('says that its token is refused, and never which', async () => {
    replies = { '/identity': { body: IDENTITY }, '/library/sections': byToken }
    const outcome = await lookAt({ type: 'plex', url, token: 'wrong-secret' })
    expect(brief(outcome)).toEqual(['fail', 'its libraries: it refuses the token (401)'])
    expect(JSON.stringify(outcome)).not.toContain('wrong-secret')
  })

  it.each([
    [{ status: 404, body: HTML }, 'answered 404 Not Found: does not look like Plex'],
    [{ body: HTML }, 'answered, but not as Plex does'],
    [{ body: { MediaContainer: {} } }, 'answered, but not as Plex does'],
    [{ body: ['a', 'list'] }, 'answered, but not as Plex does'],
    [{ body: '<input type="password">' }, 'answered with a login page'],
    [{ status: 503, body: 'starting' }, 'answered 503 Service Unavailable'],
    [{ status: 302, headers: { location: 'https://plex.example/web?token=hidden' } }, 'answered 302 Found to https://plex.example/web'],
  ])('does not take %o for Plex', async (reply, message) => {
    replies['/identity'] = reply
    expect(brief(await lookAt({ type: 'plex', url }))).toEqual(['fail', message])
  })
})

describe('a check of Overseerr', () => {
  const STATUS = { version: '1.33.2', commitTag: 'abc', updateAvailable: true, commitsBehind: 3, restartRequired: false }
  const COUNT = { total: 20, movie: 12, tv: 8, pending: 12, approved: 5, declined: 0, processing: 3, available: 5 }

  it('says its version, and what waits when there is a key', async () => {
    replies = { '/api/v1/status': { body: STATUS }, '/api/v1/request/count': (headers) => (headers['x-api-key'] === 'right' ? { body: COUNT } : { status: 403, body: {} }) }
    const outcome = await lookAt({ type: 'overseerr', url, apiKey: 'right' })
    expect(brief(outcome)).toEqual(['ok', expect.stringMatching(/^Overseerr 1\.33\.2 \(a newer one is out\), 12 pending, 3 processing, in /)])
    expect(outcome.details).toMatchObject({ version: '1.33.2', requests: { pending: 12, processing: 3 } })
    expect(brief(await lookAt({ type: 'overseerr', url, apiKey: 'wrong' }))).toEqual(['fail', 'its requests: it refuses the API key (403)'])
    expect((await lookAt({ type: 'overseerr', url })).verdict).toBe('ok')
  })

  it('warns that it wants a restart', async () => {
    replies['/api/v1/status'] = { body: { ...STATUS, restartRequired: true } }
    expect(brief(await lookAt({ type: 'overseerr', url }))).toEqual(['warn', 'it must be restarted before its settings hold'])
  })

  it.each([[{ body: HTML }], [{ body: { version: '1.0' } }], [{ body: { status: 'ok' } }], [{ body: 'null' }]])('does not take %o for Overseerr', async (reply) => {
    replies['/api/v1/status'] = reply
    expect(brief(await lookAt({ type: 'overseerr', url }))).toEqual(['fail', 'answered, but not as Overseerr does'])
    expect(brief(await lookAt({ type: 'overseerr', url: `${url}/elsewhere` }))).toEqual(['fail', 'answered 404 Not Found: does not look like Overseerr'])
  })
})

describe('a check of The Movie Database', () => {
  const REFUSAL: Reply = { status: 401, body: { status_code: 7, status_message: 'Invalid API key: You must be granted a valid key.', success: false } }
  const byKey = (headers: http.IncomingHttpHeaders, { searchParams }: URL): Reply => (searchParams.get('api_key') === 'short-key' || headers.authorization === 'Bearer eyJlong' ? { body: { images: { base_url: 'x' }, change_keys: [] } } : REFUSAL)

  it('takes a key of either kind, and sends each its own way', async () => {
    replies['/3/configuration'] = byKey
    expect((await lookAt({ type: 'tmdb', url, apiKey: 'short-key' })).verdict).toBe('ok')
    expect((await lookAt({ type: 'tmdb', url: `${url}/3/`, apiKey: 'eyJlong' })).verdict).toBe('ok')
    expect(asked.map((each) => each.url)).toEqual(['/3/configuration?api_key=short-key', '/3/configuration'])
  })

  it('is up when it asks for the key nobody gave it, and refuses a wrong one', async () => {
    replies['/3/configuration'] = byKey
    expect(brief(await lookAt({ type: 'tmdb', url }))).toEqual(['ok', expect.stringMatching(/asked without a key$/)])
    const outcome = await lookAt({ type: 'tmdb', url, apiKey: 'wrong-key' })
    expect(brief(outcome)).toEqual(['fail', 'it refuses the key (401)'])
    expect(JSON.stringify(outcome)).not.toContain('wrong-key')
  })

  it('tells an answer of something else', async () => {
    replies['/3/configuration'] = { status: 401, body: 'a proxy wants your name' }
    expect((await lookAt({ type: 'tmdb', url })).verdict).toBe('fail')
    replies['/3/configuration'] = { body: { hello: 1 } }
    expect(brief(await lookAt({ type: 'tmdb', url }))).toEqual(['fail', 'answered, but not as TMDB does'])
    replies['/3/configuration'] = { status: 429, headers: { 'retry-after': '9' } }
    expect(brief(await lookAt({ type: 'tmdb', url }))).toEqual(['warn', 'answered 429 Too Many Requests, try again in 9 s'])
  })

  it('keeps the key out of the words about a dead port', async () => {
    const outcome = await lookAt({ type: 'tmdb', url: 'http://127.0.0.1:1', apiKey: 'short-key' })
    expect(brief(outcome)).toEqual(['fail', '127.0.0.1:1 refused the connection'])
    expect(JSON.stringify(outcome)).not.toContain('short-key')
  })
})
