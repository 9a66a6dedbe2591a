import { describe, expect, it } from 'vitest'
import { healthAlerts, healthShape } from '../../../src/analysis/shape/health-shape.ts'
import type { CheckResult } from '../../../src/model/health.ts'
import { result } from '../results.ts'

const AT = new Date('2025-09-09T12:00:00.000Z')
const UPTIME_MS = (((15 * 24 + 7) * 60 + 23) * 60 + 45) * 1_000 + 678
const shape = (results: readonly CheckResult[], detailed = false) => JSON.parse(JSON.stringify(healthShape(results, { at: AT, uptimeMs: UPTIME_MS, detailed })))

/** What the API's documentation shows, as checks would find it. */
const DATABASE = { connectionPool: 'healthy', primaryDb: 'connected', replicaDb: 'connected', migrations: 'up-to-date', lastBackup: '2025-09-09T06:00:00.000Z' }
const FILESYSTEM = { root: { total: '500GB', free: '45GB', usage: '91%', status: 'warning' }, downloads: { total: '2TB', free: '1.2TB', usage: '40%', status: 'healthy' } }
const ADVICE = 'Consider cleaning up log files or expanding storage'
const DOCUMENTED = [
  result('postgres', { component: 'database', outcome: { responseTimeMs: 12.345, details: DATABASE } }),
  result('disk', { component: 'filesystem', verdict: 'warn', outcome: { message: 'Root filesystem usage is above 90%', recommendation: ADVICE, details: FILESYSTEM } }),
  result('network', { component: 'network', outcome: { details: { interfaces: { eth0: 'up', wlan0: 'down' } } } }),
  result('dns', { component: 'network', outcome: { responseTimeMs: 3.04, details: { dnsResolution: 'healthy' } } }),
  result('internet', { component: 'network', outcome: { responseTimeMs: 20.06, details: { internetConnectivity: 'healthy' } } }),
  result('tmdb', { component: 'tmdb', isExternal: true, isOptional: true, checkedAt: new Date('2025-09-09T11:58:00.000Z'), outcome: { responseTimeMs: 234.5 } }),
  result('plex.tv', { component: 'services', isExternal: true, isOptional: true, checkedAt: new Date('2025-09-09T11:59:00.000Z'), outcome: { responseTimeMs: 156.24 } }),
]

describe('the documented answer of health', () => {
  it('has the documented shape, field for field', () => {
    expect(shape(DOCUMENTED, true)).toEqual({
      overall: { status: 'warning', score: 93.3, lastCheck: '2025-09-09T12:00:00.000Z', uptime: '15d 7h 23m 45s', uptimeSeconds: 1_322_625 },
      components: {
        database: { status: 'healthy', responseTime: 12.3, details: DATABASE },
        filesystem: { status: 'warning', message: 'Root filesystem usage is above 90%', details: FILESYSTEM },
        network: {
          status: 'healthy', responseTime: 20.1, checks: { network: 'healthy', dns: 'healthy', internet: 'healthy' },
          details: { interfaces: { eth0: 'up', wlan0: 'down' }, dnsResolution: 'healthy', internetConnectivity: 'healthy' },
        },
      },
      dependencies: {
        external: {
          tmdb: { status: 'healthy', responseTime: 234.5, lastCheck: '2025-09-09T11:58:00.000Z' },
          'plex.tv': { status: 'healthy', responseTime: 156.2, lastCheck: '2025-09-09T11:59:00.000Z' },
        },
      },
    })
  })

  it('has the documented alerts', () => {
    expect(healthAlerts(DOCUMENTED, AT)).toEqual([{ level: 'warning', metric: 'disk', component: 'filesystem', message: 'Root filesystem usage is above 90%', recommendation: ADVICE, timestamp: AT }])
  })

  it('keeps details to itself unless it is asked for them', () => {
    expect(shape(DOCUMENTED).components.database).toEqual({ status: 'healthy', responseTime: 12.3 })
  })

  it('knows nothing where nothing was checked', () => {
    expect(shape([])).toEqual({ overall: { status: 'unknown', score: null, lastCheck: AT.toISOString(), uptime: '15d 7h 23m 45s', uptimeSeconds: 1_322_625 }, components: {}, dependencies: { external: {} } })
  })

  it.each([[null, null, null], [0, '0s', 0], [59_999, '59s', 59], [3_600_000, '1h 0m 0s', 3_600], [86_400_000, '1d 0h 0m 0s', 86_400]])('says of an uptime of %s ms %s', (uptimeMs, uptime, uptimeSeconds) => {
    expect(healthShape([], { at: AT, uptimeMs, detailed: false }).overall).toMatchObject({ uptime, uptimeSeconds })
  })

  it.each([[['ok', 'warn'], 'warning'], [['warn', 'unknown'], 'unknown'], [['unknown', 'fail'], 'critical']] as const)('%j is %s, over all and of a component', (verdicts, status) => {
    const { overall, components } = shape(verdicts.map((verdict, index) => result(`c${index}`, { verdict })))
    expect([overall.status, components.services.status]).toEqual([status, status])
  })

  it('says of several checks of a component which of them is not well', () => {
    expect(shape([result('a', { verdict: 'fail' }), result('b'), result('c', { verdict: 'warn', isOptional: true, outcome: { verdict: 'fail' } })]).components.services).toEqual({
      status: 'critical', message: 'a: it is fail; c: it is fail', checks: { a: 'critical', b: 'healthy', c: 'warning' },
    })
  })
})

describe('what is excused', () => {
  const skipped = result('app', { verdict: 'ok', excuse: { kind: 'dependency', on: 'db' }, outcome: { verdict: 'unknown', message: 'not checked because of db' } })
  const resting = result('web', { verdict: 'ok', excuse: { kind: 'maintenance', window: 'backup', until: new Date('2025-09-09T13:00:00Z') }, outcome: { verdict: 'fail', message: 'refused' } })

  it('is skipped or in maintenance, with the reason', () => {
    expect(shape([skipped]).components.services).toEqual({ status: 'skipped', reason: 'not checked because of db' })
    expect(shape([resting]).components.services).toEqual({ status: 'maintenance', message: 'refused', reason: 'maintenance "backup" until 2025-09-09T13:00:00.000Z' })
  })

  it('does not hide how the others of its component are', () => {
    expect(shape([skipped, resting, result('api', { verdict: 'warn' })]).components.services).toEqual({
      status: 'warning', message: 'web: refused; api: it is warn', reason: 'app: not checked because of db; web: maintenance "backup" until 2025-09-09T13:00:00.000Z', checks: { app: 'skipped', web: 'maintenance', api: 'warning' },
    })
  })

  it('raises no alert; what counts does, the worst first', () => {
    const alerts = healthAlerts([skipped, result('w', { verdict: 'warn' }), resting, result('u', { verdict: 'unknown' }), result('f', { verdict: 'fail' })], AT)
    expect(alerts.map(({ metric, level }) => [metric, level])).toEqual([['f', 'critical'], ['u', 'warning'], ['w', 'warning']])
  })
})

describe('details of several checks of a component', () => {
  it('stand side by side, and under the name of the check where they would stand on each other', () => {
    const details = shape([
      result('a', { outcome: { details: { version: 1, only: 'a' } } }),
      result('b', { outcome: { details: { version: 2, a: 'the name of another' } } }),
      result('__proto__', { outcome: { details: { version: 3 } } }),
    ], true).components.services.details
    expect(Object.entries(details)).toEqual([['only', 'a'], ['a', { version: 1 }], ['b', { version: 2, a: 'the name of another' }], ['__proto__', { version: 3 }]])
  })
})
