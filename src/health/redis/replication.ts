import type { Measure } from '../../model/health.ts'
import { plain, plural } from '../../model/text.ts'
import { showDuration } from '../../model/unit.ts'
import { judge, type Levels } from '../levels.ts'
import type { Remark } from '../remark.ts'
import { readNumber, type RedisInfo } from '../../services/redis-info.ts'
import { known, type Part } from './part.ts'

/** What is expected of the replication. */
export interface ReplicationDemand {
  readonly role: 'primary' | 'replica' | 'any'
  /** Replicas a primary must have. */
  readonly replicas: number | undefined
  readonly lag: Levels
}

const MOST_REPLICAS = 50
const ROLES: Readonly<Record<string, 'primary' | 'replica'>> = { master: 'primary', slave: 'replica', replica: 'replica', primary: 'primary' }

/** Which part it plays, and whether the others are there. */
export function lookAtReplication(info: RedisInfo, demand: ReplicationDemand): Part {
  const told = info.text('role')
  const role = Object.hasOwn(ROLES, told) ? (ROLES[told] ?? null) : null
  const wrongRole: Remark | null = demand.role === 'any' || role === demand.role ? null
    : role === null ? { verdict: 'unknown', text: 'does not say whether it is primary or replica' }
      : { verdict: 'fail', text: `is a ${role}, not the ${demand.role} it should be`, recommendation: 'a failover may have changed the parts: correct the address, or fail back' }
  const part = role === 'replica' ? lookAtPrimary(info, demand) : lookAtReplicas(info, demand, role === 'primary')
  return { ...part, remarks: [wrongRole, ...part.remarks], details: { role, ...part.details } }
}

const seconds = (value: number): number => (value >= 0 ? value * 1_000 : Number.NaN)

function lookAtPrimary(info: RedisInfo, { lag }: ReplicationDemand): Part {
  const primary = plain(`${info.text('master_host')}:${info.text('master_port')}`, 100)
  const isUp = info.text('master_link_status') === 'up'
  const lagMs = isUp ? seconds(info.number('master_last_io_seconds_ago')) : Number.NaN
  const details = { primary, primaryLink: info.text('master_link_status') || null, lagSeconds: known(lagMs / 1_000) }
  if (isUp) {
    const { measure, remark } = judge({ name: 'replication lag', value: lagMs, unit: 'ms', bad: 'above', levels: lag, min: 0, say: (value) => `has heard nothing from its primary ${primary} for ${value}`, recommendation: 'look at the network between them and at the load of the primary' })
    return { measures: [measure], remarks: [remark], details }
  }
  const downMs = seconds(info.number('master_link_down_since_seconds'))
  const since = Number.isNaN(downMs) ? ' and never had' : `, for ${showDuration(downMs)}`
  const remark: Remark = info.number('master_sync_in_progress') === 1
    ? { verdict: 'fail', text: `is still copying the data of its primary ${primary}`, recommendation: 'wait; where it begins again and again, look at `repl-timeout` and the output buffer limit for replicas' }
    : { verdict: 'fail', text: `has no link to its primary ${primary}${since}: its data grows old`, recommendation: 'check that the primary runs and can be reached from the replica, and `masterauth`' }
  return { measures: [], remarks: [remark], details }
}

function lookAtReplicas(info: RedisInfo, { replicas: wanted, lag }: ReplicationDemand, isPrimary: boolean): Part {
  const replicas = info.rows(/^slave\d+$/).slice(0, MOST_REPLICAS).map((row) => ({
    address: plain(`${row.get('ip') ?? ''}:${row.get('port') ?? ''}`, 100),
    state: plain(row.get('state') ?? '', 30),
    lagMs: row.get('state') === 'online' ? seconds(readNumber(row.get('lag'))) : Number.NaN,
  }))
  const online = replicas.filter(({ state }) => state === 'online')
  const judged = online.map(({ address, lagMs }) => judge({ name: 'replication lag', of: address, value: lagMs, unit: 'ms', bad: 'above', levels: lag, min: 0, say: (value) => `replica ${address} is ${value} behind`, recommendation: 'look at the network to the replica and at its load' }))
  const few: Remark | null = wanted === undefined || online.length >= wanted ? null
    : isPrimary ? { verdict: 'fail', text: `has ${plural(online.length, 'replica')} of the ${wanted} it should have`, recommendation: 'start those that are missing; their logs say why they have no link' }
      : { verdict: 'unknown', text: 'does not say how many replicas it has' }
  const measures: Measure[] = wanted === undefined ? [] : [{ name: 'replicas', value: online.length, unit: 'count', min: 0, critical: { from: wanted, to: Number.POSITIVE_INFINITY, isInside: false } }]
  return {
    measures: [...measures, ...judged.map(({ measure }) => measure)],
    remarks: [few, ...judged.map(({ remark }) => remark)],
    details: isPrimary ? { replicas: replicas.map(({ address, state, lagMs }) => ({ address, state, lagSeconds: known(lagMs / 1_000) })) } : {},
  }
}
