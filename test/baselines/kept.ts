import { draft, type Draft, type DraftTerms } from '../../src/baselines/kept-baseline.ts'
import type { MeasuredSeries, Measurements } from '../../src/model/measurements.ts'

/** A result of a load test that took this long, by `p(50)`. */
export function result(value: number, parts: Partial<Omit<Measurements, 'surroundings'>> & { readonly surroundings?: Partial<Measurements['surroundings']> } = {}): Measurements {
  const series: MeasuredSeries = { metric: 'http.duration', statistic: { kind: 'p', percent: 50 }, of: '', unit: 'ms', better: 'lower', class: 'sampled', values: [value] }
  return { file: `run-${value}.json`, format: 'medianest', takenAt: Date.UTC(2026, 0, 1) + value * 1_000, series: [series], notes: [], ...parts, surroundings: { cpu: 'Ryzen 5', cores: 4, memoryBytes: 16e9, os: 'Debian 12', tool: 'medianest-perf 1.0', plan: 'abc', ...parts.surroundings } }
}

/** The same as it is to be kept. */
export function kept(measured: Measurements, terms: Partial<DraftTerms> = {}): Draft {
  return draft(measured, { branch: 'main', name: null, kind: 'rolling', commit: null, savedAt: new Date(Date.UTC(2026, 0, 2)), version: '1.0.0', ...terms })
}
