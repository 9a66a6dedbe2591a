import type { Snapshot, SystemFacts } from '../../model/snapshot.ts'
import { showDuration } from '../../model/unit.ts'
import { currentApplicationShape, knows } from './application-shape.ts'
import { detailShape } from './detail-shape.ts'
import { figure } from './figure.ts'
import { cpuShape, diskShape, loadAverage, memoryShape, networkShape, reader } from './machine-shape.ts'
import { COMPONENTS, TOPICS, type Topic } from '../../contract/question-words.ts'

/** What is known of the looks behind an answer. */
export interface Looks {
  /** Time from one look to the next, milliseconds. */
  readonly intervalMs: number
  /** How many looks the answer rests on. */
  readonly count: number
  /** When there will be news, milliseconds since 1970; null when this was the last look. */
  readonly nextAt: number | null
}

/** The documented answer of `/metrics`, both of its forms at once, and what we know beyond it. Shares in percent, sizes in bytes, unknown numbers null. */
export function metricsShape(snapshot: Snapshot, facts: SystemFacts, looks: Looks, topics: readonly Topic[] = TOPICS) {
  const value = reader(snapshot)
  const [cpu, memory, disk, network] = [cpuShape(snapshot, facts), memoryShape(snapshot), diskShape(snapshot), networkShape(snapshot)]
  const metrics = { cpu: { ...cpu, history: [] }, memory: { ...memory, history: [] }, disk, network }
  const space = ({ total, used, free, usage }: { total: number | null; used: number | null; free: number | null; usage: number | null }) => ({ total, used, free, percentage: usage })
  const system = {
    cpu: { usage: cpu.usage, cores: cpu.cores, loadAverage: loadAverage(snapshot) },
    memory: { ...space(memory), heapUsed: figure(value('heap.used'), 0), heapTotal: figure(value('heap.total'), 0) },
    disk: space(disk),
  }
  const asked = <T extends object>(parts: T): Partial<T> => Object.fromEntries(Object.entries(parts).filter(([name]) => (topics as readonly string[]).includes(name))) as Partial<T>
  const timestamp = new Date(snapshot.at).toISOString()
  return {
    data: {
      timestamp,
      system: {
        hostname: facts.host, platform: facts.platform, arch: facts.arch, nodeVersion: facts.node.replace(/^v/, ''), uptime: figure(value('uptime') / 1_000, 0),
        os: facts.os, kernel: facts.kernel, container: facts.container,
        ...asked(system),
      },
      metrics: asked(metrics),
      ...currentApplicationShape(snapshot),
      notMeasured: Object.fromEntries(COMPONENTS.filter((component) => component !== 'jobs' && !knows(snapshot, component)).map((component) => [component, 'not measured here: only an instance with an application can tell'])),
      ...detailShape(snapshot, facts),
    },
    meta: {
      timeRange: shortDuration(looks.intervalMs * looks.count), interval: shortDuration(looks.intervalMs), dataPoints: looks.count,
      lastUpdate: timestamp, nextUpdate: looks.nextAt === null ? null : new Date(looks.nextAt).toISOString(),
    },
  }
}

/** `250ms`, `1s`, `5m`: as durations are written in questions. */
export function shortDuration(ms: number): string {
  return showDuration(ms).replaceAll(' ', '')
}
