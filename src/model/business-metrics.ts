import { gauge, type Metric } from './metric-kind.ts'

/** What the people who run an application count; each comes from a query of theirs. */
export const BUSINESS_METRICS = {
  'business.processing_failures': gauge('ratio', 'Share of the application\'s work that failed.', { better: 'lower', prometheus: { name: 'medianest_business_processing_failure_rate' } }),
  'business.user_errors': gauge('ratio', 'Share of what users did that ended in an error.', { better: 'lower', prometheus: { name: 'medianest_business_user_error_rate' } }),
  'business.processing_time': gauge('ms', 'Mean time the application takes for a piece of work.', { better: 'lower', prometheus: { name: 'medianest_business_avg_processing_time' } }),
  'business.active_users': gauge('count', 'Users that are active.', { better: 'higher', prometheus: { name: 'medianest_business_active_users' } }),
  'business.backlog': gauge('count', 'Pieces of work that wait.', { better: 'lower', prometheus: { name: 'medianest_business_queue_backlog' } }),
} as const satisfies Readonly<Record<string, Metric>>
