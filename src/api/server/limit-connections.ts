import { BlockList, isIP, type Server } from 'node:net'
import { networkOf } from './failed-attempts.ts'
import { isLoopback } from './loopback.ts'

/** Leaves places for others, however many connections one address opens; this machine, and proxies that are trusted, speak for many. */
export function limitConnections(server: Server, { most, trusted }: { readonly most: number; readonly trusted: readonly string[] }): void {
  const proxies = listOf(trusted)
  const taken = new Map<string, number>()
  server.on('connection', (socket) => {
    const address = socket.remoteAddress?.replace(/^::ffff:/, '') ?? ''
    if (isIP(address) === 0 || isLoopback(address) || proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')) return
    const network = networkOf(address)
    const now = (taken.get(network) ?? 0) + 1
    if (now > most) return void socket.destroy()
    taken.set(network, now)
    socket.once('close', () => {
      const left = (taken.get(network) ?? 1) - 1
      if (left > 0) taken.set(network, left)
      else taken.delete(network)
    })
  })
}

function listOf(trusted: readonly string[]): BlockList {
  const list = new BlockList()
  for (const each of trusted) {
    const [address = '', bits] = each.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}
