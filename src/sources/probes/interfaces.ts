import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { NetworkInterface } from '../../model/machine-look.ts'
import type { LinuxWorld } from './linux-world.ts'

/** `IFF_UP` and `IFF_LOOPBACK` of netdevice(7). */
const UP = 1
const LOOPBACK = 8

/**
 * The interfaces of this network namespace and whether they work (operstate, https://docs.kernel.org/networking/operstates.html). Drivers that do not tell
 * (tun, dummy) are up when they were switched on and have a carrier. Where no interface is a device, as in a container, those with a peer elsewhere or a
 * default route count as real. Throws Node's error where the system lists none.
 */
export function readInterfaces({ proc, sys }: Pick<LinuxWorld, 'proc' | 'sys'>): NetworkInterface[] {
  const root = `${sys}/class/net`
  const found = readdirSync(root).flatMap((name) => {
    const state = textOf(`${root}/${name}/operstate`)
    // Not all that lies there is an interface: `bonding_masters`.
    if (state === null) return []
    const flags = Number(textOf(`${root}/${name}/flags`) ?? 0)
    const isUp = state === 'unknown' ? (flags & UP) !== 0 && textOf(`${root}/${name}/carrier`) !== '0' : state === 'up'
    const hasPeer = textOf(`${root}/${name}/iflink`) !== textOf(`${root}/${name}/ifindex`)
    return [{ name, isUp, isLoopback: (flags & LOOPBACK) !== 0 || name === 'lo', isDevice: existsSync(`${root}/${name}/device`), hasPeer }]
  })
  const hasDevices = found.some(({ isDevice }) => isDevice)
  const routes = hasDevices ? new Set<string>() : defaultRoutes(proc)
  return found.map(({ name, isUp, isLoopback, isDevice, hasPeer }) => ({ name, isUp, isVirtual: isLoopback || (hasDevices ? !isDevice : !hasPeer && !routes.has(name)) }))
}

/** The interfaces that lead everywhere. */
function defaultRoutes(proc: string): Set<string> {
  const four = (textOf(`${proc}/net/route`) ?? '').matchAll(/^(\S+)\t0{8}\t.*\t0{8}\t\S+\t\S+\t\S+\s*$/gm)
  const six = (textOf(`${proc}/net/ipv6_route`) ?? '').matchAll(/^0{32} 00 .*\s(\S+)\s*$/gm)
  // The kernel has a route to nowhere on `lo`.
  return new Set([...four, ...six].map(([, name = '']) => name).filter((name) => name !== 'lo'))
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}
