import { timestamp, type Clock } from './clock.ts'
import type { Route } from './route.ts'

/** Whether the demo is up; it always is, when it can answer. */
export function healthRoutes(clock: Clock): Route[] {
  const startedMs = clock.now()
  const handle = (): object => ({ status: 'healthy', timestamp: timestamp(clock), uptime: Math.floor((clock.now() - startedMs) / 1_000) })
  return ['/health', '/health/live', '/health/ready', '/api/v1/health'].map((url) => ({ method: 'GET', url, about: 'status and uptime in seconds', token: 'ignored', handle }))
}
