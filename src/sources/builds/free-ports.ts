import { createServer, type AddressInfo, type Server } from 'node:net'

/** So many different ports of the loopback address that nobody listens at now. */
export async function freePorts(count: number): Promise<number[]> {
  // All are held until the last is known, so that none comes twice.
  const servers = await Promise.all(Array.from({ length: count }, listen))
  const ports = servers.map((server) => (server.address() as AddressInfo).port) // a TCP server that listens has one
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))))
  return ports
}

function listen(): Promise<Server> {
  return new Promise((ready, failed) => {
    const server = createServer()
    server.once('error', failed)
    server.listen(0, '127.0.0.1', () => ready(server))
  })
}
