import { changePoints } from '../analysis/compare/e-divisive.ts'
import { showChange } from '../analysis/compare/evidence.ts'
import { gatesFor, pairSeries } from '../analysis/compare/gates.ts'
import { noiseBand } from '../analysis/compare/noise-band.ts'
import { median } from '../analysis/compare/ranks.ts'
import { middle } from '../analysis/shape/compare-shape.ts'
import type { Group } from '../baselines/groups.ts'
import { seriesKey, type Measurements } from '../model/measurements.ts'
import type { Chart, Table } from '../model/report.ts'
import { plain } from '../model/text.ts'
import { showQuantity, showRatio } from '../model/unit.ts'
import { showCommit } from './baseline-shape.ts'

/** Runs that a band of noise needs, and two stretches that differ. */
export const LEAST_RUNS = 10

/** What the runs of a baseline tell of their course. */
export interface BaselineHistory {
  /** The figures that were looked at. */
  readonly keys: ReadonlySet<string>
  readonly tables: readonly Table[]
  readonly charts: readonly Chart[]
  readonly notes: readonly string[]
  readonly data: readonly Readonly<Record<string, unknown>>[]
}

/** The course of a group of runs, of the figures that decide a comparison unless others are named; `prefix` stands before titles. */
export function historyOf({ runs }: Group, list: readonly Measurements[], names: readonly string[] | undefined, prefix: string): BaselineHistory {
  const newest = list.at(-1)?.series ?? []
  const pairs = pairSeries(newest, newest)
  const { gates, strangers } = gatesFor(pairs, names)
  const courses = newest.filter((series) => gates.has(seriesKey(series))).map((series) => {
    const key = seriesKey(series)
    const values = list.map((run) => middle(run.series.find((each) => seriesKey(each) === key) ?? { ...series, values: [] }))
    const known = values.flatMap((value, run) => (Number.isFinite(value) ? [{ value, run }] : []))
    const numbers = known.map(({ value }) => value)
    const changes = known.length < LEAST_RUNS ? [] : changePoints(numbers).map((point) => ({ ...point, run: runs[known[point.index]?.run ?? -1] }))
    return { key, unit: series.unit, values, numbers, band: noiseBand(numbers), changes }
  })
  const changed = courses.flatMap(({ key, unit, changes }) => changes.map((change) => ({ key, unit, ...change })))
  const [first, last] = [runs[0]?.at ?? 0, runs.at(-1)?.at ?? 0]
  return {
    keys: gates,
    data: courses.map(({ key, unit, values, band, changes }) => ({
      figure: key, unit, values: values.map((value) => (Number.isFinite(value) ? value : null)), noise: band,
      changes: changes.map(({ run, index: _index, ...change }) => ({ ...change, commit: run?.facts.commit ?? null, measuredAt: run === undefined ? null : new Date(run.at).toISOString() })),
    })),
    tables: courses.length === 0 ? [] : [
      {
        title: `${prefix}Noise`,
        columns: [{ label: 'Figure', isMain: true }, { label: 'Median', align: 'right' }, { label: 'Newest', align: 'right' }, { label: 'Usually', align: 'right' }, { label: 'Spread', align: 'right' }, { label: 'Runs', align: 'right' }],
        rows: courses.map(({ key, unit, numbers, band }) => [
          key, numbers.length === 0 ? null : { value: median(numbers), unit }, numbers.length === 0 ? null : { value: numbers.at(-1) ?? Number.NaN, unit },
          band === null ? null : `${showQuantity({ value: band.low, unit })} to ${showQuantity({ value: band.high, unit })}`, band === null ? null : showRatio(band.spread), numbers.length,
        ]),
      },
      ...(changed.length === 0 ? [] : [{
        title: `${prefix}Changes`,
        columns: [{ label: 'Figure', isMain: true }, { label: 'Since' }, { label: 'Commit' }, { label: 'Before', align: 'right' }, { label: 'After', align: 'right' }, { label: 'Change', align: 'right' }, { label: 'p', align: 'right', isSpare: true }] as const,
        rows: changed.map(({ key, unit, run, before, after, change, p }) => [key, run === undefined ? null : new Date(run.at).toISOString().slice(0, 16).replace('T', ' '), showCommit(run?.facts.commit ?? null), { value: before, unit }, { value: after, unit }, showChange(change, 'relative'), String(p)]),
      }]),
    ],
    charts: courses.filter(varies).map(({ key, unit, values }) => ({ title: `${prefix}${key}`, unit, each: 'run', stepMs: runs.length > 1 ? (last - first) / (runs.length - 1) : 0, series: [{ name: key, values }] })),
    notes: [
      ...strangers.map((name) => `"${plain(name, 80)}" is no figure of the newest run`),
      ...courses.filter((course) => course.band === null && course.numbers.length >= LEAST_RUNS && varies(course)).map(({ key }) => `${key} has no band of noise: not all of its values are above 0`),
    ],
  }
}

/** What is the same in every run needs no picture and has no noise. */
function varies({ numbers }: { readonly numbers: readonly number[] }): boolean {
  return new Set(numbers).size > 1
}
