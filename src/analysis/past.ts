import { METRICS, type MetricName } from '../model/metric.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Moment } from './moment.ts'

const NAMES = Object.keys(METRICS) as MetricName[]

/** What a history still knows of each tick, oldest first: gauges, and the most important processes. */
export function* pastSnapshots(history: { readonly length: number; moment(back: number): Moment | null }): Generator<Snapshot> {
  for (let back = history.length - 1; back >= 0; back--) {
    const moment = history.moment(back)
    if (!moment) continue
    const samples = new Map<MetricName, Map<string, number>>()
    for (const name of NAMES) {
      const known = moment.tags(name).map((tag) => [tag, moment.value(name, tag)] as const).filter(([, value]) => !Number.isNaN(value))
      if (known.length > 0) samples.set(name, new Map(known))
    }
    yield { at: moment.at, elapsedMs: moment.stepMs, samples, processes: moment.processes, application: moment.application, alerts: [] }
  }
}
