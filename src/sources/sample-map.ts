import type { MetricName } from '../model/metric.ts'
import type { SampleWriter } from './probes/probe.ts'

/** Collects what probes say in one look. */
export class SampleMap implements SampleWriter {
  readonly samples = new Map<MetricName, Map<string, number>>()

  set(metric: MetricName, value: number, tag = ''): void {
    if (!Number.isFinite(value)) return
    const series = this.samples.get(metric)
    if (series) series.set(tag, value)
    else this.samples.set(metric, new Map([[tag, value]]))
  }
}
