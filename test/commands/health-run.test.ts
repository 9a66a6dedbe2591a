import { EventEmitter } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { main } from '../../src/main.ts'
import { testHost, type TestHost } from '../host.ts'

let silent: Server
let address = ''
let folder = ''
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'medianest-perf-'))
  silent = createServer((socket) => socket.on('error', () => undefined))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/` // it listens on a port
})
afterEach(() => void silent.close())

const host = (argv: readonly string[], env: Record<string, string> = {}): TestHost => testHost(['health', ...argv], { cwd: folder, env })

/** The host as a terminal of 100 by 40 that tells when its size changes. */
function terminal(of: TestHost): { readonly host: TestHost; readonly stream: EventEmitter } {
  const stream = new EventEmitter()
  return { stream, host: { ...of, stdout: { ...of.stdout, isTerminal: true, stream: stream as NodeJS.WriteStream } } } // of a stream only its events are asked
}

describe('--watch', () => {
  it('draws each run over the one before on a terminal, again when its size changes, and ends with 0', async () => {
    const plain = host(['--check', 'memory', '--watch', '--interval', '1s', '--no-color'])
    const { host: ours, stream } = terminal(plain)
    const ended = main(ours)
    const drawn = (): number => plain.out().split('\u001b[H').length - 1
    await vi.waitFor(() => expect(drawn()).toBe(2), { timeout: 10_000 })
    stream.emit('resize')
    await vi.waitFor(() => expect(drawn()).toBeGreaterThanOrEqual(3), { timeout: 10_000 })
    plain.interrupt()
    expect(await ended).toBe(0)
    expect(stream.listenerCount('resize')).toBe(0)
    expect(plain.out()).toMatch(/checked {2}\d\d:\d\d:\d\d, every 1 s/)
  })

  it('appends where it is no terminal', async () => {
    const ours = host(['--check', 'memory', '--watch', '--interval', '1s', '--format', 'human'])
    const ended = main(ours)
    await vi.waitFor(() => expect(ours.out().split('health of').length).toBe(3), { timeout: 10_000 })
    ours.interrupt()
    expect([await ended, ours.out().includes('\u001b')]).toEqual([0, false])
  })

  it('leaves the last whole run in its files when it is ended in the middle of one', async () => {
    const ours = host(['--check', address, '--watch', '--output', 'out.json'])
    const ended = main(ours)
    await new Promise((resolve) => void silent.once('connection', resolve))
    ours.interrupt('SIGTERM')
    expect([await ended, ours.out()]).toEqual([0, ''])
    expect(() => readFileSync(join(folder, 'out.json'))).toThrow('ENOENT')
  })
})

describe('one run', () => {
  it('that is broken off says so, ends with the code of its signal and is not remembered', async () => {
    const ours = host(['--check', address, '--check', 'memory', '--state', 'state.json'])
    const ended = main(ours)
    await new Promise((resolve) => void silent.once('connection', resolve))
    ours.interrupt('SIGTERM')
    expect(await ended).toBe(143)
    expect(ours.out()).toMatch(/^HEALTH UNKNOWN - ended by SIGTERM, not all was checked; http: interrupted \|/)
    expect(() => readFileSync(join(folder, 'state.json'))).toThrow('ENOENT')
  })

  it.each([
    ['the flag', ['--timeout', '300ms'], { MEDIANEST_TIMEOUT: '1h' }, ''],
    ['the environment', [], { MEDIANEST_TIMEOUT: '300ms' }, 'health: { timeout: 1h }\n'],
    ['the configuration', [], {}, 'health: { timeout: 300ms }\n'],
  ])('has the time that %s gives to all checks together', async (_name, words, env, config) => {
    writeFileSync(join(folder, 'medianest-perf.yaml'), config)
    const ours = host(['--check', address, '--check', 'memory', ...words], env)
    expect(await main(ours)).toBe(2)
    expect(ours.out()).toMatch(/gave no answer within 300 ms/)
    expect(ours.out()).toContain('[OK] memory')
  })

  it('whose state cannot be kept is unknown, everywhere, and says why', async () => {
    const ours = host(['--check', 'files', '--state', 'nowhere/state.json', '--format', 'json'])
    expect(await main(ours)).toBe(3)
    expect(JSON.parse(ours.out())).toMatchObject({ verdict: 'unknown', data: { overall: { status: 'unknown' }, components: { files: { status: 'healthy' } } }, findings: [{}, { id: 'state', title: expect.stringContaining('its folder does not exist') }] })
  })

  it.each(['human', 'json', 'ndjson', 'junit', 'github', 'markdown', 'nagios', 'prometheus', 'openmetrics'])('with --quiet says nothing on stdout as %s where all is well, and all of it in a file', async (format) => {
    const well = host(['--check', 'files', '--quiet', '--format', format, '--output', `${format}=out`])
    expect([await main(well), well.out(), well.err()]).toEqual([0, '', ''])
    expect(readFileSync(join(folder, 'out'), 'utf8')).not.toBe('')
    const none = host(['--quiet', '--format', format, '--check', 'process:no-such-program'])
    expect(await main(none)).toBe(2)
    expect(none.out()).not.toBe('')
  })
})

describe('a dead man\'s switch', () => {
  const heard: string[] = []
  const listener = createHttpServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => void (body += String(chunk)))
    request.on('end', () => {
      heard.push(`${request.url ?? ''} ${body}`)
      response.end('OK')
    })
  })
  beforeEach(async () => {
    heard.length = 0
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => new Promise<void>((resolve) => void listener.close(() => resolve())))
  const url = (): string => `http://127.0.0.1:${(listener.address() as AddressInfo).port}/uuid` // it listens on a port

  it.each([
    ['the flag', () => ({ words: ['--ping', url()] })],
    ['the environment', () => ({ env: { MEDIANEST_PING_URL: url() } })],
    ['the configuration', () => ({ config: `health: { ping: "${url()}" }\n` })],
  ])('that %s names hears of the start and of the end', async (_name, given) => {
    const { words = [], env = {}, config = '' }: { words?: string[]; env?: Record<string, string>; config?: string } = given()
    writeFileSync(join(folder, 'medianest-perf.yaml'), config)
    expect(await main(host(['--check', 'files', ...words], env))).toBe(0)
    expect(heard).toEqual(['/uuid/start ', expect.stringMatching(/^\/uuid health of .*: OK\n$/)])
  })

  it('hears what is wrong, in the words of the report, and no success of a run that was broken off', async () => {
    writeFileSync(join(folder, 'medianest-perf.yaml'), 'health: { checks: [{ type: process, name: web, process: no-such-program }, { type: files, dependsOn: web }] }\n')
    expect(await main(host(['--ping', url()]))).toBe(2)
    expect(heard[1]).toMatch(/^\/uuid\/fail health of .*: CRITICAL\nCRITICAL: web: no-such-program does not run\nnot counted: files: not checked because of web\n$/)
    const broken = host(['--check', address, '--ping', url()])
    const ended = main(broken)
    await new Promise((resolve) => void silent.once('connection', resolve))
    broken.interrupt()
    expect([await ended, heard.length, heard[2]]).toEqual([130, 3, '/uuid/start '])
  })
})

it('a mistake is told as one of health, so that a comment of an earlier run is found again', async () => {
  const marked = host(['--nope', '--format', 'markdown'])
  expect(await main(marked)).toBe(64)
  expect(marked.out()).toMatch(/^<!-- medianest-perf:health -->/)
  const json = host(['--config', 'nowhere.yaml', '--format', 'json'])
  expect(await main(json)).toBe(65)
  expect(JSON.parse(json.out())).toMatchObject({ success: false, command: 'health', error: { code: 'CONFIG_MISSING' } })
})
