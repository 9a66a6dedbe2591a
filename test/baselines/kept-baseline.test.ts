import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digestOf, environmentId, formatBaseline, groupFolder, parseBaseline } from '../../src/baselines/kept-baseline.ts'
import type { MeasuredSeries } from '../../src/model/measurements.ts'
import { readMeasurements } from '../../src/sources/artifacts/read-measurements.ts'
import { kept, result } from './kept.ts'

const value = fc.oneof(fc.double({ min: 0, max: 1e12, noNaN: true }), fc.constant(Number.NaN))
const series = fc.record({
  metric: fc.constantFrom('http.duration', 'render', 'size'),
  statistic: fc.constantFrom<MeasuredSeries['statistic']>(null, { kind: 'p', percent: 99.9 }, { kind: 'avg' }, { kind: 'rate' }, { kind: 'count' }, { kind: 'value' }),
  of: fc.constantFrom('', 'GET /search', 'app #2'),
  unit: fc.constantFrom('ms', 'bytes', 'ratio', 'count', 'per_second', 'bytes_per_second', 'celsius'),
  better: fc.constantFrom('lower', 'higher', 'neither'),
  class: fc.constantFrom('exact', 'sampled'),
  values: fc.array(value, { minLength: 1, maxLength: 3 }),
} satisfies { [K in keyof MeasuredSeries]?: unknown }) as fc.Arbitrary<MeasuredSeries>

describe('a file of a baseline', () => {
  it('is read as any file of results, with the same figures', async () => {
    await fc.assert(fc.asyncProperty(fc.uniqueArray(series, { minLength: 1, maxLength: 6, selector: ({ metric, statistic, of }) => JSON.stringify([metric, statistic, of]) }), async (list) => {
      const measured = result(1, { series: list })
      const read = await readMeasurements('x.json', formatBaseline(kept(measured)))
      expect(read).toMatchObject({ format: 'measurements', takenAt: measured.takenAt, surroundings: measured.surroundings })
      expect(read.series).toEqual(list)
    }), { numRuns: 100 })
  })

  it('keeps the events of a rate and the step of a clock', async () => {
    const list: MeasuredSeries[] = [
      { metric: 'http.failed', statistic: { kind: 'rate' }, of: '', unit: 'ratio', better: 'lower', class: 'rate', values: [0.5], events: [{ yes: 1, total: 2 }] },
      { metric: 'http.duration', statistic: { kind: 'avg' }, of: '', unit: 'ms', better: 'lower', class: 'sampled', values: [3], resolution: 1 },
    ]
    expect((await readMeasurements('x.json', formatBaseline(kept(result(1, { series: list }))))).series).toEqual(list)
  })

  it('says where it comes from and how its run ended', () => {
    const seen = parseBaseline(formatBaseline(kept(result(5, { file: '/tmp/runs/run.json', outcome: { verdict: 'fail', isPartial: true } }), { commit: 'abcdef0', branch: 'feature/x', name: 'checkout' })))
    expect(seen).toMatchObject({ is: 'baseline', kept: { at: Date.UTC(2026, 0, 1) + 5_000, facts: { branch: 'feature/x', name: 'checkout', commit: 'abcdef0', plan: 'abc', source: { file: 'run.json', verdict: 'fail', partial: true }, environment: { cpu: 'Ryzen 5', cores: 4, os: 'Debian 12' } } } })
  })

  it.each([
    ['', 'broken', 'it is empty'],
    ['{"medianest-perf": "base', 'broken', 'it is no JSON'],
    ['[1]', 'foreign', 'it is no baseline'],
    ['null', 'foreign', 'it is no baseline'],
    ['{"medianest-perf": "health-state", "version": 1}', 'foreign', 'it is no baseline'],
    ['{"medianest-perf": "baseline", "version": 2}', 'broken', 'version 2, version 1 is known'],
    ['{"medianest-perf": "baseline", "version": 1}', 'broken', '"baseline" is missing'],
    [formatBaseline(kept(result(1))).replace('"rolling"', '"round"'), 'broken', '"baseline.kind" is missing or is not what it must be'],
  ])('%.40s is told for what it is', (text, is, why) => {
    expect(parseBaseline(text)).toEqual({ is, why: expect.stringContaining(why) as string })
  })

  it('lies with runs of the same tool, plan, name and environment, and with no others', () => {
    const of = (parts: Parameters<typeof result>[1], name: string | null = null): string => groupFolder(kept(result(1, parts), { name }).facts)
    const same = of({})
    expect(of({ surroundings: { cpu: 'RYZEN(R) 5 CPU', os: 'Debian 12.5', tool: 'medianest-perf 2.1 (Node 24)', memoryBytes: 15.6e9 } })).toBe(same)
    const others = [of({ surroundings: { cpu: 'Xeon' } }), of({ surroundings: { cores: 8 } }), of({ surroundings: { memoryBytes: 64e9 } }), of({ surroundings: { os: 'Debian 13' } }), of({ surroundings: { plan: 'def' } }), of({ surroundings: { plan: null } }), of({ format: 'k6-summary' }), of({}, 'checkout')]
    expect(new Set([same, ...others]).size).toBe(others.length + 1)
    expect(environmentId(result(1).surroundings)).toMatch(/^[0-9a-f]{8}$/)
  })

  it('two readings of a run are one, two runs are two', () => {
    expect(digestOf(result(1))).toBe(digestOf(result(1, { file: 'elsewhere.json' })))
    expect(digestOf(result(1))).not.toBe(digestOf(result(1, { takenAt: 5 })))
  })
})
