// Start-up: what it takes to say something, against Node.js that says nothing.
import { measure } from './process.mjs'
import { fixed, median, table } from './table.mjs'

export async function startUp({ product, times, tell }) {
  const commands = { 'node -e 0': ['-e', '0'], 'medianest-perf --version': [product, '--version'], 'medianest-perf --help': [product, '--help'] }
  const taken = Object.fromEntries(Object.keys(commands).map((name) => [name, []]))
  for (let time = 0; time < times; time++) {
    for (const [name, args] of Object.entries(commands)) taken[name].push((await measure([process.execPath, ...args], 30)).seconds * 1_000)
  }
  tell(`start-up, ${times} times each`)
  const base = median(taken['node -e 0'])
  const rows = Object.entries(taken).map(([name, values]) => [name, fixed(median(values)), values === taken['node -e 0'] ? '' : `+${fixed(median(values) - base)}`])
  return [`Start-up: ${times} alternating runs.`, table(['command', 'median, ms', 'beyond Node.js, ms'], rows)]
}
