import { APPLICATION_METRICS } from './application-metrics.ts'
import { BUSINESS_METRICS } from './business-metrics.ts'
import { CACHE_METRICS } from './cache-metrics.ts'
import { DATABASE_METRICS } from './database-metrics.ts'
import { HEALTH_METRICS } from './health-metrics.ts'
import { LOAD_METRICS } from './load-metrics.ts'
import type { Metric } from './metric-kind.ts'
import { SYSTEM_METRICS } from './system-metrics.ts'
import { WEB_METRICS } from './web-metrics.ts'

export type { Metric, MetricKind } from './metric-kind.ts'

/** The one catalogue: labels, thresholds, directions of comparison, Prometheus and documentation come from it. */
export const METRICS = { ...LOAD_METRICS, ...SYSTEM_METRICS, ...APPLICATION_METRICS, ...DATABASE_METRICS, ...CACHE_METRICS, ...BUSINESS_METRICS, ...HEALTH_METRICS, ...WEB_METRICS } as const satisfies Readonly<Record<string, Metric>>

/** A name of the catalogue. */
export type MetricName = keyof typeof METRICS

const NAMES: ReadonlyMap<string, MetricName> = new Map(
  (Object.keys(METRICS) as MetricName[]).flatMap((name) => [name, ...METRICS[name].aliases].map((alias) => [alias, name] as const)),
)

/** The catalogue's name for a name or alias; undefined for a stranger. */
export function metricNamed(name: string): MetricName | undefined {
  return NAMES.get(name)
}

/** Every name and alias of the catalogue. */
export function metricNames(): string[] {
  return [...NAMES.keys()]
}

const SUFFIXES: Readonly<Record<Metric['unit'], { readonly suffix: string; readonly scale: number }>> = {
  ms: { suffix: '_seconds', scale: 0.001 }, bytes: { suffix: '_bytes', scale: 1 }, ratio: { suffix: '_ratio', scale: 1 }, count: { suffix: '', scale: 1 },
  per_second: { suffix: '_per_second', scale: 1 }, bytes_per_second: { suffix: '_bytes_per_second', scale: 1 }, hertz: { suffix: '_hertz', scale: 1 }, celsius: { suffix: '_celsius', scale: 1 },
}

/** A metric's family in Prometheus: base units (seconds, bytes, ratios), counters end in `_total` (https://prometheus.io/docs/practices/naming/). */
export function prometheusOf(name: MetricName): { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly scale: number; readonly help: string } {
  const metric: Metric = METRICS[name]
  const { suffix, scale } = SUFFIXES[metric.unit]
  const own = metric.prometheus
  if (own) return { name: own.name, labels: own.labels ?? {}, scale, help: own.help ?? metric.help }
  const base = name.replaceAll(/[^a-zA-Z0-9]+/g, '_')
  const ending = base.endsWith(suffix) ? '' : suffix
  return { name: `medianest_${base}${ending}${metric.kind === 'counter' ? '_total' : ''}`, labels: {}, scale, help: metric.help }
}
