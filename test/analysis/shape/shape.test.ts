import { describe, expect, it } from 'vitest'
import { applicationShape } from '../../../src/analysis/shape/application-shape.ts'
import { bandwidthText, throughputText } from '../../../src/analysis/shape/figure.ts'
import { metricsShape } from '../../../src/analysis/shape/metrics-shape.ts'
import { narrow } from '../../../src/analysis/shape/narrow.ts'
import { resourcesShape } from '../../../src/analysis/shape/resources-shape.ts'
import { FACTS, processOf, samplesOf, snapshotOf, type Values } from '../../samples.ts'
import type { Topic } from '../../../src/contract/question-words.ts'

const MACHINE: Values = {
  'cpu.usage': 0.345, 'cpu.busy': { '': 0.345, 0: 0.4, 1: 0.29 }, 'cpu.user': { '': 0.2 }, 'cpu.cores': 8, 'load.1': 1.2, 'load.5': 1.1, 'load.15': 0.9, uptime: 1_234_567_000,
  'memory.total': 17_179_869_184, 'memory.free': 1_000_000_000, 'memory.available': 8_589_934_592, 'memory.used': 8_589_934_592, 'memory.usage': 0.5, 'memory.buffers': 1_073_741_824, 'memory.cached': 2_147_483_648, 'swap.total': 4_294_967_296, 'swap.used': 0,
  'filesystem.size': { '/data': 2e12, '/': 1_099_511_627_776 }, 'filesystem.used': { '/data': 1e12, '/': 549_755_813_888 }, 'filesystem.available': { '/data': 1e12, '/': 549_755_813_888 }, 'filesystem.usage': { '/data': 0.5, '/': 0.5 },
  'disk.reads': { vda: 1_000, vdb: 250, 'dm-0': 1_250 }, 'disk.writes': { vda: 450, vdb: 0, 'dm-0': 450 }, 'disk.read': { vda: 1e9 }, 'disk.written': { vda: 5e8 },
  'disk.reads.rate': { vda: 100, vdb: 25, 'dm-0': 125 }, 'disk.writes.rate': { vda: 89, vdb: 0 }, 'disk.read.rate': { vda: 15_000_000, vdb: 200_000, 'dm-0': 15_200_000 }, 'disk.write.rate': { vda: 8_700_000 },
  'network.received': { lo: 9e9, eth0: 1_234_567_890, veth1: 5 }, 'network.sent': { lo: 9e9, eth0: 987_654_321 }, 'network.received.packets': { lo: 1, eth0: 9_876_543 }, 'network.sent.packets': { lo: 1, eth0: 6_543_210 },
  'network.receive.errors': { lo: 0, eth0: 2 }, 'network.send.errors': { lo: 0, eth0: 1 }, 'network.receive.drops': { lo: 0, eth0: 0 }, 'network.send.drops': { lo: 0, eth0: 0 },
  'network.receive.rate': { lo: 1e9, eth0: 15_675_000, veth1: 15_675_000 }, 'network.send.rate': { lo: 1e9, eth0: 11_150_000 }, 'network.virtual': { lo: 1, eth0: 0, veth1: 1 },
  'pressure.some': { cpu: 0.124 }, 'tcp.established': 812, 'clock.synchronized': 1, 'probe.success': { cpu: 1, disk: 0 }, 'probe.duration': { cpu: 0.2 },
}
const APPLICATION: Values = {
  'api.request_rate': 0.75, 'api.duration.avg': 234, 'api.duration.p50': 95.1, 'api.duration.p95': 456, 'api.duration.p99': 789, 'api.errors': 0.02, 'api.connections': 12,
  'db.pool.size': 20, 'db.pool.active': 8, 'db.pool.waiting': 0, 'db.pool.usage': 0.455, 'db.query.avg': 25, 'db.query.slow': 2, 'db.cache.hits': 0.852,
  'cache.hit_rate': 0.85, 'cache.memory': 128_000_000, 'cache.keys': 1_245, 'cache.evictions': 12, 'cache.operations.rate': 1_250, 'heap.used': 256_000_000, 'heap.total': 512_000_000,
  'jobs.active': { sync: 3 }, 'jobs.waiting': { sync: 12 }, 'jobs.completed': { sync: 4_567 }, 'jobs.failed': { sync: 23 }, 'jobs.duration.avg': { sync: 45_200 },
}
const LISTS = { endpoints: [{ method: 'GET', path: '/api/v1/media/search', count: 125, avgMs: 450, errors: 0.003 }], queries: [{ query: 'SELECT 1', count: 234, avgMs: 145.3 }] }
const looks = { intervalMs: 1_000, count: 1, nextAt: null }
const shape = (values: Values, topics?: readonly Topic[]) => metricsShape(snapshotOf(values, { application: values['api.errors'] === undefined ? null : LISTS }), FACTS, looks, topics)

/** Every path of a documented answer: `a.b`, and `a[].b` for lists. */
function missing(shape: unknown, paths: string): string[] {
  const at = (value: unknown, steps: readonly string[]): unknown => steps.reduce((each, step) => (step === '[]' ? (each as unknown[])?.[0] : (each as Record<string, unknown> | null | undefined)?.[step]), value)
  return paths.trim().split(/\s+/).filter((path) => at(shape, path.replaceAll('[]', '.[]').split('.')) === undefined)
}

describe('the shape of metrics', () => {
  it('has every field of both documented answers', () => {
    const { data, meta } = shape({ ...MACHINE, ...APPLICATION })
    expect(missing(data, `
      system.hostname system.platform system.arch system.nodeVersion system.uptime
      metrics.cpu.usage metrics.cpu.loadAverage[] metrics.cpu.cores metrics.cpu.model metrics.cpu.history
      metrics.memory.total metrics.memory.free metrics.memory.used metrics.memory.usage metrics.memory.buffers metrics.memory.cached metrics.memory.swapTotal metrics.memory.swapUsed metrics.memory.history
      metrics.disk.total metrics.disk.free metrics.disk.used metrics.disk.usage metrics.disk.iops.read metrics.disk.iops.write metrics.disk.throughput.read metrics.disk.throughput.write
      metrics.network.interfaces.eth0.rx.bytes metrics.network.interfaces.eth0.rx.packets metrics.network.interfaces.eth0.rx.errors metrics.network.interfaces.eth0.rx.dropped
      metrics.network.interfaces.eth0.tx.bytes metrics.network.interfaces.eth0.tx.packets metrics.network.interfaces.eth0.tx.errors metrics.network.interfaces.eth0.tx.dropped
      metrics.network.totalBandwidth.rx metrics.network.totalBandwidth.tx`)).toEqual([])
    expect(missing(data, `
      timestamp api.requestsPerMinute api.averageResponseTime api.p95ResponseTime api.p99ResponseTime api.errorRate api.activeConnections api.slowestEndpoints[].path api.slowestEndpoints[].averageTime api.slowestEndpoints[].count
      database.averageQueryTime database.slowQueries database.connectionPoolUsage database.activeConnections database.queryStats.selects database.queryStats.inserts database.queryStats.updates database.queryStats.deletes
      system.cpu.usage system.cpu.cores system.cpu.loadAverage[] system.memory.total system.memory.used system.memory.free system.memory.percentage system.memory.heapUsed system.memory.heapTotal
      system.disk.total system.disk.used system.disk.free system.disk.percentage
      cache.hitRate cache.totalKeys cache.memoryUsage cache.evictions cache.operations.gets cache.operations.sets cache.operations.deletes`)).toEqual([])
    expect(missing(meta, 'timeRange interval dataPoints nextUpdate')).toEqual([])
  })

  it('has the documented units: percent, bytes, seconds, milliseconds, shares where shares are documented', () => {
    const { data } = shape({ ...MACHINE, ...APPLICATION })
    expect(data).toMatchObject({
      timestamp: '2026-03-01T12:00:00.000Z',
      system: { hostname: 'web-01', platform: 'linux', arch: 'x64', nodeVersion: '20.19.0', uptime: 1_234_567, cpu: { usage: 34.5, cores: 8, loadAverage: [1.2, 1.1, 0.9] }, memory: { percentage: 50, heapUsed: 256_000_000 }, disk: { percentage: 50 } },
      metrics: {
        cpu: { usage: 34.5, model: 'Intel(R) Core(TM) i7-9700K', perCore: [{ cpu: '0', usage: 40 }, { cpu: '1', usage: 29 }] },
        memory: { total: 17_179_869_184, free: 8_589_934_592, used: 8_589_934_592, usage: 50 },
        disk: { total: 1_099_511_627_776, mountpoint: '/', iops: { read: 125, write: 89 }, throughput: { read: '15.2 MB/s', write: '8.7 MB/s', readBytesPerSecond: 15_200_000, writeBytesPerSecond: 8_700_000 } },
        network: { interfaces: { eth0: { rx: { bytes: 1_234_567_890, packets: 9_876_543, errors: 2, dropped: 0 } } }, totalBandwidth: { rx: '125.4 Mbps', tx: '89.2 Mbps', rxBytesPerSecond: 15_675_000 } },
      },
      api: { requestsPerMinute: 45, averageResponseTime: 234, errorRate: 0.02 }, database: { connectionPoolUsage: 45.5 }, cache: { hitRate: 0.85, memoryUsage: '128 MB', memoryUsageBytes: 128_000_000 },
      pressure: { cpu: { some: { avg10: 12.4, avg60: null } } }, tcp: { established: 812 }, clock: { synchronized: true }, probes: [{ name: 'cpu', success: true, durationMs: 0.2 }, { name: 'disk', success: false, durationMs: null }], cgroup: null,
    })
  })

  it('says null for what is not known, and why where a whole part is missing', () => {
    const { data } = shape({})
    expect(data).toMatchObject({
      system: { uptime: null, cpu: { usage: null, cores: 8, loadAverage: [null, null, null] }, memory: { total: null, heapUsed: null } },
      metrics: { cpu: { usage: null, history: [] }, disk: { total: null, throughput: { read: null, readBytesPerSecond: null } }, network: { interfaces: {}, totalBandwidth: { rx: null } } },
      api: null, database: null, cache: null, pressure: null, filesystems: [],
      notMeasured: { api: expect.stringContaining('not measured here'), database: expect.any(String), cache: expect.any(String) },
    })
    expect(JSON.stringify(data)).not.toMatch(/NaN|n\/a|undefined/)
  })

  it('tells the truth in a container: its own memory and processors, and the host\'s beside them', () => {
    const { data } = shape({ ...MACHINE, 'cpu.usage': 0.9, 'cgroup.cpu.limit': 2, 'memory.usage': 0.71, 'cgroup.memory.limit': 512_000_000, 'cgroup.memory.used': 363_000_000, 'cgroup.memory.usage': 0.71 })
    expect(data.metrics).toMatchObject({
      cpu: { usage: 90, cores: 8, limit: 2, host: { usage: 34.5 } },
      memory: { total: 512_000_000, used: 363_000_000, free: 149_000_000, usage: 71, host: { total: 17_179_869_184, used: 8_589_934_592, free: 8_589_934_592, usage: 50 } },
    })
    expect(data.system).toMatchObject({ memory: { total: 512_000_000, percentage: 71 } })
    expect(data.cgroup).toMatchObject({ memory: { limit: 512_000_000 }, cpu: { limit: 2, throttled: null } })
  })

  it('takes a limit above the memory of the machine for none', () => {
    expect(shape({ ...MACHINE, 'cgroup.memory.limit': 2 ** 62, 'cgroup.memory.used': 1 }).data.metrics.memory).toMatchObject({ total: 17_179_869_184, usage: 50 })
  })

  it('keeps hostile names as they are, and apart from the language\'s own', () => {
    const { data } = shape({ 'network.received': Object.fromEntries([['__proto__', 1], ['constructor', 2]]), 'filesystem.size': { constructor: 5 } })
    expect(Object.keys(data.metrics.network?.interfaces ?? {})).toContain('constructor')
    expect(data.filesystems).toMatchObject([{ mountpoint: 'constructor', device: null }])
  })

  it('holds only the parts that are asked for', () => {
    const { data } = shape(MACHINE, ['cpu'])
    expect(Object.keys(data.metrics)).toEqual(['cpu'])
    expect(data.system).toHaveProperty('cpu')
    expect(data.system).not.toHaveProperty('memory')
  })
})

describe('the shape of resources', () => {
  const snapshot = snapshotOf({ ...MACHINE, ...APPLICATION }, { processes: { at: 0, total: 300, rows: [processOf(1, 'idle', { cpu: Number.NaN }), processOf(1234, 'node')] } })

  it('has every documented field, in its unit', () => {
    const data = resourcesShape(snapshot)
    expect(missing(data, `
      timestamp processes[].name processes[].pid processes[].cpu processes[].memory processes[].uptime network.bytesReceived network.bytesSent network.packetsReceived network.packetsSent network.errors
      storage.reads storage.writes storage.readBytes storage.writeBytes storage.iops connections.database connections.redis connections.websocket connections.http`)).toEqual([])
    expect(data).toMatchObject({
      processes: [{ name: 'node', pid: 1234, cpu: 15.5, memory: 256_000_000, uptime: 3_600 }, { name: 'idle', cpu: null }],
      network: { bytesReceived: 1_234_567_890, bytesSent: 987_654_321, errors: 3 },
      storage: { reads: 1_250, writes: 450, readBytes: 1e9, iops: 214 },
      connections: { database: 8, redis: null, websocket: null, http: 12, tcp: 812 },
    })
  })

  it('does not give away what stands on a command line', () => {
    expect(JSON.stringify(resourcesShape(snapshot))).not.toContain('hunter2')
  })
})

describe('the shape of an application', () => {
  it('has every documented field, in its unit', () => {
    const data = applicationShape(snapshotOf(APPLICATION, { application: LISTS }))
    expect(missing(data, `
      api.requestRate.current api.requestRate.avg api.requestRate.peak api.requestRate.unit api.responseTime.avg api.responseTime.p50 api.responseTime.p95 api.responseTime.p99 api.responseTime.unit
      api.errorRate.current api.errorRate.avg api.errorRate.unit api.endpoints[].path api.endpoints[].method api.endpoints[].requestCount api.endpoints[].avgResponseTime api.endpoints[].errorRate
      database.connectionPool.size database.connectionPool.active database.connectionPool.idle database.connectionPool.waiting
      database.queryPerformance.avgQueryTime database.queryPerformance.slowQueries database.queryPerformance.totalQueries database.queryPerformance.cacheHitRate
      database.slowestQueries[].query database.slowestQueries[].avgTime database.slowestQueries[].count
      cache.redis.hitRate cache.redis.missRate cache.redis.evictionRate cache.redis.memoryUsage cache.redis.connectionCount cache.redis.operationsPerSecond
      jobs.queues[].name jobs.queues[].active jobs.queues[].waiting jobs.queues[].completed jobs.queues[].failed jobs.queues[].avgProcessingTime`)).toEqual([])
    expect(data).toMatchObject({ api: { errorRate: { current: 2 }, endpoints: [{ errorRate: 0.3 }] }, database: { connectionPool: { idle: 12 } }, cache: { redis: { hitRate: 85, missRate: 15, memoryUsage: '128 MB' } }, jobs: { queues: [{ avgProcessingTime: 45.2 }] } })
  })

  it('is null where nothing is known, and has only what is asked for', () => {
    expect(applicationShape(snapshotOf({ 'db.pool.size': 20 }), ['database', 'cache'])).toEqual({ database: expect.objectContaining({ connectionPool: { size: 20, active: null, idle: null, waiting: null } }), cache: null })
  })
})

describe('the parts of metrics', () => {
  it.each([
    ['cpu', ['cpu.usage', 'load.1', 'cgroup.cpu.limit']], ['memory', ['memory.total', 'swap.used', 'cgroup.memory.limit']], ['disk', ['filesystem.usage', 'disk.reads']], ['network', ['network.sent', 'tcp.opened']],
  ] as const)('%s is %j, and what belongs to none stays', (topic, names) => {
    const all = ['cpu.usage', 'load.1', 'cgroup.cpu.limit', 'memory.total', 'swap.used', 'cgroup.memory.limit', 'filesystem.usage', 'disk.reads', 'network.sent', 'tcp.opened', 'uptime', 'probe.success'] as const
    expect([...narrow(samplesOf(Object.fromEntries(all.map((name) => [name, 1]))), [topic]).keys()]).toEqual([...names, 'uptime', 'probe.success'].toSorted((a, b) => all.indexOf(a as never) - all.indexOf(b as never)))
  })
})

describe('rates as text', () => {
  it.each([[0, '0 B/s'], [15_200_000, '15.2 MB/s'], [Number.NaN, null]])('%d bytes a second are %s', (bytes, text) => expect(throughputText(bytes)).toBe(text))
  it.each([[0, '0 Mbps'], [15_675_000, '125.4 Mbps'], [1_000, '0.008 Mbps'], [Number.NaN, null]])('%d bytes a second are %s', (bytes, text) => expect(bandwidthText(bytes)).toBe(text))
})
