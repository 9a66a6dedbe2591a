import { busiest, resourcesShape } from '../../analysis/shape/resources-shape.ts'
import type { Answer, Handlers } from '../../contract/instance.ts'
import type { Agent } from '../agent.ts'
import { openLookMemory } from '../look-memory.ts'

/** Most processes of an answer. */
const MOST = 500

/** Answers `GET resources`: the processes, the busiest first, and sums over disks and interfaces; also where the machine is full, for then it matters most who fills it. */
export function resourcesAnswerOf(agent: Agent): Handlers['resources'] {
  const memory = openLookMemory<Answer<'resources'>['data']>()
  return async () => {
    const snapshot = await agent.withProcesses()
    return { data: memory(snapshot, '', () => resourcesShape(snapshot, busiest(snapshot, MOST))), meta: { processes: snapshot.processes?.total ?? null } }
  }
}
