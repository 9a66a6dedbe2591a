import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openPostgres, type PostgresSession } from '../../src/services/postgres.ts'
import type { PostgresProblem } from '../../src/services/postgres-problem.ts'
import { readPostgresTarget, type PostgresTarget } from '../../src/services/postgres-target.ts'
import { PASSWORD, POSTGRES_BIN, PostgresServer, removePostgresFolders } from './postgres-server.ts'

const target = (port: number, more: Partial<PostgresTarget> = {}): PostgresTarget => ({ ...readPostgresTarget({ host: '127.0.0.1', port, user: 'postgres', password: PASSWORD }, {}), ...more })
const SOON = { timeout: 15_000 }
const open = (to: PostgresTarget, ms = 5_000): Promise<PostgresSession> => openPostgres(to, {}, AbortSignal.timeout(ms))
const refusal = async (to: PostgresTarget, ms?: number): Promise<PostgresProblem> => open(to, ms).then((session) => {
  session.close()
  throw new Error('it let us in')
}, (error: unknown) => error as PostgresProblem)

/** Sockets of this process that have this port at their other end. */
function socketsTo(port: number): number {
  const ours = new Set(readdirSync('/proc/self/fd').map((fd) => { try { return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1] } catch { return undefined } }))
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  return readFileSync('/proc/self/net/tcp', 'utf8').split('\n').map((line) => line.trim().split(/\s+/)).filter((fields) => fields[2]?.endsWith(`:${hex}`) && ours.has(fields[9])).length
}

describe.skipIf(POSTGRES_BIN === undefined)('a connection to PostgreSQL (needs PostgreSQL\'s binaries)', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await (await PostgresServer.create()).start()
  })
  afterAll(async () => {
    await server.stop()
    removePostgresFolders()
  })

  it('reads no more of an answer than anybody could have meant', async () => {
    const session = await open(target(server.port))
    await expect(session.askOne("SELECT repeat('x', 10000000) FROM generate_series(1, 100)")).rejects.toMatchObject({ kind: 'query', sqlState: '54000', message: 'the answer has 32 MB and more' })
    session.close()
  })

  it('that its server refuses for a reason nobody has a word for is told in the words of the server', async () => {
    const fatal = Buffer.from('SFATAL\0Cconstructor\0Mout of luck\0\0')
    const answer = Buffer.concat([Buffer.from('E'), Buffer.alloc(4), fatal])
    answer.writeUInt32BE(fatal.length + 4, 1)
    const odd = createServer((socket) => socket.on('error', () => undefined).once('data', () => socket.end(answer)))
    await new Promise<void>((listening) => odd.listen(0, '127.0.0.1', listening))
    const { port } = odd.address() as { port: number } // it listens on a port
    expect(await refusal(target(port))).toMatchObject({ kind: 'closed', message: `no connection to 127.0.0.1:${port}: out of luck` })
    odd.close()
  })

  it('asks several questions in one message, and answers with texts', async () => {
    const session = await open(target(server.port))
    expect(session.version).toMatch(/^\d+/)
    expect(await session.ask("SELECT 1 AS a, null AS b; SELECT 'x'")).toEqual([{ columns: [{ name: 'a', type: 23 }, { name: 'b', type: 25 }], rows: [['1', null]] }, { columns: [{ name: '?column?', type: 25 }], rows: [['x']] }])
    session.close()
  })

  it('sends one statement and no second one behind it', async () => {
    const session = await open(target(server.port))
    await expect(session.askOne('SELECT 1; SELECT 2')).rejects.toMatchObject({ sqlState: '42601' })
    expect((await session.askOne('SELECT 2')).rows).toEqual([['2']])
    session.close()
  })

  it('finds the socket in a folder', async () => {
    const session = await open(target(server.port, { host: server.folder }))
    expect((await session.ask('SELECT 1'))[0]?.rows).toEqual([['1']])
    session.close()
  })

  it('leaves no session behind when it is closed', async () => {
    const session = await open(target(server.port))
    await session.ask('SELECT 1')
    session.close()
    await expect.poll(() => socketsTo(server.port), SOON).toBe(0)
    await expect.poll(() => server.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'medianest-perf'"), SOON).toBe('0')
  })

  it('takes nothing from the environment of the process', async () => {
    const before = { ...process.env }
    Object.assign(process.env, { PGOPTIONS: '-c nonsense=1', PGREPLICATION: 'database', PGPASSWORD: PASSWORD, PGSSLMODE: 'require', PGSSLNEGOTIATION: 'direct', PGAPPNAME: 'other' })
    try {
      const session = await open(target(server.port))
      expect((await session.ask('SHOW application_name'))[0]?.rows).toEqual([['medianest-perf']])
      session.close()
      expect(await refusal(target(server.port, { password: undefined }))).toMatchObject({ kind: 'no-password' })
    } finally {
      process.env = before
    }
  })

  it('says in words what the server refuses', async () => {
    expect(await refusal(target(server.port, { password: 'wrong horse' }))).toMatchObject({ kind: 'password', message: `127.0.0.1:${server.port} refuses the password of "postgres"` })
    expect(await refusal(target(server.port, { database: 'medianest' }))).toMatchObject({ kind: 'no-database', message: `there is no database "medianest" on 127.0.0.1:${server.port}` })
    expect(await refusal(target(server.port, { sslMode: 'require' }))).toMatchObject({ kind: 'no-tls' })
    await server.sql('CREATE ROLE porter NOLOGIN')
    expect(await refusal(target(server.port, { user: 'porter' }))).toMatchObject({ kind: expect.stringMatching(/password|not-allowed/) })
    expect(await refusal(target(server.port, { host: '/nowhere' }))).toMatchObject({ kind: 'no-socket' })
    expect(await refusal(target(server.port, { host: 'no-such-host.invalid' }), 10_000)).toMatchObject({ kind: 'no-name' })
  })

  it('gives up a query when the time is up, and the server is told how long it may take', async () => {
    const stop = new AbortController()
    const session = await openPostgres(target(server.port), {}, stop.signal)
    await expect(session.ask('BEGIN READ ONLY; SET LOCAL statement_timeout = 300; SELECT pg_sleep(1)')).rejects.toMatchObject({ kind: 'query', sqlState: '57014' })
    setTimeout(() => stop.abort(), 200)
    await expect(session.ask('ROLLBACK; SELECT pg_sleep(20)')).rejects.toMatchObject({ kind: 'no-answer', message: expect.stringContaining('did not answer a query within') })
    await expect.poll(() => socketsTo(server.port), SOON).toBe(0)
  })

  it('says that a server hangs which takes connections and is silent, within its time', async () => {
    server.pause()
    try {
      const startedAt = performance.now()
      expect(await refusal(target(server.port), 1_000)).toMatchObject({ kind: 'no-answer', message: expect.stringMatching(/connected, then silent for \d/) })
      expect(performance.now() - startedAt).toBeLessThan(10_000)
      expect(socketsTo(server.port)).toBe(0)
    } finally {
      server.resume()
    }
  })
})

describe('something else on the port', () => {
  const servers: { server: Server; sockets: Set<Socket> }[] = []
  afterEach(async () => {
    for (const { server, sockets } of servers.splice(0)) {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    }
  })
  async function listen(talk: (socket: Socket) => void): Promise<number> {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      talk(socket)
    })
    servers.push({ server, sockets })
    return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)))
  }
  const message = (letter: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(5, letter)
    head.writeUInt32BE(body.length + 4, 1)
    return Buffer.concat([head, body])
  }

  it('is refused where nothing listens', async () => {
    const port = await listen(() => undefined)
    const [{ server } = { server: undefined }] = servers.splice(0)
    await new Promise((resolve) => server?.close(resolve))
    expect(await refusal(target(port))).toMatchObject({ kind: 'refused', message: `nothing listens on 127.0.0.1:${port} (connection refused)` })
  })

  it('is silent: the time is what decides', async () => {
    const port = await listen(() => undefined)
    expect(await refusal(target(port), 200)).toMatchObject({ kind: 'no-answer' })
    expect(socketsTo(port)).toBe(0)
  })

  it.each([
    ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n'], ['ssh', 'SSH-2.0-OpenSSH_9.2\r\n'], ['Redis', '-ERR unknown command\r\n'],
    ['an error without an end', message('E', Buffer.from('SFATAL'))], ['an unknown way to log in', message('R', Buffer.from([0, 0, 0, 99]))], ['a cut one', message('R', Buffer.alloc(0))],
  ])('is not PostgreSQL: %s', async (_, words) => {
    const port = await listen((socket) => void socket.write(words))
    expect(await refusal(target(port), 2_000)).toMatchObject({ kind: 'not-postgres', message: `what answers on 127.0.0.1:${port} is not PostgreSQL` })
  })

  it('closes at once', async () => {
    const port = await listen((socket) => void socket.end())
    expect(await refusal(target(port))).toMatchObject({ kind: 'closed' })
  })

  it('survives rows that make no sense', async () => {
    const ready = message('Z', Buffer.from('I'))
    const port = await listen((socket) => {
      socket.once('data', () => {
        socket.write(Buffer.concat([message('R', Buffer.alloc(4)), ready]))
        socket.once('data', () => socket.write(Buffer.concat([message('D', Buffer.from([0xff, 0xff])), message('T', Buffer.from([0x7f, 0xff])), ready])))
      })
    })
    const session = await open(target(port), 2_000)
    await expect(session.ask('SELECT 1')).rejects.toMatchObject({ name: 'PostgresProblem' })
    session.close()
  })

  it('repeats the password it was told: nobody reads it', async () => {
    const port = await listen((socket) => {
      socket.once('data', () => {
        socket.write(message('R', Buffer.from([0, 0, 0, 3])))
        socket.once('data', (answer) => socket.write(message('E', Buffer.from(`SFATAL\0C28000\0Mno ${answer.subarray(5, -1).toString()}\0\0`))))
      })
    })
    const problem = await refusal(target(port))
    expect(problem).toMatchObject({ kind: 'not-allowed', message: expect.stringContaining('no ***') })
  })
})
