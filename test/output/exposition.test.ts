import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { METRICS, prometheusOf, type Metric, type MetricName } from '../../src/model/metric.ts'
import { report } from '../../src/model/report.ts'
import type { Samples } from '../../src/model/snapshot.ts'
import { FORMATS } from '../../src/output/formats.ts'
import { samplesOf, type Values } from '../samples.ts'
import { FAILURE, MINIMAL, OPTIONS, SAMPLED } from './cases.ts'
import { readOpenMetrics, readPrometheus } from './exposition.ts'

const at = Date.parse('2026-03-01T12:00:00.250Z')
const write = async (format: 'prometheus' | 'openmetrics', samples: Samples): Promise<string> => FORMATS[format].render(report({ ...MINIMAL, samples: { samples, at } }), OPTIONS)
const both = async (values: Values): Promise<[string, string]> => [await write('prometheus', samplesOf(values)), await write('openmetrics', samplesOf(values))]

describe('samples in the formats of Prometheus', () => {
  it('are read back as they were, in base units', async () => {
    const families = readPrometheus(await FORMATS.prometheus.render(SAMPLED, OPTIONS))
    expect(families.get('medianest_cpu_usage_ratio')).toMatchObject({ type: 'gauge', samples: [{ value: 0.473 }] })
    expect(families.get('medianest_cpu_seconds_total')?.samples.map(({ labels, value }) => [Object.fromEntries(labels), value])).toEqual([[{ cpu: '0', mode: 'user' }, 1.001], [{ cpu: '1', mode: 'user' }, 2.002]])
    expect(families.get('medianest_build_info')?.samples[0]?.labels.get('version')).toBe('1.2.3')
    expect(families.get('medianest_filesystem_usage_ratio')?.samples.map(({ labels }) => labels.get('mountpoint'))).toEqual(['/', '/mnt/a "quoted"\\name\nand\ufffd[31ma line'])
  })

  it('hold several metrics of one family together, with one HELP that speaks for all of them', async () => {
    const [text] = await both({ 'cpu.user': { 0: 0.1 }, 'cpu.system': { 0: 0.2 }, 'cpu.steal': { 0: 0 } })
    expect(text.match(/# HELP medianest_cpu_mode_ratio .*/g)).toEqual(['# HELP medianest_cpu_mode_ratio Share of processor time spent in each mode.'])
    expect(readPrometheus(text).get('medianest_cpu_mode_ratio')?.samples.map(({ labels }) => labels.get('mode'))).toEqual(['user', 'system', 'steal'])
  })

  it('leave out the series of all processors where there is one of each, so that sums do not count twice', async () => {
    const [parted, whole] = [await both({ 'cpu.busy': { '': 0.5, 0: 0.4, 1: 0.6 } }), await both({ 'cpu.busy': { '': 0.5 } })]
    expect(readPrometheus(parted[0]).get('medianest_cpu_busy_ratio')?.samples.map(({ labels }) => labels.get('cpu'))).toEqual(['0', '1'])
    expect(readPrometheus(whole[0]).get('medianest_cpu_busy_ratio')?.samples).toMatchObject([{ value: 0.5 }])
  })

  it('leave out what is not known, and nothing else', async () => {
    for (const text of await both({ 'load.1': Number.NaN, 'load.5': Number.POSITIVE_INFINITY, 'load.15': 0 })) {
      expect(text).toContain('medianest_load_15 0')
      expect(text).not.toMatch(/NaN|Inf|load_1 |load_5/)
    }
  })

  it('have no time in the text format, and the time of the look in OpenMetrics', async () => {
    const [text, open] = await both({ 'load.1': 1.5 })
    expect(readPrometheus(text).get('medianest_load_1')?.samples).toMatchObject([{ value: 1.5, time: undefined }])
    expect(readOpenMetrics(open).get('medianest_load_1')?.samples).toMatchObject([{ value: 1.5, time: at / 1_000 }])
  })

  it('name families in OpenMetrics without the ending of their samples, and their unit', async () => {
    const families = readOpenMetrics((await both({ 'network.received': { eth0: 5 }, 'disk.time.busy': { vda: 1_500 } }))[1])
    expect(families.get('medianest_network_received_bytes')).toMatchObject({ type: 'counter', unit: 'bytes', samples: [{ name: 'medianest_network_received_bytes_total', value: 5 }] })
    expect(families.get('medianest_disk_time_busy_seconds')).toMatchObject({ unit: 'seconds', samples: [{ value: 1.5 }] })
    expect(families.get('medianest_build')?.type).toBe('info')
  })

  it('stand in the order of the catalogue', async () => {
    const [text] = await both({ uptime: 1, 'load.1': 1, 'cpu.usage': 1, 'memory.total': 1 })
    expect([...readPrometheus(text).keys()]).toEqual(['medianest_build_info', 'medianest_cpu_usage_ratio', 'medianest_load_1', 'medianest_memory_total_bytes', 'medianest_uptime_seconds'])
  })

  it('are readable whatever the machine names its disks and mount points', async () => {
    const tag = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\r', '\u001b', '}', '{', ',', '=', ' ', '#', 'n', '\ud800', '東', '\u202e') }))
    const value = fc.oneof(fc.double(), fc.double({ min: 0, max: 1e21 }), fc.maxSafeNat())
    await fc.assert(fc.asyncProperty(fc.dictionary(tag, value, { noNullPrototype: false }), fc.dictionary(tag, fc.double({ min: 0, noNaN: true })), async (gauges, counters) => {
      const [text, open] = await both({ 'filesystem.usage': gauges, 'disk.read.rate': gauges, 'disk.reads': counters })
      const [read, readOpen] = [readPrometheus(text), readOpenMetrics(open)]
      const known = new Set(Object.values(gauges).filter(Number.isFinite))
      for (const family of ['medianest_filesystem_usage_ratio', 'medianest_disk_read_rate_bytes_per_second']) {
        for (const { value: each } of [...(read.get(family)?.samples ?? []), ...(readOpen.get(family)?.samples ?? [])]) expect(known.has(each === 0 ? 0 : each)).toBe(true)
      }
    }), { numRuns: 300 })
  })

  it('are readable for every metric of the catalogue at once, and no two families share a name', async () => {
    const all = Object.fromEntries(Object.entries<Metric>(METRICS).map(([name, { tag }]) => [name, tag === undefined ? 1 : { one: 1, two: 2 }])) as Values
    const [text, open] = await both(all)
    const names = new Set((Object.keys(METRICS) as MetricName[]).map((name) => prometheusOf(name).name))
    expect(readPrometheus(text).size).toBe(names.size + 1)
    expect(readOpenMetrics(open).size).toBe(names.size + 1)
  })

  it('cannot be written where there are none', () => {
    for (const format of [FORMATS.prometheus, FORMATS.openmetrics]) {
      expect(() => format.render(MINIMAL, OPTIONS)).toThrow(expect.objectContaining({ code: 'NO_SAMPLES', message: `health has no samples and no figures to write as ${format.name}`, hint: expect.stringContaining('medianest-perf metrics') }))
    }
  })

  it('say a failure as a sample that alerts can ask for', () => {
    expect(readPrometheus(FORMATS.prometheus.renderError(FAILURE, OPTIONS)).get('medianest_failure')?.samples[0]?.labels.get('code')).toBe('UNREACHABLE')
    expect(readOpenMetrics(FORMATS.openmetrics.renderError(FAILURE, OPTIONS)).get('medianest_failure')?.samples).toHaveLength(1)
  })
})
