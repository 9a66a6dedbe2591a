import { metricsShape, shortDuration } from '../../analysis/shape/metrics-shape.ts'
import { figure, percent } from '../../analysis/shape/figure.ts'
import { narrow } from '../../analysis/shape/narrow.ts'
import type { RecentMetric } from '../../analysis/recent/recent.ts'
import { type Answer, type Handlers, seesAll } from '../../contract/instance.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import { parseDuration } from '../../model/unit.ts'
import { writeWireFacts, writeWireSnapshot } from '../../model/wire-snapshot.ts'
import { SHARED_MS, type Agent } from '../agent.ts'
import { openLookMemory } from '../look-memory.ts'
import { SYSTEM } from '../machine.ts'
import { instantOf } from './instant.ts'
import { alertsFor } from './open-alerts.ts'
import { TOPICS, type Topic } from '../../contract/question-words.ts'

/** What has a history within `metrics`. */
const HISTORIES = [['cpu', 'cpu.usage'], ['memory', 'memory.usage']] as const satisfies readonly (readonly [Topic, RecentMetric])[]

type Data = Answer<'metrics'>['data']

interface Told {
  readonly data: Data
  readonly dataPoints: number
}

/** Answers `GET metrics`: what is measured now with its recent past; who does not see all is told how much is in use and no more. */
export function metricsAnswerOf(agent: Agent): Handlers['metrics'] {
  // Who is told of processes looks at another picture than who is not.
  const memories = { plain: openLookMemory<Told>(), full: openLookMemory<Told>() }
  return async ({ query: { timeRange, interval, metrics: topics = TOPICS, samples } }, { caller }) => {
    const tellsAll = seesAll(caller)
    const isFull = samples && tellsAll
    const snapshot = isFull ? await agent.withProcesses() : await agent.current(SHARED_MS)
    const rangeMs = parseDuration(timeRange)
    const stepMs = agent.recent.stepFor(rangeMs, parseDuration(interval))
    const { data, dataPoints } = memories[isFull ? 'full' : 'plain'](snapshot, JSON.stringify([timeRange, interval, topics, tellsAll]), () => {
      const whole = dataOf(agent, snapshot, { topics, rangeMs, stepMs })
      return { data: tellsAll ? { ...whole.data, ...(isFull ? wireOf(agent, snapshot, topics) : {}) } : usageOnly(whole.data), dataPoints: whole.dataPoints }
    })
    return {
      data,
      meta: {
        timeRange, interval: shortDuration(stepMs), dataPoints, lastUpdate: instantOf(snapshot.at), nextUpdate: nextLookOf(agent),
        recordedSince: instantOf(agent.recent.since()), recorded: false,
        ...(tellsAll ? {} : { note: 'what this machine is, what runs on it and what it is asked is told to administrators only' }),
      },
      alerts: alertsFor(agent, caller),
    }
  }
}

function dataOf(agent: Agent, snapshot: Snapshot, { topics, rangeMs, stepMs }: { readonly topics: readonly Topic[]; readonly rangeMs: number; readonly stepMs: number }): Told {
  const to = agent.wallTime().getTime()
  const history = (metric: RecentMetric) => agent.recent.slots(metric, { from: to - rangeMs, to, stepMs }).map(({ at, mean }) => ({ timestamp: instantOf(at), usage: percent(mean) }))
  const { data } = metricsShape(snapshot, agent.facts(), { intervalMs: agent.settings.intervalMs, count: 1, nextAt: null }, topics)
  const [cpu, memory] = HISTORIES.map(([, metric]) => history(metric))
  const metrics = { ...data.metrics, ...(data.metrics.cpu ? { cpu: { ...data.metrics.cpu, history: cpu ?? [] } } : {}), ...(data.metrics.memory ? { memory: { ...data.metrics.memory, history: memory ?? [] } } : {}) }
  return { data: { ...data, metrics }, dataPoints: Math.max(cpu?.length ?? 0, memory?.length ?? 0) }
}

/** What this tool's own commands are told besides: every sample, the processes, the facts. */
function wireOf(agent: Agent, snapshot: Snapshot, topics: readonly Topic[]): Readonly<Record<string, unknown>> {
  return { ...writeWireSnapshot({ ...snapshot, samples: narrow(snapshot.samples, topics) }, { commandLines: agent.commandLines }), facts: writeWireFacts(agent.facts()) }
}

/** How much is in use, and nothing of what the machine is, what runs on it or what it is asked. */
function usageOnly({ timestamp, system, metrics }: Data): Data {
  const { cpu, memory, disk, network } = metrics
  return {
    timestamp,
    system: {
      ...(system.cpu ? { cpu: { usage: system.cpu.usage } } : {}),
      ...(system.memory ? { memory: { percentage: system.memory.percentage } } : {}),
      ...(system.disk ? { disk: { percentage: system.disk.percentage } } : {}),
    },
    metrics: {
      ...(cpu ? { cpu: { usage: cpu.usage, history: cpu.history } } : {}),
      ...(memory ? { memory: { usage: memory.usage, history: memory.history } } : {}),
      ...(disk ? { disk: { usage: disk.usage } } : {}),
      ...(network ? { network: { totalBandwidth: network.totalBandwidth } } : {}),
    },
  }
}

/** When the machine is looked at next. */
function nextLookOf({ collector, now, wallTime }: Agent): string | null {
  const state = collector.states.find(({ source }) => source.id === SYSTEM)
  return state ? instantOf(wallTime().getTime() + Math.max(0, figure(state.dueAt - now(), 0) ?? 0)) : null
}
