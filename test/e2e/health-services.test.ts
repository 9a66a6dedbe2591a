import { spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { chownSync, statSync, writeFileSync } from 'node:fs'
import * as net from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { guarded, hang, json, page, startInstance, type Answer } from '../api/instance.ts'
import { hasOpenssl, makeAuthority, type Authority } from '../health/authority.ts'
import { digHole, type Hole } from '../health/black-hole.ts'
import { startNameServer, type NameServer } from '../health/name-server.ts'
import { PASSWORD, POSTGRES_BIN, PostgresServer, removePostgresFolders } from '../services/postgres-server.ts'
import { freePort, redisServer, startFullRedis, startLoadingRedis, startRedis, startUnsavingRedis, type RedisServer } from '../services/redis-server.ts'
import { expectSaid, health, newFolder, readRun, removeFolders, SECRETS } from './health-program.ts'
import { nginx, startNginx, type Nginx } from './nginx.ts'

/** A /etc/resolv.conf that only one program sees needs a mount namespace of its own. */
const hasNamespaces = process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0

/** What each check is given, and one that will need all of it. */
const TIME_MS = 3_000
const SHORT = { timeout: '1s' } as const
afterAll(removeFolders)

/** One run with one check: its exit code, and its reason in words, within its time. */
async function expectCheck(check: object, code: number, words: RegExp): Promise<void> {
  const secrets = { password: SECRETS.postgres, 'wrong-password': SECRETS.wrong, 'redis-password': SECRETS.redis, token: SECRETS.token }
  expectSaid(await health({ checks: [{ timeout: `${TIME_MS}ms`, ...check }] }, [], { files: secrets, env: { APP_TOKEN: SECRETS.token } }), code, words, TIME_MS)
}

describe.skipIf(POSTGRES_BIN === undefined)('health with a real PostgreSQL (needs its binaries)', () => {
  let server: PostgresServer
  let standby: PostgresServer
  const clients: pg.Client[] = []
  const database = (parts: object = {}): object => ({ type: 'postgres', name: 'database', host: '127.0.0.1', port: server.port, database: 'postgres', user: 'app', password: { file: 'password' }, responseTime: 'off', ...parts })

  beforeAll(async () => {
    server = await PostgresServer.create(['max_connections = 8', 'superuser_reserved_connections = 2'])
    standby = await PostgresServer.create(['hot_standby = on', 'max_wal_senders = 10'])
    const signal = join(standby.data, 'standby.signal')
    writeFileSync(signal, '')
    const { uid, gid } = statSync(standby.data)
    chownSync(signal, uid, gid)
    await Promise.all([server.start(), standby.start('ready to accept read-only connections')])
    await server.sql(`CREATE ROLE app LOGIN PASSWORD '${PASSWORD}' IN ROLE pg_monitor`)
  })
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)))
    await Promise.all([server.stop(), standby.stop()])
    removePostgresFolders()
  })

  it('that is fine: 0', () => expectCheck(database(), 0, /^1 check$/))

  it('that is in recovery where a primary must be: 2', () => expectCheck(database({ port: standby.port, user: 'postgres' }), 2, /^database: .*in recovery: it is a standby and takes no writes/))

  it('that refuses the password: 2', () => expectCheck(database({ password: { file: 'wrong-password' } }), 2, /^database: .* refuses the password of "app"/))

  it('that is out of connections: 2', async () => {
    for (let count = 0; count < 6; count++) {
      const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'app', password: PASSWORD, database: 'postgres' })
      clients.push(client.on('error', () => undefined))
      await client.connect()
    }
    await expectCheck(database(), 2, /^database: .* is out of connections: /)
  })

  it('that hangs when it should accept: 2, and the program ends in time', async () => {
    server.pause()
    await expectCheck(database(SHORT), 2, /^database: .* takes connections and says nothing: connected, then silent for /)
    server.resume()
  })

  it('that is stopped: 2', async () => {
    await server.stop()
    await expectCheck(database(), 2, /^database: nothing listens on 127\.0\.0\.1:\d+ \(connection refused\)$/)
  })
})

describe.skipIf(redisServer === undefined)('health with a real Redis (needs redis-server)', () => {
  let [fine, loading, full, unsaving, locked]: RedisServer[] = []
  beforeAll(async () => {
    ;[fine, loading, full, unsaving, locked] = await Promise.all([startRedis(), startLoadingRedis(), startFullRedis(), startUnsavingRedis(), startRedis(['--requirepass', SECRETS.redis])])
  })
  afterAll(async () => {
    for (const server of [fine, loading, full, unsaving, locked]) await server?.stop()
  })

  const cache = (server: { readonly port: number } | undefined, parts: object = {}): object => ({ type: 'redis', name: 'cache', host: '127.0.0.1', port: server?.port, responseTime: 'off', ...parts })

  it.concurrent.each<[string, () => object, number, RegExp]>([
    ['is fine', () => cache(fine, { write: true }), 0, /^1 check$/],
    ['loads its data', () => cache(loading), 2, /^cache: .* is loading its data into memory and serves nobody yet \([\d.]+% done/],
    ['has reached maxmemory', () => cache(full), 2, /^cache: .* memory is full \([\d.]+ MB of 1 MB maxmemory\)/],
    ['cannot save (MISCONF)', () => cache(unsaving, { write: true }), 2, /^cache: .* refuses writes: saving its data to disk fails/],
    ['is given the password', () => cache(locked, { password: { file: 'redis-password' } }), 0, /^1 check$/],
    ['wants a password', () => cache(locked), 2, /^cache: .* wants a password and none was given$/],
    ['refuses the password', () => cache(locked, { password: SECRETS.wrong }), 2, /^cache: .* refuses this user and password$/],
  ])('that %s', async (_what, check, code, words) => expectCheck(check(), code, words))

  it('that hangs: 2, and that is stopped: 2', async () => {
    process.kill(fine?.pid ?? 0, 'SIGSTOP')
    await expectCheck(cache(fine, SHORT), 2, /^cache: .* takes connections but does not answer PING within /)
    await fine?.stop()
    await expectCheck(cache(fine), 2, /^cache: 127\.0\.0\.1:\d+ refuses connections: nothing listens there$/)
  })
})

describe.skipIf(nginx === undefined || !hasOpenssl)('health with a real nginx (needs nginx and openssl)', () => {
  const stalled = net.createServer((socket) => socket.on('error', () => undefined))
  let authority: Authority
  let web: Nginx
  beforeAll(async () => {
    authority = makeAuthority()
    await once(stalled.listen(0, '127.0.0.1'), 'listening')
    const certified = { good: authority.issue('good.localhost'), expired: authority.issue('expired.localhost', { from: -90, to: -3 }), self: authority.issue('self.localhost', { by: 'itself' }) }
    web = await startNginx(nginx ?? '', {
      locations: `
        location = /app { return 302 /login?from=app; }
        location = /login { default_type text/html; return 200 '<form action="/login"><input type="password"></form>'; }
        location /guarded { if ($http_authorization != "Bearer ${SECRETS.token}") { return 401; } return 200 'ok'; }
        location /stalled { proxy_pass http://127.0.0.1:${(stalled.address() as net.AddressInfo).port}; }`, // a TCP server's address is one
      servers: (port) => Object.entries(certified).map(([name, { certFile, keyFile }]) => `server { listen 127.0.0.1:${port} ssl; server_name ${name}.localhost; ssl_certificate ${certFile}; ssl_certificate_key ${keyFile}; location / { return 200 'ok'; } }`).join('\n'),
    })
  })
  afterAll(async () => {
    await web.stop()
    stalled.close()
    authority.remove()
  })

  const site = (path: string, more: object = {}): object => ({ type: 'http', name: 'site', url: path.startsWith('/') ? `http://127.0.0.1:${web.port}${path}` : `https://${path}.localhost:${web.tlsPort}/`, ca: authority.caFile, ...more })

  it.concurrent.each<[string, () => object, number, RegExp]>([
    ['that is fine', () => site('/ok'), 0, /^1 check$/],
    ['that is shown a token', () => site('/guarded', { token: { env: 'APP_TOKEN' } }), 0, /^1 check$/],
    ['that refuses a password', () => site('/guarded', { user: 'joe', password: SECRETS.wrong }), 2, /^site: answered 401 Unauthorized$/],
    ['that answers 404', () => site('/gone'), 2, /^site: answered 404 Not Found$/],
    ['that answers 500', () => site('/broken', { token: { file: 'token' } }), 2, /^site: answered 500 Internal Server Error$/],
    ['that answers slowly', () => site('/ok', { responseTime: { warning: '1us', critical: '1h' } }), 1, /^site: .* \(warning at 1 µs\)/],
    ['that answers too late', () => site('/stalled', SHORT), 2, /^site: .* accepted the connection in .*, then gave no answer within /],
    ['whose body never ends', () => site('/slow/large.bin', SHORT), 2, /^site: .* but its body was not complete within /],
    ['that sends to its login', () => site('/app'), 2, /^site: answered with a login page \(\/login\)$/],
    ['with a good certificate', () => site('good'), 0, /^1 check$/],
    ['with an expired certificate', () => site('expired'), 2, /^site: the certificate of expired\.localhost:\d+ expired on \d{4}-\d\d-\d\d$/],
    ['with a self-signed certificate', () => site('self'), 2, /^site: the certificate of self\.localhost:\d+ is self-signed$/],
    ['with an expired certificate, looked at alone', () => ({ type: 'tls', name: 'certificate', host: 'expired.localhost', port: web.tlsPort, ca: authority.caFile }), 2, /^certificate: the certificate expired on .* \(3 days ago\)$/],
  ])('%s', async (_what, check, code, words) => expectCheck(check(), code, words))
})

describe('health on a network that does not answer', () => {
  let dead: NameServer
  let hole: Hole
  beforeAll(async () => {
    [dead, hole] = await Promise.all([startNameServer({}, 'silent'), digHole()])
  })
  afterAll(() => {
    dead.close()
    hole.end()
  })

  it('a dead name server: 2', () => expectCheck({ type: 'dns', name: 'names', host: 'media.example', server: dead.address, ...SHORT }, 2, /^names: media\.example does not resolve: .* gave no answer within /))

  it('a port that swallows everything: 2, whichever check runs into it', async (context) => {
    if (!hole.isBlack) return context.skip('this system accepts more connections than its backlog')
    const [url, target] = [`http://127.0.0.1:${hole.port}/`, `127.0.0.1:${hole.port}`]
    await Promise.all([
      expectCheck({ type: 'connectivity', target, ...SHORT }, 2, /^connectivity: no answer from 127\.0\.0\.1:\d+ within .*: the connection was not accepted$/),
      expectCheck({ type: 'http', url, ...SHORT }, 2, /^http: no answer from 127\.0\.0\.1:\d+ within .*: the connection was not accepted$/),
      expectCheck({ type: 'postgres', host: '127.0.0.1', port: hole.port, user: 'app', ...SHORT }, 2, /^postgres: /),
      expectCheck({ type: 'redis', host: '127.0.0.1', port: hole.port, ...SHORT }, 2, /^redis: 127\.0\.0\.1:\d+ takes no connection within /),
    ])
  })

  it.skipIf(!hasNamespaces)('the name servers of the machine are dead: 2, and the program ends in time (needs the right to mount)', async () => {
    const folder = newFolder()
    const files = { 'resolv.conf': 'nameserver 127.0.0.153\n' }
    const silent = createSocket('udp4').bind(53, '127.0.0.153')
    await once(silent, 'listening')
    const checks = [{ type: 'dns', name: 'names', host: 'media.example' }, { type: 'http', name: 'site', url: 'http://media.example/' }, { type: 'redis', name: 'cache', host: 'cache.example' }, { type: 'postgres', name: 'database', host: 'db.example', user: 'app' }, { type: 'instance', name: 'nas', url: 'http://nas.example' }, { type: 'clock', server: 'time.example' }].map((check) => ({ ...SHORT, ...check }))
    const run = await health({ checks }, ['--detailed'], { folder, files, by: ['unshare', '-m', 'sh', '-c', `mount --bind '${folder}/resolv.conf' /etc/resolv.conf && exec "$@"`, 'sh'] })
    silent.close()
    expectSaid(run, 2, /^names: media\.example does not resolve: .*; site: the name media\.example was not resolved/, TIME_MS)
    expect(readRun(run).long.filter((line) => line.startsWith('['))).toEqual([
      expect.stringMatching(/^\[CRITICAL\] names: media\.example does not resolve/), expect.stringMatching(/^\[CRITICAL\] site: the name media\.example was not resolved within .*: no name server answers$/),
      expect.stringMatching(/^\[CRITICAL\] cache: .*the name cache\.example was not resolved within .*: no name server answers$/), expect.stringMatching(/^\[CRITICAL\] database: the name db\.example was not resolved within .*: no name server answers$/),
      expect.stringMatching(/^\[CRITICAL\] nas: no instance answers at .*: the host name could not be looked up: no name server answers/), expect.stringMatching(/^\[CRITICAL\] clock: time\.example has no address: no name server answers/),
    ])
    // A thread of the pool would hold up the end for ten seconds.
    expect(run.tookMs).toBeLessThan(7_000)
  })

  it('a port nobody listens on: 2, at once', async () => {
    const run = await health(null, ['--check', `tcp:127.0.0.1:${await freePort()}`])
    expectSaid(run, 2, /^connectivity: 127\.0\.0\.1:\d+ refused the connection$/, TIME_MS)
  })
})

describe('health of an instance that is asked (--url)', () => {
  const now = new Date().toISOString()
  const documented = (status: string, database: object): object => ({ success: true, data: { overall: { status, score: 95.2, lastCheck: now, uptime: '15d 7h 23m 45s' }, components: { database, redis: { status: 'healthy', responseTime: 2.1 } }, dependencies: { external: {} } }, alerts: [] })
  const bare = { status: 'critical', healthScore: 51, issues: ['High error rate: 2941.00%'], metrics: { errorRate: { current: 29.41, threshold: 0.05, score: 0 } }, recommendations: ['Review application logs for errors'] }

  it.each<[string, Answer, number, RegExp]>([
    ['well, in the documented form', guarded(SECRETS.token, json(documented('healthy', { status: 'healthy', responseTime: 12.3 }))), 0, /^2 checks$/],
    ['not well, in the documented form', json(documented('critical', { status: 'critical', responseTime: 12.3, message: 'too many clients' })), 2, /^database: too many clients/],
    ['critical with 503, in the bare form', json(bare, 503), 2, /^errorRate: .*29\.41% \(its threshold is 5%/],
    ['a web page', page('<!doctype html><title>Sign in</title><form><input type="password"></form>'), 2, /a web page \("Sign in"\)/],
    ['silent', hang, 2, /no answer from http:\/\/127\.0\.0\.1:\d+\S* within 1 s/],
    ['one that refuses the token', json({ error: 'no' }, 401), 3, /refused the request/],
    ['one that has no health', json({ error: 'not found' }, 404), 3, /does not offer health/],
    ['one that says what nobody knows', json({ status: 'shiny' }), 3, /shiny/],
  ])('%s', async (_what, answer, code, words) => {
    const { url } = await startInstance({ health: answer })
    expectSaid(await health(null, ['--url', url, '--timeout', answer === hang ? SHORT.timeout : `${TIME_MS}ms`, '--detailed'], { env: { MEDIANEST_TOKEN: SECRETS.token } }), code, words, TIME_MS)
  })

  it('dead: 2', async () => {
    expectSaid(await health(null, ['--url', `http://127.0.0.1:${await freePort()}`]), 2, /connection refused/, TIME_MS)
  })
})
