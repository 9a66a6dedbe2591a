import type { Series } from '../analysis/series.ts'
import type { MetricName } from '../model/metric.ts'
import type { Exchange } from './exchange.ts'

/** What a request says of each of the catalogue's metrics; NaN: nothing. */
export const REQUEST_METRICS: Readonly<Partial<Record<MetricName, (exchange: Exchange, dueAt: number, failed: boolean) => number>>> = {
  'http.duration': ({ status, endAt }, dueAt) => (status > 0 ? endAt - dueAt : Number.NaN),
  'http.service_time': ({ status, endAt, sentAt }) => (status > 0 ? endAt - sentAt : Number.NaN),
  'http.waiting': ({ status, firstByteAt, sentAt }) => (status > 0 ? firstByteAt - sentAt : Number.NaN),
  'http.blocked': ({ status, sentAt }, dueAt) => (status > 0 ? sentAt - dueAt : Number.NaN),
  'http.connecting': ({ connectMs }) => (connectMs > 0 ? connectMs : Number.NaN),
  'http.tls_handshaking': ({ tlsMs }) => (tlsMs > 0 ? tlsMs : Number.NaN),
  'http.receiving': ({ status, endAt, firstByteAt }) => (status > 0 ? endAt - firstByteAt : Number.NaN),
  'http.failed': (_exchange, _dueAt, failed) => (failed ? 1 : 0),
  'http.succeeded': (_exchange, _dueAt, failed) => (failed ? 0 : 1),
  'http.requests': () => 1,
  'data.received': ({ bytesReceived }) => bytesReceived,
  'data.sent': ({ bytesSent }) => bytesSent,
}

/** A threshold's series, and the tags that only a response can tell. */
export interface Feed {
  readonly series: Series
  readonly value: (exchange: Exchange, dueAt: number, failed: boolean) => number
  readonly dynamic: readonly (readonly [string, string])[]
}

/** Tags that only a response can tell. */
export const DYNAMIC_TAGS: ReadonlySet<string> = new Set(['status', 'expected_response', 'error_code', 'phase'])
