import type { MetricName } from '../../model/metric.ts'

/** Takes the samples of one look. */
export interface SampleWriter {
  /** Values that are not finite are left out: what is not known is not there. */
  set(metric: MetricName, value: number, tag?: string): void
}

/**
 * Something that is looked at in every tick. It reads synchronously and fast; it throws when it cannot tell, and the caller
 * makes that a sample (`probe.success`). Absence of what it looks at (no swap, no PSI) is no failure: it sets nothing.
 */
export interface Probe {
  readonly name: string
  measure(writer: SampleWriter): void
  /** Gives back what it keeps open. */
  close(): void
}
