import { describe, expect, it } from 'vitest'
import { applicationReport } from '../../src/commands/application-report.ts'
import { applicationShape } from '../../src/analysis/shape/application-shape.ts'
import { readApplication } from '../../src/api/translate/application.ts'
import type { ApplicationFigures } from '../../src/commands/feed-sources.ts'
import { snapshotOf, type Values } from '../samples.ts'

const TIMES = { startedAt: new Date(0), finishedAt: new Date(1_000), interrupted: undefined, isInstance: true }
const META = { timeRange: '1h', aggregation: 'avg', dataPoints: 0, lastUpdate: null }
type Sources = NonNullable<NonNullable<NonNullable<ApplicationFigures['told']>['meta']>['sources']>

function reported(values: Values, sources: Sources, components?: readonly string[]) {
  const { samples, application } = snapshotOf(values)
  return applicationReport({ samples, application, told: { data: {}, meta: { ...META, zone: 'red', sources } } }, { components, timeRange: undefined, aggregation: undefined }, TIMES)
}
const shed = (id: string, kind: string) => ({ id, kind, health: 'disabled', problem: 'given up while the machine is in zone red', hint: '`collect.adaptive: false` keeps it' })

describe('an instance whose sources are not well', () => {
  it('says why a part is missing instead of supposing that there is no source', () => {
    const { verdict, findings, meta } = reported({}, [shed('prometheus', 'api'), { id: 'redis', kind: 'cache', health: 'unhealthy', problem: 'cannot reach 127.0.0.1:6379', hint: 'is it running?' }])
    expect({ verdict, zone: meta?.['zone'] }).toEqual({ verdict: 'unknown', zone: 'red' })
    expect(findings).toMatchObject([
      { verdict: 'unknown', title: 'prometheus (disabled): given up while the machine is in zone red', hint: '`collect.adaptive: false` keeps it' },
      { verdict: 'unknown', title: 'redis (unhealthy): cannot reach 127.0.0.1:6379', hint: 'is it running?' },
      { id: 'application:database', title: 'the instance says nothing of its database' }, { id: 'application:jobs' },
    ])
  })

  it('only warns while its figures are still there, and is silent about what nobody asked for', () => {
    const sources = [shed('prometheus', 'api'), shed('redis', 'cache')]
    expect(reported({ 'api.request_rate': 5 }, sources, ['api'])).toMatchObject({ verdict: 'warn', findings: [{ id: 'source:api:prometheus', verdict: 'warn' }] })
  })

  it('is not unknown for a source that somebody switched off, unless that was asked for', () => {
    const off = [{ id: 'redis', kind: 'cache', health: 'disabled', problem: null, hint: null }]
    expect(reported({ 'api.request_rate': 5 }, off)).toMatchObject({ verdict: 'ok', findings: [] })
    expect(reported({ 'api.request_rate': 5 }, off, ['cache'])).toMatchObject({ verdict: 'unknown', findings: [{ title: 'redis (disabled): switched off in the configuration or the environment' }] })
  })
})

describe('the tables of an instance', () => {
  it('are those of the same figures measured here', () => {
    const values: Values = {
      'api.request_rate': 5, 'api.errors': 0.01, 'api.duration.p95': 420, 'api.probe.up': { shop: 1, front: 0 }, 'api.probe.duration': { shop: 12, front: 30 },
      'db.pool.size': 20, 'db.pool.active': 3, 'db.pool.usage': 0.25, 'db.queries.rate': 40, 'db.query.avg': 2, 'db.query.slow': 1, 'db.cache.hits': 0.99, 'db.commits.rate': 12, 'db.rollbacks.rate': 1, 'db.locks.waiting': 2,
      'db.table.size': { media: 4096, users: 2048 }, 'db.table.rows': { media: 10, users: 5 }, 'db.table.dead': { media: 0.1, users: 0 }, 'db.table.scans': { media: 7, users: 1 }, 'db.table.index_scans': { media: 70, users: 9 },
      'cache.hit_rate': 0.9, 'cache.memory': 1_000, 'cache.memory.limit': 2_000, 'cache.keys': 3, 'cache.clients': 4, 'cache.operations.rate': 50, 'cache.evictions.rate': 0.5,
      'jobs.active': { mail: 1 }, 'jobs.waiting': { mail: 2 }, 'jobs.delayed': { mail: 3 }, 'jobs.completed': { mail: 4 }, 'jobs.failed': { mail: 5 }, 'jobs.duration.avg': { mail: 6_000 },
      'business.processing_failures': 0.02, 'business.user_errors': 0.03, 'business.processing_time': 150, 'business.active_users': 7, 'business.backlog': 8,
    }
    const here = snapshotOf(values)
    const data = JSON.parse(JSON.stringify(applicationShape(here))) as Record<string, unknown> // as it travels
    const { samples, application } = readApplication({ success: true, data })
    const question = { components: undefined, timeRange: undefined, aggregation: undefined }
    const tables = (figures: ApplicationFigures) => applicationReport(figures, question, TIMES).tables
    expect(tables({ samples, application })).toEqual(tables(here))
    expect(tables({ samples, application })?.map(({ title }) => title)).toEqual(['API', 'Synthetic requests', 'Database', 'Largest tables', 'Cache', 'Job queues', 'Business'])
  })
})
