/** The series a history is kept of, by their documented names. */
export const HISTORY_METRICS = ['response_time', 'memory', 'cpu', 'cache_hit_rate'] as const
/** How far back a history may look. */
export const PERIODS = ['1h', '24h', '7d', '30d'] as const
/** Steps of a history. */
export const GRANULARITIES = ['1m', '5m', '1h'] as const
