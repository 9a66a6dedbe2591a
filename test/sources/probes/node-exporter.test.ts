import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MetricName } from '../../../src/model/metric.ts'
import { type Look, REAL, watch } from './look.ts'

const BINARY = 'prometheus-node-exporter'
const isInstalled = spawnSync(BINARY, ['--version']).status === 0

type Scrape = ReadonlyMap<string, number>

/** Our metric, whose family it is there (`{}` stands for our tag), and by how much theirs is multiplied. */
type Row = readonly [ours: MetricName, theirs: string, factor: number]

/** Counters, and levels that change rarely: ours is read between two of theirs. */
const BETWEEN: readonly Row[] = [
  ...(['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const).map((mode): Row => [`cpu.time.${mode}`, `node_cpu_seconds_total{cpu="{}",mode="${mode}"}`, 1_000]),
  ['context_switches', 'node_context_switches_total', 1], ['tasks.started', 'node_forks_total', 1], ['interrupts', 'node_intr_total', 1],
  ['load.1', 'node_load1', 1], ['load.5', 'node_load5', 1], ['load.15', 'node_load15', 1],
  ['disk.reads', 'node_disk_reads_completed_total{device="{}"}', 1], ['disk.writes', 'node_disk_writes_completed_total{device="{}"}', 1],
  ['disk.read', 'node_disk_read_bytes_total{device="{}"}', 1], ['disk.written', 'node_disk_written_bytes_total{device="{}"}', 1],
  ['disk.time.reading', 'node_disk_read_time_seconds_total{device="{}"}', 1_000], ['disk.time.writing', 'node_disk_write_time_seconds_total{device="{}"}', 1_000],
  ['disk.time.busy', 'node_disk_io_time_seconds_total{device="{}"}', 1_000], ['disk.time.weighted', 'node_disk_io_time_weighted_seconds_total{device="{}"}', 1_000],
  ['network.received', 'node_network_receive_bytes_total{device="{}"}', 1], ['network.sent', 'node_network_transmit_bytes_total{device="{}"}', 1],
  ['network.received.packets', 'node_network_receive_packets_total{device="{}"}', 1], ['network.sent.packets', 'node_network_transmit_packets_total{device="{}"}', 1],
  ['network.receive.errors', 'node_network_receive_errs_total{device="{}"}', 1], ['network.send.errors', 'node_network_transmit_errs_total{device="{}"}', 1],
  ['network.receive.drops', 'node_network_receive_drop_total{device="{}"}', 1], ['network.send.drops', 'node_network_transmit_drop_total{device="{}"}', 1],
  ['tcp.retransmits', 'node_netstat_Tcp_RetransSegs', 1], ['tcp.segments.sent', 'node_netstat_Tcp_OutSegs', 1],
  ['memory.page_faults.major', 'node_vmstat_pgmajfault', 1], ['memory.oom_kills', 'node_vmstat_oom_kill', 1],
  ['memory.total', 'node_memory_MemTotal_bytes', 1], ['swap.total', 'node_memory_SwapTotal_bytes', 1], ['files.limit', 'node_filefd_maximum', 1],
]

/** Levels that move: how far off ours may be. */
const NEAR: readonly (readonly [...Row, tolerance: number])[] = [
  ['memory.available', 'node_memory_MemAvailable_bytes', 1, 3e8], ['memory.free', 'node_memory_MemFree_bytes', 1, 3e8], ['memory.cached', 'node_memory_Cached_bytes', 1, 1e8],
  ['memory.dirty', 'node_memory_Dirty_bytes', 1, 1e8], ['memory.slab', 'node_memory_Slab_bytes', 1, 5e7], ['memory.buffers', 'node_memory_Buffers_bytes', 1, 5e7],
  ['tasks.running', 'node_procs_running', 1, 30], ['tasks.blocked', 'node_procs_blocked', 1, 30], ['files.open', 'node_filefd_allocated', 1, 500],
  ['tcp.established', 'node_netstat_Tcp_CurrEstab', 1, 50], ['tcp.time_wait', 'node_sockstat_TCP_tw', 1, 200], ['sockets.used', 'node_sockstat_sockets_used', 1, 100],
]

describe.skipIf(!isInstalled)(`the same figures as ${BINARY} (needs it installed)`, () => {
  let exporter: ChildProcess
  let before: Scrape
  let ours: Look
  let after: Scrape

  beforeAll(async () => {
    const port = await freePort()
    exporter = spawn(BINARY, [`--web.listen-address=127.0.0.1:${port}`, '--web.disable-exporter-metrics'], { stdio: 'ignore' })
    await scrapeWhenUp(port)
    const machine = watch(REAL)
    machine.look()
    before = await scrape(port)
    ours = machine.look()
    after = await scrape(port)
    machine.close()
  })
  afterAll(async () => {
    if (exporter.exitCode !== null) return
    exporter.kill()
    await once(exporter, 'exit')
  })

  it.each(BETWEEN)('%s lies between two looks of theirs at %s', (metric, family, factor) => {
    for (const tag of tagsThere(before, family)) {
      const looks = [before, after].map((look) => (look.get(family.replace('{}', tag)) ?? Number.NaN) * factor)
      const [from, to] = [Math.min(...looks), Math.max(...looks)]
      // What has never done anything (an empty zram device, no swap) is not among ours.
      if (ours.value(metric, tag) === undefined) expect([tag, from, to]).toEqual([tag, 0, 0])
      else expect([tag, ours.value(metric, tag)]).toEqual([tag, expect.toSatisfy((value: number) => value >= from - slack(factor) && value <= to + slack(factor), `${from} to ${to}`)])
    }
  })

  it.each(NEAR)('%s is near %s', (metric, family, factor, tolerance) => {
    const theirs = (after.get(family) ?? Number.NaN) * factor
    expect(Math.abs((ours.value(metric) ?? Number.NaN) - theirs)).toBeLessThanOrEqual(tolerance)
  })

  it('pressure is the same', () => {
    const families: readonly (readonly [MetricName, string, string])[] = [
      ['pressure.some.time', 'cpu', 'node_pressure_cpu_waiting_seconds_total'], ['pressure.some.time', 'memory', 'node_pressure_memory_waiting_seconds_total'], ['pressure.full.time', 'memory', 'node_pressure_memory_stalled_seconds_total'],
      ['pressure.some.time', 'io', 'node_pressure_io_waiting_seconds_total'], ['pressure.full.time', 'io', 'node_pressure_io_stalled_seconds_total'],
    ]
    for (const [metric, resource, family] of families) {
      if (!before.has(family)) continue
      expect(ours.value(metric, resource)).toBeGreaterThanOrEqual((before.get(family) ?? Number.NaN) * 1_000 - 0.01)
      expect(ours.value(metric, resource)).toBeLessThanOrEqual((after.get(family) ?? Number.NaN) * 1_000 + 0.01)
    }
  })

  it('the machine was started when they say', () => {
    const startedAt = Date.now() - (ours.value('uptime') ?? Number.NaN)
    expect(Math.abs(startedAt - (after.get('node_boot_time_seconds') ?? Number.NaN) * 1_000)).toBeLessThan(30_000)
  })

  it('every processor and interface of theirs is among ours, and a disk', () => {
    expect(ours.tags('network.received')).toEqual(expect.arrayContaining(tagsThere(after, 'node_network_receive_bytes_total{device="{}"}')))
    expect(ours.tags('cpu.time.idle')).toEqual(['', ...tagsThere(after, 'node_cpu_seconds_total{cpu="{}",mode="idle"}')])
    expect(tagsThere(after, 'node_disk_io_now{device="{}"}')).toEqual(expect.arrayContaining(ours.tags('disk.in_flight').slice(0, 1)))
  })
})

/** Their seconds are rounded, and the kernel may take back a tick of idle time. */
const slack = (factor: number): number => (factor === 1_000 ? 20.01 : 0)

/** The tags of a family; one empty tag where it has none. */
function tagsThere(scraped: Scrape, family: string): string[] {
  if (!family.includes('{}')) return scraped.has(family) ? [''] : []
  const [head = '', tail = ''] = family.split('{}')
  return [...scraped.keys()].filter((key) => key.startsWith(head) && key.endsWith(tail)).map((key) => key.slice(head.length, key.length - tail.length))
}

async function scrape(port: number): Promise<Scrape> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return new Map(text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]))
}

async function scrapeWhenUp(port: number): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await scrape(port)
      return
    } catch (error) {
      if (tries === 100) throw error
      await wait(100)
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
