import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { appendFileSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Where PostgreSQL's programs are; undefined where it is not installed. */
export const POSTGRES_BIN: string | undefined = [
  ...(existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a)).map((version) => `/usr/lib/postgresql/${version}/bin`) : []),
  ...(process.env['PATH'] ?? '').split(':'),
].find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))

/** The password of the superuser `postgres` of every server. */
export const PASSWORD = 'correct horse-42'

// It refuses to run as root.
const OWNER: { readonly uid?: number; readonly gid?: number } = process.getuid?.() === 0 && POSTGRES_BIN !== undefined ? { uid: Number(execFileSync('id', ['-u', 'postgres'])), gid: Number(execFileSync('id', ['-g', 'postgres'])) } : {}

function own(path: string): void {
  if (OWNER.uid !== undefined && OWNER.gid !== undefined) chownSync(path, OWNER.uid, OWNER.gid)
}

const folders: string[] = []
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mnp-pg-'))
  folders.push(folder)
  own(folder)
  return folder
}

let template: Promise<string> | undefined
async function initialised(): Promise<string> {
  const folder = newFolder()
  const secret = join(folder, 'secret')
  writeFileSync(secret, PASSWORD)
  own(secret)
  await postgresProgram('initdb', ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${secret}`, '-N', '--locale=C', '-E', 'UTF8'])
  return join(folder, 'data')
}

/** Runs one of its programs to its end, as the user the servers run as. */
export function postgresProgram(name: string, args: readonly string[]): Promise<{ readonly stdout: string }> {
  return run(join(POSTGRES_BIN ?? '', name), args, { ...OWNER, cwd: tmpdir(), env: { PATH: process.env['PATH'] ?? '', PGPASSWORD: PASSWORD, LC_ALL: 'C' }, timeout: 30_000 })
}

/** Takes away every folder; servers must have been stopped. */
export function removePostgresFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  template = undefined
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)))
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A real PostgreSQL on a port of its own, that listens on 127.0.0.1 and on a socket in its folder. */
export class PostgresServer {
  readonly data: string
  readonly folder: string
  readonly port: number
  private child: ChildProcess | undefined

  private constructor(folder: string, data: string, port: number) {
    this.folder = folder
    this.data = data
    this.port = port
  }

  /** A fresh one, not yet started; `settings` are lines of postgresql.conf. */
  static async create(settings: readonly string[] = []): Promise<PostgresServer> {
    template ??= initialised()
    const folder = newFolder()
    await run('cp', ['-a', await template, join(folder, 'data')])
    return PostgresServer.on(folder, settings)
  }

  /** A standby of it, made with pg_basebackup, not yet started. */
  async standby(settings: readonly string[] = []): Promise<PostgresServer> {
    const folder = newFolder()
    await postgresProgram('pg_basebackup', ['-D', join(folder, 'data'), '-h', this.folder, '-p', String(this.port), '-U', 'postgres', '-R', '-X', 'stream', '-c', 'fast', '-N'])
    return PostgresServer.on(folder, settings)
  }

  private static async on(folder: string, settings: readonly string[]): Promise<PostgresServer> {
    const port = await freePort()
    const server = new PostgresServer(folder, join(folder, 'data'), port)
    server.configure([`port = ${port}`, "listen_addresses = '127.0.0.1'", `unix_socket_directories = '${folder}'`, 'fsync = off', 'shared_buffers = 8MB', 'max_wal_senders = 3', 'wal_keep_size = 64MB', 'logging_collector = off', ...settings])
    return server
  }

  configure(lines: readonly string[]): void {
    appendFileSync(join(this.data, 'postgresql.conf'), `\n${lines.join('\n')}\n`)
  }

  /** Starts it and waits until `until` is said of it: by default that it takes connections. */
  async start(until = 'ready to accept'): Promise<this> {
    const child = spawn(join(POSTGRES_BIN ?? '', 'postgres'), ['-D', this.data], { ...OWNER, cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'], env: { LC_ALL: 'C' } })
    this.child = child
    let log = ''
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`PostgreSQL did not say "${until}":\n${log}`)), 20_000)
      child.stderr.on('data', (chunk: Buffer) => {
        log = (log + chunk.toString()).slice(-20_000)
        if (!log.includes(until)) return
        clearTimeout(timer)
        resolve()
      })
      child.once('exit', () => reject(new Error(`PostgreSQL ended:\n${log}`)))
    })
    return this
  }

  /** Ends it, by its id: fast, or at once as a crash would. */
  async stop(signal: 'SIGINT' | 'SIGQUIT' = 'SIGINT'): Promise<void> {
    const { child } = this
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGCONT')
    child.kill(signal)
    await Promise.race([gone, pause(10_000, undefined, { ref: false }).then(() => child.kill('SIGKILL'))])
    await gone
  }

  /** Stops the process that takes connections, as a machine that hangs would. */
  pause(): void {
    this.child?.kill('SIGSTOP')
  }

  resume(): void {
    this.child?.kill('SIGCONT')
  }

  /** What psql prints, without headings. */
  async sql(text: string, database = 'postgres'): Promise<string> {
    return (await postgresProgram('psql', ['-h', this.folder, '-p', String(this.port), '-U', 'postgres', '-d', database, '-XAtq', '-v', 'ON_ERROR_STOP=1', '-c', text])).stdout.trim()
  }
}
