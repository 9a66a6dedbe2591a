import type { MetricName } from '../../../model/metric.ts'
import { plain } from '../../../model/text.ts'
import type { ExposedSample, Exposition } from './exposition.ts'

interface Level {
  readonly metric: MetricName
  /** What its family is called; the first row of a metric that is there is taken, and its series are added up. */
  readonly name: RegExp | string
  /** Only series whose label says this. */
  readonly where?: { readonly label: string; readonly says: RegExp }
  /** By what the value is multiplied. */
  readonly scale?: number
  /** One series for each value of the first of these labels that is there. */
  readonly by?: readonly string[]
  /** Whether 0 means that there is no limit. */
  readonly isLimit?: true
}

const HEAP = { label: 'area', says: /^heap$/ } as const
const QUEUE = ['queue', 'queue_name', 'name'] as const
/** Whose connections they are. */
const STORE = '(?:^|_)(?:db|database|pg|postgres|postgresql|mysql|hikaricp|prisma|sequelize|knex|typeorm)'
const pool = (metric: MetricName, words: string, extra?: Pick<Level, 'isLimit'>): Level => ({ metric, name: new RegExp(`${STORE}_(?:client_)?(?:pool_)?(?:connections?_(?:pool_)?(?:${words})|(?:${words})_connections?)$|${STORE}_(?:connection_)?pool_(?:${words})$`), ...extra })
const jobs = (metric: MetricName, state: string): Level[] => [
  // The official exporter of BullMQ has one family with the state as a label.
  { metric, name: /(?:^|_)bullmq_job_count$/, where: { label: 'state', says: new RegExp(`^(?:${state})$`) }, by: QUEUE },
  { metric, name: new RegExp(`(?:^|_)(?:bull|bullmq|queue|jobs|job)(?:_(?:queue|jobs|job))*_(?:${state})(?:_jobs)?$`), by: QUEUE },
]

const LEVELS: readonly Level[] = [
  { metric: 'instance.memory', name: /(?:^|_)process_resident_memory_bytes$/ },
  { metric: 'instance.cpu.time', name: /(?:^|_)process_cpu_seconds_total$/, scale: 1_000 },
  { metric: 'instance.cpu.time', name: /^process_cpu_time_ns_total$/, scale: 1e-6 },
  { metric: 'heap.used', name: /(?:^|_)nodejs_heap_size_used_bytes$/ },
  { metric: 'heap.used', name: /^go_memstats_heap_alloc_bytes$/ },
  { metric: 'heap.used', name: /^jvm_memory_used_bytes$/, where: HEAP },
  { metric: 'heap.total', name: /(?:^|_)nodejs_heap_size_total_bytes$/ },
  { metric: 'heap.total', name: /^go_memstats_heap_sys_bytes$/ },
  { metric: 'heap.total', name: /^jvm_memory_committed_bytes$/, where: HEAP },
  { metric: 'api.connections', name: /(?:^|_)(?:http|api|server|tcp|tomcat|jetty|nginx)_(?:server_)?(?:(?:active|open|current)_connections|connections(?:_(?:active|open|current|current_connections))?)$|^(?:medianest_|spheroseg_)?(?:active|open)_connections$/ },
  pool('db.pool.active', 'active|busy|in_use|used'),
  { metric: 'db.pool.active', name: /^go_sql_in_use_connections$/ },
  pool('db.pool.idle', 'idle|free|available'),
  { metric: 'db.pool.idle', name: /^go_sql_idle_connections$/ },
  pool('db.pool.size', 'max|limit|size|max_size', { isLimit: true }),
  { metric: 'db.pool.size', name: /^go_sql_max_open_connections$/, isLimit: true },
  pool('db.pool.waiting', 'waiting|pending'),
  ...jobs('jobs.waiting', 'waiting|wait|pending'),
  ...jobs('jobs.active', 'active|running|processing'),
  ...jobs('jobs.delayed', 'delayed|scheduled'),
  ...jobs('jobs.completed', 'completed'),
  ...jobs('jobs.failed', 'failed'),
]

/** One figure that was found. */
export interface LevelFound {
  readonly metric: MetricName
  readonly tag: string
  readonly value: number
}

/** Most series of one metric. */
const MOST_TAGS = 100

/** Figures an application tells besides its answers: its process, its heap, connections, its database's pool, its queues. `connections` names that family where it is a stranger. */
export function readLevels({ samples }: Pick<Exposition, 'samples'>, connections?: string): LevelFound[] {
  const given: readonly Level[] = connections === undefined ? [] : [{ metric: 'api.connections', name: connections }]
  const rows = [...given, ...LEVELS.filter(({ metric }) => connections === undefined || metric !== 'api.connections')]
  const found = new Map<MetricName, LevelFound[]>()
  const names = [...samples.keys()]
  for (const row of rows) {
    if (found.has(row.metric)) continue
    const name = names.find((each) => (typeof row.name === 'string' ? each === row.name : row.name.test(each)))
    const levels = name === undefined ? [] : fold(row, samples.get(name) ?? [])
    if (levels.length > 0) found.set(row.metric, levels)
  }
  return [...found.values()].flat()
}

function fold({ metric, where, scale = 1, by = [], isLimit }: Level, samples: readonly ExposedSample[]): LevelFound[] {
  const sums = new Map<string, number>()
  for (const { labels, value } of samples) {
    if (!Number.isFinite(value) || (where && !where.says.test(labels.get(where.label) ?? ''))) continue
    const label = by.find((each) => labels.has(each))
    const tag = label === undefined ? '' : plain(labels.get(label) ?? '', 100)
    if (by.length > 0 && tag === '') continue
    if (sums.has(tag) || sums.size < MOST_TAGS) sums.set(tag, (sums.get(tag) ?? 0) + value * scale)
  }
  return [...sums].filter(([, value]) => isLimit !== true || value > 0).map(([tag, value]) => ({ metric, tag, value }))
}

const STARTED = /(?:^|_)process_start_time_seconds$/

/** When the process began, seconds since 1970; NaN where it does not say. */
export function startedAt({ samples }: Pick<Exposition, 'samples'>): number {
  const name = [...samples.keys()].find((each) => STARTED.test(each))
  return (name === undefined ? undefined : samples.get(name)?.[0]?.value) ?? Number.NaN
}

/** For how long the process says that it has run, milliseconds; NaN where it does not say. */
export function upFor({ samples }: Pick<Exposition, 'samples'>): number {
  return (samples.get('process_uptime_seconds')?.[0]?.value ?? Number.NaN) * 1_000
}
