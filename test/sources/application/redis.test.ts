import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { SourceConfigOf } from '../../../src/collect-schema/schema.ts'
import type { Source } from '../../../src/model/source.ts'
import { openSource } from '../../../src/sources/application/redis.ts'
import { redisServer, startFake, startLoadingRedis, startRedis, type FakeServer, type RedisServer } from '../../services/redis-server.ts'
import { plainly, standingWorld, TERMS, until } from './redis-world.ts'

const opened: Source[] = []
const signal = (): AbortSignal => AbortSignal.timeout(5_000)

function open(config: Omit<SourceConfigOf<'redis'>, 'type'>, env: Readonly<Record<string, string>> = {}) {
  const world = standingWorld(env)
  const source = openSource({ type: 'redis', host: '127.0.0.1', ...config }, TERMS, world)
  opened.push(source)
  return { source, collect: async (ends = signal()) => plainly(await source.collect(ends)), pass: world.pass }
}

afterEach(async () => void await Promise.all(opened.splice(0).map((source) => source.close())))

describe.skipIf(redisServer === undefined)('the figures of a Redis (needs redis-server)', () => {
  const started: RedisServer[] = []
  const start = async (args: readonly string[] = []): Promise<RedisServer> => {
    const server = await startRedis(args)
    started.push(server)
    return server
  }
  let shared: RedisServer
  beforeAll(async () => (shared = await start()))
  afterAll(async () => void await Promise.all(started.map((server) => server.stop())))

  it('are levels at the first look, and of the time between from the second on', async () => {
    const server = await start(['--maxmemory', '64mb'])
    await server.ask('MSET', 'a', '1', 'b', '2')
    await server.ask('GET', 'before we looked')
    const { collect, pass } = open({ port: server.port })
    const first = await collect()
    expect(first).toMatchObject({ 'cache.memory.limit': 67_108_864, 'cache.keys': 2, 'cache.clients': 1, 'cache.evictions': 0, 'cache.calls': { get: 1, set: 1, delete: 0 } })
    expect(first['cache.memory']).toBeGreaterThan(100_000)
    expect(Object.keys(first).filter((name) => /hit_rate|\.rate$/.test(name))).toEqual([])

    for (const key of ['a', 'b', 'a', 'gone']) await server.ask('GET', key)
    await server.ask('DEL', 'b')
    await server.ask('HSET', 'h', 'f', '1')
    pass(2_000)
    expect(await collect(), 'six commands in two seconds; our own two are none of the cache\'s').toMatchObject({ 'cache.hit_rate': 0.75, 'cache.operations.rate': 3, 'cache.evictions.rate': 0, 'cache.keys': 2, 'cache.calls': { get: 5, set: 2, delete: 1 } })
    pass(1_000)
    const idle = await collect()
    expect(idle).toMatchObject({ 'cache.operations.rate': 0 })
    expect(idle, 'nothing was looked up, which is no hit rate of 0').not.toHaveProperty('cache.hit_rate')
  })

  it('count the keys of all databases, or of the one that is named', async () => {
    await shared.ask('FLUSHALL')
    await shared.ask('SET', 'a', '1')
    expect((await open({ port: shared.port }).collect())['cache.keys']).toBe(1)
    expect((await open({ url: `redis://127.0.0.1:${shared.port}/0` }).collect())['cache.keys']).toBe(1)
    expect((await open({ port: shared.port, database: 3 }).collect())['cache.keys'], 'a database without keys has 0').toBe(0)
  })

  it('tell of evictions, and of no limit where there is none', async () => {
    const server = await start()
    const { collect, pass } = open({ port: server.port })
    expect(await collect()).not.toHaveProperty('cache.memory.limit')
    await server.ask('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-random')
    for (let each = 0; each < 20; each++) await server.ask('SET', `key ${each}`, 'x'.repeat(50_000))
    await server.ask('CONFIG', 'SET', 'maxmemory', '1500000')
    await server.ask('SET', 'one more', '1')
    pass(10_000)
    const after = await collect()
    expect(after['cache.evictions']).toBeGreaterThan(0)
    expect(after['cache.evictions.rate']).toBe(Number(after['cache.evictions']) / 10)
  })

  it('have no rates over a time in which counting began anew, however much followed', async () => {
    const server = await start()
    const { collect, pass } = open({ port: server.port })
    const rates = async (): Promise<readonly string[]> => Object.keys(await collect()).filter((name) => /hit_rate|\.rate$/.test(name)).sort()
    await server.ask('GET', 'x')
    await server.ask('PING')
    await collect()
    await server.ask('CONFIG', 'RESETSTAT')
    for (let each = 0; each < 30; each++) await server.ask('GET', 'x')
    pass(1_000)
    expect(await rates()).toEqual([])
    await server.ask('GET', 'x')
    pass(1_000)
    expect(await rates()).toEqual(['cache.evictions.rate', 'cache.hit_rate', 'cache.operations.rate'])
  })

  it('go on over one connection, and over a new one where it was lost or the server started anew', async () => {
    const server = await start(['--requirepass', 'open sesame'])
    const { collect, pass } = open({ port: server.port, password: { env: 'PASSWORD' } }, { PASSWORD: 'open sesame' })
    const asAdmin = async (...words: readonly string[]): Promise<string> => {
      const { connectRedis } = await import('../../../src/services/redis.ts')
      const connection = await connectRedis({ host: '127.0.0.1', port: server.port, isTls: false }, signal())
      try {
        await connection.ask('AUTH', 'open sesame')
        const [command = '', ...rest] = words
        return String(await connection.ask(command, ...rest))
      } finally {
        connection.close()
      }
    }
    await collect()
    pass(1_000)
    await collect()
    expect(await asAdmin('INFO', 'stats'), 'the one that listened for it, ours, and this one').toMatch(/total_connections_received:3\r/)
    await asAdmin('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    await new Promise((wait) => setTimeout(wait, 50))
    pass(1_000)
    expect(await collect(), 'AUTH, INFO, AUTH, CLIENT; the AUTH of ours is not counted').toMatchObject({ 'cache.operations.rate': 4 })
    await server.stop()
    await expect(collect()).rejects.toMatchObject({ name: 'UserError', code: 'REDIS_UNREACHABLE' })
  })

  it('leave no connection open when the source is closed', async () => {
    const { source, collect } = open({ port: shared.port })
    await collect()
    const clients = async (): Promise<number> => String(await shared.ask('CLIENT', 'LIST')).trim().split('\n').length
    expect(await clients()).toBeGreaterThan(1)
    await source.close()
    await until(async () => await clients() === 1)
    await source.close()
  })

  it('are refused to a user who may not ask for them, in clear words', async () => {
    await shared.ask('ACL', 'SETUSER', 'nobody', 'on', '>let-me', '+ping')
    const where = `127.0.0.1:${shared.port}`
    await expect(open({ port: shared.port, user: 'nobody', password: 'let-me' }).collect()).rejects.toMatchObject({ name: 'UserError', code: 'REDIS_REFUSED', message: `${where} may not be asked INFO by this user`, hint: 'allow it on the server: ACL SETUSER ... +info' })
    const wrong = await open({ port: shared.port, user: 'nobody', password: 'guess-77' }).collect().catch((error: unknown) => error)
    expect(wrong).toMatchObject({ code: 'REDIS_REFUSED', message: `${where} refuses this user and password` })
    expect(JSON.stringify(wrong) + String(wrong)).not.toContain('guess-77')
    expect(await open({ port: shared.port, password: 'for nothing' }).collect(), 'one that nobody wants does no harm').toHaveProperty('cache.memory')
    await expect(open({ port: shared.port, password: { env: 'NOT_THERE' } }).collect()).rejects.toMatchObject({ code: 'NO_SECRET' })
  })

  it('are those of a server that serves: one that loads has none', async () => {
    const server = await startLoadingRedis()
    started.push(server)
    await expect(open({ port: server.port }).collect()).rejects.toMatchObject({ code: 'REDIS_STRANGE', message: expect.stringContaining('is loading its data') })
  })
})

describe('a Redis that is none, or no more', () => {
  const fakes: FakeServer[] = []
  const fake = async (...given: Parameters<typeof startFake>): Promise<FakeServer> => {
    const server = await startFake(...given)
    fakes.push(server)
    return server
  }
  afterEach(async () => void await Promise.all(fakes.splice(0).map((server) => server.stop())))
  const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`
  const info = (more: string): string => bulk(`# Server\r\nrun_id:a\r\nuptime_in_seconds:5\r\nused_memory:1000\r\ntotal_commands_processed:7\r\n${more}`)

  it('is given up when the time is over, and its socket closed', async () => {
    const silent = await fake(() => undefined)
    const { collect } = open({ port: silent.port })
    await expect(collect(AbortSignal.timeout(150))).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE', message: expect.stringContaining('takes connections but does not answer INFO within') })
    await until(() => silent.open() === 0)
  })

  it('is named for what it is: garbage, a flood, an INFO of nothing, an answer that is no text', async () => {
    const answers: Readonly<Record<string, RegExp>> = { 'HTTP/1.1 400 Bad Request\r\n\r\n': /not Redis/, [bulk('# Sentinel\r\nsentinel_masters:1') + bulk('')]: /says nothing of a cache/, ':1\r\n:1\r\n': /says nothing of a cache/, '*1\r\n*1\r\n$1\r\na\r\n+x\r\n': /says nothing of a cache/ }
    for (const [answer, words] of Object.entries(answers)) {
      const server = await fake((socket) => socket.once('data', () => socket.write(answer)))
      await expect(open({ port: server.port }).collect()).rejects.toMatchObject({ name: 'UserError', message: expect.stringMatching(words) })
    }
    const flood = await fake((socket) => socket.once('data', () => {
      socket.write('$900000000\r\n')
      const pour = (): void => {
        while (socket.writable && socket.write(Buffer.alloc(65_536, 'x')));
      }
      socket.on('drain', pour)
      pour()
    }))
    await expect(open({ port: flood.port }).collect()).rejects.toMatchObject({ message: expect.stringContaining('sends without end') })
    await until(() => flood.open() === 0)
  })

  it('may be an old one, or one that tells less: what it does not tell is not there', async () => {
    const old = await fake((socket) => socket.on('data', () => socket.write(info('') + '-NOPERM this user has no permissions to run the \'info\' command\r\n')))
    expect(await open({ port: old.port }).collect()).toEqual({ 'cache.memory': 1_000 })
    const empty = await fake((socket) => socket.on('data', () => socket.write(info('maxmemory:0\r\n# Keyspace\r\n') + bulk('# Commandstats\r\n'))))
    expect(await open({ port: empty.port }).collect()).toEqual({ 'cache.memory': 1_000, 'cache.keys': 0, 'cache.calls': { get: 0, set: 0, delete: 0 } })
  })

  it('that died between two looks is asked over a new connection, and one that was started anew has no rates at first', async () => {
    let boots = 0
    const server = await fake((socket) => {
      const id = ++boots
      socket.once('data', () => {
        socket.write(info(`keyspace_hits:${id}00\r\n`).replace('run_id:a', `run_id:${id}`) + bulk(''))
        setTimeout(() => socket.destroy(), 20)
      })
    })
    const { collect, pass } = open({ port: server.port })
    await collect()
    await until(() => server.open() === 0)
    await new Promise((wait) => setTimeout(wait, 20))
    pass(1_000)
    expect(await collect()).toEqual({ 'cache.memory': 1_000 })
    expect(boots).toBe(2)
  })
})
