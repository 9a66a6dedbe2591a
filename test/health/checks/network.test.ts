import { describe, expect, it } from 'vitest'
import { look } from '../../../src/health/checks/network.ts'
import { machine, run, said } from './system-world.ts'

const of = (...interfaces: readonly (readonly [name: string, isUp: boolean, isVirtual?: boolean])[]) => machine({}, { interfaces: interfaces.map(([name, isUp, isVirtual = false]) => ({ name, isUp, isVirtual })) })
const LOOPBACK = ['lo', true, true] as const

describe('the network', () => {
  it('is fine as long as one real interface is up, and names those that are not', async () => {
    const { verdict, message, details } = await run(look, { type: 'network' }, of(LOOPBACK, ['eth0', true], ['wlan0', false]))
    expect([verdict, message]).toEqual(['ok', 'eth0 up; wlan0 down'])
    expect(details).toEqual({ interfaces: { eth0: 'up', wlan0: 'down' } })
  })

  it('fails where no real interface is up, whatever bridges say', async () => {
    const outcome = await run(look, { type: 'network' }, of(LOOPBACK, ['docker0', true, true], ['eth0', false]))
    expect(outcome).toMatchObject({ verdict: 'fail', message: 'no interface is up: eth0 down' })
    expect(outcome.recommendation).toMatch(/ip link set eth0 up/)
  })

  it('wants every interface that is named, virtual or not', async () => {
    const three = of(['eth0', true], ['eth1', false], ['wg0', true, true])
    expect(await said(look, { type: 'network', interfaces: ['eth0', 'wg0'] }, three)).toBe('ok: eth0, wg0 up; eth1 down')
    expect(await said(look, { type: 'network', interfaces: ['eth0', 'eth1', 'eth7'] }, three)).toBe('fail: eth1 is down; eth7 is not there')
  })

  it('is nothing to look at where there is only the loopback, unless one is named', async () => {
    expect(await look({ type: 'network' }, { world: of(LOOPBACK), signal: new AbortController().signal, timeoutMs: 1_000 })).toBeNull()
    expect(await said(look, { type: 'network', interfaces: 'eth0' }, of(LOOPBACK))).toBe('fail: eth0 is not there')
  })

  it('is unknown where the system does not list its interfaces', async () => {
    expect(await said(look, { type: 'network' }, machine({}, { failures: new Map([['network', 'ENOENT: no such file']]) }))).toMatch(/^unknown: the state of the interfaces could not be told: ENOENT/)
  })

  it('does not hand a name with control characters to a terminal', async () => {
    expect(await said(look, { type: 'network' }, of(['eth0\u001b[2J', true]))).not.toContain('\u001b')
  })
})
