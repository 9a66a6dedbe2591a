import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import * as net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { programAt } from './program-at.ts'

/** Where nginx is; undefined when it is not installed. */
export const nginx = programAt('nginx')

/** A line of nginx's access log. */
export interface LogLine {
  readonly protocol: string
  readonly method: string
  readonly path: string
  readonly status: number
  /** Head and body as nginx sent them. */
  readonly bytes: number
  /** The serial number of the connection. */
  readonly connection: number
}

export interface Nginx {
  readonly port: number
  readonly tlsPort: number
  /** Everything logged for paths that begin so, once there are `count` lines of it or a second is over. */
  log(path: string, count: number): Promise<LogLine[]>
  stop(): Promise<void>
}

const TLS = join(import.meta.dirname, '../fixtures/tls')

/** The files nginx serves. */
export const FILES = { 'large.bin': Buffer.alloc(1_000_000, 'medianest'), 'text.txt': Buffer.from('measure, then cut. '.repeat(1_000)) }

/** Further parts of its configuration. */
export interface More {
  /** Inside the server. */
  readonly locations?: string
  /** Beside it, given the TLS port. */
  readonly servers?: (tlsPort: number) => string
}

/** Starts an nginx on free loopback ports, with a location for every way of answering. */
export async function startNginx(path: string, more: More = {}): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'medianest-nginx-'))
  const [port = 0, tlsPort = 0] = await freePorts(2)
  mkdirSync(join(folder, 'html'))
  for (const [name, bytes] of Object.entries(FILES)) writeFileSync(join(folder, 'html', name), bytes)
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port, tlsPort, more))
  const child = spawn(path, ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const stop = async (): Promise<void> => {
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await listens(port, child)
  } catch {
    await stop()
    throw new Error(`nginx did not start: ${said}`)
  }
  const lines = (prefix: string): LogLine[] => readFileSync(join(folder, 'access.log'), 'utf8').split('\n').filter(Boolean).map(parse).filter((line) => line.path.startsWith(prefix))
  return {
    port, tlsPort, stop,
    log: async (prefix, count) => {
      for (let turn = 0; turn < 50 && lines(prefix).length < count; turn++) await new Promise((wait) => setTimeout(wait, 20))
      return lines(prefix)
    },
  }
}

function configuration(folder: string, port: number, tlsPort: number, more: More): string {
  const scratch = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')
  return `
    daemon off; master_process off; worker_processes 1; pid ${folder}/pid; error_log stderr error;
    events { worker_connections 1024; }
    http {
      log_format line '$server_protocol $request_method $request_uri $status $bytes_sent $connection';
      access_log ${folder}/access.log line;
      default_type text/plain; keepalive_requests 1000000; ${scratch}
      server {
        listen 127.0.0.1:${port};
        listen 127.0.0.1:${tlsPort} ssl;
        ssl_certificate ${TLS}/localhost.cert.pem;
        ssl_certificate_key ${TLS}/localhost.key.pem;
        root ${folder}/html;
        location /ok { return 200 'ok'; }
        location /few { keepalive_requests 7; return 200 'ok'; }
        location /brief { keepalive_timeout 0; return 200 'ok'; }
        location /gone { return 404; }
        location /broken { return 500; }
        location /empty { return 204; }
        location /moved { return 301 /ok?moved; }
        location /round { return 302 /round; }
        location /files/ { alias ${folder}/html/; }
        location /zipped/ { alias ${folder}/html/; gzip on; gzip_min_length 1; gzip_types *; }
        location /chunked/ { alias ${folder}/html/; ssi on; ssi_types *; }
        location /until-close/ { alias ${folder}/html/; ssi on; ssi_types *; chunked_transfer_encoding off; }
        location /slow/ { alias ${folder}/html/; limit_rate 1k; }
        ${more.locations ?? ''}
      }
      ${more.servers?.(tlsPort) ?? ''}
    }`
}

function parse(line: string): LogLine {
  const [protocol = '', method = '', path = '', status, bytes, connection] = line.split(' ')
  return { protocol, method, path, status: Number(status), bytes: Number(bytes), connection: Number(connection) }
}

/** Ports nobody listens on now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, async () => {
    const server = net.createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return server
  }))
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port) // a TCP server's address is one
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))))
  return ports
}

async function listens(port: number, child: ChildProcess): Promise<void> {
  for (let turn = 0; turn < 200 && child.exitCode === null; turn++) {
    const open = await new Promise<boolean>((tried) => {
      const socket = net.connect(port, '127.0.0.1', () => tried(true)).on('error', () => tried(false))
      socket.on('connect', () => socket.destroy())
    })
    if (open) return
    await new Promise((wait) => setTimeout(wait, 25))
  }
  throw new Error('it does not listen')
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 3_000)
  await once(child, 'exit')
  clearTimeout(late)
}
