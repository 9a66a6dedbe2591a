/** How far back an answer may look. */
export const TIME_RANGES = ['5m', '15m', '1h', '6h', '24h', '7d'] as const
/** Steps of a history within `metrics`. */
export const INTERVALS = ['10s', '30s', '1m', '5m', '15m'] as const
/** The parts of `metrics` that can be asked for. */
export const TOPICS = ['cpu', 'memory', 'disk', 'network'] as const
/** A part of `metrics`. */
export type Topic = (typeof TOPICS)[number]
/** The parts of an application that can be asked for. */
export const COMPONENTS = ['api', 'database', 'cache', 'jobs'] as const
/** A part of an application. */
export type Component = (typeof COMPONENTS)[number]
/** What many values are made one by. */
export const AGGREGATIONS = ['avg', 'min', 'max', 'p95', 'p99'] as const
/** How bad an insight is. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const
/** The series a history is kept of, by their documented names. */
export const HISTORY_METRICS = ['response_time', 'memory', 'cpu', 'cache_hit_rate'] as const
/** How far back a history may look. */
export const PERIODS = ['1h', '24h', '7d', '30d'] as const
/** Steps of a history. */
export const GRANULARITIES = ['1m', '5m', '1h'] as const
