import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { readInterfaces } from '../../../src/sources/probes/interfaces.ts'

const undo: (() => void)[] = []
afterEach(() => {
  for (const each of undo.splice(0)) each()
})

interface Made { readonly state?: string; readonly flags?: string; readonly carrier?: string; readonly link?: number; readonly index?: number; readonly device?: boolean }

/** Names with a `!` are virtual, with a `-` down. */
function read(interfaces: Readonly<Record<string, Made>>, routes: Readonly<Record<string, string>> = {}): string[] {
  const root = mkdtempSync(join(tmpdir(), 'interfaces-'))
  undo.push(() => rmSync(root, { recursive: true }))
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  for (const [name, { state = 'up', flags = '0x1003', carrier = '1', index = 2, link = index, device = false }] of Object.entries(interfaces)) {
    const at = `sys/class/net/${name}`
    write(`${at}/operstate`, `${state}\n`)
    write(`${at}/flags`, `${flags}\n`)
    if (carrier !== '') write(`${at}/carrier`, `${carrier}\n`)
    write(`${at}/ifindex`, `${index}\n`)
    write(`${at}/iflink`, `${link}\n`)
    if (device) write(`${at}/device/uevent`, '')
  }
  write('sys/class/net/bonding_masters', 'bond0')
  for (const [name, text] of Object.entries(routes)) write(`proc/net/${name}`, text)
  return readInterfaces({ proc: join(root, 'proc'), sys: join(root, 'sys') }).map(({ name, isUp, isVirtual }) => `${name}${isUp ? '' : '-'}${isVirtual ? '!' : ''}`).sort()
}

const LO: Made = { state: 'unknown', flags: '0x9', index: 1 }
const ROUTE = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\nvenet0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0      \nbr1\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0      \n'

describe('interfaces', () => {
  it('of a server are its devices; bridges, tunnels and ends of containers are virtual', () => {
    expect(read({ lo: LO, eth0: { device: true }, wlan0: { device: true, state: 'down', carrier: '' }, docker0: { state: 'down' }, veth1: { link: 7 }, wg0: { state: 'unknown', flags: '0x91' } })).toEqual(['docker0-!', 'eth0', 'lo!', 'veth1!', 'wg0!', 'wlan0-'])
  })

  it('of a container are real where they have a peer outside', () => {
    expect(read({ lo: LO, eth0: { link: 7 }, dummy0: {} })).toEqual(['dummy0!', 'eth0', 'lo!'])
  })

  it('of a container without a peer are real where the default route leads', () => {
    expect(read({ lo: LO, venet0: { state: 'unknown' }, br1: {} }, { route: ROUTE })).toEqual(['br1!', 'lo!', 'venet0'])
    expect(read({ lo: LO, tap0: {} }, { ipv6_route: `${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 fd000000000000000000000000000001 00000400 00000002 00000000 00000003     tap0\n` })).toEqual(['lo!', 'tap0'])
  })

  it.each([
    ['unknown', '0x1', '1', 'x'],
    ['unknown', '0x1', '', 'x'],
    ['unknown', '0x1', '0', 'x-'],
    ['unknown', '0x0', '1', 'x-'],
    ['dormant', '0x1', '1', 'x-'],
    ['lowerlayerdown', '0x1', '1', 'x-'],
  ])('in state %s with flags %s and carrier "%s"', (state, flags, carrier, expected) => expect(read({ x: { device: true, state, flags, carrier } })).toEqual([expected]))

  it.runIf(process.platform === 'linux')('of this machine include those Node knows to be up', () => {
    const found = readInterfaces({ proc: '/proc', sys: '/sys' })
    for (const name of Object.keys(networkInterfaces())) expect(found.find((each) => each.name === name)).toMatchObject({ isUp: true })
  })
})
