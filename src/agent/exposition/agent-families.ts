import { scoreOf } from '../../analysis/shape/summary-shape.ts'
import { ZONES } from '../../analysis/zone.ts'
import { valueOf, type Snapshot } from '../../model/snapshot.ts'
import { labelText, type Family } from '../../output/exposition.ts'
import type { Agent } from '../agent.ts'
import type { CollectedSource, SourceHealth } from '../collected-source.ts'
import { conditionOf } from '../source-condition.ts'

const HEALTH_SCORES: Readonly<Record<SourceHealth, number>> = { healthy: 100, degraded: 60, pending: 60, unhealthy: 0, disabled: 100 }

/** What is told of batches. */
export interface BatchFigures {
  readonly lastSize: number
  readonly lost: number
  /** Values taken, by source. */
  readonly bySource: ReadonlyMap<string, number>
}

type Row = readonly [labels: Readonly<Record<string, string>>, value: number]

/** How collecting goes: the sibling system's families, and what it costs. */
export function agentFamilies(agent: Agent, snapshot: Snapshot, batches: BatchFigures): Family[] {
  const { collector, insights } = agent
  const states = collector.states.filter(({ isDisabled }) => !isDisabled)
  const condition = (state: CollectedSource) => conditionOf(collector, state, agent.now())
  const bySource = (pick: (state: (typeof states)[number]) => number | null): Row[] => states.flatMap((state): Row[] => {
    const value = pick(state)
    return value === null ? [] : [[{ source: state.source.id }, value]]
  })
  const use = Math.max(...(['cpu.usage', 'memory.usage'] as const).map((metric) => valueOf(snapshot, metric)).filter((value) => !Number.isNaN(value)))
  const score = scoreOf(insights.now())
  const value = (metric: Parameters<typeof valueOf>[1], scale = 1): Row[] => [[{}, valueOf(snapshot, metric) * scale]]
  const all: readonly (readonly [name: string, type: 'counter' | 'gauge', help: string, rows: readonly Row[]])[] = [
    ['medianest_coordinator_source_metrics_total', 'counter', 'Values that were collected for the batches.', states.map(({ source }) => [{ source: source.id, priority: source.priority }, batches.bySource.get(source.id) ?? 0])],
    ['medianest_performance_metrics_total', 'counter', 'Values that were collected for the batches, by what they tell of.', states.map(({ source }) => [{ category: source.kind, source: source.id }, batches.bySource.get(source.id) ?? 0])],
    ['medianest_coordinator_source_collections_total', 'counter', 'Collections that went well.', bySource(({ collections }) => collections)],
    ['medianest_coordinator_source_failures_total', 'counter', 'Collections that failed.', bySource(({ failures }) => failures)],
    ['medianest_coordinator_source_up', 'gauge', '1 where the last collection went well, else 0; 0 as well while the zone keeps it from being asked.', bySource((state) => (condition(state).health === 'pending' ? null : state.failuresInARow === 0 && !condition(state).isGivenUp ? 1 : 0))],
    ['medianest_coordinator_source_last_collection_timestamp_seconds', 'gauge', 'When a collection last went well, since 1970.', bySource(({ last }) => (last ? last.wallMs / 1_000 : null))],
    ['medianest_coordinator_source_duration_seconds', 'gauge', 'Time the last collection took.', bySource(({ lastDurationMs }) => (lastDurationMs === null ? null : lastDurationMs / 1_000))],
    ['medianest_coordinator_batch_size', 'gauge', 'Values of the last batch, after any were folded together.', [[{}, batches.lastSize]]],
    ['medianest_coordinator_lost_values_total', 'counter', 'Values that were given up because what keeps them took none for long.', [[{}, batches.lost]]],
    ['medianest_coordinator_resource_utilization', 'gauge', 'The greatest of the shares of processors and memory in use, 0 to 1.', [[{}, use]]],
    ['medianest_coordinator_zone', 'gauge', '1 for the zone the machine is in, 0 for the others.', ZONES.map((zone) => [{ zone }, zone === collector.zone ? 1 : 0])],
    ['medianest_coordinator_health_score', 'gauge', 'Mean health of the sources, of 100.', [[{}, states.reduce((sum, state) => sum + HEALTH_SCORES[condition(state).health], 0) / states.length]]],
    ['medianest_system_health_score', 'gauge', 'Score of the system by what could be better, of 100.', [[{}, score]]],
    ['medianest_throughput_requests_per_second', 'gauge', 'Requests the application answers, per second.', value('api.request_rate')],
    ['medianest_error_rate_percentage', 'gauge', 'Share of the application\'s answers that are errors, in percent.', value('api.errors', 100)],
    ['medianest_performance_insights_total', 'counter', 'Insights that began.', Object.entries(insights.counts).map(([severity, count]) => [{ type: 'bottleneck', severity }, count])],
  ]
  return all.map(([name, type, help, rows]): Family => ({ name, type, help, rows: new Map(rows.filter(([, each]) => Number.isFinite(each)).map(([labels, each]) => [labelText(labels), each])) })).filter(({ rows }) => rows.size > 0)
}
