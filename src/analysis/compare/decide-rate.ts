import type { MeasuredSeries } from '../../model/measurements.ts'
import type { Decision } from './decision.ts'
import { untested, type Evidence } from './evidence.ts'
import { fisher, shareDifference, type Events } from './fisher.ts'
import type { CompareRules } from './rules.ts'

/** What counted shares tell: Fisher's test of all events together, in points. Events that come in bursts (errors do) count for less than their number. */
export function weighRate(base: readonly Events[], head: readonly Events[], better: MeasuredSeries['better'], rules: CompareRules): Evidence | Decision {
  const isCount = ({ yes, total }: Events): boolean => Number.isSafeInteger(yes) && Number.isSafeInteger(total) && yes >= 0 && yes <= total
  if (![...base, ...head].every(isCount)) return untested('inconclusive', 'the numbers of events are not whole, or more said yes than there are', { scale: 'points' })
  const [all, other] = [together(base), together(head)]
  const n = { base: all.total, head: other.total }
  if (all.total === 0 || other.total === 0) return untested('inconclusive', `the ${all.total === 0 ? 'base' : 'head'} has no event`, { scale: 'points', n })

  const burst = burstiness(base, head)
  const [x, y] = [thinned(all, burst), thinned(other, burst)]
  // The estimate is of all events; what was rounded away moves only the interval.
  const { interval } = shareDifference(x, y, rules.alpha)
  const estimate = other.yes / other.total - all.yes / all.total
  const flaw = [...base, ...head].some(({ total }) => total === 0) ? 'a run has no events' : undefined
  return { scale: 'points', better, estimate, interval: { low: Math.min(interval.low, estimate), high: Math.max(interval.high, estimate) }, p: fisher(x, y).p, n, unit: 'event', flaw }
}

function together(events: readonly Events[]): Events {
  return { yes: events.reduce((sum, { yes }) => sum + yes, 0), total: events.reduce((sum, { total }) => sum + total, 0) }
}

/** How many times more runs of one side differ than independent events would, at least 1: Pearson's dispersion. Source: J. N. K. Rao, A. J. Scott, Biometrics 48 (1992). */
function burstiness(base: readonly Events[], head: readonly Events[]): number {
  let [squares, freedom] = [0, 0]
  for (const runs of [base, head].map((side) => side.filter(({ total }) => total > 0))) {
    const { yes, total } = together(runs)
    if (runs.length < 2 || yes === 0 || yes === total) continue
    freedom += runs.length - 1
    for (const run of runs) {
      const expected = (run.total * yes) / total
      squares += (run.yes - expected) ** 2 / (expected * (1 - yes / total))
    }
  }
  return freedom === 0 ? 1 : Math.max(1, squares / freedom)
}

/** As many independent events as bursts leave, with the same share. */
function thinned({ yes, total }: Events, burst: number): Events {
  const left = Math.max(1, Math.round(total / burst))
  return { total: left, yes: Math.min(left, Math.round((yes / total) * left)) }
}
