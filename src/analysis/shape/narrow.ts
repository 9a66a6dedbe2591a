import type { Samples } from '../../model/snapshot.ts'
import { TOPICS, type Topic } from '../../contract/question-words.ts'

/** What the names of each topic's metrics begin with. */
const PREFIXES: Readonly<Record<Topic, readonly string[]>> = {
  cpu: ['cpu.', 'load.', 'tasks.', 'context_switches', 'interrupts', 'cgroup.cpu.'],
  memory: ['memory.', 'swap.', 'cgroup.memory.', 'cgroup.oom_kills'],
  disk: ['disk.', 'filesystem.'],
  network: ['network.', 'tcp.', 'sockets.'],
}
const RESOURCES: Readonly<Record<Topic, string>> = { cpu: 'cpu', memory: 'memory', disk: 'io', network: 'irq' }

/** The samples of some topics, and those that belong to none: the uptime, the probes, the application. */
export function narrow(samples: Samples, topics: readonly Topic[]): Samples {
  const others = TOPICS.filter((topic) => !topics.includes(topic))
  if (others.length === 0) return samples
  const prefixes = others.flatMap((topic) => PREFIXES[topic])
  const resources = others.map((topic) => RESOURCES[topic])
  return new Map(
    [...samples]
      .filter(([metric]) => !prefixes.some((prefix) => metric.startsWith(prefix)))
      .map(([metric, series]) => [metric, metric.startsWith('pressure.') ? new Map([...series].filter(([resource]) => !resources.includes(resource))) : series]),
  )
}
