import { valueOf, type Snapshot } from '../../model/snapshot.ts'

/** The memory that this system may use: its limit inside a limited control group, else the machine's. Bytes, NaN where not known. */
export interface UsableMemory {
  readonly isLimited: boolean
  readonly total: number
  readonly used: number
  /** What programs could still get, file cache that can be dropped included; with `used` it makes `total`. */
  readonly free: number
  /** Share in use. */
  readonly usage: number
}

/** The memory that this system may use. A limit above what the machine has is none. */
export function usableMemory(snapshot: Pick<Snapshot, 'samples'>): UsableMemory {
  const host = hostMemory(snapshot)
  const limit = valueOf(snapshot, 'cgroup.memory.limit')
  // Where only the control group is known, its limit is all there is to go by.
  if (!(limit > 0) || limit > host.total) return host
  const used = valueOf(snapshot, 'cgroup.memory.used')
  return { isLimited: true, total: limit, used, free: Math.max(0, limit - used), usage: first(valueOf(snapshot, 'memory.usage'), valueOf(snapshot, 'cgroup.memory.usage'), used / limit) }
}

/** The memory of the machine, whatever this system may use of it. */
export function hostMemory(snapshot: Pick<Snapshot, 'samples'>): UsableMemory {
  const total = valueOf(snapshot, 'memory.total')
  const used = first(valueOf(snapshot, 'memory.used'), total - valueOf(snapshot, 'memory.available'), total - valueOf(snapshot, 'memory.free'))
  const isLimited = valueOf(snapshot, 'cgroup.memory.limit') <= total
  return { isLimited: false, total, used, free: total - used, usage: first(isLimited ? Number.NaN : valueOf(snapshot, 'memory.usage'), used / total) }
}

function first(...values: readonly number[]): number {
  return values.find((value) => !Number.isNaN(value)) ?? Number.NaN
}
