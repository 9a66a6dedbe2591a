import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hashToken } from '../../../src/api/server/access-token.ts'
import { openAuditLog } from '../../../src/api/server/audit-log.ts'
import { redactTarget } from '../../../src/api/server/redact.ts'
import type { JwtSettings } from '../../../src/api/server/jwt-settings.ts'
import { type Asking, KNOWN_TOKENS, sendRaw, start, TOKENS } from './start.ts'

const BASE = '/api/v1/performance'
const CHANGE: Asking = { method: 'POST', body: { optimizations: ['cache_strategy'] } }

describe('without tokens, on this machine', () => {
  it('everything can be read, and nothing changed', async () => {
    const { ask, resident } = await start()
    expect((await ask(`${BASE}/resources`)).status).toBe(200)
    expect((await ask('/metrics')).status).toBe(200)
    for (const [path, method] of [['optimize', 'POST'], ['load-test', 'POST'], ['alerts', 'PUT'], ['load-test/x', 'DELETE']] as const) {
      const answer = await ask(`${BASE}/${path}`, { method, body: {} })
      expect(answer.json().error).toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining('--make-token') })
    }
    expect(resident.asked.questions.map(({ name }) => name)).toEqual(['resources'])
  })

  it.each(['evil.example', 'evil.example:9464', '169.254.169.254', 'localhost.evil.example', '127.0.0.1.nip.io', '[2001:db8::1]', 'localhost@evil.example', '127.0.0.1:80:80', 'nas'])('a page that calls this machine %s gets nothing', async (host) => {
    const { ask } = await start()
    for (const path of [`${BASE}/metrics`, `${BASE}/metrics/real-time`, '/metrics', '/health/live', `${BASE}/openapi.json`]) {
      expect((await ask(path, { headers: { host } })).json().error).toMatchObject({ code: 'FORBIDDEN', details: { header: 'Host' } })
    }
  })

  it.each(['localhost', 'LOCALHOST:9464', 'localhost.', '127.0.0.1:1', '127.9.9.9', '[::1]:9464', 'perf.localhost', 'perf.example.org'])('this machine may be called %s', async (host) => {
    const { ask } = await start({ allowedHosts: ['perf.example.org'] })
    expect((await ask(`${BASE}/summary`, { headers: { host } })).status).toBe(200)
  })

  it('a request that names two hosts is for none of them', async () => {
    const { server } = await start({ tokens: KNOWN_TOKENS })
    const path = '/health/live'
    for (const head of [`GET ${path} HTTP/1.1\r\nHost: localhost\r\nHost: evil.example`, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nHost: localhost`, `GET http://evil.example${path} HTTP/1.1\r\nHost: localhost`])
      expect(await sendRaw(server.port, `${head}\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 400 [^]*the request names two hosts/)
    expect(await sendRaw(server.port, `GET http://LOCALHOST${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 200 /)
  })

  it('a page of another site can make a browser read nothing, but a link to it works', async () => {
    const { ask } = await start({ origins: ['https://media.example.org'] })
    expect((await ask(`${BASE}/summary`, { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' } })).status).toBe(403)
    expect((await ask(`${BASE}/summary`, { headers: { origin: 'https://evil.example' } })).status).toBe(403)
    expect((await ask(`${BASE}/summary`, { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' } })).status).toBe(200)
    expect((await ask(`${BASE}/summary`, { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' } })).status).toBe(200)
    for (const dest of ['iframe', 'object', 'embed']) expect((await ask(`${BASE}/metrics/real-time`, { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': dest } })).status).toBe(403)
    const allowed = await ask(`${BASE}/summary`, { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', origin: 'https://media.example.org' } })
    expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([200, 'https://media.example.org'])
  })

  it('whoever a proxy brings here is not on this machine', async () => {
    const { ask } = await start()
    for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'x-forwarded-host', 'x-forwarded-proto', 'via']) expect((await ask(`${BASE}/summary`, { headers: { [header]: '127.0.0.1' } })).json().error).toMatchObject({ code: 'FORBIDDEN', details: { header } })
    const proxied = await start({ trustProxy: ['127.0.0.1'] })
    expect((await proxied.ask(`${BASE}/summary`, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(200)
  })
})

describe('with tokens', () => {
  it('nothing but the public pages is answered without one', async () => {
    const { ask } = await start({ tokens: KNOWN_TOKENS })
    for (const path of [`${BASE}/metrics`, `${BASE}/metrics/real-time`, '/metrics', '/api/performance/me']) {
      const answer = await ask(path)
      expect([answer.status, answer.json().error.code, answer.headers['www-authenticate']]).toEqual([401, 'UNAUTHORIZED', 'Bearer realm="medianest-perf"'])
    }
    for (const path of ['/health/live', '/health/ready', `${BASE}/openapi.json`]) expect((await ask(path)).status).toBe(200)
  })

  it('each role may do what it is for', async () => {
    const { ask } = await start({ tokens: KNOWN_TOKENS })
    const status = async (role: 'admin' | 'user' | 'scrape', path: string, asking: Asking = {}): Promise<number> => (await ask(path, { ...asking, token: TOKENS[role] })).status
    expect(await Promise.all([status('admin', `${BASE}/resources`), status('admin', '/metrics'), status('admin', `${BASE}/optimize`, CHANGE)])).toEqual([200, 200, 202])
    expect(await Promise.all([status('user', `${BASE}/summary`), status('user', '/api/performance', { method: 'POST', body: { page: '/', type: 'LCP', value: 1 } })])).toEqual([200, 202])
    expect(await Promise.all([status('user', `${BASE}/resources`), status('user', '/metrics'), status('user', `${BASE}/metrics?format=prometheus`), status('user', `${BASE}/optimize`, CHANGE), status('user', `${BASE}/load-test/test-running/stream`)])).toEqual([403, 403, 403, 403, 403])
    expect(await Promise.all([status('scrape', '/metrics'), status('scrape', `${BASE}/prometheus`), status('scrape', `${BASE}/summary`), status('scrape', `${BASE}/metrics`)])).toEqual([200, 200, 403, 403])
  })

  it('a token is taken from its header alone, and only whole', async () => {
    const { ask } = await start({ tokens: KNOWN_TOKENS })
    const path = `${BASE}/summary`
    for (const query of ['token', 'access_token', 'authorization']) expect((await ask(`${path}?${query}=${TOKENS.admin}`)).status).toBe(401)
    for (const authorization of [`Basic ${TOKENS.admin}`, TOKENS.admin, `Bearer ${TOKENS.admin} x`, 'Bearer', 'Bearer ', `Bearer ${'x'.repeat(9_000)}`, `Bearer ${TOKENS.admin.slice(0, -1)}`, `Bearer ${TOKENS.admin.toLowerCase()}`])
      expect((await ask(path, { headers: { authorization } })).status).toBe(401)
    expect((await ask(path, { headers: { cookie: `token=${TOKENS.admin}` } })).status).toBe(401)
    expect((await ask(path, { headers: { authorization: `bearer ${TOKENS.admin}` } })).status).toBe(200)
  })

  it('one whose time is over is worth nothing', async () => {
    const { ask } = await start({ tokens: [{ name: 'old', role: 'admin', hash: hashToken('an old token'), expiresAt: Date.now() - 1 }] })
    expect((await ask(`${BASE}/summary`, { headers: { authorization: 'Bearer an-old-token' } })).status).toBe(401)
    const { ask: askOld } = await start({ tokens: [{ name: 'old', role: 'admin', hash: hashToken('an-old-token'), expiresAt: Date.now() - 1 }] })
    expect((await askOld(`${BASE}/summary`, { token: 'an-old-token' })).json().error).toMatchObject({ code: 'UNAUTHORIZED', message: 'the token has expired' })
  })

  it('browsers tell their measurements without one where that is allowed, and do nothing else', async () => {
    const { ask, resident } = await start({ tokens: KNOWN_TOKENS, takesFromAll: true })
    const body = { page: '/', type: 'LCP', value: 1 }
    expect((await ask('/api/performance', { method: 'POST', body })).status).toBe(202)
    expect(resident.asked.questions).toMatchObject([{ caller: { id: '127.0.0.1', role: 'user' } }])
    expect((await ask('/api/performance/me')).status).toBe(401)
    expect((await ask('/api/performance', { method: 'POST', body, headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' } })).status).toBe(403)
  })

  it('a page of another site can make a browser change nothing, even with a token', async () => {
    const { ask, resident } = await start({ tokens: KNOWN_TOKENS, origins: ['https://media.example.org'] })
    const status = async (headers: Record<string, string>): Promise<number> => (await ask(`${BASE}/optimize`, { ...CHANGE, token: TOKENS.admin, headers })).status
    expect(await status({ 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await status({ 'sec-fetch-site': 'same-site', origin: 'https://other.example.org' })).toBe(403)
    expect(await status({ origin: 'null' })).toBe(403)
    expect(resident.asked.questions).toEqual([])
    expect(await status({ 'sec-fetch-site': 'same-origin' })).toBe(202)
    expect(await status({ 'sec-fetch-site': 'cross-site', origin: 'https://media.example.org' })).toBe(202)
    const preflight = await ask(`${BASE}/optimize`, { method: 'OPTIONS', headers: { origin: 'https://media.example.org', 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' } })
    expect([preflight.status, preflight.headers['access-control-allow-origin'], preflight.headers['access-control-allow-credentials']]).toEqual([204, 'https://media.example.org', undefined])
    const stranger = await ask(`${BASE}/optimize`, { method: 'OPTIONS', headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' } })
    expect(stranger.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('every answer says what browsers may do with it', async () => {
    const { ask } = await start({ tokens: KNOWN_TOKENS })
    for (const path of [`${BASE}/summary`, '/health/live', '/nothing', `${BASE}/metrics?interval=x`]) {
      const { headers } = await ask(path, { token: TOKENS.admin })
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'content-security-policy': expect.stringContaining("default-src 'none'"), 'cross-origin-resource-policy': 'same-origin', 'x-frame-options': 'SAMEORIGIN' })
      expect(headers['access-control-allow-origin']).toBeUndefined()
      expect(headers.server ?? headers['x-powered-by']).toBeUndefined()
    }
  })
})

const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const SECRET = 'a secret of more than thirty-two bytes, for tests'
const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }) as string
const common = { issuer: 'medianest', audience: 'performance', roleClaim: 'role', maxAgeMs: null }
const HS: JwtSettings = { algorithm: 'HS256', key: SECRET, ...common }
const RS: JwtSettings = { algorithm: 'RS256', key: pem(rsa.publicKey), ...common }
const ES: JwtSettings = { algorithm: 'ES256', key: pem(ec.publicKey), ...common }
const seconds = (more = 0): number => Math.floor(Date.now() / 1_000) + more
const claims = (more: object = {}): object => ({ sub: 'ada', role: 'admin', iss: 'medianest', aud: 'performance', exp: seconds(60), iat: seconds(), ...more })
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function sign(alg: string, payload: object, key: string | KeyObject, header: object = {}): string {
  const input = `${part({ alg, typ: 'JWT', ...header })}.${part(payload)}`
  const signature = alg === 'none' ? '' : alg.startsWith('HS') ? createHmac('sha256', key).update(input).digest('base64url') : createSign('sha256').update(input).sign({ key: key as KeyObject, dsaEncoding: 'ieee-p1363' }, 'base64url')
  return `${input}.${signature}`
}

describe('a JSON Web Token', () => {
  it.each([['HS256', HS, SECRET], ['RS256', RS, rsa.privateKey], ['ES256', ES, ec.privateKey]] as const)('of %s lets in who it is of, with its role', async (algorithm, jwt, key) => {
    const { ask, resident } = await start({ jwt })
    expect((await ask(`${BASE}/resources`, { token: sign(algorithm, claims(), key) })).status).toBe(200)
    expect(resident.asked.questions).toMatchObject([{ caller: { id: 'ada', role: 'admin' } }])
    expect((await ask(`${BASE}/resources`, { token: sign(algorithm, claims({ role: ['guest', 'user'] }), key) })).status).toBe(403)
    expect((await ask(`${BASE}/summary`, { token: sign(algorithm, claims({ role: ['guest', 'user'], aud: ['other', 'performance'] }), key) })).status).toBe(200)
  })

  it.each<[string, JwtSettings, () => string]>([
    ['has no signature (alg none)', HS, () => sign('none', claims(), '')],
    ['has no signature, and says so in other letters', HS, () => `${part({ alg: 'nOnE' })}.${part(claims())}.`],
    ['has its signature taken off', HS, () => sign('HS256', claims(), SECRET).replace(/[^.]*$/, '')],
    ['is signed with another secret', HS, () => sign('HS256', claims(), `${SECRET}!`)],
    ['is signed with an empty secret', HS, () => sign('HS256', claims(), '')],
    ['is signed with the public key as a secret', RS, () => sign('HS256', claims(), pem(rsa.publicKey))],
    ['is signed with the public key as a secret, without its last line break', RS, () => sign('HS256', claims(), pem(rsa.publicKey).trim())],
    ['is signed with the public key of ES256 as a secret', ES, () => sign('HS256', claims(), pem(ec.publicKey))],
    ['is of another key', RS, () => sign('RS256', claims(), generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey)],
    ['brings its own key', RS, () => sign('RS256', claims(), rsa.privateKey, { alg: 'HS256', jwk: { kty: 'oct', k: 'AAAA' } })],
    ['is of another algorithm', RS, () => sign('ES256', claims(), ec.privateKey)],
    ['has a header we do not understand but should', HS, () => sign('HS256', claims(), SECRET, { crit: ['exp2'], exp2: 1 })],
    ['was changed', HS, () => sign('HS256', claims({ role: 'user' }), SECRET).replace(/\.[^.]+\./, `.${part(claims())}.`)],
    ['has expired', HS, () => sign('HS256', claims({ exp: seconds(-10) }), SECRET)],
    ['never expires', HS, () => sign('HS256', claims({ exp: undefined }), SECRET)],
    ['expires at no number', HS, () => sign('HS256', claims({ exp: '9999999999' }), SECRET)],
    ['is not valid yet', HS, () => sign('HS256', claims({ nbf: seconds(60) }), SECRET)],
    ['is of another issuer', HS, () => sign('HS256', claims({ iss: 'medianest.evil' }), SECRET)],
    ['is for another audience', HS, () => sign('HS256', claims({ aud: 'billing' }), SECRET)],
    ['is for nobody', HS, () => sign('HS256', claims({ aud: undefined }), SECRET)],
    ['is of nobody', HS, () => sign('HS256', claims({ sub: undefined }), SECRET)],
    ['is older than allowed', { ...HS, maxAgeMs: 60_000 }, () => sign('HS256', claims({ iat: seconds(-120) }), SECRET)],
    ['does not say how old it is, where that is limited', { ...HS, maxAgeMs: 60_000 }, () => sign('HS256', claims({ iat: undefined }), SECRET)],
    ['is no JSON', HS, () => 'eyJ.x.y'],
    ['is signed with zeros (r and s of ES256)', ES, () => sign('ES256', claims(), ec.privateKey).replace(/[^.]*$/, Buffer.alloc(64).toString('base64url'))],
    ['names the file of its key', HS, () => sign('HS256', claims(), '', { kid: '../../../../dev/null' })],
    ['says where its key is', RS, () => sign('RS256', claims(), generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey, { jku: 'http://127.0.0.1:1/keys', x5u: 'http://127.0.0.1:1/x' })],
  ])('that %s is refused', async (_what, jwt, token) => {
    const { ask, resident } = await start({ jwt })
    const answer = await ask(`${BASE}/summary`, { token: token() })
    expect([answer.status, answer.json().error.code]).toEqual([401, 'UNAUTHORIZED'])
    expect(resident.asked.questions).toEqual([])
  })

  it.each([[undefined], ['root'], [{ admin: true }], [['guest']], ['Admin'], [1]])('with the role %j may do nothing', async (role) => {
    const { ask } = await start({ jwt: HS })
    expect((await ask(`${BASE}/summary`, { token: sign('HS256', claims({ role }), SECRET) })).json().error.code).toBe('FORBIDDEN')
  })

  it('tells its role where the configuration says, also deeper', async () => {
    const { ask } = await start({ jwt: { ...HS, roleClaim: 'realm_access.roles' } })
    expect((await ask(`${BASE}/resources`, { token: sign('HS256', claims({ role: undefined, realm_access: { roles: ['offline', 'admin'] } }), SECRET) })).status).toBe(200)
    expect((await ask(`${BASE}/resources`, { token: sign('HS256', claims({ role: 'admin' }), SECRET) })).status).toBe(403)
  })
})

describe('more than is allowed', () => {
  it('is refused for each token by itself, with the time to wait', async () => {
    const { ask } = await start({ tokens: KNOWN_TOKENS, rateLimit: { requests: 3, perMs: 60_000 } })
    const path = `${BASE}/summary`
    for (let left = 2; left >= 0; left--) expect((await ask(path, { token: TOKENS.user })).headers).toMatchObject({ 'x-ratelimit-limit': '3', 'x-ratelimit-remaining': String(left) })
    const answer = await ask(path, { token: TOKENS.user })
    expect([answer.status, answer.json().error.code]).toEqual([429, 'RATE_LIMITED'])
    expect(Number(answer.headers['retry-after'])).toBe(answer.json().error.details.retryAfter)
    expect((await ask(path, { token: TOKENS.admin })).status).toBe(200)
    expect((await ask('/health/live')).status).toBe(200)
  })

  it('is allowed where limits are off, and unknown paths are counted too where they are on', async () => {
    const free = await start({ tokens: KNOWN_TOKENS, rateLimit: 'off' })
    expect((await free.ask(`${BASE}/summary`, { token: TOKENS.user })).headers['x-ratelimit-limit']).toBeUndefined()
    const { ask } = await start({ rateLimit: { requests: 3, perMs: 60_000 } })
    const found: number[] = []
    for (let nth = 0; nth < 5; nth++) found.push((await ask(`/wp-admin/${nth}`)).status)
    expect(found).toEqual([404, 404, 404, 429, 429])
  })

  it('of guesses closes the door to an address, for the right word too; the same wrong one again is no guess', async () => {
    const { ask } = await start({ tokens: [{ name: 'chosen', role: 'user', hash: hashToken('a-word-somebody-chose'), expiresAt: null }] })
    const path = `${BASE}/summary`
    for (let nth = 0; nth < 30; nth++) expect((await ask(path, { token: 'mnp_of-last-year' })).status).toBe(401)
    expect((await ask(path, { token: 'a-word-somebody-chose' })).status).toBe(200)
    for (let nth = 0; nth < 9; nth++) expect((await ask(path, { token: `guess-${nth}` })).status).toBe(401)
    const answer = await ask(path, { token: 'a-word-somebody-chose' })
    expect([answer.status, answer.json().error.code, Number(answer.headers['retry-after']) > 0]).toEqual([429, 'RATE_LIMITED', true])
    expect((await ask('/health/live')).status).toBe(200)
  })

  it('shuts out nobody whose token cannot be guessed, such as all others behind the same proxy', async () => {
    const { ask } = await start({ tokens: KNOWN_TOKENS, jwt: HS })
    const path = `${BASE}/summary`
    for (let nth = 0; nth < 11; nth++) await ask(path, { token: `guess-${nth}` })
    expect((await ask(path, { token: TOKENS.user })).status).toBe(200)
    expect((await ask(path, { token: sign('HS256', claims(), SECRET) })).status).toBe(200)
    expect((await ask(path, { token: `${TOKENS.user.slice(0, -1)}_` })).status).toBe(429)
    expect((await ask(path, { token: sign('HS256', claims(), `${SECRET}!`) })).status).toBe(429)
  })

  it('cannot be hidden behind an X-Forwarded-For, unless a proxy that is known says so', async () => {
    const { ask } = await start({ tokens: KNOWN_TOKENS, rateLimit: { requests: 2, perMs: 60_000 } })
    const status = async (nth: number, asked = ask): Promise<number> => (await asked('/health/nothing', { headers: { 'x-forwarded-for': `203.0.113.${nth}` } })).status
    expect([await status(1), await status(2), await status(3)]).toEqual([404, 404, 429])
    const proxied = await start({ tokens: KNOWN_TOKENS, rateLimit: { requests: 2, perMs: 60_000 }, trustProxy: ['127.0.0.1'] })
    expect([await status(1, proxied.ask), await status(2, proxied.ask), await status(3, proxied.ask)]).toEqual([404, 404, 404])
    // What the proxy adds counts, not what was sent to it.
    const chain = async (first: string): Promise<number> => (await proxied.ask('/health/nothing', { headers: { 'x-forwarded-for': `${first}, 198.51.100.7` } })).status
    expect([await chain('1.1.1.1'), await chain('2.2.2.2'), await chain('3.3.3.3')]).toEqual([404, 404, 429])
  })
})

/** With every character as an escape. */
function escaped(text: string): string {
  return [...text].map((character) => `%${character.charCodeAt(0).toString(16)}`).join('')
}

describe('errors', () => {
  it('repeat no token that stood where none belongs', async () => {
    const { ask } = await start({ tokens: KNOWN_TOKENS })
    for (const [path, asking] of [[`/${TOKENS.admin}`, {}], [`${BASE}/metrics?interval=${TOKENS.admin}`, { token: TOKENS.admin }], [`${BASE}/alerts`, { method: 'PUT', token: TOKENS.admin, body: { [TOKENS.admin]: 1 } }]] as const) {
      const answer = await ask(path, asking)
      expect(answer.json().success).toBe(false)
      expect(answer.text).not.toContain(TOKENS.admin)
    }
  })
})

describe('the audit log', () => {
  it('has a line for what changed something or was refused, and no token in any', async () => {
    const { ask, log, server } = await start({ tokens: KNOWN_TOKENS }, { level: 'info' })
    await ask(`${BASE}/summary`, { token: TOKENS.admin })
    await ask(`${BASE}/optimize`, { ...CHANGE, token: TOKENS.admin })
    await ask(`${BASE}/resources?api_key=hunter2`, { token: TOKENS.user })
    await ask(`${BASE}/summary?token=${TOKENS.admin}&x=1`)
    await ask(`${BASE}/summary`, { token: 'mnp_wrong-and-secret' })
    await ask(`/x/${TOKENS.admin}`, { method: 'PUT', headers: { host: TOKENS.admin } })
    await server.close()
    const lines = log.map((line) => JSON.parse(line))
    expect(lines.map(({ level, event, who, method, status, code }) => [level, event, who, method, status, code])).toEqual([
      ['info', 'change', 'the admin', 'POST', 202, null],
      ['warn', 'refused', 'the user', 'GET', 403, 'FORBIDDEN'],
      ['warn', 'refused', null, 'GET', 401, 'UNAUTHORIZED'],
      ['warn', 'refused', null, 'GET', 401, 'UNAUTHORIZED'],
    ])
    expect(lines[0]).toMatchObject({ role: 'admin', address: '127.0.0.1', target: `${BASE}/optimize`, ms: expect.any(Number), time: expect.stringMatching(/Z$/) })
    expect(lines[2].target).toBe(`${BASE}/summary?token=[redacted]&x=1`)
    for (const secret of [...Object.values(TOKENS), 'hunter2', 'wrong-and-secret']) expect(log.join('')).not.toContain(secret)
  })

  it.each([
    [`/x?q=${escaped(TOKENS.admin)}`], [`/x/${escaped(TOKENS.admin)}`], [`/x?q=${TOKENS.admin.slice(0, 20)}%2d${TOKENS.admin.slice(20)}`], ['/x?q=Bearer%20hunter2'], ['/x?q=Bearer+hunter2'], ['/x?a=1#token=hunter2'], ['/x;token=hunter2'], ['http://localhost:hunter2@localhost/x'],
  ])('has no token in it, however it was written: %s', (target) => {
    expect(decodeURIComponent(redactTarget(target))).not.toMatch(new RegExp(`hunter2|${TOKENS.admin.slice(-10)}`))
  })

  it('tells targets without secrets as they were sent', () => {
    for (const target of ['/', `${BASE}/metrics?timeRange=1h&interval=%31m`, '/a%20b;c?d=e+f#g', '*']) expect(redactTarget(target)).toBe(target)
  })

  it('is not flooded by refusals, and says how many there were', () => {
    const lines: string[] = []
    let at = 0
    const log = openAuditLog({ level: 'info', file: null, write: (line) => lines.push(line), now: () => at })
    const line = { who: null, role: null, address: '203.0.113.9', method: 'GET', target: '/', status: 401, code: 'UNAUTHORIZED', ms: 1, aborted: false }
    for (let nth = 0; nth < 200; nth++) log.refusal(line)
    expect(lines).toHaveLength(50)
    at = 1_000
    log.refusal(line)
    expect(lines.slice(50).map((each) => JSON.parse(each).untold)).toEqual([150, undefined])
  })
})
