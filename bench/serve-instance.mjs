// The built `medianest-perf serve` in a process of its own, with what it costs.
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { request, Agent } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { end, start } from './process.mjs'
import { freePort } from './server.mjs'
import { quantile } from './table.mjs'
import { memoryOf, processorMs } from './tree.mjs'

const PRODUCT = new URL('../bin/medianest-perf.js', import.meta.url).pathname
/** Of the built program; zones would give up what is to be measured on a machine that is full of clients. */
const ENV = ['ENABLE_ADAPTIVE_INTERVALS=false', 'PERFORMANCE_LOG_LEVEL=error']

/** Starts it; `cost()` is what it spent so far and what it holds now, `looks()` how often the machine was looked at. */
export async function startInstance({ folder, sources = null, maxStreams }) {
  const config = join(await mkdtemp(join(folder, 'serve-')), 'medianest-perf.yaml')
  await writeFile(config, JSON.stringify({ serve: { rateLimit: 'off', ...(maxStreams === undefined ? {} : { maxStreams }) }, ...(sources === null ? {} : { collect: { sources } }) }))
  const port = await freePort()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const get = (path) => new Promise((done, failed) => {
    request({ host: '127.0.0.1', port, path, agent }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (more) => (text += more)).once('end', () => done(text)).once('error', failed)
    }).once('error', failed).end()
  })
  const began = performance.now()
  const child = start('server', ['env', ...ENV, process.execPath, ...(process.env.BENCH_NODE ?? '').split(' ').filter(Boolean), PRODUCT, 'serve', '--port', String(port), '--config', config])
  let said = ''
  child.stdout.resume()
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-2_000)))
  while (!(await get('/health/live').then(() => true, () => false))) {
    if (child.exitCode !== null || performance.now() - began > 20_000) throw new Error(`serve does not answer: ${said}`)
    await pause(2)
  }
  const startMs = performance.now() - began
  const { ms: startCpuMs } = await processorMs(child.pid)
  // The look at one's own figures costs too: it is taken seldom.
  const figure = async (name) => Number(new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (\\S+)`, 'm').exec(await get('/api/v1/performance/prometheus'))?.[1])
  const cost = async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
    const [{ ms }, { rssMB, pssMB }, files] = await Promise.all([processorMs(child.pid), memoryOf(child.pid), readdir(`/proc/${child.pid}/fd`)])
    return { at: performance.now(), cpuMs: ms, rssMB, pssMB, peakMB: (Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) * 1_024) / 1e6, files: files.length, threads: Number(/Threads:\s+(\d+)/.exec(status)?.[1]) }
  }
  return {
    port, pid: child.pid, startMs, startCpuMs, cost, get,
    looks: () => figure('medianest_coordinator_source_collections_total{source="system"}'),
    until: async (isThere, mostMs = 20_000) => {
      for (const late = performance.now() + mostMs; performance.now() < late; await pause(200)) if (isThere({ streams: await figure('medianest_api_streams'), ...(await cost()) })) return true
      return false
    },
    answersMs: async (count) => {
      const all = []
      for (let nth = 0; nth < count; nth++) {
        const since = performance.now()
        await get('/api/v1/performance/metrics')
        all.push(performance.now() - since)
      }
      return { p99: quantile(all, 0.99) }
    },
    stop: async () => {
      agent.destroy()
      await end(child)
    },
  }
}
