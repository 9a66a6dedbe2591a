// Closed loop: 50 connections, each asking again when it is answered; what a request costs the client.
import { measure } from './process.mjs'
import { startNginx } from './server.mjs'
import { fixed, median, spread, table } from './table.mjs'

/** Alternating rounds (A B C, C B A, ...), so that what else the machine does meets everyone alike. */
export async function closedLoop({ clients, nginx, seconds, rounds, folder, tell }) {
  const server = await startNginx(nginx, folder)
  const runs = new Map(clients.map((client) => [client, []]))
  try {
    for (let round = 0; round < rounds; round++) {
      for (const client of round % 2 === 0 ? clients : clients.toReversed()) {
        const before = await server.served()
        const command = await client.closed(client.found, { url: server.url, seconds, folder })
        const { output, ...cost } = await measure(command, seconds + 30)
        const requests = client.requests(output)
        const served = (await server.served()) - before
        // The server may have answered one more on every connection than the client waited for.
        if (!(Math.abs(served - requests) <= 100 + served * 0.001)) throw new Error(`${client.name} reports ${requests} requests, nginx answered ${served}: ${output.slice(0, 500)}`)
        runs.get(client).push({ ...cost, perCpu: requests / cost.cpuSeconds, rate: requests / seconds })
        tell(`closed loop, round ${round + 1}: ${client.name} ${fixed(requests / cost.cpuSeconds)} requests per CPU second`)
      }
    }
  } finally {
    await server.stop()
  }
  const [first] = clients
  const base = median(runs.get(first).map(({ perCpu }) => perCpu))
  const rows = clients.map((client) => {
    const values = (key) => runs.get(client).map((run) => run[key])
    const ratio = base / median(values('perCpu'))
    return [`${client.name} ${client.found.version}`, spread(values('perCpu')), client === first ? '' : `${fixed(ratio, 2)}x`, fixed(median(values('rate'))), fixed(median(values('memoryMB')))]
  })
  return [
    `Closed loop: 50 connections, ${seconds} s, ${rounds} rounds, nginx with one worker and a reply of 200 bytes.`,
    table(['client', 'requests per CPU second, median [min..max]', `${first.name} / this`, 'requests/s', 'peak RSS, MB'], rows),
  ]
}
