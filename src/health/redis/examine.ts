import type { ConfigOf } from '../../health-schema/schema.ts'
import type { Outcome } from '../../model/health.ts'
import { plain, plural } from '../../model/text.ts'
import { showDuration, showRatio } from '../../model/unit.ts'
import type { RedisConnection, RedisReply } from '../../services/redis.ts'
import { parseInfo, readNumber, type RedisInfo } from '../../services/redis-info.ts'
import { RedisProblem } from '../../services/redis-problem.ts'
import { readRedisError } from '../../services/redis-sayings.ts'
import type { RedisPlace } from '../../services/redis-target.ts'
import { judge, readLevels } from '../levels.ts'
import { outcomeOf, single, type Remark } from '../remark.ts'
import type { HealthWorld } from '../world.ts'
import { lookAtMemory } from './memory.ts'
import { known, type Part } from './part.ts'
import { lookAtPersistence } from './persistence.ts'
import { lookAtReplication } from './replication.ts'
import { lookAtTraffic } from './traffic.ts'
import { tryWriting } from './trial.ts'

const RESPONSE_TIME = { warning: 100, critical: 1_000 }
const MEMORY = { warning: 0.85, critical: 0.95 }
// A primary says something every 10 s (`repl-ping-replica-period`) and is given up after 60 s (`repl-timeout`).
const LAG = { warning: 30_000, critical: 60_000 }

/** Asks a Redis that has taken a connection everything there is to know. Throws `RedisProblem` where it falls silent. */
export async function examine(connection: RedisConnection, place: RedisPlace, config: ConfigOf<'redis'>, world: Pick<HealthWorld, 'now' | 'wallTime' | 'random'>): Promise<Outcome> {
  const { shown } = place
  const login = place.password === undefined && place.user === undefined ? null : await attempt(connection, 'AUTH', ...(place.user === undefined ? [] : [place.user]), place.password ?? '')
  // A password that nobody wanted does no harm; any other answer but OK ends it here, or PING would be told that there was no password.
  if (login?.error && login.error.verdict !== 'warn') return refusal(shown, login.error)

  const askedAt = world.now()
  const ping = await attempt(connection, 'PING')
  const responseTimeMs = world.now() - askedAt
  if (ping.error?.isFinal) return refusal(shown, ping.error)
  const pong: Remark | null = ping.error ?? (ping.reply === 'PONG' ? null : { verdict: 'fail', text: `answers PING with "${plain(String(ping.reply), 100)}" and not with PONG`, recommendation: 'check host and port: something else may listen there' })
  const speed = judge({ name: 'response time', value: responseTimeMs, unit: 'ms', bad: 'above', min: 0, levels: readLevels(config.responseTime, 'ms', RESPONSE_TIME), say: (value) => `took ${value} to answer PING`, recommendation: 'look at SLOWLOG GET, LATENCY DOCTOR and the load of its machine' })

  const told = await attempt(connection, 'INFO')
  if (typeof told.reply !== 'string') {
    const silent: Remark = told.error ?? { verdict: 'unknown', text: 'answers INFO with something that cannot be read' }
    return placed(shown, outcomeOf({ fine: '', remarks: once([login?.error ?? null, pong, speed.remark, silent]), measures: [speed.measure], responseTimeMs }))
  }
  const info = parseInfo(told.reply)
  const isLoading = info.number('loading') === 1
  const parts = isLoading ? [] : [...lookAtInfo(info, config), await askPersistence(connection, info, config, world)]
  const asked = isLoading ? [loading(info)] : [
    pong, await askCluster(connection, info),
    (place.database ?? 0) === 0 ? null : (await attempt(connection, 'SELECT', String(place.database))).error,
    config.write === true ? await tryWriting(connection, () => world.random()) : null,
  ]

  // Each part's names are its own.
  const details = Object.fromEntries(parts.flatMap((part) => Object.entries(part.details)))
  const role = typeof details['role'] === 'string' ? `, ${details['role']}` : ''
  const product = `${(info.text('server_name') || 'Redis').replace(/^[a-z]/, (letter) => letter.toUpperCase())} ${info.text('valkey_version') || info.text('redis_version')}`.trim()
  return placed(shown, outcomeOf({
    fine: `${product} at ${shown}${role}, answers in ${showDuration(responseTimeMs)}, memory ${String(details['memory'])}`,
    remarks: once([login?.error ?? null, ...asked, speed.remark, ...parts.flatMap(({ remarks }) => remarks)]),
    measures: [speed.measure, ...parts.flatMap(({ measures }) => measures)],
    responseTimeMs,
    details: {
      ...details, version: info.text('redis_version') || null, uptimeSeconds: known(info.number('uptime_in_seconds')),
      ...(isLoading ? { loading: true, loadedPercent: known(info.number('loading_loaded_perc')), loadingEtaSeconds: known(info.number('loading_eta_seconds')) } : {}),
      ...(config.write === true && !isLoading ? { written: asked[3] === null } : {}),
    },
  }))
}

interface Attempt {
  readonly reply?: RedisReply
  readonly error: (Remark & { readonly isFinal: boolean }) | null
}

async function attempt(connection: RedisConnection, command: string, ...words: readonly string[]): Promise<Attempt> {
  try {
    return { reply: await connection.ask(command, ...words), error: null }
  } catch (error) {
    if (!(error instanceof RedisProblem) || error.kind !== 'said') throw error
    return { error: readRedisError(error.message, command === 'CONFIG' || command === 'CLUSTER' ? `${command} ${words[0] ?? ''}` : command) }
  }
}

function refusal(shown: string, { verdict, text, recommendation }: Remark): Outcome {
  return single(verdict, `${shown} ${text}`, recommendation)
}

/** What is wrong, and with which Redis. */
function placed(shown: string, outcome: Outcome): Outcome {
  return outcome.verdict === 'ok' ? outcome : { ...outcome, message: `${shown}: ${outcome.message}` }
}

/** The same thing is said by PING, by a write and by INFO. */
function once(remarks: readonly (Remark | null)[]): (Remark | null)[] {
  return remarks.filter((remark, at) => remark === null || remarks.findIndex((other) => other?.text === remark.text) === at)
}

function loading(info: RedisInfo): Remark {
  const [percent, left] = [info.number('loading_loaded_perc'), info.number('loading_eta_seconds')]
  const far = [...(Number.isNaN(percent) ? [] : [`${showRatio(percent / 100)} done`]), ...(left >= 0 ? [`about ${showDuration(left * 1_000)} left`] : [])]
  return { verdict: 'fail', text: `is loading its data into memory and serves nobody yet${far.length > 0 ? ` (${far.join(', ')})` : ''}`, recommendation: 'wait; where nobody restarted it, its log says why it did' }
}

function lookAtInfo(info: RedisInfo, config: ConfigOf<'redis'>): readonly Part[] {
  return [
    lookAtMemory(info, { levels: readLevels(config.memory, 'ratio', MEMORY), isGiven: config.memory !== undefined && config.memory !== 'off' }),
    lookAtReplication(info, { role: config.role ?? 'any', replicas: config.replicas, lag: readLevels(config.replicationLag, 'ms', LAG) }),
    lookAtTraffic(info, config),
  ]
}

async function askPersistence(connection: RedisConnection, info: RedisInfo, config: ConfigOf<'redis'>, world: Pick<HealthWorld, 'wallTime'>): Promise<Part> {
  // INFO does not tell whether there are save points.
  const { reply } = info.number('aof_enabled') === 1 ? { reply: null } : await attempt(connection, 'CONFIG', 'GET', 'save')
  const save = Array.isArray(reply) && typeof reply[1] === 'string' ? reply[1] : null
  return lookAtPersistence(info, { isRequired: config.persistence === 'required', save, nowMs: world.wallTime().getTime() })
}

async function askCluster(connection: RedisConnection, info: RedisInfo): Promise<Remark | null> {
  if (info.number('cluster_enabled') !== 1) return null
  const { reply, error } = await attempt(connection, 'CLUSTER', 'INFO')
  if (error) return error
  const cluster = parseInfo(typeof reply === 'string' ? reply : '')
  const state = cluster.text('cluster_state')
  if (state === 'ok') return null
  const served = readNumber(cluster.text('cluster_slots_ok'))
  return { verdict: state === 'fail' ? 'fail' : 'unknown', text: state === 'fail' ? `belongs to a cluster that is down (${Number.isNaN(served) ? 'slots not told' : `${plural(served, 'slot')} of 16384 served`})` : 'does not say how its cluster is', recommendation: 'look at CLUSTER NODES for the nodes that have failed and the slots nobody serves' }
}
