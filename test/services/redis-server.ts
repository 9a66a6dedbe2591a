import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import * as net from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { connectRedis, type RedisReply } from '../../src/services/redis.ts'

/** Where redis-server is; undefined when it is not installed. */
export const redisServer = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'redis-server')).find((path) => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
})

/** A Redis of a test's own. */
export interface RedisServer {
  readonly port: number
  /** Where its data is. */
  readonly folder: string
  readonly pid: number
  ask(command: string, ...words: readonly string[]): Promise<RedisReply>
  stop(): Promise<void>
}

/** Starts redis-server on a free loopback port, without persistence unless `args` say otherwise; it listens when this resolves, and may still be loading. */
export async function startRedis(args: readonly string[] = [], folder = mkdtempSync(join(tmpdir(), 'medianest-redis-')), at?: number): Promise<RedisServer> {
  const port = at ?? await freePort()
  const child = spawn(redisServer ?? 'redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--daemonize', 'no', '--repl-diskless-sync-delay', '0', ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(child, 'close')
  let log = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-4_000)))
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  for (let turn = 0; !(await listens(port)); turn++) {
    if (turn > 200 || child.exitCode !== null) {
      await stop()
      throw new Error(`redis-server did not start: ${log}`)
    }
    await new Promise((wait) => setTimeout(wait, 25))
  }
  return {
    port, folder, stop, pid: child.pid ?? 0,
    ask: async (command, ...words) => {
      const connection = await connectRedis({ host: '127.0.0.1', port, isTls: false }, AbortSignal.timeout(10_000))
      try {
        return await connection.ask(command, ...words)
      } finally {
        connection.close()
      }
    },
  }
}

/** One that loads its data and will do so for long. */
export async function startLoadingRedis(): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'medianest-redis-'))
  const before = await startRedis(['--enable-debug-command', 'yes'], folder)
  await before.ask('DEBUG', 'POPULATE', '20000')
  await before.ask('SAVE')
  const data = readFileSync(join(folder, 'dump.rdb'))
  await before.stop()
  const again = mkdtempSync(join(tmpdir(), 'medianest-redis-'))
  writeFileSync(join(again, 'dump.rdb'), data)
  return startRedis(['--key-load-delay', '1000', '--loading-process-events-interval-bytes', '1024'], again)
}

/** One that could not save its data and refuses writes for it (MISCONF). */
export async function startUnsavingRedis(): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'medianest-redis-'))
  const server = await startRedis(['--save', '3600 1'], folder)
  renameSync(folder, `${folder}-gone`)
  rmSync(`${folder}-gone`, { recursive: true })
  await server.ask('BGSAVE')
  for (let turn = 0; turn < 200 && !String(await server.ask('INFO')).includes('rdb_last_bgsave_status:err'); turn++) await new Promise((wait) => setTimeout(wait, 25))
  return server
}

/** One whose memory is full and that may not evict. */
export async function startFullRedis(): Promise<RedisServer> {
  const server = await startRedis()
  await server.ask('SET', 'big', 'x'.repeat(300_000))
  await server.ask('CONFIG', 'SET', 'maxmemory', '1000000')
  return server
}

/** A port nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo // a TCP server's address is one
  await new Promise((closed) => server.close(closed))
  return port
}

function listens(port: number): Promise<boolean> {
  return new Promise((tried) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.destroy()
      tried(true)
    }).on('error', () => tried(false))
  })
}

/** A server that does with each connection what it is told; counts those that are open. */
export interface FakeServer {
  readonly port: number
  open(): number
  stop(): Promise<void>
}

export async function startFake(onConnection: (socket: net.Socket) => void): Promise<FakeServer> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    onConnection(socket)
    // Who does not read never learns that the other end has gone.
    socket.resume()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as net.AddressInfo).port, // a TCP server's address is one
    open: () => sockets.size,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((closed) => server.close(closed))
    },
  }
}
