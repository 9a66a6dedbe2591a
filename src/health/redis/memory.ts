import type { Measure } from '../../model/health.ts'
import { showBytes } from '../../model/unit.ts'
import type { Levels } from '../levels.ts'
import { judge } from '../levels.ts'
import type { Remark } from '../remark.ts'
import type { RedisInfo } from '../../services/redis-info.ts'
import { known, type Part } from './part.ts'

/** Levels as given, or the preset's. */
export interface MemoryLevels {
  readonly levels: Levels
  readonly isGiven: boolean
}

const MORE_MEMORY = 'raise `maxmemory`, remove keys or give them a time to live, or choose a `maxmemory-policy` that evicts'

/**
 * Memory against `maxmemory`. The preset does not judge a cache that may evict any key (`allkeys-*`): it is full all its life. A full one that cannot
 * evict refuses writes. What does not tell a limit at all (some that only speak like Redis) is judged only by levels that are given.
 */
export function lookAtMemory(info: RedisInfo, { levels, isGiven }: MemoryLevels): Part {
  const used = info.number('used_memory')
  const max = info.number('maxmemory')
  const policy = info.text('maxmemory_policy')
  const details = {
    memory: `${compact(used)} / ${max === 0 ? 'unlimited' : compact(max)}`,
    memoryUsedBytes: known(used), memoryMaxBytes: max === 0 ? null : known(max), maxmemoryPolicy: policy || null,
  }
  const measure: Measure = { name: 'memory used', value: used, unit: 'bytes', min: 0, max: max > 0 ? max : undefined }
  if (max === 0) {
    const remark: Remark | null = isGiven ? { verdict: 'unknown', text: 'memory cannot be judged: no `maxmemory` is set', recommendation: 'set `maxmemory` on the server, or write `memory: off`' } : null
    return { measures: [measure], remarks: [remark], details }
  }

  // Buffers for replicas and the append-only file are not counted when Redis asks itself whether it is full.
  const notCounted = info.number('mem_not_counted_for_evict')
  const counted = used - (Number.isNaN(notCounted) ? 0 : notCounted)
  const isFull = counted >= max
  const evictsAny = policy.startsWith('allkeys-')
  const nothingToEvict = policy === 'noeviction' || (policy.startsWith('volatile-') && info.rows(/^db\d+$/).every((row) => row.get('expires') === '0'))
  const { measure: share, remark } = judge({
    name: 'memory', value: counted / max, unit: 'ratio', bad: 'above', min: 0, max: 1,
    levels: (evictsAny || Number.isNaN(max)) && !isGiven ? { warning: undefined, critical: undefined } : levels,
    say: (value) => `memory ${value} of maxmemory (${showBytes(counted)} of ${showBytes(max)}, ${policy || 'policy not known'})`,
    recommendation: MORE_MEMORY,
  })
  const full: Remark | null = isFull && nothingToEvict
    ? { verdict: 'fail', text: `memory is full (${showBytes(counted)} of ${showBytes(max)} maxmemory) and ${policy === 'noeviction' ? 'the policy is noeviction' : `no key may be evicted under ${policy}`}: writes are refused`, recommendation: MORE_MEMORY }
    : null
  return { measures: [share, measure], remarks: [full ?? remark], details }
}

function compact(bytes: number): string {
  return showBytes(bytes).replace(' ', '')
}
