import type { Answer, Handlers } from '../../contract/instance.ts'
import { seesAll } from '../../contract/instance.ts'
import { figure } from '../../analysis/shape/figure.ts'
import { valueOf } from '../../model/snapshot.ts'
import { plain } from '../../model/text.ts'
import { SHARED_MS, type Agent } from '../agent.ts'
import type { CollectedSource } from '../collected-source.ts'
import { conditionOf } from '../source-condition.ts'

type Row = Answer<'sources'>['data']['sources'][number]

/** Answers `GET sources`: where figures come from, how these sources are, and what collecting them costs. Why one is not well is for who sees all. */
export function sourcesAnswerOf(agent: Agent): Handlers['sources'] {
  return async (_, { caller }) => {
    const snapshot = await agent.current(agent.settings.intervalMs + SHARED_MS)
    const rows = agent.collector.states.map((state) => row(agent, state))
    return {
      data: {
        sources: seesAll(caller) ? rows : rows.map(({ problem: _, hint: __, notes: ___, ...known }) => known),
        zone: agent.collector.zone,
        cost: { cpu: figure(valueOf(snapshot, 'self.cpu'), 4), memory: figure(valueOf(snapshot, 'self.memory'), 0) },
      },
    }
  }
}

function row({ collector, now }: Agent, state: CollectedSource): Row {
  const { source, isDisabled, last, lastDurationMs, collections, failures } = state
  const intervalMs = collector.intervalOf(state)
  const { health, problem, hint } = conditionOf(collector, state, now())
  const notes = state.problem !== null ? [] : [...(last?.collected.problems ?? []), ...(last?.collected.notes ?? [])].map((note) => plain(note, 400))
  return {
    source: { id: plain(source.id, 200), name: plain(source.name, 100), priority: source.priority, enabled: !isDisabled, intervalMs: source.intervalMs },
    lastCollection: last?.wallMs ?? null,
    health,
    ...(problem === null ? {} : { problem }),
    ...(hint === null ? {} : { hint }),
    ...(notes.length === 0 ? {} : { notes }),
    ...(intervalMs === null ? {} : { currentIntervalMs: intervalMs }),
    lastDurationMs: lastDurationMs === null ? null : figure(lastDurationMs, 3),
    collections, failures,
  }
}
