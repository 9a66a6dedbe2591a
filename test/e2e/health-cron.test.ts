import { once } from 'node:events'
import { existsSync, lstatSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import * as http from 'node:http'
import type * as net from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canMount, mount } from '../health/mounts.ts'
import { readPlugin } from '../output/nagios.ts'
import { readPrometheus } from '../output/exposition.ts'
import { freePort, startFake, type FakeServer } from '../services/redis-server.ts'
import { expectSaid, health, newFolder, readRun, removeFolders, SECRETS, startHealth, type Ended } from './health-program.ts'

afterAll(removeFolders)

let listening: FakeServer
/** Only those that hang connect to it. */
let silent: FakeServer
let closed: number
beforeAll(async () => {
  listening = await startFake(() => undefined)
  silent = await startFake(() => undefined)
  closed = await freePort()
})
afterAll(async () => {
  await listening.stop()
  await silent.stop()
})

const FINE = (): object => ({ checks: [{ type: 'connectivity', name: 'nas', target: `127.0.0.1:${listening.port}` }] })
const DOWN = (): object => ({ checks: [{ type: 'connectivity', name: 'nas', target: `127.0.0.1:${closed}` }] })
/** Takes its time, in this process and in a child. */
const HANGING = (): object => ({ checks: [...(FINE() as { checks: object[] }).checks, { type: 'redis', name: 'cache', host: '127.0.0.1', port: silent.port, timeout: '20s', password: SECRETS.redis }, { type: 'command', name: 'plugin', command: ['sleep', '20'] }] })

/** The lines beside those of checks. */
const notes = (run: Ended): string[] => readRun(run).long.flatMap((line) => /^note: (.*)/.exec(line)?.[1] ?? [])

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 400; turn++) {
    if (holds()) return
    await new Promise((wait) => setTimeout(wait, 25))
  }
  throw new Error('it did not come to that')
}

/** Starts a run that hangs, and waits until it is in the midst of it. */
async function startInMidst(flags: readonly string[], folder = newFolder(), section = HANGING()): Promise<ReturnType<typeof startHealth>> {
  const run = startHealth(section, flags, { folder })
  await until(() => silent.open() > 0 && readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && isChild(pid, run.pid)))
  return run
}

function isChild(pid: string, parent: number): boolean {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]) === parent
  } catch {
    return false
  }
}

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined

/** What a dead man's switch was told; it knows no address that ends in `gone`. */
const told: string[] = []
const server = http.createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
    told.push(`${request.method} ${request.url} ${Buffer.concat(chunks).toString()}`)
    response.writeHead(request.url?.includes('gone') ? 404 : 200).end('OK')
  })
})
let url = ''
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  url = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}/${SECRETS.ping}` // a TCP server's address is one
})
afterAll(() => void server.close())

describe('--state', () => {
  it('tells what changed, since when, and how much of the time all was well', async () => {
    const folder = newFolder()
    const run = (section: object, ...flags: string[]): Promise<Ended> => health(section, ['--state', 'state.json', ...flags], { folder })
    for (const first of [await run(FINE()), await run(FINE())]) expect(notes(first)).toEqual([])
    const failed = await run(DOWN())
    expectSaid(failed, 2, /^nas: 127\.0\.0\.1:\d+ refused the connection$/, 5_000)
    expect(notes(failed)).toEqual([expect.stringMatching(/^overall: CRITICAL since \d\d:\d\d \(was OK for \ds\)$/), expect.stringMatching(/^nas: CRITICAL since \d\d:\d\d \(was OK for \ds\)$/)])
    const still = await run(DOWN(), '--format', 'human')
    expect(still.out).toMatch(/✗ nas: 127\.0\.0\.1:\d+ refused the connection, since \d\d:\d\d \(\ds\)/)
    expect(still.out).toMatch(/was up +[\d.]+% of the [\d.]+ \w+ watched in 24h/)
    expect(notes(await run(FINE()))).toEqual([expect.stringMatching(/^overall: OK again after \ds$/), expect.stringMatching(/^nas: OK again after \ds$/)])
    const { data } = JSON.parse((await run(FINE(), '--format', 'json')).out) as { data: { state: { since: string; uptime: Record<string, { percent: number; watched: number }>; checks: Record<string, unknown> } } }
    expect(Object.keys(data.state.uptime)).toEqual(['24h', '7d', '30d'])
    for (const { percent, watched } of Object.values(data.state.uptime)) expect([percent > 0, percent < 100, watched > 0, watched < 1]).toEqual([true, true, true, true])
    expect(Date.now() - Date.parse(data.state.since)).toBeLessThan(20_000)
    expect(data.state.checks).toMatchObject({ nas: { flapping: false } })
    expect(statSync(join(folder, 'state.json')).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder).toSorted()).toEqual(['medianest-perf.yaml', 'state.json'])
  })

  it('says that a check flaps, and falls silent about its changes', async () => {
    const folder = newFolder()
    const told: string[][] = []
    for (let turn = 0; turn < 12; turn++) told.push(notes(await health(turn % 2 === 0 ? FINE() : DOWN(), ['--state', 'state.json'], { folder })))
    expect(told.flat().filter((line) => line.startsWith('nas: flapping since '))).toHaveLength(1)
    expect(told.at(-1)).toEqual([])
  })

  it.each([['not JSON', '{"medianest-perf": "health-st'], ['another file', '{"name": "package", "version": "1.0.0"}\n'], ['empty', ''], ['of a later version', '{"medianest-perf":"health-state","version":9}']])('that is %s is told and left as it was, and the checks are run all the same', async (_what, text) => {
    const folder = newFolder()
    writeFileSync(join(folder, 'state.json'), text)
    const [plain, nagios] = [await health(FINE(), ['--state', 'state.json'], { folder }), await health(FINE(), ['--state', 'state.json', '--format', 'nagios'], { folder })]
    expect([plain.code, nagios.code]).toEqual([3, 3])
    expect(readRun(nagios).text).toMatch(/^the state file \S+state\.json cannot be used: /)
    expect((await health(DOWN(), ['--state', 'state.json'], { folder })).code).toBe(2)
    expect(readFileSync(join(folder, 'state.json'), 'utf8')).toBe(text)
  })

  it.skipIf(!canMount)('that cannot be kept takes nothing away from the result, and is no comfort (needs root and mount)', async () => {
    const [folder, path] = [newFolder(), newFolder()]
    const undo = mount(path, 'size=1m')
    try {
      writeFileSync(join(path, 'all'), Buffer.alloc(2 ** 20))
      expectSaid(await health(FINE(), ['--state', `${path}/state.json`, '--quiet'], { folder }), 3, /^the state of this run is not kept: .*cannot be written: the disk is full$/, 5_000)
      expectSaid(await health(DOWN(), ['--state', `${path}/state.json`], { folder }), 2, /^nas: /, 5_000)
      expect(readdirSync(path)).toEqual(['all'])
    } finally {
      undo()
    }
  })
})

describe('--quiet and --changes', () => {
  it('--quiet is silent where all is well, and speaks of trouble and its end', async () => {
    const folder = newFolder()
    expect(await health(FINE(), ['--quiet'], { folder })).toMatchObject({ code: 0, out: '', err: '' })
    const run = (section: object): Promise<Ended> => health(section, ['--quiet', '--state', 'state.json'], { folder })
    await run(FINE())
    expect(await run(FINE())).toMatchObject({ code: 0, out: '', err: '' })
    expectSaid(await run(DOWN()), 2, /^nas: /, 5_000)
    expectSaid(await run(DOWN()), 2, /^nas: /, 5_000)
    expect(notes(await run(FINE())).join()).toContain('OK again')
    expect(await run(FINE())).toMatchObject({ code: 0, out: '' })
  })

  it('--changes speaks once of each trouble, and keeps its exit code', async () => {
    const folder = newFolder()
    const run = (section: object): Promise<Ended> => health(section, ['--changes', '--state', 'state.json', '--output', 'prometheus=h.prom'], { folder })
    const runs = [await run(FINE()), await run(FINE()), await run(DOWN()), await run(DOWN()), await run(FINE())]
    expect(runs.map(({ code, out }) => [code, out !== ''])).toEqual([[0, false], [0, false], [2, true], [2, false], [0, true]])
    // What others read is written all the same.
    expect(readPrometheus(readFileSync(join(folder, 'h.prom'), 'utf8')).get('medianest_health_status')?.samples[0]?.value).toBe(0)
  })
})

describe('--lock', () => {
  it('lets one run at a time: the later one says who is at it, with 3', async () => {
    const folder = newFolder()
    const first = await startInMidst(['--lock', 'run.lock'], folder)
    const second = await health(null, ['--lock', 'run.lock', '--quiet'], { folder })
    expectSaid(second, 3, new RegExp(`^another run \\(process ${first.pid}\\) has been under way for .*, so nothing was checked`), 5_000)
    first.kill('SIGTERM')
    await first.ended
    expectSaid(await health(FINE(), ['--lock', 'run.lock'], { folder }), 0, /^1 check$/, 5_000)
    expect(isThere(join(folder, 'run.lock'))).toBe(false)
  })

  it('that a run left behind when it was killed holds nobody off', async () => {
    const folder = newFolder()
    const killed = startHealth({ checks: [{ type: 'redis', host: '127.0.0.1', port: listening.port, timeout: '20s' }] }, ['--state', 'state.json', '--lock'], { folder })
    await until(() => readdirSync(folder).some((name) => name.includes('lock')))
    killed.kill('SIGKILL')
    expect((await killed.ended).code).toBeNull()
    expect(readdirSync(folder).filter((name) => name.includes('lock'))).toHaveLength(1)
    expect((await health(FINE(), ['--state', 'state.json', '--lock'], { folder })).code).toBe(0)
    expect(readdirSync(folder).toSorted()).toEqual(['medianest-perf.yaml', 'state.json'])
  })
})

describe('--ping', () => {
  it('tells of the start, and of success or failure with the reason; the address is shown to nobody', async () => {
    const folder = newFolder()
    expect((await health(FINE(), [], { folder, env: { MEDIANEST_PING_URL: url } })).code).toBe(0)
    expect(told.splice(0)).toEqual([`POST /${SECRETS.ping}/start `, expect.stringMatching(new RegExp(`^POST /${SECRETS.ping} health of .*: OK\\n$`))])
    expect((await health({ ...DOWN(), ping: { file: 'ping' } }, ['--format', 'json', '--output', 'human=h.txt'], { folder, files: { ping: `${url}\n` } })).code).toBe(2)
    expect(told.splice(0)).toEqual([`POST /${SECRETS.ping}/start `, expect.stringMatching(new RegExp(`^POST /${SECRETS.ping}/fail health of .*: CRITICAL\\nCRITICAL: nas: 127\\.0\\.0\\.1:\\d+ refused the connection\\n$`))])
  })

  it('that knows nothing of it changes nothing but a word on stderr', async () => {
    const { code, out, err } = await health(FINE(), [], { env: { MEDIANEST_PING_URL: `${url}-gone` } })
    expect([code, readPlugin(out).state]).toEqual([0, 'OK'])
    expect(err).toMatch(/^warning: 127\.0\.0\.1:\d+ was not told of the start: it answered 404\nwarning: 127\.0\.0\.1:\d+ was not told of the success: it answered 404\n$/)
    told.splice(0)
  })

  it('that hangs does not hold back the result', async () => {
    const run = startHealth(FINE(), [], { env: { MEDIANEST_PING_URL: `http://127.0.0.1:${listening.port}/${SECRETS.ping}` } })
    const started = performance.now()
    await until(() => run.out().endsWith('\n'))
    // One try of a ping has five seconds, and there are six.
    expect(performance.now() - started).toBeLessThan(4_500)
    run.kill('SIGKILL')
    expect(readRun(await run.ended).state).toBe('OK')
  })

  it('tells neither success nor failure of a run that was broken off', async () => {
    const run = await startInMidst([], newFolder(), { ...HANGING(), ping: url })
    run.kill('SIGINT')
    expect((await run.ended).code).toBe(130)
    expect(told.splice(0)).toEqual([`POST /${SECRETS.ping}/start `])
  })
})

describe('a run that is broken off', () => {
  it.each([['SIGINT', 130], ['SIGTERM', 143]] as const)('by %s ends with %d, and says so; what it knows is told, and nothing is left behind', async (signal, code) => {
    const folder = newFolder()
    const run = await startInMidst(['--state', 'state.json', '--lock', 'run.lock', '--output', 'json=h.json'], folder)
    run.kill(signal)
    const ended = await run.ended
    expect(ended.code).toBe(code)
    expect(ended.tookMs).toBeLessThan(10_000)
    expect(readPlugin(ended.out)).toMatchObject({ state: 'UNKNOWN', text: expect.stringMatching(new RegExp(`^ended by ${signal}, not all was checked; cache: interrupted; plugin: interrupted$`)), long: expect.arrayContaining([expect.stringMatching(/^\[OK\] nas: reached /)]) })
    expect(JSON.parse(readFileSync(join(folder, 'h.json'), 'utf8'))).toMatchObject({ verdict: 'unknown', meta: { interrupted: signal } })
    expect(isThere(join(folder, 'run.lock'))).toBe(false)
    expect(existsSync(join(folder, 'state.json')), 'what was not found out is not remembered').toBe(false)
  })

  it('while it waits for its time (--jitter) ends at once too', async () => {
    const run = startHealth(FINE(), ['--jitter', '60m', '--lock', 'run.lock'])
    await new Promise((wait) => setTimeout(wait, 600))
    run.kill('SIGINT')
    const { code, tookMs, folder } = await run.ended
    expect(code).toBe(130)
    expect(tookMs).toBeLessThan(8_000)
    expect(isThere(join(folder, 'run.lock'))).toBe(false)
  })
})

describe('--jitter', () => {
  it('delays a run, and changes nothing else', async () => {
    expectSaid(await health(FINE(), ['--jitter', '300ms']), 0, /^1 check$/, 5_000)
  })
})

describe('--watch', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('goes on until %s, which is no failure: 0', async (signal) => {
    const folder = newFolder()
    const run = startHealth(FINE(), ['--watch', '--interval', '1s', '--state', 'state.json', '--lock', 'run.lock', '--output', 'prometheus=h.prom'], { folder })
    const reports = (): string[] => run.out().split(/(?=^HEALTH )/m)
    await until(() => reports().length >= 2 && run.out().endsWith('\n'))
    expect(readPrometheus(readFileSync(join(folder, 'h.prom'), 'utf8')).get('medianest_health_status')?.samples[0]?.value).toBe(0)
    run.kill(signal)
    expect(await run.ended).toMatchObject({ code: 0, err: '' })
    for (const report of reports()) expect(readPlugin(report)).toMatchObject({ state: 'OK', text: '1 check' })
    expect(isThere(join(folder, 'run.lock'))).toBe(false)
  })
})

describe('passwords, tokens and addresses that are secrets', () => {
  it('are in no format, no state and no list of processes, wherever they stand in the configuration', async () => {
    const checks = [
      { type: 'postgres', name: 'a', url: `postgres://app:${encodeURIComponent(SECRETS.postgres)}@127.0.0.1:${closed}/app` }, { type: 'postgres', name: 'b', host: '127.0.0.1', port: listening.port, user: 'app', password: SECRETS.postgres },
      { type: 'redis', name: 'c', url: `redis://:${SECRETS.redis}@127.0.0.1:${closed}` }, { type: 'redis', name: 'd', url: { file: 'url' } },
      { type: 'http', name: 'e', url: `http://joe:${SECRETS.wrong}@127.0.0.1:${closed}/?token=${SECRETS.token}` }, { type: 'http', name: 'f', url: `http://127.0.0.1:${listening.port}/`, headers: { Authorization: `Bearer ${SECRETS.token}` }, user: 'joe', password: SECRETS.wrong },
      { type: 'plex', name: 'g', url: `http://127.0.0.1:${closed}/`, token: SECRETS.token }, { type: 'instance', name: 'h', url: `http://127.0.0.1:${listening.port}`, token: SECRETS.token }, { type: 'tmdb', name: 'i', url: `http://127.0.0.1:${closed}/`, apiKey: { env: 'KEY' } },
    ].map((check) => ({ timeout: '1s', ...check }))
    const outputs = ['human', 'json', 'junit', 'markdown', 'github', 'prometheus', 'openmetrics'].flatMap((format) => ['--output', `${format}=h.${format}`])
    const run = await health({ checks, ping: `${url}-gone` }, ['--detailed', '--state', 'state.json', '--lock', ...outputs], { files: { url: `redis://:${SECRETS.redis}@127.0.0.1:${listening.port}` }, env: { KEY: SECRETS.token } })
    expect([run.code, readPlugin(run.out).state]).toEqual([2, 'CRITICAL'])
    expect(readdirSync(run.folder)).toHaveLength(10)
  })

  it('would be seen by these tests: a password in the address of --check stands in the list of processes', async () => {
    await expect(health(null, ['--check', `redis://:${SECRETS.redis}@127.0.0.1:${listening.port}`, '--timeout', '500ms'])).rejects.toThrow('shows the redis secret')
  })
})
