import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import * as http from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { nginx } from '../../../e2e/nginx.ts'
import { counted, figure, folder, openLog } from './log.ts'

const running: ChildProcess[] = []
afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), 3_000)
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    clearTimeout(late)
  }
})

interface Server {
  readonly child: ChildProcess
  readonly get: (path: string) => Promise<number | undefined>
}

/** nginx with a log of its own format, the worker apart from its master as everywhere. */
async function start(place: string, format: string): Promise<Server> {
  const port = await freePort()
  const scratch = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${place}/${name};`).join(' ')
  writeFileSync(join(place, 'nginx.conf'), `daemon off; ${process.getuid?.() === 0 ? 'user root;' : ''} worker_processes 1; pid ${place}/pid; error_log stderr error; events { }
    http { log_format own ${format}; access_log ${place}/access.log own; ${scratch}
      server { listen 127.0.0.1:${port}; location /api { return 200 'ok'; } location /gone { return 404; } location /down { return 503; } } }`)
  const child = spawn(nginx ?? 'nginx', ['-p', place, '-c', join(place, 'nginx.conf')], { stdio: 'ignore' })
  running.push(child)
  const agent = new http.Agent({ keepAlive: false })
  const get = (path: string): Promise<number | undefined> => new Promise((answered, failed) => {
    http.get({ port, host: '127.0.0.1', path, agent }, (response) => response.resume().on('end', () => answered(response.statusCode))).on('error', failed)
  })
  for (let turn = 0; turn < 200; turn++) {
    if (await get('/api/first').catch(() => undefined)) return { child, get }
    await new Promise((wait) => setTimeout(wait, 25))
  }
  throw new Error('nginx did not start')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server's address is one
  await new Promise((closed) => server.close(closed))
  return port
}

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200 && !isSo(); turn++) await new Promise((wait) => setTimeout(wait, 20))
}

const linesOf = (path: string): number => readFileSync(path, 'utf8').split('\n').length - 1

describe.skipIf(nginx === undefined)('the log of a real nginx (needs nginx)', () => {
  const PATTERN = '\'$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time $upstream_response_time\''

  it.each([
    ['combined with times', PATTERN, {}],
    ['a pattern', '\'$msec|$request_method|$request_uri|$status|$body_bytes_sent|$request_time\'', { pattern: '$msec|$request_method|$request_uri|$status|$body_bytes_sent|$request_time' }],
    ['JSON', 'escape=json \'{"method":"$request_method","uri":"$request_uri","status":$status,"body_bytes_sent":$body_bytes_sent,"request_time":$request_time,"agent":"$http_user_agent"}\'', {}],
  ])('is understood as %s', async (_, format, config) => {
    const place = folder()
    const { get } = await start(place, format)
    const log = openLog(config, { in: place })
    await until(() => linesOf(log.path) >= 1)
    await log.collect()
    for (const path of ['/api/media/17?token=secret', '/api/media/18', '/gone', '/down', '/api/%22quoted%22']) await get(path)
    await until(() => linesOf(log.path) >= 6)
    const collected = await log.collect()
    expect([counted(collected), figure(collected, 'api.request_rate'), figure(collected, 'api.errors'), collected.notes]).toEqual([5, 5, 0.4, []])
    expect(figure(collected, 'api.duration.p99')).toBeLessThan(1_000)
    expect(collected.traffic?.map(({ method, route }) => `${method} ${route}`).sort()).toEqual([' (other)', 'GET /api/"quoted"', 'GET /api/media/:id', 'GET /down'])
  })

  it('loses nothing when it is rotated: renamed and reopened by USR1, or copied and emptied', async () => {
    const place = folder()
    const { child, get } = await start(place, PATTERN)
    const log = openLog({}, { in: place })
    await until(() => linesOf(log.path) >= 1)
    await log.collect()
    let asked = 0
    const ask = async (count: number): Promise<void> => {
      // No two lines are the same: a file of the very bytes it had before nobody can tell from the one before.
      for (let turn = 0; turn < count; turn++) await get(`/api/a?${++asked}`)
    }
    await ask(5)
    renameSync(log.path, `${log.path}.1`)
    await ask(5)
    expect(counted(await log.collect())).toBe(asked)
    writeFileSync(log.path, '')
    await ask(3)
    child.kill('SIGUSR1')
    // Its workers reopen some time after the signal; until then they write into the old file.
    for (let turn = 0; turn < 100 && linesOf(log.path) === 0; turn++) {
      await ask(1)
      await new Promise((wait) => setTimeout(wait, 20))
    }
    await until(() => linesOf(log.path) + linesOf(`${log.path}.1`) === asked + 1)
    expect(counted(await log.collect())).toBe(asked)
    copyFileSync(log.path, `${log.path}.2`)
    truncateSync(log.path, 0)
    await ask(4)
    await until(() => linesOf(log.path) === 4)
    expect(counted(await log.collect())).toBe(asked)
  })
})
