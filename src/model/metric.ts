import { distance } from 'fastest-levenshtein'
import type { Unit } from './unit.ts'

/** What is kept of a metric: every value's distribution, a share of yes, a sum, or the last value. */
export type MetricKind = 'trend' | 'rate' | 'counter' | 'gauge'

/** What a number means. */
export interface Metric {
  readonly unit: Unit
  readonly kind: MetricKind
  readonly better: 'lower' | 'higher' | 'neither'
  /** One sentence; becomes Prometheus `# HELP` and the documentation. */
  readonly help: string
  /** Other names it goes by where people write thresholds: k6's, Artillery's, the API's. */
  readonly aliases: readonly string[]
}

const time = (help: string, ...aliases: string[]): Metric => ({ unit: 'ms', kind: 'trend', better: 'lower', help, aliases })
const share = (better: Metric['better'], help: string, ...aliases: string[]): Metric => ({ unit: 'ratio', kind: 'rate', better, help, aliases })
const total = (better: Metric['better'], unit: Unit, help: string, ...aliases: string[]): Metric => ({ unit, kind: 'counter', better, help, aliases })
const level = (unit: Unit, help: string, ...aliases: string[]): Metric => ({ unit, kind: 'gauge', better: 'neither', help, aliases })

/** The one catalogue: labels, thresholds, directions of comparison and documentation come from it. */
export const METRICS = {
  'http.duration': time(
    'Response time of a request, from the moment it was due until its last byte.',
    'http_req_duration', 'http.response_time', 'response_time', 'responseTime', 'api_response_time', 'api.response_time', 'apiResponseTime',
  ),
  'http.service_time': time('Service time of a request, from the moment it was sent until its last byte.', 'service_time', 'serviceTime'),
  'http.waiting': time('Time from the request sent to the first byte of its response.', 'http_req_waiting', 'ttfb'),
  'http.blocked': time('Time from the moment a request was due until it was sent.', 'http_req_blocked'),
  'http.connecting': time('Time to open a TCP connection, of those that were opened.', 'http_req_connecting'),
  'http.tls_handshaking': time('Time of the TLS handshake, of connections that were opened.', 'http_req_tls_handshaking'),
  'http.receiving': time('Time from the first to the last byte of a response.', 'http_req_receiving'),
  'http.failed': share('lower', 'Share of requests that failed: no response, or a status of 400 or more unless expected.', 'http_req_failed', 'error_rate', 'errorRate', 'api_error_rate'),
  'http.succeeded': share('higher', 'Share of requests that did not fail.', 'success_rate', 'successRate', 'api_success_rate'),
  'http.requests': total('higher', 'count', 'Requests that were sent; as a rate, requests per second.', 'http_reqs', 'http.request_rate', 'http.request_count', 'throughput', 'requests_per_second', 'requestRate'),
  'data.received': total('neither', 'bytes', 'Bytes received.', 'data_received', 'http.downloaded_bytes'),
  'data.sent': total('neither', 'bytes', 'Bytes sent.', 'data_sent'),
  checks: share('higher', 'Share of expectations that held.'),
  iterations: total('higher', 'count', 'Flows that ran to their end.', 'vusers.completed'),
  'iteration.duration': time('Time a virtual user took for one flow, think time included.', 'iteration_duration', 'vusers.session_length'),
  'iterations.failed': total('lower', 'count', 'Flows that were broken off by a failed capture, expectation or connection.', 'vusers.failed'),
  'iterations.dropped': total('lower', 'count', 'Arrivals that were due and never started.', 'dropped_iterations', 'vusers.skipped'),
  users: level('count', 'Virtual users that are active.', 'vus'),
  'users.max': level('count', 'The most virtual users that were active at once.', 'vus_max'),
  'cpu.usage': { ...level('ratio', 'Share of this machine\'s processors that is busy.', 'cpu', 'cpu_usage', 'cpuUsage', 'system.cpu.usage_percent'), better: 'lower' },
  'memory.usage': { ...level('ratio', 'Share of this machine\'s memory that is in use.', 'memory', 'memory_usage', 'memoryUsage', 'system.memory.usage_percent'), better: 'lower' },
  'db.query.duration': time('Time of a database query, fed by the steps that name it.', 'db_query_time', 'dbQueryTime'),
  'db.connection.duration': time('Time to get a database connection, fed by the steps that name it.', 'db_connection_time'),
  'db.lock.duration': time('Time waited for a database lock, fed by the steps that name it.', 'db_lock_wait_time'),
  'db.pool.utilization': { ...time('Use of the database pool in percent, fed by the steps that name it.', 'db_connection_pool_utilization'), unit: 'count' },
  'cache.hit_rate': share('higher', 'Share of look-ups the cache answered, fed by the steps that name it.', 'cache_hit_rate', 'cacheHitRate'),
  'service.auth.duration': time('Response time of the authentication service, fed by the steps that name it.', 'auth_service_time'),
  'service.media.duration': time('Response time of the media service, fed by the steps that name it.', 'media_service_time'),
  'service.user.duration': time('Response time of the user service, fed by the steps that name it.', 'user_service_time'),
  'service.notification.duration': time('Response time of the notification service, fed by the steps that name it.', 'notification_service_time'),
} as const satisfies Readonly<Record<string, Metric>>

/** A name of the catalogue. */
export type MetricName = keyof typeof METRICS

const NAMES: ReadonlyMap<string, MetricName> = new Map(
  (Object.keys(METRICS) as MetricName[]).flatMap((name) => [name, ...METRICS[name].aliases].map((alias) => [alias, name] as const)),
)

/** The catalogue's name for a name or alias; undefined for a stranger. */
export function metricNamed(name: string): MetricName | undefined {
  return NAMES.get(name)
}

/** The candidate most like `name`, or undefined when none is near enough to be what was meant. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(2, Math.floor(name.length / 3)) + 1
  for (const candidate of candidates) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase())
    if (edits < least) [best, least] = [candidate, edits]
  }
  return best
}

/** Every name and alias of the catalogue. */
export function metricNames(): string[] {
  return [...NAMES.keys()]
}
