import type { Content, JsonArtifact } from './artifact.ts'
import { lacks } from './errors.ts'
import { at, isRecord, recordAt, textAt, type Entries } from './json-value.ts'
import { missingPercentiles, summarySeries, thresholdNotes, type K6Metric } from './k6-names.ts'

const TYPES: ReadonlySet<unknown> = new Set<K6Metric['type']>(['trend', 'counter', 'rate', 'gauge'])
const isMetric = (metric: unknown): boolean => isRecord(at(metric, 'values')) && TYPES.has(at(metric, 'type'))

/** The data that k6 gives to handleSummary, written as JSON. */
export const k6Summary: JsonArtifact = {
  kind: 'json',
  format: 'k6-summary',
  name: 'k6 handleSummary',
  mark: 'metrics with type and values',
  recognise: (value) => Object.values(recordAt(value, 'metrics') ?? {}).some(isMetric),
  read(value, reading): Content {
    const metrics = recordAt(value, 'metrics') ?? {}
    const series = Object.entries(metrics).flatMap(([key, metric]) => {
      if (!isMetric(metric)) throw lacks(reading, `metrics has "${key}" without type and values`)
      const type = at(metric, 'type') as K6Metric['type'] // one of TYPES, as just seen
      return summarySeries(key, { type, contains: textAt(metric, 'contains') ?? 'default' }, at(metric, 'values') as Entries, 'rate') // a record, as just seen
    })
    return {
      surroundings: { tool: 'k6' },
      series,
      notes: [...thresholdNotes(metrics, (entry) => at(entry, 'ok') === true), ...missingPercentiles(series)],
    }
  },
}
