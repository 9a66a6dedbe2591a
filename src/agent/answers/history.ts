import { figure } from '../../analysis/shape/figure.ts'
import { foldSlots } from '../../analysis/recent/fold-slots.ts'
import type { RecentMetric, Window } from '../../analysis/recent/recent.ts'
import type { Slot } from '../../analysis/recent/ring.ts'
import type { Handlers } from '../../contract/instance.ts'
import { parseDuration } from '../../model/unit.ts'
import type { Agent } from '../agent.ts'
import { instantOf } from './instant.ts'
import { HISTORY_METRICS } from '../../contract/question-words.ts'

type HistoryMetric = (typeof HISTORY_METRICS)[number]

interface Told {
  readonly metric: RecentMetric
  readonly scale: number
  /** Where percentiles of the values themselves are known. */
  readonly percentiles?: { readonly p95: RecentMetric; readonly p99: RecentMetric }
}

const TOLD: Readonly<Record<HistoryMetric, Told>> = {
  response_time: { metric: 'api.duration.avg', scale: 1, percentiles: { p95: 'api.duration.p95', p99: 'api.duration.p99' } },
  memory: { metric: 'memory.usage', scale: 100 },
  cpu: { metric: 'cpu.usage', scale: 100 },
  cache_hit_rate: { metric: 'cache.hit_rate', scale: 100 },
}

/** Answers `GET history` from what is kept in memory, and says since when that is. */
export function historyAnswerOf(agent: Agent): Handlers['history'] {
  return ({ query: { period, metric, granularity } }) => {
    const to = agent.wallTime().getTime()
    const rangeMs = parseDuration(period)
    const window = { from: to - rangeMs, to, stepMs: agent.recent.stepFor(rangeMs, parseDuration(granularity)) }
    const seriesOf = (name: HistoryMetric) => series(agent, TOLD[name], window)
    const first = metric ?? HISTORY_METRICS.find((name) => agent.recent.since(TOLD[name].metric) !== null) ?? HISTORY_METRICS[0]
    const told = seriesOf(first)
    const since = agent.recent.since(TOLD[first].metric)
    return {
      data: {
        period, metric: first, granularity, ...told,
        ...(metric === undefined ? { series: Object.fromEntries(HISTORY_METRICS.filter((name) => agent.recent.since(TOLD[name].metric) !== null).map((name) => [name, seriesOf(name)])) } : {}),
      },
      meta: {
        recorded: false, recordedSince: instantOf(since), dataPoints: told.dataPoints.length, stepSeconds: window.stepMs / 1_000,
        note: since === null ? `${first} is not measured here, or not yet; nothing is recorded yet either` : `kept in memory since ${instantOf(since)}, for a week at most; not recorded yet, so a restart forgets it`,
      },
    }
  }
}

function series(agent: Agent, { metric, scale, percentiles }: Told, window: Window) {
  const slots = agent.recent.slots(metric, window)
  const [p95, p99] = [percentiles?.p95, percentiles?.p99].map((name) => new Map((name ? agent.recent.slots(name, window) : []).map((slot) => [slot.at, slot])))
  const of = (known: ReadonlyMap<number, Slot> | undefined, at: number): number | null => figure((known?.get(at)?.mean ?? Number.NaN) * scale)
  const over = (name: RecentMetric | undefined, by: 'p95' | 'p99'): number | null => figure(foldSlots(name ? agent.recent.slots(name, window) : slots, name ? 'avg' : by) * scale)
  return {
    dataPoints: slots.map(({ at, mean }) => ({ timestamp: instantOf(at), value: figure(mean * scale), ...(percentiles ? { p95: of(p95, at), p99: of(p99, at) } : {}) })),
    summary: {
      average: figure(foldSlots(slots, 'avg') * scale), min: figure(foldSlots(slots, 'min') * scale), max: figure(foldSlots(slots, 'max') * scale),
      p95: over(percentiles?.p95, 'p95'), p99: over(percentiles?.p99, 'p99'),
    },
  }
}
