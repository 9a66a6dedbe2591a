import { gauge, type Metric } from './metric-kind.ts'

const STATES = '0 ok, 1 warning, 2 critical, 3 unknown'

/** What the checks of a machine and its services found. */
export const HEALTH_METRICS = {
  'health.status': gauge('count', `State of all checks together: ${STATES}.`, { better: 'lower' }),
  'health.score': gauge('ratio', 'Score of all checks together.', { better: 'higher' }),
  'health.check.status': gauge('count', `State of a check as it counts: ${STATES}; 0 where it is excused.`, { tag: 'check', better: 'lower' }),
  'health.check.counted': gauge('count', '1 where what a check found counts, 0 where it is excused: what it depends on has failed, or it is in maintenance.', { tag: 'check' }),
  'health.check.duration': gauge('ms', 'Time a check took, all attempts and pauses together; absent where it was spared.', { tag: 'check', better: 'lower' }),
  'health.check.response': gauge('ms', 'Time that what a check asked took to answer.', { tag: 'check', better: 'lower' }),
  // A moment is milliseconds since 1970 inside the program, and seconds in Prometheus, by the scale of `ms`.
  'health.last_run': gauge('ms', 'When the checks last ran, since 1970.', { prometheus: { name: 'medianest_health_last_run_timestamp_seconds' } }),
} as const satisfies Readonly<Record<string, Metric>>
