import { describe, expect, it } from 'vitest'
import { measureSeries } from '../../../src/analysis/budget/series-lookup.ts'
import { snapshotFigures } from '../../../src/analysis/budget/snapshot-figures.ts'
import type { MetricName } from '../../../src/model/metric.ts'
import { subject } from './lines.ts'

const samples = new Map<MetricName, ReadonlyMap<string, number>>([
  ['api.duration.p95', new Map([['', 180]])], ['api.errors', new Map([['', 0.02]])], ['cpu.usage', new Map([['', 0.4]])],
  ['disk.reads.rate', new Map([['sda', 10], ['sdb', 5], ['dm-0', 15]])], ['disk.writes.rate', new Map([['sda', 1], ['sdb', 0], ['dm-0', 1]])],
])
const figures = snapshotFigures('http://web-01', { at: 1_000, samples, application: { endpoints: [{ method: 'GET', path: '/api/media', count: 3, avgMs: 90, errors: Number.NaN }], queries: [] } })
const valueOf = (parts: Parameters<typeof subject>[0], unit: 'ms' | 'ratio' | 'per_second'): unknown => measureSeries(subject(parts), { unit, better: 'lower' }, [figures])[0]?.observed

describe('a look at an instance', () => {
  it.each([
    ['its response times as a load test would', { metric: 'http.duration' }, 'ms', 180],
    ['the same by its own name', { metric: 'api.duration.p95', statistic: null }, 'ms', 180],
    ['those of an endpoint', { statistic: { kind: 'avg' }, of: { syntax: 'glob', pattern: '/api/*' } }, 'ms', 90],
    ['its errors', { metric: 'error_rate', statistic: { kind: 'rate' } }, 'ratio', 0.02],
    ['its processors', { metric: 'cpu', statistic: null }, 'ratio', 0.4],
    ['reads and writes of its disks, none twice', { metric: 'disk.operations.rate', statistic: null }, 'per_second', 16],
  ] as const)('tells %s', (_, parts, unit, expected) => {
    expect(valueOf(parts, unit)).toBe(expected)
  })

  it('says nothing of what it does not know', () => {
    expect(measureSeries(subject({ metric: 'http.failed', statistic: { kind: 'rate' }, of: { syntax: 'exact', pattern: '/api/media' } }), { unit: 'ratio', better: 'lower' }, [figures])[0]).toMatchObject({ observed: null })
    expect(figures.series.every(({ values }) => values.every(Number.isFinite))).toBe(true)
  })
})
