import { seriesKey, type MeasuredSeries } from '../../model/measurements.ts'

/** The series of several runs as one, their values one after another; a run that lacks one has NaN there. */
export function append(runs: readonly (readonly MeasuredSeries[])[]): MeasuredSeries[] {
  const byKey = runs.map((run) => new Map(run.map((series) => [seriesKey(series), series])))
  const first = new Map(byKey.flatMap((run) => [...run]).reverse())
  const order = [...new Set(byKey.flatMap((run) => [...run.keys()]))]
  return order.flatMap((key) => {
    const pattern = first.get(key)
    if (!pattern) return []
    const found = byKey.map((run) => run.get(key))
    const resolutions = found.flatMap((series) => (series?.resolution === undefined ? [] : [series.resolution]))
    // Shares of events are only told apart from mere shares when all of them are.
    const counted = found.every((series) => series === undefined || series.events !== undefined)
    const { events: _events, resolution: _resolution, ...rest } = pattern
    return [{
      ...rest,
      values: found.flatMap((series) => series?.values ?? [Number.NaN]),
      ...(counted ? { events: found.flatMap((series) => series?.events ?? [{ yes: 0, total: 0 }]) } : {}),
      ...(resolutions.length > 0 ? { resolution: Math.max(...resolutions) } : {}),
    }]
  })
}
