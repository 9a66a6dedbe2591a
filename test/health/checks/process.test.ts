import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { look } from '../../../src/health/checks/process.ts'
import { openHealthLook } from '../../../src/sources/health-look.ts'
import { realHost } from '../../../src/host.ts'
import type { Process } from '../../../src/model/process.ts'
import { aProcess, NOW, run, said, world } from './system-world.ts'

const of = (...rows: readonly Process[]) => world({ processes: async () => rows })
const MASTER = aProcess({ pid: 7, command: 'nginx: master process /usr/sbin/nginx -g daemon off;' })
const WORKER = aProcess({ pid: 8, command: 'nginx: worker process', user: 'www-data', uid: 33, startedAt: NOW - 60_000 })
const NODE = aProcess({ pid: 9, name: 'MainThread', command: '/usr/bin/node /srv/app/server.js', user: 'app', uid: 1_000 })
const LONG = aProcess({ pid: 10, name: 'prometheus-node', command: '/usr/bin/prometheus-node-exporter', user: 'prometheus' })
const DEAD = aProcess({ pid: 11, name: 'cron', command: 'cron', state: 'Z' })
const ALL = of(MASTER, WORKER, NODE, LONG, DEAD)

const folder = mkdtempSync(join(tmpdir(), 'process-check-'))
const children: number[] = []
afterAll(() => {
  rmSync(folder, { recursive: true })
  for (const pid of children) process.kill(pid, 'SIGKILL')
})
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

describe('processes', () => {
  it.each([
    [{ process: 'nginx' }, 'ok: 2 processes of nginx, 20 MB, the oldest for 1h'],
    [{ process: '/usr/sbin/nginx' }, 'ok: 1 process of /usr/sbin/nginx, 10 MB, for 1h'],
    [{ process: 'nginx', user: 'www-data' }, 'ok: 1 process of nginx of user www-data, 10 MB, for 1m'],
    [{ process: 'node', user: '1000' }, 'ok: 1 process of node of user 1000, 10 MB, for 1h'],
    [{ process: 'prometheus-node-exporter' }, 'ok: 1 process of prometheus-node-exporter, 10 MB, for 1h'],
    [{ command: 'app/server.js' }, 'ok: 1 process of "app/server.js", 10 MB, for 1h'],
    [{ user: 'app' }, 'ok: 1 process of user app, 10 MB, for 1h'],
    [{ process: 'ngin' }, 'fail: ngin does not run'],
    [{ process: 'nginx', user: 'nosuch' }, 'fail: nginx of user nosuch does not run; it does run as root, www-data'],
    [{ process: 'ngin', user: 'root' }, 'fail: ngin of user root does not run'],
    [{ user: 'nosuch' }, 'fail: user nosuch does not run'],
    // A zombie does nothing any more.
    [{ process: 'cron' }, 'fail: cron does not run'],
    [{ process: 'nginx', count: { min: 3 } }, 'fail: 2 processes of nginx, at least 3 must'],
    [{ process: 'nginx', count: { max: 1 } }, 'fail: 2 processes of nginx, at most 1 may run'],
    [{ process: 'nginx', count: { max: 0 } }, 'fail: 2 processes of nginx, there must be none'],
    [{ process: 'miner', count: { max: 0 } }, 'ok: no process of miner'],
    [{ process: 'nginx', memory: { warning: '15MB' } }, 'warn: nginx use 20 MB of memory (warning at 15 MB)'],
    [{}, 'unknown: it does not say which process'],
  ] as const)('%o', async (config, expected) => expect(await said(look, { type: 'process', ...config }, ALL)).toBe(expected))

  it('are told with their pids, at most 20, and since when', async () => {
    const { details, measures } = await run(look, { type: 'process', process: 'nginx' }, of(...Array.from({ length: 30 }, (_, pid) => aProcess({ pid: 100 + pid, startedAt: NOW - pid * 1_000 }))))
    expect(details).toMatchObject({ count: 30, oldestStart: new Date(NOW - 29_000).toISOString(), memoryBytes: 300e6 })
    expect(details['pids']).toHaveLength(20)
    expect(measures[0]).toMatchObject({ name: 'count', value: 30, critical: { from: 1, to: Number.POSITIVE_INFINITY, isInside: false } })
  })

  it.each([
    ['right', '7\n', 'ok: 1 process of nginx, 10 MB, for 1h'],
    ['dead', '4711', 'fail: nginx does not run: process 4711 of FILE has ended'],
    ['zombie', '11', 'fail: nginx does not run: process 11 of FILE has ended'],
    ['another', '9', 'fail: process 9 of FILE is MainThread, not nginx: what wrote the file has ended'],
    ['garbage', 'abc\u001b[2J', 'fail: FILE holds no process id but "abc\ufffd[2J"'],
    ['zero', '0', 'fail: FILE holds no process id but "0"'],
    ['empty', '', 'fail: FILE holds no process id: it is empty'],
  ])('by a pid file that is %s', async (name, text, expected) => {
    const pidFile = file(name, text)
    expect((await said(look, { type: 'process', process: 'nginx', pidFile }, ALL)).replace(pidFile, 'FILE')).toBe(expected)
  })

  it('by a pid file that is not there fails, by one that may not be read is unknown', async () => {
    expect(await said(look, { type: 'process', process: 'nginx', pidFile: '/nowhere/x.pid' }, ALL)).toBe('fail: nginx does not run: there is no /nowhere/x.pid')
    const denied = { ...ALL, readFile: () => Promise.reject(Object.assign(new Error('EACCES'), { code: 'EACCES' })) }
    expect(await said(look, { type: 'process', pidFile: '/run/x.pid' }, denied)).toBe('unknown: /run/x.pid cannot be read: no permission')
  })
})

describe('processes of others that this user may not see', () => {
  it('are unknown where they are missed, not gone', async () => {
    const readHidden = (path: string): Promise<string> => (path === '/proc/1/stat' ? Promise.reject(new Error('ENOENT')) : Promise.resolve('7'))
    const few = { ...of(NODE), readFile: readHidden }
    expect(await said(look, { type: 'process', process: 'nginx' }, few)).toBe('unknown: nginx is not to be seen, as no process of another user is (hidepid)')
    expect(await said(look, { type: 'process', process: 'nginx', pidFile: '/run/x.pid' }, few)).toMatch(/^unknown: nginx is not to be seen/)
    expect(await said(look, { type: 'process', process: 'node' }, few)).toMatch(/^ok: /)
  })
})

describe.runIf(process.platform === 'linux')('real processes', () => {
  it('are found by their words, and this program, the shells above it and what it starts are not', async () => {
    const mark = `mark-${process.pid}-${Math.random().toString(36).slice(2)}`
    // Not our child: it belongs to the init process once the shell between has ended.
    const shell = spawn('sh', ['-c', `exec 3>&1; sh -c 'sleep 60; : "$0"' ${mark} >/dev/null 2>&1 3>&- & echo $!`], { stdio: ['ignore', 'pipe', 'ignore'] })
    const pid = Number(await new Promise<string>((done) => shell.stdout.once('data', (bytes: Buffer) => done(bytes.toString()))))
    children.push(pid)
    await new Promise((done) => shell.once('close', done))
    const ours = spawn('sh', ['-c', 'sleep 60; : "$0"', mark], { stdio: 'ignore' })
    children.push(ours.pid ?? 0)
    const eyes = await openHealthLook(realHost())
    const { verdict, details } = await run(look, { type: 'process', command: mark }, world({ processes: () => eyes.processes(), wallTime: () => new Date() }))
    expect([verdict, details['pids']]).toEqual(['ok', [pid]])
    eyes.close()
  })
})
