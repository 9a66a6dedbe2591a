import type { MetricName } from '../model/metric.ts'
import type { Application, Samples } from '../model/snapshot.ts'
import type { Collected } from '../model/source.ts'
import { derive } from './derive.ts'

/** What several sources know together. */
export interface Merged {
  readonly samples: Samples
  /** Null where no source has a list. */
  readonly application: Application | null
}

/**
 * Puts together what sources brought, the weightiest first (`openSources` gives them so: an application's own Prometheus endpoint knows more than the log before it, and that
 * more than requests made for the sake of it). Shares of levels follow from what one source says. Where two tell the same figure the first is believed; a figure only a later one
 * tells is taken from there. Lists are taken whole from the first that has one: of two lists of the same requests no sum would be true.
 */
export function mergeCollected(parts: readonly Pick<Collected, 'samples' | 'endpoints' | 'queries'>[]): Merged {
  const samples = new Map<MetricName, Map<string, number>>()
  for (const part of parts) {
    for (const [metric, series] of derive(null, { monotonicMs: 0, wallMs: 0, samples: part.samples })) {
      const merged = samples.get(metric) ?? new Map<string, number>()
      for (const [tag, value] of series) if (!merged.has(tag) && Number.isFinite(value)) merged.set(tag, value)
      if (merged.size > 0) samples.set(metric, merged)
    }
  }
  const first = <T>(lists: readonly (readonly T[] | undefined)[]): readonly T[] | undefined => lists.find((list) => list !== undefined && list.length > 0) ?? lists.find((list) => list !== undefined)
  const [endpoints, queries] = [first(parts.map((part) => part.endpoints)), first(parts.map((part) => part.queries))]
  return { samples, application: endpoints === undefined && queries === undefined ? null : { endpoints: endpoints ?? [], queries: queries ?? [] } }
}
