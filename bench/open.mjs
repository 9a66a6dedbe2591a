// Open loop: a rate the server cannot change; whether requests arrive when they should.
import { measure } from './process.mjs'
import { startDemo } from './server.mjs'
import { fixed, median, quantile, table } from './table.mjs'

export async function openLoop({ clients, product, rates, seconds, folder, tell }) {
  const rows = []
  for (const rate of rates) {
    for (const client of clients) {
      const server = await startDemo(product)
      try {
        const command = await client.open(client.found, { url: server.url, rate, seconds, folder })
        const { cpuSeconds } = await measure(command, seconds + 30)
        const told = pace(await server.arrivals(), rate, seconds)
        rows.push([`${client.name} ${client.found.version}`, fixed(rate), ...told, fixed(cpuSeconds, 2)])
        tell(`open loop, ${rate}/s: ${client.name} reached ${told[0]}`)
      } finally {
        await server.stop()
      }
    }
  }
  return [
    `Open loop: ${seconds} s against a server that takes 10 ms; arrivals as the server saw them.`,
    table(['client', 'asked, 1/s', 'reached', 'due time error, ms: median', 'p99', 's.d. of gaps, ms', 'in the first 100 ms of a second', 'client CPU s'], rows),
  ]
}

/** How well arrivals keep to a grid of `rate` per second that is laid through their middle. */
function pace(arrivals, rate, seconds) {
  const gap = 1_000 / rate
  const late = arrivals.map((at, index) => at - index * gap)
  const offset = median(late)
  const errors = late.map((each) => Math.abs(each - offset))
  const gaps = arrivals.slice(1).map((at, index) => at - arrivals[index])
  const deviation = Math.sqrt(gaps.reduce((sum, each) => sum + (each - gap) ** 2, 0) / gaps.length)
  const early = arrivals.filter((at) => (at - arrivals[0]) % 1_000 < 100).length
  return [`${fixed((arrivals.length / (rate * seconds)) * 100, 1)} %`, fixed(median(errors), 2), fixed(quantile(errors, 0.99), 2), fixed(deviation, 2), `${fixed((early / arrivals.length) * 100)} %`]
}
