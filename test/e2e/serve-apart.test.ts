import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import type * as net from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { programAt } from './program-at.ts'
import { knownToken, runBuilt, serveBuilt, startBuilt, until, type Running, type Served } from './served.ts'

const ip = programAt('ip')
const tc = programAt('tc')
const mark = `mnp${process.pid}`
/** Where the instance is, and where who asks it is. */
const [FAR, NEAR] = [`${mark}far`, `${mark}near`]
/** Of the net for documentation (RFC 5737): seen by nobody but these two. */
const [FAR_ADDRESS, NEAR_ADDRESS] = ['192.0.2.1', '192.0.2.2']
const admin = knownToken('admin')
const inside = (name: string): string[] => [ip ?? '', 'netns', 'exec', name]

function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { stdio: 'pipe', timeout: 10_000 })
}

/** Whether namespaces may be made here; nothing is left of the attempt. */
function mayConnect(): boolean {
  const probe = `${mark}probe`
  const isMade = ip !== undefined && spawnSync(ip, ['netns', 'add', probe], { stdio: 'ignore' }).status === 0
  const mayUse = isMade && spawnSync(ip, ['-n', probe, 'link', 'add', 'cable', 'type', 'veth', 'peer', 'name', 'other'], { stdio: 'ignore' }).status === 0
  if (isMade) spawnSync(ip, ['netns', 'delete', probe], { stdio: 'ignore' })
  return mayUse
}

/** Two network namespaces with a cable between them; what ends them. They, and what runs in them, end with this process too, however it does: then the input of whoever takes them down is over. */
function connectBoth(): () => Promise<void> {
  const end = spawn('/bin/sh', ['-c', `cat > /dev/null; for name in ${FAR} ${NEAR}; do kill $("$0" netns pids $name); "$0" netns delete $name; done`, ip ?? ''], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  for (const name of [FAR, NEAR]) run(ip ?? '', 'netns', 'add', name)
  run(ip ?? '', '-n', FAR, 'link', 'add', 'cable', 'type', 'veth', 'peer', 'name', 'cable', 'netns', NEAR)
  for (const [name, address] of [[FAR, FAR_ADDRESS], [NEAR, NEAR_ADDRESS]] as const) {
    run(ip ?? '', '-n', name, 'address', 'add', `${address}/24`, 'dev', 'cable')
    for (const device of ['lo', 'cable']) run(ip ?? '', '-n', name, 'link', 'set', device, 'up')
  }
  return async () => {
    end.stdin.end()
    await once(end, 'exit')
  }
}

/** Lets the kernel delay and lose packets both ways; false where it knows no netem. */
function slowCable(): boolean {
  return tc !== undefined && [FAR, NEAR].every((name) => spawnSync(ip ?? '', ['netns', 'exec', name, tc, 'qdisc', 'add', 'dev', 'cable', 'root', 'netem', 'delay', '80ms', '20ms', 'loss', '1%'], { stdio: 'ignore' }).status === 0)
}

/**
 * A relay of TCP beside who asks: what netem would do, where the kernel has none. Each direction is 80 to 120 ms late, in order, and stands still now and then for
 * 1 to 2 s, as TCP does while it sends again what was lost. Runs in a process of its own; it may use nothing from outside itself.
 */
function relay(to: string): void {
  /* eslint-disable @typescript-eslint/no-require-imports -- this text is evaluated as a script of its own */
  const { connect, createServer } = require('node:net') as typeof net
  // Made up the same way each time.
  let seed = 1
  const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647
  const pass = (from: net.Socket, other: net.Socket): void => {
    let due = 0
    const later = (then: () => void): void => {
      const stall = random() < 0.05 ? 1_000 + random() * 1_000 : 0
      due = Math.max(due, Date.now() + 80 + random() * 40 + stall)
      setTimeout(then, due - Date.now())
    }
    from.on('data', (bytes) => later(() => other.write(bytes))).on('end', () => later(() => other.end())).on('error', () => other.destroy()).on('close', () => later(() => other.destroy()))
  }
  const [host = '', port] = to.split(' ')
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ host, port: Number(port), allowHalfOpen: true })
    pass(near, far)
    pass(far, near)
  })
  server.listen(0, '127.0.0.1', () => console.log((server.address() as net.AddressInfo).port))
  process.stdin.on('end', () => process.exit()).resume()
}

describe.skipIf(process.platform !== 'linux' || !mayConnect())('serve and who asks it, in two network namespaces (needs ip netns and the right to make some)', () => {
  let served: Served
  let url: string
  let stopRelay: () => void = () => undefined
  let disconnect: (() => Promise<void>) | undefined

  beforeAll(async () => {
    disconnect = connectBoth()
    const isSlow = slowCable()
    served = await serveBuilt({ serve: { tokens: [admin.entry] }, collect: { interval: '1s' } }, { by: inside(FAR), flags: ['--host', FAR_ADDRESS], env: { PERFORMANCE_LOG_LEVEL: 'debug' } })
    url = served.url
    if (isSlow) return
    const [command = '', ...words] = inside(NEAR)
    const child = spawn(command, [...words, process.execPath, '-e', `(${relay.toString()})(${JSON.stringify(`${FAR_ADDRESS} ${served.port}`)})`], { stdio: ['pipe', 'pipe', 'inherit'] })
    stopRelay = () => child.stdin.end()
    url = `http://127.0.0.1:${String((await once(createInterface({ input: child.stdout }), 'line'))[0])}`
  })
  afterAll(async () => {
    stopRelay()
    try {
      expect(await served?.stop()).toBe(0)
    } finally {
      await disconnect?.()
    }
  })

  const start = (...words: readonly string[]): Running => startBuilt([...words, '--url', url], { by: inside(NEAR), env: { MEDIANEST_TOKEN: admin.token } })

  it('is bound to an address of its own, with tokens and not without', async () => {
    expect(served.url).toBe(`http://${FAR_ADDRESS}:${served.port}`)
    const without = await runBuilt(['serve', '--port', '0', '--host', FAR_ADDRESS], { by: inside(FAR) })
    expect([without.code, without.err]).toEqual([65, expect.stringContaining(`${FAR_ADDRESS} can be reached from other machines`)])
    const stranger = await runBuilt(['metrics', '--url', url], { by: inside(NEAR) })
    expect([stranger.code, stranger.err]).toEqual([65, expect.stringContaining('a token is needed')])
  })

  it.each([
    ['metrics', ['metrics', '--format', 'json']],
    ['health', ['health', '--format', 'json']],
    ['top --once', ['top', '--once', '--format', 'json']],
  ])('answers %s over a line that is slow and stands still at times', async (command, words) => {
    const { code, out, err } = await start(...words).ended
    expect(JSON.parse(out), err).toMatchObject({ success: true, command: command.split(' ')[0] })
    expect(code).toBeLessThan(3)
  })

  it('brings every second over its stream', async () => {
    const { code, out, err } = await start('top', '--format', 'ndjson', '--count', '6', '--interval', '1s').ended
    expect(code, err).toBe(0)
    expect(out.trimEnd().split('\n')).toHaveLength(6)
  })

  it('is lost while the line is cut, and come back to with what was missed', async () => {
    // Straight over the cable: that is what is cut.
    const watching = startBuilt(['top', '--format', 'ndjson', '--interval', '1s', '--url', served.url], { by: inside(NEAR), env: { MEDIANEST_TOKEN: admin.token } })
    const told = (): number[] => watching.out().split('\n').slice(0, -1).map((line) => Date.parse((JSON.parse(line) as { data: { timestamp: string } }).data.timestamp))
    await until(() => told().length >= 3, told)
    run(ip ?? '', '-n', NEAR, 'link', 'set', 'cable', 'down')
    const [ended, atCut] = [served.said().split('metrics/real-time').length, told().length]
    // What lasts less than 15 s TCP brings through by itself.
    await pause(16_500)
    const before = told().length
    run(ip ?? '', '-n', NEAR, 'link', 'set', 'cable', 'up')
    await until(() => told().length >= before + 18, told)
    // The log tells of a stream when it has ended: this was the first one, which another has followed.
    expect(served.said().split('metrics/real-time').length).toBe(ended + 1)
    watching.kill('SIGINT')
    const { code, err } = await watching.ended
    expect(code, err).toBe(0)
    expect(before - atCut).toBeLessThan(3)
    const since = told().slice(atCut - 1)
    const gaps = since.slice(1).map((at, index) => at - (since[index] ?? 0))
    expect(Math.max(...gaps), JSON.stringify(gaps)).toBeLessThan(2_500)
  })
})
