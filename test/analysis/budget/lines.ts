import type { BudgetLimit, BudgetLine, Measured, SeriesSubject } from '../../../src/model/budget.ts'
import type { MeasuredSeries, Measurements } from '../../../src/model/measurements.ts'

export function subject(parts: Partial<SeriesSubject> = {}): SeriesSubject {
  return { kind: 'series', metric: 'http.duration', statistic: { kind: 'p', percent: 95 }, of: null, aggregate: 'median', ...parts }
}

export function limit(operator: BudgetLimit['operator'], value: number, parts: Partial<BudgetLimit> = {}): BudgetLimit {
  return { level: 'fail', operator, value, against: 'nothing', text: String(value), ...parts }
}

export function line(limits: readonly BudgetLimit[], parts: Partial<BudgetLine> = {}): BudgetLine {
  return { id: 'api:p95', section: 'api', title: 'response time', unit: 'ms', better: 'lower', subjects: [subject()], limits, ...parts }
}

export function measured(observed: number | null, parts: Partial<Measured> = {}): Measured {
  return { of: '', observed, values: observed === null ? [] : [observed], from: ['run.json'], how: 'p(95)', parts: [], ...parts }
}

export function series(values: readonly number[], parts: Partial<MeasuredSeries> = {}): MeasuredSeries {
  return { metric: 'http.duration', statistic: { kind: 'p', percent: 95 }, of: '', unit: 'ms', better: 'lower', class: 'sampled', values, ...parts }
}

export function results(file: string, list: readonly MeasuredSeries[], parts: Partial<Omit<Measurements, 'surroundings'>> & { readonly plan?: string | null } = {}): Measurements {
  const { plan = null, ...rest } = parts
  return { file, format: 'medianest', surroundings: { cpu: null, cores: null, memoryBytes: null, os: null, tool: null, plan }, takenAt: null, notes: [], series: list, ...rest }
}
