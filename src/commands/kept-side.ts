import { formatOf, type KeptBaseline } from '../baselines/kept-baseline.ts'
import type { Side } from '../analysis/shape/compare-shape.ts'
import type { Host } from '../host.ts'
import { seriesKey, type Measurements } from '../model/measurements.ts'
import { shownPath } from './baseline-place.ts'
import { readSources, sideOf } from './compare-side.ts'

type Reader = Pick<Host, 'cwd' | 'files' | 'stdin' | 'interrupts'>

/** Reads the figures of kept runs, in their order. Throws UserError for a file that is broken there. */
export async function readKept(host: Reader, runs: readonly KeptBaseline[]): Promise<Measurements[]> {
  const list = await readSources(host, runs.map(({ path }) => shownPath(host, path)), { per: 'run' })
  return list.map((measured, nth) => {
    const run = runs[nth]
    return run ? { ...measured, format: formatOf(run), outcome: { verdict: run.facts.source.verdict, isPartial: run.facts.source.partial } } : measured
  })
}

/**
 * Kept runs as the side of a comparison: times and rates of every run, sizes of the newest alone, since nothing but a commit changes them;
 * of figures that the newest no longer has, nothing. `name` is what it is called.
 */
export async function keptSide(host: Reader, runs: readonly KeptBaseline[], name: string): Promise<Side> {
  const [list, { append }] = await Promise.all([readKept(host, runs), import('../sources/artifacts/append.ts')])
  const { files, measured } = await sideOf(runs.map(({ path }) => shownPath(host, path)), list)
  const newest = list.at(-1) ?? measured
  const series = newest.series.flatMap((each) => {
    const key = seriesKey(each)
    return each.class === 'exact' ? [each] : append(list.flatMap((run) => run.series.filter((other) => seriesKey(other) === key)).map((other) => [other]))
  })
  return { files, measured: { ...measured, file: name, takenAt: newest.takenAt, series } }
}
