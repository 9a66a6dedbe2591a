import { level, share, time, total, type Metric } from './metric-kind.ts'

/** What a load test measures; k6's, Artillery's and the API's names are aliases. */
export const LOAD_METRICS = {
  'http.duration': {
    ...time(
      'Response time of a request, from the moment it was due until its last byte.',
      'http_req_duration', 'http.response_time', 'response_time', 'responseTime', 'api_response_time', 'api.response_time', 'apiResponseTime',
    ),
    prometheus: { name: 'medianest_http_request_duration_seconds' },
  },
  'http.service_time': time('Service time of a request, from the moment it was sent until its last byte.', 'service_time', 'serviceTime'),
  'http.waiting': time('Time from the request sent to the first byte of its response.', 'http_req_waiting', 'ttfb'),
  'http.blocked': time('Time from the moment a request was due until it was sent.', 'http_req_blocked'),
  'http.connecting': time('Time to open a TCP connection, of those that were opened.', 'http_req_connecting'),
  'http.tls_handshaking': time('Time of the TLS handshake, of connections that were opened.', 'http_req_tls_handshaking'),
  'http.receiving': time('Time from the first to the last byte of a response.', 'http_req_receiving'),
  'http.failed': share('lower', 'Share of requests that failed: no response, or a status of 400 or more unless expected.', 'http_req_failed', 'error_rate', 'errorRate', 'api_error_rate'),
  'http.succeeded': share('higher', 'Share of requests that did not fail.', 'success_rate', 'successRate', 'api_success_rate'),
  'http.requests': {
    ...total('higher', 'count', 'Requests that were sent; as a rate, requests per second.', 'http_reqs', 'http.request_rate', 'http.request_count', 'throughput', 'requests_per_second', 'requestRate'),
    prometheus: { name: 'medianest_http_requests_total' },
  },
  'data.received': total('neither', 'bytes', 'Bytes received.', 'data_received', 'http.downloaded_bytes'),
  'data.sent': total('neither', 'bytes', 'Bytes sent.', 'data_sent'),
  checks: share('higher', 'Share of expectations that held.'),
  iterations: total('higher', 'count', 'Flows that ran to their end.', 'vusers.completed'),
  'iteration.duration': time('Time a virtual user took for one flow, think time included.', 'iteration_duration', 'vusers.session_length'),
  'iterations.failed': total('lower', 'count', 'Flows that were broken off by a failed capture, expectation or connection.', 'vusers.failed'),
  'iterations.dropped': total('lower', 'count', 'Arrivals that were due and never started.', 'dropped_iterations', 'vusers.skipped'),
  users: level('count', 'Virtual users that are active.', 'vus'),
  'users.max': level('count', 'The most virtual users that were active at once.', 'vus_max'),
  'db.query.duration': time('Time of a database query, fed by the steps that name it.', 'db_query_time', 'dbQueryTime'),
  'db.connection.duration': time('Time to get a database connection, fed by the steps that name it.', 'db_connection_time'),
  'db.lock.duration': time('Time waited for a database lock, fed by the steps that name it.', 'db_lock_wait_time'),
  'db.pool.utilization': { ...time('Use of the database pool in percent, fed by the steps that name it.', 'db_connection_pool_utilization'), unit: 'count' },
  'cache.hit_rate': share('higher', 'Share of look-ups that the cache answered: as an instance says, or fed by the steps that name it.', 'cache_hit_rate', 'cacheHitRate'),
  'service.auth.duration': time('Response time of the authentication service, fed by the steps that name it.', 'auth_service_time'),
  'service.media.duration': time('Response time of the media service, fed by the steps that name it.', 'media_service_time'),
  'service.user.duration': time('Response time of the user service, fed by the steps that name it.', 'user_service_time'),
  'service.notification.duration': time('Response time of the notification service, fed by the steps that name it.', 'notification_service_time'),
} as const satisfies Readonly<Record<string, Metric>>
