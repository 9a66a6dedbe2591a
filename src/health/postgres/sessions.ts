import type { ConfigOf } from '../../health-schema/schema.ts'
import { STATUS_WORDS } from '../../model/health.ts'
import { plain, plural } from '../../model/text.ts'
import { showDuration, showRatio } from '../../model/unit.ts'
import { judge, readLevels } from '../levels.ts'
import type { Findings } from './findings.ts'
import type { PostgresFigures } from './figures.ts'

const CONNECTIONS = { warning: 0.8, critical: 0.95 }
const TRANSACTION_MS = { warning: 15 * 60_000, critical: 60 * 60_000 }

/** Connections in use of those that anybody may have: max_connections without those kept for superusers. */
export function judgeConnections({ used, maxConnections, reserved, hidden }: PostgresFigures, config: ConfigOf<'postgres'>): Findings {
  const open = Math.max(1, maxConnections - reserved)
  const { measure, remark } = judge({
    name: 'connections', value: used / open, unit: 'ratio', levels: readLevels(config.connections, 'ratio', CONNECTIONS), bad: 'above', min: 0, max: 1,
    say: (share) => `${used} of ${open} connections in use, ${share}`,
    recommendation: 'see in pg_stat_activity who holds them; lower the pools of the applications, put a pooler before the server, or raise max_connections',
  })
  return {
    remarks: [remark], measures: [measure],
    details: { connectionPool: STATUS_WORDS[remark?.verdict ?? 'ok'], connections: { used, max: maxConnections, reserved, ...(hidden > 0 ? { isEstimate: true } : {}) } },
    fine: `${used} of ${open} connections (${showRatio(used / open)})`,
  }
}

/** The oldest transaction, and the oldest one that was prepared and never ended. The text of a query is not shown. */
export function judgeTransactions({ oldest, prepared, hidden }: PostgresFigures, user: string, config: ConfigOf<'postgres'>): Findings {
  const levels = readLevels(config.longTransaction, 'ms', TRANSACTION_MS)
  const isJudged = levels.warning !== undefined || levels.critical !== undefined
  const idleMs = oldest?.idleSeconds === null || oldest?.idleSeconds === undefined ? null : oldest.idleSeconds * 1_000
  const holder = oldest === null ? '' : `pid ${oldest.pid}, user "${plain(oldest.user ?? '?', 80)}"${oldest.application ? `, application "${plain(oldest.application, 80)}"` : ''}`
  const running = judge({
    name: 'oldest transaction', value: (oldest?.seconds ?? 0) * 1_000, unit: 'ms', levels, bad: 'above', min: 0,
    say: (age) => `a transaction is open for ${age}: ${holder}${idleMs === null ? '' : `, idle in it for ${showDuration(idleMs)}`}`,
    recommendation: oldest === null ? undefined : `${idleMs === null ? 'see what it does in pg_stat_activity' : 'the application began it and forgot it'}; it keeps VACUUM from cleaning up. SELECT pg_terminate_backend(${oldest.pid}) ends it`,
  })
  const left = prepared === null ? null : judge({
    name: 'prepared transaction', value: prepared.seconds * 1_000, unit: 'ms', levels, bad: 'above', min: 0,
    say: (age) => `a prepared transaction waits for ${age}: "${plain(prepared.name, 80)}" of "${plain(prepared.owner ?? '?', 80)}"`,
    recommendation: 'nobody ended it: COMMIT PREPARED or ROLLBACK PREPARED, and look at who coordinates such transactions',
  })
  const isBlind = hidden > 0 && isJudged
  return {
    remarks: [running.remark, left?.remark ?? null, isBlind ? { verdict: 'unknown', text: `what ${plural(hidden, 'session')} of other users do may not be seen, so not how long their transactions are open`, recommendation: `GRANT pg_read_all_stats TO "${plain(user, 80)}" (pg_monitor has it), or say longTransaction: off` } : null],
    measures: [running.measure, ...(left === null ? [] : [left.measure])],
    details: {
      oldestTransaction: oldest === null ? null : { pid: oldest.pid, user: plain(oldest.user ?? '', 80), application: plain(oldest.application ?? '', 80), state: plain(oldest.state ?? '', 40), ageMs: Math.round(oldest.seconds * 1_000) },
      ...(hidden > 0 ? { hiddenSessions: hidden } : {}),
    },
  }
}
