import type { MetricName } from '../model/metric.ts'
import type { Alert } from '../model/report.ts'
import type { Application, ProcessTable, Samples } from '../model/snapshot.ts'
import type { Reading } from './reading.ts'

/** More series than this are not kept, whatever is sent. */
const MOST_SERIES = 20_000

/** Which question an answer belongs to. */
export type Source = 'stream' | 'metrics' | 'application' | 'resources'

/** What is known of an instance from answers that came at different times; each figure is forgotten when it is too old. */
export interface Picture {
  /** Lays an answer over what is known; its figures hold for `lifeMs`. */
  add(source: Source, answer: Pick<Reading, 'samples' | 'processes' | 'application' | 'alerts' | 'isWhole'>, lifeMs: number): void
  /** What still holds. */
  current(): { readonly samples: Samples; readonly processes: ProcessTable | null; readonly application: Application | null; readonly alerts: readonly Alert[] }
  forgetProcesses(): void
}

interface Figure {
  readonly value: number
  readonly source: Source
  readonly until: number
}

interface Held<T> {
  readonly value: T
  readonly until: number
}

/** An empty picture on the monotonic clock. */
export function openPicture(now: () => number): Picture {
  const figures = new Map<MetricName, Map<string, Figure>>()
  let count = 0
  let processes: Held<ProcessTable> | null = null
  let application: Held<Application> | null = null
  let alerts: Held<readonly Alert[]> | null = null

  function drop(isGone: (figure: Figure) => boolean): void {
    for (const series of figures.values())
      for (const [tag, figure] of series)
        if (isGone(figure)) {
          series.delete(tag)
          count--
        }
  }

  function keep(metric: MetricName, tag: string, figure: Figure): void {
    const series = figures.get(metric) ?? new Map<string, Figure>()
    if (!series.has(tag)) {
      if (count >= MOST_SERIES) return
      count++
    }
    figures.set(metric, series.set(tag, figure))
  }

  const held = <T>(kept: Held<T> | null): T | null => (kept && kept.until >= now() ? kept.value : null)

  return {
    add(source, answer, lifeMs) {
      const until = now() + lifeMs
      // Who says everything has also said what is gone.
      if (answer.isWhole) drop((figure) => figure.source === source)
      for (const [metric, series] of answer.samples) for (const [tag, value] of series) keep(metric, tag, { value, source, until })
      if (answer.processes) processes = { value: answer.processes, until }
      if (answer.application) application = { value: mergeLists(held(application), answer.application), until }
      if (source === 'metrics' || answer.isWhole || answer.alerts.length > 0) alerts = { value: answer.alerts, until }
    },
    current() {
      const moment = now()
      drop(({ until }) => until < moment)
      const samples = new Map<MetricName, Map<string, number>>()
      for (const [metric, series] of figures) if (series.size > 0) samples.set(metric, new Map([...series].map(([tag, { value }]) => [tag, value])))
      return { samples, processes: held(processes), application: held(application), alerts: held(alerts) ?? [] }
    },
    forgetProcesses() {
      processes = null
    },
  }
}

// `metrics` may list endpoints, `application` endpoints and queries: neither takes away what only the other says.
function mergeLists(before: Application | null, now: Application): Application {
  return { endpoints: now.endpoints.length > 0 ? now.endpoints : (before?.endpoints ?? []), queries: now.queries.length > 0 ? now.queries : (before?.queries ?? []) }
}
