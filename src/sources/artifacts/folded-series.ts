import type { MeasuredSeries } from '../../model/measurements.ts'
import type { Unit } from '../../model/unit.ts'
import type { Reading } from './artifact.ts'
import { holdsNothing } from './errors.ts'
import { AVG, COUNT, figure, MAX, named, p, RATE, share } from './series.ts'
import type { Folded, Slices } from './slices.ts'

/** What a metric of folded requests is called and means. */
export interface Meaning {
  readonly metric: string
  readonly unit: Unit
  readonly better: MeasuredSeries['better']
}

const REQUEST_MEANINGS: Readonly<Record<string, Meaning>> = {
  duration: { metric: 'http.duration', unit: 'ms', better: 'lower' },
  requests: { metric: 'http.requests', unit: 'count', better: 'higher' },
  failed: { metric: 'http.failed', unit: 'ratio', better: 'lower' },
  received: { metric: 'data.received', unit: 'bytes', better: 'neither' },
}
const NO_MEANING: Meaning = { metric: '', unit: 'count', better: 'neither' }

/** What a folded part of requests means. */
export const requestMeaning = (part: string): Meaning => REQUEST_MEANINGS[part] ?? NO_MEANING

/** What was folded, one value for each slice or for the whole run, and what is to be said of that. */
export function foldedSeries(slices: Slices, reading: Reading, meaningOf: (metric: string) => Meaning): { readonly series: MeasuredSeries[]; readonly notes: string[] } {
  const whole = slices.whole()
  if (whole.size === 0) throw holdsNothing(reading, 'requests')
  const sliced = reading.per === 'slice' ? slices.sliced() : undefined
  const series = [...(sliced ?? whole)].flatMap(([metric, folded]) => [...seriesOf(meaningOf(metric), folded), ...totals(meaningOf(metric), whole.get(metric))])
  return {
    series,
    notes: [
      ...(reading.per === 'slice' && !sliced ? [`it cannot be told in slices of ${reading.sliceMs / 1_000} s (too short, or not in order of time): one value of each figure`] : []),
      ...(slices.left.length > 0 ? [`it has more metrics than are kept; left out: ${slices.left.join(', ')}`] : []),
    ],
  }
}

function seriesOf({ metric, unit, better }: Meaning, folded: Folded): MeasuredSeries[] {
  const name = named(metric)
  switch (folded.fold) {
    case 'trend': {
      const list = [[AVG, folded.avg], [MAX, folded.max], [p(50), folded.p50], [p(90), folded.p90], [p(95), folded.p95], [p(99), folded.p99]] as const
      return list.map(([statistic, values]) => figure(name, unit, better, 'sampled', statistic, values))
    }
    case 'counter': return [figure(name, unit === 'bytes' ? 'bytes_per_second' : 'per_second', better, 'sampled', RATE, folded.perSecond)]
    case 'rate': return [share(name, better, folded.events)]
  }
}

function totals({ metric, unit }: Meaning, whole: Folded | undefined): MeasuredSeries[] {
  return whole?.fold === 'counter' ? [figure(named(metric), unit, 'neither', 'sampled', COUNT, whole.sum)] : []
}
