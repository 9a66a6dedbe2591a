import type { Amount } from '../budget-schema/amount.ts'
import type { Levels } from '../budget-schema/levels.ts'
import type { BudgetText } from '../budget-schema/schema.ts'
import { TIME_STATISTICS, type TimeStatistic } from '../budget-schema/services.ts'
import type { BudgetLimit, BudgetLine, OfPattern, SeriesSubject } from '../model/budget.ts'
import { plain } from '../model/text.ts'
import type { Statistic } from '../model/threshold.ts'
import { listOf } from './bundle-lines.ts'
import { CATEGORY_PATTERNS, endpointsLike } from './endpoint-pattern.ts'
import { limitsOf } from './limits.ts'
import type { Origin } from './origin.ts'
import { RATE, seriesSubject } from './series-subject.ts'

type Api = NonNullable<BudgetText['api']>
type Group = Omit<Api, 'categories' | 'endpoints'>

/** Endpoints that limits are of: all together where `of` is null. */
interface Scope {
  readonly id: string
  readonly title: string
  readonly of: OfPattern | null
  readonly path: readonly string[]
}

/** Lines of the section `api`. */
export function apiLines(api: Api, origin: Origin): BudgetLine[] {
  const { categories = {}, endpoints = {}, ...all } = api
  return [
    ...groupLines(all, { id: '', title: '', of: null, path: ['api'] }, origin),
    ...(Object.keys(categories) as (keyof typeof categories)[]).flatMap((name) => {
      const { paths, ...group } = categories[name] ?? {}
      return groupLines(group, { id: `${name}:`, title: `${name}: `, of: paths === undefined ? CATEGORY_PATTERNS[name] : endpointsLike(listOf(paths)), path: ['api', 'categories', name] }, origin)
    }),
    ...Object.entries(endpoints).flatMap(([glob, group]) => groupLines(group, { id: `${glob}:`, title: `${plain(glob, 100)}: `, of: endpointsLike([glob]), path: ['api', 'endpoints', glob] }, origin)),
  ]
}

function groupLines({ responseTime, errorRate, throughput, availability }: Group, scope: Scope, origin: Origin): BudgetLine[] {
  const { id, title, of } = scope
  const place = (path: readonly string[]): Pick<BudgetLine, 'where'> => {
    const where = origin.at(path, 'key')
    return where ? { where } : {}
  }
  const [errorPath, ratePath, availablePath] = ['errorRate', 'throughput', 'availability'].map((key) => [...scope.path, key]) as [string[], string[], string[]] // as many as there are names
  return [
    ...responseTimeLines(responseTime, scope, origin),
    ...(errorRate === undefined ? [] : [{
      id: `api:${id}errorRate`, section: 'api', title: `${title}failed requests`, unit: 'ratio', better: 'lower', ...place(errorPath),
      subjects: everywhere('http.failed', RATE, 'api.errors', of), limits: limitsOf(errorRate, { origin, path: errorPath, kind: 'percent', better: 'lower' }),
    } satisfies BudgetLine]),
    ...(throughput === undefined ? [] : [{
      id: `api:${id}throughput`, section: 'api', title: `${title}requests`, unit: 'per_second', better: 'higher', ...place(ratePath),
      subjects: everywhere('http.requests', RATE, 'api.request_rate', of), limits: limitsOf(throughput, { origin, path: ratePath, kind: 'rate', better: 'higher' }),
    } satisfies BudgetLine]),
    ...(availability === undefined ? [] : [{
      id: `api:${id}availability`, section: 'api', title: `${title}failed requests (error budget)`, unit: 'ratio', better: 'lower', ...place(availablePath),
      isErrorBudget: true, hint: 'see which requests failed',
      subjects: everywhere('http.failed', RATE, 'api.errors', of), limits: limitsOf(availability, { origin, path: availablePath, kind: 'share', better: 'higher' }).map(ofErrorBudget),
    } satisfies BudgetLine]),
  ]
}

/** Results of load tests first; of all endpoints together what an instance says of its own stands in. */
function everywhere(metric: string, statistic: Statistic, instance: string | null, of: OfPattern | null): SeriesSubject[] {
  return [seriesSubject(metric, statistic, of), ...(of === null && instance !== null ? [seriesSubject(instance)] : [])]
}

/** What must not fail is told by what may: 99.9 % leaves one request of a thousand. */
function ofErrorBudget(limit: BudgetLimit): BudgetLimit {
  return { ...limit, operator: '<=', value: limit.against === 'nothing' ? Number((1 - limit.value).toPrecision(12)) : -limit.value }
}

/** The statistic of a response time, as results have it. */
export function statisticOf(name: TimeStatistic): Statistic {
  return name === 'avg' ? { kind: 'avg' } : { kind: 'p', percent: Number(name.slice(1)) }
}

/** Names of what an instance says of all of its answers. */
const INSTANCE_TIMES: Readonly<Partial<Record<TimeStatistic, string>>> = { p50: 'api.duration.p50', p95: 'api.duration.p95', p99: 'api.duration.p99', avg: 'api.duration.avg' }

function responseTimeLines(written: Group['responseTime'], { id, title, of, path }: Scope, origin: Origin): BudgetLine[] {
  if (written === undefined) return []
  const { statistic = 'p95', p50, p90, p95, p99, avg, ...levels } = typeof written === 'object' ? written : { max: written }
  const inside = { p50, p90, p95, p99, avg }
  const line = (name: TimeStatistic, limits: Amount | Levels, at: readonly string[]): BudgetLine => {
    const where = origin.at(at, 'key')
    return {
      id: `api:${id}responseTime:${name}`, section: 'api', title: `${title}response time, ${name === 'avg' ? 'mean' : name}`, unit: 'ms', better: 'lower', ...(where ? { where } : {}),
      subjects: everywhere('http.duration', statisticOf(name), INSTANCE_TIMES[name] ?? null, of), limits: limitsOf(limits, { origin, path: at, kind: 'time', better: 'lower' }),
    }
  }
  const own = typeof written === 'object' ? levels : written
  return [
    ...(typeof own === 'object' && Object.values(own).every((level) => level === undefined) ? [] : [line(statistic, own, [...path, 'responseTime'])]),
    ...TIME_STATISTICS.flatMap((name) => (inside[name] === undefined ? [] : [line(name, inside[name], [...path, 'responseTime', name])])),
  ]
}
