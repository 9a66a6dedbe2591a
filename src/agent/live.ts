import { figure, percent } from '../analysis/shape/figure.ts'
import { cpuShape, diskShape, memoryShape, networkShape } from '../analysis/shape/machine-shape.ts'
import { narrow } from '../analysis/shape/narrow.ts'
import { type Caller, seesAll } from '../contract/instance.ts'
import type { LiveEvent, LiveQuestion } from '../contract/resident.ts'
import type { Snapshot, SystemFacts } from '../model/snapshot.ts'
import { writeWireSnapshot } from '../model/wire-snapshot.ts'
import { SHARED_MS, type Agent } from './agent.ts'
import { TOPICS, type Topic } from '../contract/question-words.ts'

/** Most processes of an event. */
const ROWS = 200

type Shape = (snapshot: Snapshot, facts: SystemFacts) => Readonly<Record<string, unknown>> & { readonly usage?: number | null }

/** What everybody is told of each topic, and what beyond that those who see all. */
const SHAPES: Readonly<Record<Topic, { readonly forAll: Shape; readonly whole: Shape }>> = {
  cpu: { forAll: (snapshot) => ({ usage: usage(snapshot, 'cpu.usage') }), whole: (snapshot, facts) => withUsage(cpuShape(snapshot, facts), ['loadAverage', 'user', 'system', 'iowait']) },
  memory: { forAll: (snapshot) => ({ usage: memoryShape(snapshot).usage }), whole: (snapshot) => withUsage(memoryShape(snapshot), ['total', 'used', 'free']) },
  disk: { forAll: (snapshot) => ({ usage: diskShape(snapshot).usage }), whole: (snapshot) => withUsage(diskShape(snapshot), ['iops', 'throughput']) },
  network: { forAll: (snapshot) => ({ totalBandwidth: networkShape(snapshot).totalBandwidth }), whole: (snapshot) => ({ totalBandwidth: networkShape(snapshot).totalBandwidth }) },
}

/** Makes live events; all who want the same share one until the next look. */
export function liveEvents(agent: Agent): (question: LiveQuestion, caller: Pick<Caller, 'role'>) => Promise<LiveEvent> {
  const made = new Map<string, LiveEvent>()
  let of: number | null = null
  return async ({ metrics: topics = TOPICS, samples }, caller) => {
    const tellsAll = seesAll(caller)
    const isFull = samples && tellsAll
    const snapshot = isFull ? await agent.withProcesses() : await agent.current(SHARED_MS)
    if (of !== snapshot.at) made.clear()
    of = snapshot.at
    const key = `${TOPICS.filter((topic) => topics.includes(topic)).join()} ${tellsAll} ${isFull}`
    let event = made.get(key)
    if (!event) made.set(key, (event = eventOf(agent, snapshot, topics, tellsAll, isFull)))
    return event
  }
}

function eventOf(agent: Agent, snapshot: Snapshot, topics: readonly Topic[], tellsAll: boolean, isFull: boolean): LiveEvent {
  const parts = TOPICS.filter((topic) => topics.includes(topic)).map((topic) => [topic, SHAPES[topic][tellsAll ? 'whole' : 'forAll'](snapshot, agent.facts())])
  const wire = isFull ? writeWireSnapshot({ ...snapshot, samples: narrow(snapshot.samples, topics) }, { rows: ROWS, commandLines: agent.commandLines }) : {}
  return { type: 'metrics', timestamp: new Date(snapshot.at).toISOString(), ...(Object.fromEntries(parts) as Pick<Extract<LiveEvent, { type: 'metrics' }>, Topic>), ...wire }
}

function usage(snapshot: Snapshot, metric: 'cpu.usage'): number | null {
  return percent(snapshot.samples.get(metric)?.get('') ?? Number.NaN)
}

function withUsage<T extends { readonly usage: number | null }>(shape: T, keys: readonly (keyof T)[]) {
  return { usage: figure(shape.usage ?? Number.NaN), ...Object.fromEntries(keys.map((key) => [key, shape[key]])) }
}
