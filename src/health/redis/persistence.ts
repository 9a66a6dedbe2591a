import { showDuration } from '../../model/unit.ts'
import type { Remark } from '../remark.ts'
import type { RedisInfo } from '../../services/redis-info.ts'
import { known, type Part } from './part.ts'

/** What there is to know besides INFO. */
export interface PersistenceQuestion {
  readonly isRequired: boolean
  /** `save` of its configuration; null where it may not be asked. */
  readonly save: string | null
  readonly nowMs: number
}

/** Whether the data would outlive a restart, and whether writing it to disk works. */
export function lookAtPersistence(info: RedisInfo, { isRequired, save, nowMs }: PersistenceQuestion): Part {
  const appends = info.number('aof_enabled') === 1
  const persistence = appends || (save !== null && save !== '') ? 'enabled' : save === null ? null : 'disabled'
  const savedAt = info.number('rdb_last_save_time') * 1_000
  const age = Number.isNaN(savedAt) ? '' : `, the last good one is ${showDuration(Math.max(0, nowMs - savedAt))} old`
  const remarks: (Remark | null)[] = [
    info.text('rdb_last_bgsave_status') === 'err' ? { verdict: 'fail', text: `its last snapshot failed${age}`, recommendation: 'look into its log; check space, owner and existence of its folder (CONFIG GET dir), and memory for the fork' } : null,
    appends && info.text('aof_last_write_status') === 'err' ? { verdict: 'fail', text: 'the last write to its append-only file failed', recommendation: 'free space on its disk and look into its log' } : null,
    appends && info.text('aof_last_bgrewrite_status') === 'err' ? { verdict: 'warn', text: 'its append-only file could not be rewritten: it grows', recommendation: 'free space on its disk, then BGREWRITEAOF' } : null,
    !isRequired || persistence === 'enabled' ? null
      : persistence === 'disabled' ? { verdict: 'fail', text: 'persistence is off (neither snapshots nor an append-only file): a restart loses everything', recommendation: 'set `save 3600 1` or `appendonly yes`' }
        : { verdict: 'unknown', text: 'whether it takes snapshots is not told: CONFIG GET save is not allowed', recommendation: 'allow it on the server: ACL SETUSER ... +config|get' },
  ]
  return {
    remarks, measures: [],
    details: { persistence, ...(appends ? { appendOnly: true } : {}), lastSave: isTime(savedAt) ? new Date(savedAt).toISOString() : null, changesSinceLastSave: known(info.number('rdb_changes_since_last_save')) },
  }
}

function isTime(ms: number): boolean {
  return ms > 0 && ms < 8.64e15
}
