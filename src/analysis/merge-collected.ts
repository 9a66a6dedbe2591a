import type { MetricName } from '../model/metric.ts'
import type { Application, Samples } from '../model/snapshot.ts'
import type { Collected } from '../model/source.ts'
import type { Traffic } from '../model/traffic.ts'

/** What several sources know together. */
export interface Merged {
  readonly samples: Samples
  /** Null where no source has a list. */
  readonly application: Application | null
  readonly traffic: Traffic
}

/**
 * Puts together what sources brought, the weightiest first (`openSources` gives them so: an application's own Prometheus endpoint knows more than the log before it, and that
 * more than requests made for the sake of it). Where two tell the same figure the first is believed; a figure only a later one tells is taken from there. Lists and traffic are
 * taken whole from the first that has one: of two lists of the same requests no sum would be true.
 */
export function mergeCollected(parts: readonly Collected[]): Merged {
  const samples = new Map<MetricName, Map<string, number>>()
  for (const part of parts) {
    for (const [metric, series] of part.samples) {
      const merged = samples.get(metric) ?? new Map<string, number>()
      for (const [tag, value] of series) if (!merged.has(tag) && Number.isFinite(value)) merged.set(tag, value)
      if (merged.size > 0) samples.set(metric, merged)
    }
  }
  const first = <T>(pick: (part: Collected) => readonly T[] | undefined): readonly T[] | undefined => parts.map(pick).find((list) => list !== undefined && list.length > 0) ?? parts.map(pick).find((list) => list !== undefined)
  const [endpoints, queries] = [first((part) => part.endpoints), first((part) => part.queries)]
  return {
    samples,
    application: endpoints === undefined && queries === undefined ? null : { endpoints: endpoints ?? [], queries: queries ?? [] },
    traffic: first((part) => part.traffic) ?? [],
  }
}
