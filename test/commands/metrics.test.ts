import { describe, expect, it } from 'vitest'
import type { FeedSources } from '../../src/commands/feed-sources.ts'
import { METRICS_FLAGS } from '../../src/commands/metrics.ts'
import { runMetrics } from '../../src/commands/metrics-run.ts'
import type { FlagValues } from '../../src/commands/flag.ts'
import type { Report } from '../../src/model/report.ts'
import { FORMATS } from '../../src/output/formats.ts'
import { testHost, type TestHost } from '../host.ts'
import { readOpenMetrics, readPrometheus } from '../output/exposition.ts'
import { OPTIONS } from '../output/cases.ts'
import { FACTS, processOf, snapshotOf, type Values } from '../samples.ts'
import { fakeFeed, type FakeFeed, type Telling } from './feed.ts'

type MetricsFlags = FlagValues<typeof METRICS_FLAGS>
const NO_FLAGS = Object.fromEntries(Object.keys(METRICS_FLAGS).map((name) => [name, undefined])) as MetricsFlags

const VALUES: Values = {
  'cpu.usage': 0.83, 'cpu.cores': 8, 'cpu.busy': { '': 0.83, 0: 0.9, 1: 0.76 }, 'load.1': 3.4, 'memory.total': 16e9, 'memory.available': 4e9, 'memory.used': 12e9, 'memory.usage': 0.75,
  'filesystem.size': { '/': 1e12 }, 'filesystem.used': { '/': 9.6e11 }, 'filesystem.usage': { '/': 0.96 }, 'disk.reads': { vda: 10 }, 'network.received': { eth0: 100 }, 'pressure.some': { cpu: 0.1, io: 0.2 }, 'probe.success': { cpu: 1 },
}
const first: Telling = { snapshot: snapshotOf({ 'load.1': 3.4 }, { elapsedMs: Number.NaN }) }
const early: Telling = { snapshot: snapshotOf({ ...VALUES, 'cpu.usage': 0.1 }, { elapsedMs: 250 }) }
const whole = (values: Values = {}, parts = {}): Telling => ({ snapshot: snapshotOf({ ...VALUES, ...values }, parts) })
const facts: Telling = { facts: FACTS }

async function run(tellings: readonly Telling[], flags: Partial<MetricsFlags> = {}, host: TestHost = testHost([]), kind: FakeFeed['kind'] = 'local', more: Partial<FeedSources> = {}): Promise<{ reports: Report[]; feed: FakeFeed }> {
  const feed = fakeFeed(tellings, kind)
  const reports: Report[] = []
  for await (const report of runMetrics({ host, flags: { ...NO_FLAGS, ...flags } }, async () => ({ openFeed: async (wish) => (Object.assign(feed.wish, wish), feed), ...more }))) reports.push(report)
  return { reports, feed }
}
const only = async (...args: Parameters<typeof run>): Promise<Report> => (await run(...args)).reports[0] ?? expect.unreachable()

describe('metrics', () => {
  it('is one report of the first look that has everything: rates over the interval, and the facts', async () => {
    const { reports, feed } = await run([first, facts, early, whole(), whole({ 'cpu.usage': 0.2 })])
    expect(reports).toHaveLength(1)
    expect(reports[0]).toMatchObject({ verdict: 'ok', title: 'metrics of web-01', data: { metrics: { cpu: { usage: 83 } } }, meta: { interval: '1s', dataPoints: 1, nextUpdate: null } })
    expect(feed.closed()).toBe(true)
    expect(feed.wish).toEqual({ intervalMs: 1_000, processes: true })
  })

  it('does without what never comes', async () => {
    const report = await only([first, whole(), whole(), whole(), whole(), whole({ 'cpu.usage': 0.5 })])
    expect(report.data).toMatchObject({ system: { hostname: testHost([]).machine.name }, metrics: { cpu: { usage: 50 } } })
  })

  it('waits until processes have been seen twice, and lists the busiest without their arguments', async () => {
    const table = (cpu: number) => ({ processes: { at: 0, total: 90, rows: [processOf(1, 'init', { cpu: cpu / 10 }), processOf(7, 'node', { cpu })] } })
    const report = await only([first, facts, whole({}, table(Number.NaN)), whole({}, table(1.5)), whole()], { processes: 1 })
    expect(report.data['processes']).toMatchObject([{ name: 'node', pid: 7, cpu: 150 }])
    expect(JSON.stringify(report)).not.toContain('hunter2')
  })

  it('has what the API answers about resources, as far as it was asked for', async () => {
    const look = whole({ 'network.received': { eth0: 1_048_576 }, 'network.virtual': { eth0: 0 }, 'disk.reads': { vda: 1_250 }, 'tcp.established': 12 })
    expect((await only([first, facts, look])).data).toMatchObject({ network: { bytesReceived: 1_048_576 }, storage: { reads: 1_250 }, connections: { tcp: 12 } })
    const { data } = await only([first, facts, look], { metrics: ['cpu'] })
    for (const key of ['network', 'storage', 'connections']) expect(data).not.toHaveProperty(key)
  })

  it('does not look at processes that nobody wants', async () => {
    const { reports, feed } = await run([first, facts, whole()], { processes: 0 })
    expect(feed.wish.processes).toBe(false)
    expect(reports[0]?.data).not.toHaveProperty('processes')
  })

  it('says what is too high as alerts in percent, and leaves the verdict alone', async () => {
    const { verdict, alerts, findings } = await only([facts, whole()])
    expect({ verdict, findings }).toEqual({ verdict: 'ok', findings: [] })
    expect(alerts).toEqual([
      { level: 'warning', metric: 'cpu.usage', message: 'processor: 83% in use', value: 83, threshold: 80 },
      { level: 'critical', metric: 'filesystem.usage', message: 'file system /: 96% in use', value: 96, threshold: 95 },
    ])
  })

  it('tells people in a container what is its own and what the host\'s', async () => {
    const limited = { 'cgroup.cpu.limit': 2, 'cgroup.cpu.usage': 0.9, 'cpu.usage': 0.9, 'cgroup.cpu.throttled': 0.2, 'memory.usage': 0.71, 'cgroup.memory.limit': 512e6, 'cgroup.memory.used': 363e6 }
    const told = Object.fromEntries((await only([facts, whole(limited)])).facts.map(({ label, value }) => [label, value]))
    expect(told).toMatchObject({ cpu: { text: '90% of a limit of 2 cpu, host 83% of 8', tone: 'warn' }, memory: '71%, 363 MB of a limit of 512 MB, host 75% of 16 GB', throttled: { text: '20% of the time' } })
  })

  it('is unknown when a probe failed, and names it', async () => {
    const { verdict, findings } = await only([facts, whole({ 'probe.success': { cpu: 1, 'dis\u001bk': 0 } })])
    expect({ verdict, findings }).toMatchObject({ verdict: 'unknown', findings: [{ id: 'probe:dis\ufffdk', verdict: 'unknown', title: expect.stringContaining('the probe "dis\ufffdk" could not look') }] })
  })

  it('is unknown when nothing was seen', async () => {
    expect(await only([facts, { snapshot: snapshotOf({ 'probe.duration': { cpu: 1 }, 'self.memory': 1 }) }])).toMatchObject({ verdict: 'unknown', findings: [{ id: 'no-samples' }] })
    const host = testHost([])
    expect(await only([{ call: () => host.interrupt() }], {}, host)).toMatchObject({ verdict: 'unknown', interrupted: 'SIGINT', findings: [{ id: 'no-samples' }] })
  })

  it('keeps and marks what it had when it is interrupted', async () => {
    const host = testHost([])
    const report = await only([first, { call: () => host.interrupt('SIGTERM') }], {}, host)
    expect(report).toMatchObject({ interrupted: 'SIGTERM', data: { metrics: { cpu: { loadAverage: [3.4, null, null], usage: null } } } })
    expect(report.notes.join()).toContain('need a second one')
  })

  it('keeps to the parts that are asked for, in every format', async () => {
    const report = await only([facts, whole()], { metrics: ['memory', 'disk'] })
    expect(Object.keys(report.data['metrics'] as object)).toEqual(['memory', 'disk'])
    expect(report.data).toMatchObject({ pressure: { io: {} }, interfaces: [], disks: [{ device: 'vda' }] })
    expect(report.data['pressure']).not.toHaveProperty('cpu')
    expect(report.alerts.map(({ metric }) => metric)).toEqual(['filesystem.usage'])
    expect(report.tables.map(({ title }) => title)).toEqual(['Memory', 'Pressure', 'File systems', 'Disks'])
    expect([...readPrometheus(await FORMATS.prometheus.render(report, OPTIONS)).keys()].filter((name) => /cpu|network|load/.test(name))).toEqual([])
  })

  it('goes on with --watch until Ctrl-C, and says when the next will come', async () => {
    const host = testHost([])
    const { reports } = await run([first, facts, whole(), whole(), whole(), { call: () => host.interrupt() }], { watch: true, interval: 500 }, host)
    expect(reports[0]?.title).toBe('metrics of web-01 at 2026-03-01T12:00:00.000Z')
    expect(reports.map(({ interim, interrupted, meta }) => [interim, interrupted, meta?.['dataPoints'], meta?.['nextUpdate']])).toEqual([1, 2, 3].map((count) => [undefined, undefined, count, '2026-03-01T12:00:00.500Z']))
  })

  it('ends after --count', async () => {
    const { reports, feed } = await run([facts, whole(), whole(), whole()], { count: 2 })
    expect(reports.map(({ meta }) => meta?.['nextUpdate'])).toEqual(['2026-03-01T12:00:01.000Z', null])
    expect(feed.closed()).toBe(true)
  })

  it('takes the first look of an instance, which has its own rates', async () => {
    const report = await only([facts, whole({}, { elapsedMs: Number.NaN })], {}, testHost([]), 'remote')
    expect(report).toMatchObject({ verdict: 'ok', notes: [] })
  })

  it('asks an instance once where once is enough', async () => {
    const lookOnce = async () => ({ snapshot: snapshotOf(VALUES, { elapsedMs: Number.NaN }), facts: { ...FACTS, host: 'nas:4000' } })
    expect(await only([], {}, testHost([]), 'remote', { lookOnce })).toMatchObject({ title: 'metrics of nas:4000', verdict: 'ok', notes: [], meta: { nextUpdate: null } })
  })

  it('can be written in every format that people and machines read', async () => {
    const report = await only([facts, whole({ 'api.request_rate': 45, 'jobs.active': { 'q\u001b[2J': 1 } }, { processes: { at: 0, total: 1, rows: [processOf(7, 'no\u001b]0;de')] } })])
    const human = await FORMATS.human.render(report, OPTIONS)
    for (const word of ['83% of 8 cpu', 'Processors', 'File systems', 'Disks', 'Network', 'Pressure', 'Busiest processes of 1', 'API', 'Job queues']) expect(human).toContain(word)
    for (const format of ['human', 'markdown', 'ndjson', 'json'] as const) expect(await FORMATS[format].render(report, OPTIONS)).not.toMatch(/[\u001b\u0007]/)
    expect(JSON.parse(await FORMATS.json.render(report, OPTIONS))).toMatchObject({ success: true, command: 'metrics', data: { system: { hostname: 'web-01' } }, meta: { interval: '1s', version: '1.2.3' } })
    expect(readPrometheus(await FORMATS.prometheus.render(report, OPTIONS)).get('medianest_cpu_usage_ratio')?.samples).toMatchObject([{ value: 0.83 }])
    expect(readOpenMetrics(await FORMATS.openmetrics.render(report, OPTIONS)).size).toBeGreaterThan(10)
  })

  it('says honestly that a machine has no application', async () => {
    expect(await only([], { application: true })).toMatchObject({ verdict: 'unknown', data: { api: null, database: null, cache: null, jobs: null }, findings: [{ id: 'application', hint: expect.stringContaining('--url') }] })
    expect(await only([], { application: true, component: ['cache'] })).toMatchObject({ data: { cache: null } })
  })

  it('asks an instance for its application, and is unknown only for what was asked for by name', async () => {
    const asked: object[] = []
    const sources = { lookOnce: async () => expect.fail('one answer is enough'), askApplication: async (question: object) => (asked.push(question), snapshotOf({ 'api.request_rate': 45.2 })) }
    const all = await only([], { application: true, timeRange: '6h', aggregation: 'p95' }, testHost([]), 'remote', sources)
    expect(all).toMatchObject({ verdict: 'ok', data: { api: { requestRate: { current: 45.2 } }, database: null }, meta: { timeRange: '6h', aggregation: 'p95', dataPoints: 1 }, notes: [expect.stringContaining('database, cache, jobs')] })
    expect(asked).toEqual([{ components: undefined, timeRange: '6h', aggregation: 'p95', orOfMetrics: true }])
    expect(await only([], { application: true, component: ['jobs'] }, testHost([]), 'remote', sources)).toMatchObject({ verdict: 'unknown', findings: [{ id: 'application:jobs' }] })
    expect(await only([], { application: true }, testHost([]), 'remote', { ...sources, askApplication: async () => snapshotOf({}) })).toMatchObject({ verdict: 'unknown' })
  })

  it.each([
    [{ component: ['api'] }, '--component belongs to --application'],
    [{ timeRange: '1h' }, '--time-range belongs to --application'],
    [{ application: true, watch: true }, '--watch cannot go with --application'],
  ] as const)('refuses flags that mean nothing together: %j', async (flags, message) => {
    await expect(run([], flags as Partial<MetricsFlags>)).rejects.toMatchObject({ code: 'USAGE', kind: 'usage', message })
  })
})
