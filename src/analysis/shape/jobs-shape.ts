import type { Snapshot } from '../../model/snapshot.ts'
import { figure } from './figure.ts'
import { reader } from './machine-shape.ts'
import { partsOf } from './part.ts'

/** `jobs` as `/application` documents it: mean times in seconds. */
export function jobsShape(snapshot: Snapshot) {
  const value = reader(snapshot)
  const queues = partsOf(snapshot, 'jobs.active', 'jobs.waiting', 'jobs.delayed', 'jobs.completed', 'jobs.failed')
  return {
    queues: queues.map((name) => ({
      name, active: figure(value('jobs.active', name)), waiting: figure(value('jobs.waiting', name)), delayed: figure(value('jobs.delayed', name)), completed: figure(value('jobs.completed', name)), failed: figure(value('jobs.failed', name)),
      avgProcessingTime: figure(value('jobs.duration.avg', name) / 1_000),
    })),
  }
}
