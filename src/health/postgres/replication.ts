import type { ConfigOf } from '../../health-schema/schema.ts'
import { plain, plural } from '../../model/text.ts'
import { showDuration } from '../../model/unit.ts'
import { judge, readLevels } from '../levels.ts'
import type { Remark } from '../remark.ts'
import type { Findings } from './findings.ts'
import type { PostgresFigures } from './figures.ts'

const LAG_MS = { warning: 30_000, critical: 5 * 60_000 }
/** A replica without a time of lag that is less behind than a segment of WAL is about to be level. */
const SEGMENT_BYTES = 16 * 2 ** 20

/** Whether it is what it should be, and how replication goes. */
export function judgeReplication(figures: PostgresFigures, config: ConfigOf<'postgres'>): Findings {
  return figures.inRecovery ? judgeReplica(figures, config) : judgePrimary(figures, config)
}

/** Time a replica is behind by its own word, milliseconds: 0 where all that came is replayed, for the primary of an idle one has nothing to send. NaN where not known. */
export function replicaLagMs({ isCaughtUp, replayAgeSeconds }: Pick<PostgresFigures, 'isCaughtUp' | 'replayAgeSeconds'>): number {
  return isCaughtUp === true ? 0 : Math.max(0, (replayAgeSeconds ?? Number.NaN) * 1_000)
}

function judgeReplica(figures: PostgresFigures, config: ConfigOf<'postgres'>): Findings {
  const { receiver, isFedByArchive, isReplayPaused, replayAgeSeconds } = figures
  // A status that is hidden is that of a receiver which runs.
  const isStreaming = receiver !== null && (receiver.status ?? 'streaming') === 'streaming'
  const isCutOff = !isStreaming && isFedByArchive !== true
  const remarks: (Remark | null)[] = []
  if ((config.role ?? 'primary') === 'primary') {
    remarks.push({ verdict: 'fail', text: 'in recovery: it is a standby and takes no writes, and a primary is expected', recommendation: 'look whether there was a failover and point the application to the new primary; say role: replica (or any) if it is meant to be one' })
  }
  if (isCutOff) {
    const since = replayAgeSeconds === null ? '' : `; the last transaction it replayed is ${showDuration(replayAgeSeconds * 1_000)} old`
    remarks.push({ verdict: 'fail', text: `it receives nothing from its primary (${receiver === null ? 'no WAL receiver runs' : `WAL receiver: ${plain(receiver.status ?? '', 40)}`})${since}`, recommendation: 'check that the primary runs, primary_conninfo and the password in it, and the log of the replica' })
  }
  if (isReplayPaused === true) remarks.push({ verdict: 'warn', text: 'replay is paused', recommendation: 'SELECT pg_wal_replay_resume()' })
  // Of an archive only the age of what came last is known, and that grows while nothing is written: it is judged where somebody asked for it.
  const isJudged = isStreaming || config.replicationLag !== undefined
  const { measure, remark } = judge({
    name: 'replication lag', value: isCutOff ? (replayAgeSeconds ?? Number.NaN) * 1_000 : replicaLagMs(figures), unit: 'ms', bad: 'above', min: 0,
    levels: isJudged && !isCutOff ? readLevels(config.replicationLag, 'ms', LAG_MS) : { warning: undefined, critical: undefined },
    say: (lag) => `the replica is ${lag} behind`,
    recommendation: 'look for a long query that holds replay up (max_standby_streaming_delay), and at the disks and the network of the replica',
  })
  return {
    remarks: [...remarks, remark], measures: [measure],
    details: { primaryDb: isStreaming ? 'connected' : isFedByArchive === true ? 'archive' : 'disconnected', replicaDb: 'connected', role: 'replica', inRecovery: true, ...lagDetails(measure.value) },
    fine: `in recovery, ${Number.isNaN(measure.value) ? 'lag unknown' : `${showDuration(measure.value)} behind`}`,
  }
}

function judgePrimary({ replicas }: PostgresFigures, config: ConfigOf<'postgres'>): Findings {
  const remarks: (Remark | null)[] = []
  if (config.role === 'replica') remarks.push({ verdict: 'fail', text: 'not in recovery: it is a primary, and a replica is expected', recommendation: 'look whether it was promoted; two primaries must not both be written to' })
  const hidden = replicas.filter(({ state }) => state === null).length
  const streaming = replicas.filter(({ state }) => state === 'streaming')
  const isAsked = (config.replicas ?? 0) > 0 || (config.replicationLag !== undefined && config.replicationLag !== 'off')
  if (hidden > 0 && isAsked) {
    remarks.push({ verdict: 'unknown', text: `the state of ${plural(hidden, 'replica')} may not be seen`, recommendation: 'GRANT pg_read_all_stats to the user of this check (pg_monitor has it)' })
  } else if (streaming.length < (config.replicas ?? 0)) {
    remarks.push({ verdict: 'fail', text: `${plural(streaming.length, 'replica')} streaming, and ${config.replicas} must be`, recommendation: 'look at the log of the replica that is missing, and at pg_replication_slots: a slot nobody reads fills the disk' })
  }
  for (const { name, state } of replicas) if (state !== null && state !== 'streaming') remarks.push({ verdict: 'warn', text: `replica ${plain(name ?? '?', 80)} is not streaming yet (${plain(state, 40)})`, recommendation: 'wait until it has caught up' })

  const lags = streaming.map(({ lagSeconds, behindBytes }) => (lagSeconds !== null ? lagSeconds * 1_000 : (behindBytes ?? 0) < SEGMENT_BYTES ? 0 : Number.NaN))
  const lag = lags.some(Number.isNaN) ? Number.NaN : Math.max(...lags)
  const judged = lags.length === 0 ? null : judge({
    name: 'replication lag', value: lag, unit: 'ms', levels: readLevels(config.replicationLag, 'ms', LAG_MS), bad: 'above', min: 0,
    say: (shown) => `a replica is ${shown} behind`,
    recommendation: 'see pg_stat_replication which one, and at which step: written, flushed or replayed',
  })
  const wanted = config.replicas === undefined ? undefined : { from: config.replicas, to: Number.POSITIVE_INFINITY, isInside: false }
  return {
    remarks: [...remarks, judged?.remark ?? null],
    measures: [...(judged === null ? [] : [judged.measure]), ...(replicas.length === 0 && wanted === undefined ? [] : [{ name: 'replicas', value: hidden > 0 ? Number.NaN : streaming.length, unit: 'count' as const, critical: wanted, min: 0 }])],
    details: { primaryDb: 'connected', replicaDb: hidden > 0 ? 'unknown' : streaming.length > 0 ? 'connected' : (config.replicas ?? 0) > 0 ? 'disconnected' : 'none', role: 'primary', inRecovery: false, ...(judged === null ? {} : { replicas: streaming.length, ...lagDetails(lag) }) },
    fine: streaming.length === 0 ? 'primary' : `primary of ${plural(streaming.length, 'replica')}`,
  }
}

function lagDetails(ms: number): Readonly<Record<string, unknown>> {
  return { replicationLagMs: Number.isNaN(ms) ? null : Math.round(ms) }
}
