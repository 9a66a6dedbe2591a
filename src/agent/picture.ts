import { derive } from '../analysis/derive.ts'
import type { MetricName } from '../model/metric.ts'
import type { Application, Samples, Snapshot } from '../model/snapshot.ts'
import type { Collected } from '../model/source.ts'
import type { RouteTraffic, Traffic } from '../model/traffic.ts'

/** When the machine was looked at: wall clock, and milliseconds since the look before. */
export interface PictureMoment {
  readonly at: number
  readonly elapsedMs: number
}

/**
 * What all sources say together, in the order of the configuration: where two tell of the same series, route or endpoint, the first is believed,
 * for two who count the same requests would count them twice.
 */
export function pictureOf(all: readonly Collected[], { at, elapsedMs }: PictureMoment): Snapshot {
  return { at, elapsedMs, samples: mergeSamples(all.map(({ samples }) => samples)), processes: null, application: mergeLists(all), alerts: [] }
}

/** The requests that were counted, by whoever counted a route first. */
export function trafficOf(all: readonly Collected[]): Traffic {
  const routes = new Map<string, RouteTraffic>()
  for (const { traffic } of all) for (const each of traffic ?? []) if (!routes.has(`${each.method} ${each.route}`)) routes.set(`${each.method} ${each.route}`, each)
  return [...routes.values()]
}

/** What a source says, and what follows from it at once: shares of levels. */
export function completed(collected: Collected): Collected {
  return { ...collected, samples: derive(null, { monotonicMs: 0, wallMs: 0, samples: collected.samples }) }
}

function mergeSamples([first = new Map(), ...others]: readonly Samples[]): Samples {
  if (others.length === 0) return first
  const merged = new Map<MetricName, ReadonlyMap<string, number>>(first)
  for (const samples of others) {
    for (const [metric, series] of samples) {
      const known = merged.get(metric)
      merged.set(metric, known ? new Map([...series, ...known]) : series)
    }
  }
  return merged
}

function mergeLists(all: readonly Collected[]): Application | null {
  const endpoints = new Map<string, Application['endpoints'][number]>()
  for (const each of all.flatMap((collected) => collected.endpoints ?? [])) if (!endpoints.has(`${each.method} ${each.path}`)) endpoints.set(`${each.method} ${each.path}`, each)
  const queries = all.flatMap((collected) => collected.queries ?? [])
  return endpoints.size === 0 && queries.length === 0 ? null : { endpoints: [...endpoints.values()], queries }
}
