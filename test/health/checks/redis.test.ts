import { mkdtempSync } from 'node:fs'
import * as http from 'node:http'
import * as net from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConfigOf } from '../../../src/health-schema/schema.ts'
import { look } from '../../../src/health/checks/redis.ts'
import type { Outcome } from '../../../src/model/health.ts'
import { freePort, redisServer, startFake, startFullRedis, startLoadingRedis, startRedis, startUnsavingRedis, type RedisServer } from '../../services/redis-server.ts'
import { bareWorld } from './bare-world.ts'

const TLS = resolve(import.meta.dirname, '../../fixtures/tls')

async function ask(config: Omit<ConfigOf<'redis'>, 'type'>, timeoutMs = 5_000, env: Record<string, string> = {}): Promise<Outcome> {
  const startedAt = performance.now()
  const outcome = await look({ type: 'redis', host: '127.0.0.1', responseTime: 'off', ...config }, { world: bareWorld(env), signal: AbortSignal.timeout(timeoutMs), timeoutMs })
  expect(performance.now() - startedAt).toBeLessThan(timeoutMs + 1_000)
  return outcome ?? expect.fail('there is something to look at')
}

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    if (await what()) return
    await new Promise((wait) => setTimeout(wait, 25))
  }
  throw new Error('it did not come to that')
}

const infoHas = (server: RedisServer, text: string) => async (): Promise<boolean> => String(await server.ask('INFO')).includes(text)

describe.skipIf(redisServer === undefined)('a Redis (needs redis-server)', () => {
  let plainOne: RedisServer
  let locked: RedisServer
  const started: RedisServer[] = []
  const kept = async (starting: Promise<RedisServer>): Promise<RedisServer> => {
    const server = await starting
    started.push(server)
    return server
  }
  const start = (args: readonly string[] = [], folder?: string): Promise<RedisServer> => kept(startRedis(args, folder))
  beforeAll(async () => {
    plainOne = await start(['--maxmemory', '64mb', '--maxmemory-policy', 'noeviction'])
    locked = await start()
    await locked.ask('ACL', 'SETUSER', 'watch', 'on', '>only-watch', '+ping')
    await locked.ask('ACL', 'SETUSER', 'reader', 'on', '>see-all', '+@all')
    await locked.ask('CONFIG', 'SET', 'requirepass', 'the-right-one')
  })
  afterAll(async () => void await Promise.all(started.map((server) => server.stop())))

  it('that is well is told in the documented shape', async () => {
    await plainOne.ask('MSET', 'a', '1', 'b', '2')
    const outcome = await ask({ port: plainOne.port })
    expect(outcome).toMatchObject({ verdict: 'ok', details: { connections: 1, keyspace: 2, persistence: 'disabled', role: 'primary', memoryMaxBytes: 67_108_864, maxmemoryPolicy: 'noeviction' } })
    expect(outcome.message).toMatch(/^Redis [\d.]+ at 127\.0\.0\.1:\d+, primary, answers in .*, memory [\d.]+[kM]B \/ 67\.1MB$/)
    expect(outcome.details['memory']).toMatch(/^[\d.]+[kM]B \/ 67\.1MB$/)
    expect(outcome.responseTimeMs).toBeGreaterThan(0)
    expect(outcome.measures).toContainEqual(expect.objectContaining({ name: 'memory', unit: 'ratio', warning: { from: -Infinity, to: 0.85, isInside: false } }))
  })

  it('takes a key, gives it back and is left without it', async () => {
    await plainOne.ask('FLUSHALL')
    expect(await ask({ url: `redis://127.0.0.1:${plainOne.port}/3`, write: true })).toMatchObject({ verdict: 'ok', details: { written: true } })
    expect(await plainOne.ask('DBSIZE')).toBe('0')
    expect(await plainOne.ask('INFO', 'commandstats')).toContain('cmdstat_del:calls=1')
  })

  it('is asked through its password, its user, or not at all', async () => {
    const without = await ask({ port: locked.port })
    expect(without).toMatchObject({ verdict: 'fail', message: `127.0.0.1:${locked.port} wants a password and none was given` })
    const wrong = await ask({ url: `redis://:the%2Dwrong-one@127.0.0.1:${locked.port}` })
    expect(wrong).toMatchObject({ verdict: 'fail', message: `127.0.0.1:${locked.port} refuses this user and password` })
    expect(JSON.stringify([without, wrong])).not.toContain('the-wrong-one')
    const right = await ask({ port: locked.port, password: 'the-right-one' })
    expect(right.verdict).toBe('ok')
    expect((await ask({ url: `redis://reader:see-all@127.0.0.1:${locked.port}` })).verdict).toBe('ok')
    expect((await ask({ url: { env: 'REDIS_URL' } }, 5_000, { REDIS_URL: `redis://:the-right-one@127.0.0.1:${locked.port}/0` })).verdict).toBe('ok')
    expect((await ask({ url: `redis://:old@127.0.0.1:${locked.port}`, password: { env: 'REDIS_PASSWORD' } }, 5_000, { REDIS_PASSWORD: 'the-right-one' })).verdict, 'the one apart weighs more').toBe('ok')
    expect(JSON.stringify(right)).not.toContain('the-right-one')
  })

  it('that says nothing of itself to this user is unknown, though it answers', async () => {
    const outcome = await ask({ port: locked.port, user: 'watch', password: 'only-watch' })
    expect(outcome).toMatchObject({ verdict: 'unknown', message: `127.0.0.1:${locked.port}: may not be asked INFO by this user`, recommendation: 'allow it on the server: ACL SETUSER ... +info' })
  })

  it('that wants no password though one is given is a warning', async () => {
    expect(await ask({ port: plainOne.port, password: 'for-nothing' })).toMatchObject({ verdict: 'warn', message: expect.stringContaining('wants no password') })
  })

  it('whose memory is full and may not evict refuses writes, and says so before one is tried', async () => {
    const server = await kept(startFullRedis())
    const outcome = await ask({ port: server.port })
    expect(outcome).toMatchObject({ verdict: 'fail', message: expect.stringMatching(/memory is full \([\d.]+ MB of 1 MB maxmemory\) and the policy is noeviction: writes are refused/) })
    expect(await ask({ port: server.port, write: true, memory: 'off' })).toMatchObject({ verdict: 'fail', message: expect.stringContaining('refuses writes: its memory is full'), details: { written: false } })
    await server.ask('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
    expect(await ask({ port: server.port }), 'a cache that evicts is full all its life').toMatchObject({ verdict: 'ok' })
    expect(await ask({ port: server.port, memory: { critical: '50%' } })).toMatchObject({ verdict: 'fail', message: expect.stringContaining('(critical at 50%)') })
  })

  it('that cannot save its data fails, and tells since when', async () => {
    const server = await kept(startUnsavingRedis())
    const outcome = await ask({ port: server.port, persistence: 'required', write: true })
    expect(outcome).toMatchObject({ verdict: 'fail', details: { persistence: 'enabled' }, recommendation: expect.stringContaining('CONFIG GET dir') })
    expect(outcome.message).toMatch(/refuses writes: saving its data to disk fails; its last snapshot failed, the last good one is .* old$/)
  })

  it('that must outlive a restart and cannot fails', async () => {
    expect(await ask({ port: plainOne.port, persistence: 'required' })).toMatchObject({ verdict: 'fail', message: expect.stringContaining('persistence is off') })
  })

  it('that loads its data serves nobody and says how far it is', async () => {
    const server = await kept(startLoadingRedis())
    const outcome = await ask({ port: server.port, write: true })
    expect(outcome).toMatchObject({ verdict: 'fail', details: { loading: true, loadingEtaSeconds: expect.any(Number) } })
    expect(outcome.message).toMatch(/: is loading its data into memory and serves nobody yet \([\d.]+% done, about .* left\)$/)
  })

  it('that is held up by a script says so', async () => {
    const server = await start(['--busy-reply-threshold', '20'])
    server.ask('EVAL', 'while true do end', '0').catch(() => undefined)
    await new Promise((wait) => setTimeout(wait, 100))
    expect(await ask({ port: server.port })).toMatchObject({ verdict: 'fail', message: `127.0.0.1:${server.port}: is held up by a script and serves nobody else`, recommendation: expect.stringContaining('SCRIPT KILL') })
  })

  it('that takes no more connections is told within the deadline', async () => {
    const server = await start(['--tcp-backlog', '1'])
    process.kill(server.pid, 'SIGSTOP')
    // Those wait to be taken, and there is no room for more.
    const waiting = Array.from({ length: 8 }, () => net.connect(server.port, '127.0.0.1').on('error', () => undefined))
    await new Promise((wait) => setTimeout(wait, 100))
    expect(await ask({ port: server.port }, 600)).toMatchObject({ verdict: 'fail', message: `127.0.0.1:${server.port} takes no connection within 480 ms`, recommendation: expect.stringContaining('firewall') })
    for (const socket of waiting) socket.destroy()
  })

  it('that was stopped, or answers nobody, is told apart', async () => {
    const server = await start()
    process.kill(server.pid, 'SIGSTOP')
    expect(await ask({ port: server.port }, 600)).toMatchObject({ verdict: 'fail', message: `127.0.0.1:${server.port} takes connections but does not answer PING within 480 ms` })
    await server.stop()
    expect(await ask({ port: server.port })).toMatchObject({ verdict: 'fail', message: `127.0.0.1:${server.port} refuses connections: nothing listens there` })
  })

  it('that is a replica is judged by its link, and its primary by its replicas', async () => {
    const primary = await start()
    const replica = await start(['--replicaof', `127.0.0.1 ${primary.port}`, '--repl-ping-replica-period', '1'])
    await until(infoHas(primary, 'state=online'))
    await until(infoHas(replica, 'master_link_status:up'))
    expect(await ask({ port: primary.port, role: 'primary', replicas: 1 })).toMatchObject({ verdict: 'ok', details: { role: 'primary', replicas: [{ state: 'online' }] } })
    expect(await ask({ port: primary.port, replicas: 2 })).toMatchObject({ verdict: 'fail', message: expect.stringContaining('has 1 replica of the 2 it should have') })
    expect(await ask({ port: replica.port, role: 'replica' })).toMatchObject({ verdict: 'ok', details: { role: 'replica', primary: `127.0.0.1:${primary.port}`, primaryLink: 'up' } })
    expect(await ask({ port: replica.port, role: 'primary', write: true })).toMatchObject({ verdict: 'fail', message: expect.stringMatching(/refuses writes: it is a replica.*; is a replica, not the primary it should be/) })
    await primary.stop()
    await until(infoHas(replica, 'master_link_status:down'))
    expect(await ask({ port: replica.port })).toMatchObject({ verdict: 'fail', message: expect.stringMatching(/has no link to its primary 127\.0\.0\.1:\d+, for .*: its data grows old/) })
  })

  it('of a cluster that is down fails', async () => {
    const server = await start(['--cluster-enabled', 'yes'])
    expect(await ask({ port: server.port, write: true })).toMatchObject({ verdict: 'fail', message: expect.stringMatching(/belongs to a cluster that is down \(0 slots of 16384 served\).*refuses keys: the cluster is down/) })
  })

  it('with more clients than it should have, fewer hits, or more evictions is judged by the levels given', async () => {
    const server = await start(['--maxclients', '4'])
    await server.ask('GET', 'not there')
    const outcome = await ask({ port: server.port, connections: { critical: '25%' }, hitRate: { warning: '70%', critical: '50%' }, evicted: { critical: 0 } })
    expect(outcome).toMatchObject({ verdict: 'fail', message: expect.stringMatching(/connections (25|50)% of maxclients \([12] of 4\) \(critical at 25%\)/) })
    expect(outcome.message).toContain('hit rate 0% (critical at 50%); evicted 0 keys since it started (critical at 0)')
  })

  it('behind TLS is asked by rediss:// where its certificate is trusted', async () => {
    const port = await freePort()
    await start(['--tls-port', String(port), '--tls-cert-file', join(TLS, 'localhost.cert.pem'), '--tls-key-file', join(TLS, 'localhost.key.pem'), '--tls-auth-clients', 'no'])
    expect(await ask({ url: `rediss://localhost:${port}`, ca: join(TLS, 'localhost.cert.pem') })).toMatchObject({ verdict: 'ok' })
    // Without TLS the password would be sent in the clear, and the certificate never looked at.
    expect(await ask({ host: 'localhost', port, ca: join(TLS, 'localhost.cert.pem') })).toMatchObject({ verdict: 'ok' })
    await expect(ask({ url: `rediss://localhost:${port}`, ca: join(TLS, 'localhost.key.pem') })).rejects.toMatchObject({ code: 'INVALID_CA' })
    expect(await ask({ url: `rediss://localhost:${port}` })).toMatchObject({ verdict: 'fail', message: expect.stringContaining('its certificate is not accepted') })
    expect(await ask({ port })).toMatchObject({ verdict: 'fail', message: expect.stringContaining('closed the connection without an answer'), recommendation: expect.stringContaining('rediss://') })
    expect(await ask({ url: `rediss://127.0.0.1:${plainOne.port}` }, 500)).toMatchObject({ verdict: 'fail', message: expect.stringContaining('takes connections but answers no TLS handshake'), recommendation: expect.stringContaining('redis://') })
  })

  it('is reached over its socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'medianest-redis-'))
    const server = await start(['--unixsocket', join(folder, 'redis.sock')], folder)
    expect(await ask({ host: join(server.folder, 'redis.sock') })).toMatchObject({ verdict: 'ok', message: expect.stringContaining('redis.sock, primary') })
  })
})

describe('what is no Redis', () => {
  it('is named for what it is: garbage, HTTP, silence, a flood', async () => {
    const garbage = await startFake((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'))
    const flood = await startFake((socket) => {
      socket.write('$900000000\r\n')
      const pour = (): void => {
        while (socket.writable && socket.write(Buffer.alloc(65_536, 'x')));
      }
      socket.on('drain', pour)
      pour()
    })
    const web = http.createServer((_, answer) => answer.end('hello')).listen(0, '127.0.0.1')
    await new Promise((listening) => web.once('listening', listening))
    const webPort = (web.address() as net.AddressInfo).port // a TCP server's address is one
    const silence = await startFake(() => undefined)
    try {
      expect(await ask({ port: garbage.port })).toMatchObject({ verdict: 'fail', message: `127.0.0.1:${garbage.port} what answers there is not Redis` })
      expect(await ask({ port: webPort })).toMatchObject({ verdict: 'fail', message: `127.0.0.1:${webPort} what answers there is not Redis` })
      expect(await ask({ port: flood.port })).toMatchObject({ verdict: 'fail', message: `127.0.0.1:${flood.port} sends without end` })
      expect(await ask({ port: silence.port }, 300)).toMatchObject({ verdict: 'fail', message: expect.stringContaining('does not answer PING') })
      await until(async () => [garbage, flood, silence].every((server) => server.open() === 0))
    } finally {
      await Promise.all([garbage.stop(), flood.stop(), silence.stop(), new Promise((closed) => web.close(closed))])
    }
  })

  it('is left at once when the signal aborts', async () => {
    const silence = await startFake(() => undefined)
    const controller = new AbortController()
    const looking = look({ type: 'redis', host: '127.0.0.1', port: silence.port }, { world: bareWorld(), signal: controller.signal, timeoutMs: 60_000 })
    await until(async () => silence.open() === 1)
    controller.abort()
    expect(await looking).toMatchObject({ verdict: 'fail' })
    await until(async () => silence.open() === 0)
    await silence.stop()
  })

  it('never brings the password back into what is said', async () => {
    // Real ones answer an unknown command with its arguments.
    const echo = await startFake((socket) => socket.on('data', (data) => socket.write(`-ERR unknown command, with args beginning with: ${data.toString().replace(/\r\n/g, ' ')}\r\n`)))
    const outcome = await ask({ port: echo.port, user: 'me', password: 'hunter-2' })
    await echo.stop()
    expect(outcome.verdict).toBe('fail')
    expect(JSON.stringify(outcome)).not.toContain('hunter-2')
  })

  it('may be one that turns everybody away', async () => {
    const answers = { 'DENIED Redis is running in protected mode because': /is in protected mode/, 'ERR max number of clients reached': /turns clients away/, 'BUSY Redis is busy running a script.': /held up by a script/ }
    for (const [text, words] of Object.entries(answers)) {
      const server = await startFake((socket) => text.startsWith('BUSY') ? socket.on('data', () => socket.write(`-${text}\r\n`)) : socket.end(`-${text}\r\n`))
      expect(await ask({ port: server.port })).toMatchObject({ verdict: 'fail', message: expect.stringMatching(words) })
      await server.stop()
    }
  })

  it('is refused before it is asked where its address is none, and the password in it is not shown', async () => {
    for (const url of ['http://db:6379', 'redis://:geheim#1@db:6379', 'redis://:%zz-geheim@db', 'redis://db/geheim']) {
      const refused = await ask({ url }).catch((error: unknown) => error)
      expect(refused).toMatchObject({ name: 'UserError', code: 'INVALID_VALUE' })
      expect(String(refused)).not.toContain('geheim')
    }
  })
})
