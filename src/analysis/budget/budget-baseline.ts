import type { BudgetLine, Measured, SeriesSubject } from '../../model/budget.ts'
import type { MeasuredSeries, Measurements } from '../../model/measurements.ts'
import { aggregate } from './aggregate.ts'
import { measureSeries } from './series-lookup.ts'

/**
 * What earlier results say of a line, in its unit: an earlier budget or baseline by the line's name, other results by the figures that the line asks for. `isAlone` where the
 * line is about one thing only, which may have changed its name since (a hash in it). Null where they say nothing.
 */
export function baselineOf(line: BudgetLine, { of }: Pick<Measured, 'of'>, isAlone: boolean, baselines: readonly Measurements[]): number | null {
  const figures = line.subjects.filter((subject): subject is SeriesSubject => subject.kind === 'series')
  const own = baselines.flatMap(({ series }) => series.filter(({ metric, unit }) => metric === line.id && unit === line.unit))
  const named = chosen(own, of, isAlone)
  if (named.length > 0) return known(aggregate(named.flatMap(({ values }) => values), figures[0]?.aggregate ?? 'median', line.better))
  for (const subject of figures) {
    const found = measureSeries(subject, line, baselines)
    const same = chosen(found, of, isAlone)[0]?.observed ?? null
    if (same !== null) return same
  }
  return null
}

/**
 * Whether earlier results are of such a budget and know nothing of a line, or of this file or page of it: it came since. A line of which they know that it was not measured is not new,
 * nor is one of a part that they do not have at all.
 */
export function isNewSince(line: BudgetLine, { of }: Pick<Measured, 'of'>, isAlone: boolean, baselines: readonly Measurements[]): boolean {
  const series = baselines.flatMap((baseline) => baseline.series)
  const part = line.id.slice(0, line.id.indexOf(':') + 1)
  const own = series.filter(({ metric }) => metric === line.id)
  return part !== '' && series.some(({ metric, of: other }) => metric.startsWith(part) && (metric !== line.id || other !== of)) && chosen(own, of, isAlone).length === 0
}

function chosen<T extends Pick<MeasuredSeries | Measured, 'of'>>(list: readonly T[], of: string, isAlone: boolean): readonly T[] {
  const same = list.filter((each) => each.of === of)
  return same.length > 0 || !isAlone || new Set(list.map((each) => each.of)).size > 1 ? same : list
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
