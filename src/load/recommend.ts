import type { Run } from '../model/run.ts'
import { showDuration, showRatio } from '../model/unit.ts'
import type { LoadRecord } from './record.ts'

type Advice = Run['recommendations'][number]

/** Mean response time above which the reference calls an endpoint slow, milliseconds. */
const SLOW_MS = 200
/** A tail this many times the median is a matter of its own. */
const LONG_TAIL = 10

/** What the figures of a run suggest doing; every sentence names the figure it comes from. */
export function recommendationsOf(record: LoadRecord): Advice[] {
  return [...capacity(record), ...errors(record), ...slowEndpoints(record), ...tail(record), ...queueing(record), ...generator(record)]
}

function capacity({ recorder }: LoadRecord): Advice[] {
  const phases = recorder.lanes.flatMap(({ phases: { list }, tallies }) => list.map((phase, index) => ({ phase, mean: tallies[index]?.times.mean ?? Number.NaN })))
  const worst = phases.filter(({ mean }) => mean > SLOW_MS).sort((a, b) => b.mean - a.mean)[0]
  const best = Math.min(...phases.map(({ mean }) => mean).filter((mean) => !Number.isNaN(mean)))
  return worst && phases.length > 1 && worst.mean > 1.5 * best
    ? [{ category: 'performance', message: 'Add server capacity for peak load, or shed load before it', details: `Response times averaged ${showDuration(worst.mean)} in phase "${worst.phase.name}", against ${showDuration(best)} in the quickest phase` }]
    : []
}

function errors({ recorder }: LoadRecord): Advice[] {
  const most = [...recorder.errors].sort(([, a], [, b]) => b.count - a.count)[0]
  return most && recorder.failed / recorder.requests > 0.01
    ? [{ category: 'reliability', message: `Look into "${most[0]}" first: it is the most frequent failure`, details: `${most[1].count} of ${recorder.requests} requests (${showRatio(most[1].count / recorder.requests)}): ${most[1].message}` }]
    : []
}

function slowEndpoints({ recorder }: LoadRecord): Advice[] {
  const slow = [...recorder.endpoints.values()].filter(({ times }) => times.mean > SLOW_MS).sort((a, b) => b.times.mean - a.times.mean)[0]
  return slow && recorder.endpoints.size > 1
    ? [{ category: 'optimization', message: `Speed up or cache ${slow.name}: it is the slowest endpoint`, details: `It averages ${showDuration(slow.times.mean)} with a p95 of ${showDuration(slow.times.percentile(95))} over ${slow.requests} requests` }]
    : []
}

function tail({ recorder }: LoadRecord): Advice[] {
  const { total } = recorder.timeline
  const [p50, p99] = [total.percentile(50), total.percentile(99)]
  return p99 > LONG_TAIL * p50 && p99 > SLOW_MS
    ? [{ category: 'performance', message: 'Look for pauses: garbage collection, locks, a full connection pool or a cold cache', details: `p99 is ${showDuration(p99)}, ${Math.round(p99 / p50)} times the median of ${showDuration(p50)}` }]
    : []
}

function queueing({ recorder }: LoadRecord): Advice[] {
  const response = recorder.timeline.total.percentile(95)
  const service = recorder.serviceTimes.percentile(95)
  return response > 2 * service && response - service > 50
    ? [{ category: 'capacity', message: 'Requests waited for a user or a connection before they could be sent; raise the cap or the server\'s capacity', details: `p95 is ${showDuration(response)} from the moment a request was due, and ${showDuration(service)} from the moment it was sent` }]
    : []
}

function generator({ generatorCpu }: LoadRecord): Advice[] {
  return generatorCpu > 0.7
    ? [{ category: 'measurement', message: 'Give the generator more processor time, or ask for less load', details: `It used ${showRatio(generatorCpu)} of one core` }]
    : []
}
