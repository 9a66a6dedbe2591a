import type { AmountName } from '../budget-schema/amount.ts'
import type { BudgetText } from '../budget-schema/schema.ts'
import type { BudgetLine, Subject } from '../model/budget.ts'
import { statisticOf } from './api-lines.ts'
import { listOf } from './bundle-lines.ts'
import { BACKEND_PATTERNS, endpointsLike } from './endpoint-pattern.ts'
import { kindOfLimits, limitsOf, unitOf } from './limits.ts'
import type { Origin } from './origin.ts'
import { seriesSubject } from './series-subject.ts'

type Backend = NonNullable<BudgetText['backend']>
type Figure = Exclude<keyof Backend, keyof typeof BACKEND_PATTERNS>

interface Known {
  readonly title: string
  readonly better: 'lower' | 'higher'
  /** By the kind it is written in, where it is measured. */
  readonly kinds: Readonly<Partial<Record<AmountName, readonly Subject[]>>>
}

/** Each figure of a server and where it is measured; of an instance or this machine they are gauges. */
const FIGURES: Readonly<Record<Figure, Known>> = {
  cpuUsage: { title: 'processor usage', better: 'lower', kinds: { share: [seriesSubject('cpu.usage')] } },
  memoryUsage: { title: 'memory', better: 'lower', kinds: { size: [seriesSubject('instance.memory'), seriesSubject('heap.used')], share: [seriesSubject('memory.usage')] } },
  diskIO: { title: 'reads and writes of the disks', better: 'lower', kinds: { iops: [seriesSubject('disk.operations.rate')] } },
  queryTime: { title: 'database queries, p95 or mean', better: 'lower', kinds: { time: [seriesSubject('db.query.duration', { kind: 'p', percent: 95 }), seriesSubject('db.query.avg')] } },
  connectionPool: { title: 'database connections at work', better: 'lower', kinds: { count: [seriesSubject('db.pool.active')], share: [seriesSubject('db.pool.usage')] } },
  cacheHitRate: { title: 'cache hit rate', better: 'higher', kinds: { share: [seriesSubject('cache.hit_rate', { kind: 'rate' }), seriesSubject('cache.hit_rate')] } },
}

const ENDPOINT_TITLES: Readonly<Record<keyof typeof BACKEND_PATTERNS, string>> = { healthCheck: 'health checks', authentication: 'authentication', dataQueries: 'data queries', fileOperations: 'file operations' }

/** Lines of the section `backend`. */
export function backendLines(backend: Backend, origin: Origin): BudgetLine[] {
  return (Object.keys(backend) as (keyof Backend)[]).flatMap((name) => {
    const path = ['backend', name]
    const where = origin.at(path, 'key')
    const base = { id: `backend:${name}`, section: 'backend', ...(where ? { where } : {}) } as const
    if (isFigure(name)) {
      const written = backend[name]
      if (written === undefined) return []
      const { title, better, kinds } = FIGURES[name]
      const [first = 'count', ...others] = Object.keys(kinds) as AmountName[]
      const kind = kindOfLimits(written, [first, ...others])
      return [{ ...base, title, unit: unitOf(kind), better, subjects: kinds[kind] ?? [], limits: limitsOf(written, { origin, path, kind, better }) } satisfies BudgetLine]
    }
    const written = backend[name]
    if (written === undefined) return []
    const { statistic = 'p95', paths, ...levels } = typeof written === 'object' ? written : {}
    return [{
      ...base, title: `${ENDPOINT_TITLES[name]}, response time, ${statistic === 'avg' ? 'mean' : statistic}`, unit: 'ms', better: 'lower',
      subjects: [seriesSubject('http.duration', statisticOf(statistic), paths === undefined ? BACKEND_PATTERNS[name] : endpointsLike(listOf(paths)))],
      limits: limitsOf(typeof written === 'object' ? levels : written, { origin, path, kind: 'time', better: 'lower' }),
    } satisfies BudgetLine]
  })
}

function isFigure(name: keyof Backend): name is Figure {
  return Object.hasOwn(FIGURES, name)
}
