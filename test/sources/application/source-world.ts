import { readFile } from 'node:fs/promises'
import type { SourceConfig } from '../../../src/collect-schema/schema.ts'
import type { MetricName } from '../../../src/model/metric.ts'
import type { Collected } from '../../../src/model/source.ts'
import type { SourceTerms, SourceWorld } from '../../../src/sources/application/source-world.ts'

/** The world of a source under test; its clock is the machine's. */
export function sourceWorld(parts: Partial<SourceWorld> = {}, sources: readonly SourceConfig[] = []): SourceWorld {
  return { now: () => performance.now(), wallTime: () => new Date(), env: {}, readFile: (path) => readFile(path, 'utf8'), resolve: (path) => path, sources, ...parts }
}

export const TERMS: SourceTerms = { id: 'under-test', name: 'under test', priority: 'high', intervalMs: 1_000 }

/** A figure that was collected; undefined where it is not known. */
export function valueIn({ samples }: Collected, metric: MetricName, tag = ''): number | undefined {
  return samples.get(metric)?.get(tag)
}
