import type { Content, JsonArtifact } from './artifact.ts'
import { isRecord, numberAt, recordAt } from './json-value.ts'
import { missingPercentiles, splitKey, summarySeries, thresholdNotes, unitOf, type K6Metric } from './k6-names.ts'
import { catalogued } from './series.ts'

/** The type of a metric, which this format does not tell, from what is kept of it. */
function typeOf(metric: unknown): K6Metric['type'] | undefined {
  const has = (...names: readonly string[]): boolean => names.every((name) => numberAt(metric, name) !== undefined)
  if (has('passes', 'fails', 'value')) return 'rate'
  if (has('count', 'rate')) return 'counter'
  if (has('value', 'min', 'max')) return 'gauge'
  return has('avg') || has('med') || has('p(95)') ? 'trend' : undefined
}

/** What `k6 run --summary-export` writes: its thresholds are `false` when they were passed, and the value of a rate is `value`. */
export const k6SummaryExport: JsonArtifact = {
  kind: 'json',
  format: 'k6-summary-export',
  name: 'k6 --summary-export',
  mark: 'root_group and metrics without values',
  recognise: (value) => recordAt(value, 'root_group') !== undefined && Object.values(recordAt(value, 'metrics') ?? {}).some((metric) => typeOf(metric) !== undefined),
  read(value): Content {
    const metrics = recordAt(value, 'metrics') ?? {}
    const foreign: string[] = []
    const series = Object.entries(metrics).flatMap(([key, metric]) => {
      const type = typeOf(metric)
      if (type === undefined || !isRecord(metric)) return []
      const { name } = splitKey(key)
      const contains = catalogued(name)?.unit === 'bytes' ? 'data' : 'default'
      if (type === 'trend' && unitOf(name, { contains }) === 'count' && catalogued(name) === undefined) foreign.push(name)
      return summarySeries(key, { type, contains: type === 'trend' && catalogued(name)?.unit === 'ms' ? 'time' : contains }, metric, 'value')
    })
    return {
      surroundings: { tool: 'k6' },
      series,
      notes: [
        // Documented by k6 as unintuitive: true says that it was crossed (grafana/k6#1498).
        ...thresholdNotes(metrics, (entry) => entry === false),
        ...missingPercentiles(series),
        ...(foreign.length > 0 ? [`this format does not tell the unit of ${foreign.slice(0, 5).join(', ')}; handleSummary's JSON does`] : []),
      ],
    }
  },
}
