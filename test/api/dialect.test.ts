import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { METRICS } from '../../src/model/metric.ts'
import type { Samples } from '../../src/model/snapshot.ts'
import { isBody } from '../../src/api/body.ts'
import { readEvent, readMetrics } from '../../src/api/dialect.ts'
import { withRates } from '../../src/api/rates.ts'
import { readApplication } from '../../src/api/translate/application.ts'
import { readResources } from '../../src/api/translate/resources.ts'

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../fixtures/instances/${name}.json`, import.meta.url), 'utf8'))
// The fixtures are ours: these are their shapes.
const documented = read('documented') as Record<string, object>
const running = read('running') as { readonly body: object }[]
const shown = (samples: Samples): Record<string, number> => Object.fromEntries([...samples].flatMap(([metric, series]) => [...series].map(([tag, value]) => [tag === '' ? metric : `${metric}{${tag}}`, Number(value.toPrecision(6))])))

describe('the metrics of an instance', () => {
  it('are understood in the documented form with system and metrics', () => {
    const { samples, facts, backfill, alerts } = readMetrics(documented['metrics with system and metrics'], 'here')
    expect(shown(samples)).toEqual({
      uptime: 3_600_000, 'cpu.usage': 0.125, 'cpu.cores': 4, 'load.1': 0.5, 'load.5': 0.75, 'load.15': 1,
      'memory.total': 8e9, 'memory.free': 2e9, 'memory.used': 6e9, 'memory.buffers': 1e8, 'memory.cached': 9e8, 'memory.usage': 0.75, 'swap.total': 1e9, 'swap.used': 2.5e8, 'swap.usage': 0.25,
      'filesystem.size{all}': 5e11, 'filesystem.used{all}': 4e11, 'filesystem.available{all}': 1e11, 'filesystem.usage{all}': 0.8,
      'disk.reads.rate{all}': 50, 'disk.writes.rate{all}': 20, 'disk.read.rate{all}': 15_200_000, 'disk.write.rate{all}': 512_000,
      'network.received{eth0}': 5_000, 'network.received.packets{eth0}': 50, 'network.receive.errors{eth0}': 1, 'network.receive.drops{eth0}': 2,
      'network.sent{eth0}': 7_000, 'network.sent.packets{eth0}': 70, 'network.send.errors{eth0}': 0, 'network.send.drops{eth0}': 0,
      'network.receive.rate{eth0}': 15_675_000, 'network.send.rate{eth0}': 100_000,
    })
    expect(facts).toMatchObject({ host: 'web-01', platform: 'linux', arch: 'arm64', node: '22.11.0', cpuModel: 'Neoverse-N1', cores: 4 })
    expect(backfill.map(({ at, samples: then }) => [new Date(at).toISOString(), shown(then)])).toEqual([
      ['2026-01-01T00:00:00.000Z', { 'cpu.usage': 0.09 }],
      ['2026-01-01T00:05:00.000Z', { 'cpu.usage': 0.11, 'memory.usage': 0.74 }],
    ])
    expect(alerts).toEqual([{ level: 'warning', metric: 'filesystem', message: 'Disk is filling up', value: 80 }])
  })

  it('are understood in the documented form with api, database, system and cache', () => {
    const { at, samples, application } = readMetrics(documented['metrics with api, database, system and cache'], 'here')
    expect(at).toBe(Date.UTC(2026, 0, 1))
    expect(shown(samples)).toEqual({
      'api.request_rate': 1.5, 'api.duration.avg': 120, 'api.duration.p95': 300, 'api.duration.p99': 700, 'api.errors': 0.02, 'api.connections': 12,
      'db.query.avg': 25, 'db.query.slow': 2, 'db.pool.usage': 0.455, 'db.pool.active': 8,
      'cpu.usage': 0.255, 'cpu.cores': 8, 'load.1': 1.2, 'load.5': 1.5, 'load.15': 1.8,
      'memory.total': 1.6e10, 'memory.used': 8e9, 'memory.free': 8e9, 'memory.usage': 0.5, 'heap.used': 2.56e8, 'heap.total': 5.12e8,
      'filesystem.size{all}': 1e12, 'filesystem.used{all}': 2.5e11, 'filesystem.available{all}': 7.5e11, 'filesystem.usage{all}': 0.25,
      'cache.hit_rate': 0.85, 'cache.keys': 1_245, 'cache.memory': 134_218_000, 'cache.evictions': 12,
    })
    expect(application?.endpoints).toEqual([{ method: '', path: '/api/v1/media/search', count: 125, avgMs: 450, errors: Number.NaN }])
  })

  it('are understood as running servers send them, bare and with units in the text', () => {
    const { samples, application } = readMetrics(running[0]?.body, 'here')
    expect(shown(samples)).toEqual({
      // 16 requests in the 7 s since the server began.
      'instance.uptime': 7_000, 'api.request_rate': 2.28571, 'api.duration.avg': 15, 'api.errors': 0.3125, 'load.1': 2.8, 'load.5': 2.94, 'load.15': 2.16,
      'heap.used': 64_689_900, 'heap.total': 141_226_000, 'instance.memory': 242_024_000, 'instance.cpu.time': 6_154.12,
      'cache.hit_rate': 0.255452, 'cache.keys': 4, 'cache.memory': 1_478_490,
    })
    expect(application?.endpoints.slice(0, 2)).toEqual([
      { method: '', path: '/metrics', count: 1, avgMs: 193, errors: 0 },
      { method: '', path: '/nope1', count: 1, avgMs: 6, errors: 1 },
    ])
  })

  it('are the same in an envelope and bare', () => {
    for (const body of Object.values(documented).slice(0, 2)) expect(readMetrics('data' in body ? body.data : {}, 'here').samples).toEqual(readMetrics(body, 'here').samples)
    expect(readMetrics({ success: true, data: running[1]?.body }, 'here').samples).toEqual(readMetrics(running[1]?.body, 'here').samples)
  })

  it('have no figure where there is null, nonsense, or more than all', () => {
    const body = { metrics: { cpu: { usage: 250, cores: null, loadAverage: ['x', -1, '0.5'] }, memory: { usage: 'NaN', total: Infinity, used: -5, free: '1e300' }, disk: null, network: { interfaces: [] } } }
    expect(shown(readMetrics(body, 'here').samples)).toEqual({ 'load.15': 0.5 })
  })

  it('hold no control characters and no endless names', () => {
    const { samples } = readMetrics({ metrics: { network: { interfaces: { [`e\u001b[2J${'x'.repeat(5_000)}`]: { rx: { bytes: 1 } } } } } }, 'here')
    const [tag = ''] = [...(samples.get('network.received')?.keys() ?? [])]
    expect([tag.startsWith('e\ufffd[2Jxx'), tag.length]).toEqual([true, 100])
  })

  it('never break, whatever an instance sends, and hold only finite figures of known names', () => {
    const keys = ['data', 'metrics', 'system', 'performance', 'api', 'cpu', 'memory', 'usage', 'history', 'timestamp', 'samples', 'processes', 'cache', 'network', 'interfaces', 'eth0', 'rx', 'bytes', 'endpoints', 'jobs', 'queues', 'name', 'hitRate', '__proto__']
    const { tree } = fc.letrec((tie) => ({
      leaf: fc.oneof(fc.jsonValue({ maxDepth: 0 }), fc.double(), fc.constantFrom('57MB', '1.41M', '16s', '12 Mbps', '2026-01-01T00:00:00Z', '%', '1h 5m')),
      tree: fc.oneof({ maxDepth: 6 }, tie('leaf'), fc.array(tie('tree'), { maxLength: 4 }), fc.dictionary(fc.constantFrom(...keys), tie('tree'), { maxKeys: 8 })),
    }))
    fc.assert(
      fc.property(tree, (body) => {
        const readings = [readApplication(body), readResources(body, { at: 0, memoryBytes: 1, before: null }), ...(isBody(body) ? [readEvent(body)] : [])]
        try {
          readings.push(readMetrics(body, 'here'))
        } catch (error) {
          expect(error).toMatchObject({ code: 'NOT_METRICS' })
        }
        for (const { samples } of readings)
          for (const [metric, series] of samples) {
            expect(METRICS).toHaveProperty([metric])
            for (const value of series.values()) expect(Number.isFinite(value)).toBe(true)
          }
      }),
      { numRuns: 500 },
    )
  })
})

describe('the application of an instance', () => {
  it('is understood in the documented form', () => {
    const { samples, application } = readApplication(documented['application'])
    expect(shown(samples)).toEqual({
      'api.request_rate': 45.2, 'api.duration.avg': 143.2, 'api.duration.p50': 95.1, 'api.duration.p95': 420.8, 'api.duration.p99': 850.3, 'api.errors': 0.008,
      'db.pool.size': 20, 'db.pool.active': 8, 'db.pool.idle': 12, 'db.pool.waiting': 1, 'db.pool.usage': 0.4, 'db.query.avg': 15.4, 'db.query.slow': 23, 'db.cache.hits': 0.852,
      'cache.hit_rate': 0.925, 'cache.memory': 269_169_000, 'cache.clients': 15, 'cache.operations.rate': 1_250,
      'jobs.active{downloads}': 3, 'jobs.waiting{downloads}': 12, 'jobs.completed{downloads}': 4_567, 'jobs.failed{downloads}': 23, 'jobs.duration.avg{downloads}': 45_200,
    })
    expect(application).toEqual({
      endpoints: [{ method: 'GET', path: '/api/v1/media/search', count: 15_234, avgMs: 95.2, errors: 0.003 }],
      queries: [{ query: 'SELECT 1', count: 234, avgMs: 145.3 }],
    })
  })

  it.each([[{ hitRate: 0.5, missRate: 99.5 }, 0.005], [{ hitRate: 0.85, missRate: 0.15 }, 0.85], [{ hitRate: 0.85 }, 0.85], [{ hitRate: '93.10' }, 0.931], [{ hitRate: '0.5%' }, 0.005]])('takes a hit rate of %j for what it means', (redis, expected) => {
    expect(readApplication({ cache: { redis } }).samples.get('cache.hit_rate')?.get('')).toBeCloseTo(expected)
  })
})

describe('the resources of an instance', () => {
  it('have no process that began before all calendars', () => {
    const body = { data: { processes: [{ name: 'node', pid: 12, uptime: 1e17 }] } }
    expect(readResources(body, { at: 1_700_000_000_000, memoryBytes: 1, before: null }).processes?.rows[0]?.program.startedAt).toBe(0)
  })

  it('keep a process the same one though its uptime is told in whole seconds', () => {
    const body = (uptime: number, pid = 12): object => ({ data: { timestamp: '2026-01-01T00:00:00Z', processes: [{ name: 'node', pid, cpu: 15.5, memory: 250, uptime }] } })
    const first = readResources(body(100), { at: 0, memoryBytes: 1_000, before: null }).processes
    const startOf = (uptime: number): number | undefined => readResources(body(uptime), { at: 0, memoryBytes: 1_000, before: first }).processes?.rows[0]?.program.startedAt
    expect(startOf(98)).toBe(first?.rows[0]?.program.startedAt)
    expect(startOf(3)).toBe(Date.UTC(2026, 0, 1) - 3_000)
  })
})

describe('rates between two answers', () => {
  const samples = (bytes: number): Samples => new Map([['network.received', new Map([['eth0', bytes]])]])
  it('come from sums that grew, not from one that began anew', () => {
    expect(shown(withRates(samples(1_000), samples(3_000), 500))['network.receive.rate{eth0}']).toBe(4_000)
    expect(shown(withRates(samples(3_000), samples(10), 500))).toEqual({ 'network.received{eth0}': 10 })
    expect(shown(withRates(null, samples(10), Number.NaN))).toEqual({ 'network.received{eth0}': 10 })
  })
})
