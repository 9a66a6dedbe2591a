/** A documented request, and the fields its answer has; `[]` is each item of a list, `{}` each value of a map, and what a list that is empty has no items to show. */
export interface Documented {
  readonly title: string
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly body?: unknown
  readonly status: number
  readonly fields: string
}

const API = '/api/v1/performance'

/** Requests as the documentation of the API shows them, with every field it shows. */
export const DOCUMENTED: readonly Documented[] = [
  {
    title: 'metrics, as the short reference has them', method: 'GET', path: `${API}/metrics`, status: 200,
    fields: `success data.timestamp data.api.requestsPerMinute data.api.averageResponseTime data.api.p95ResponseTime data.api.p99ResponseTime data.api.errorRate data.api.activeConnections data.api.slowestEndpoints[].path data.api.slowestEndpoints[].averageTime data.api.slowestEndpoints[].count
      data.database.averageQueryTime data.database.slowQueries data.database.connectionPoolUsage data.database.activeConnections data.database.queryStats.selects data.database.queryStats.inserts data.database.queryStats.updates data.database.queryStats.deletes
      data.system.cpu.usage data.system.cpu.cores data.system.cpu.loadAverage data.system.memory.total data.system.memory.used data.system.memory.free data.system.memory.percentage data.system.memory.heapUsed data.system.memory.heapTotal data.system.disk.total data.system.disk.used data.system.disk.free data.system.disk.percentage
      data.cache.hitRate data.cache.totalKeys data.cache.memoryUsage data.cache.evictions data.cache.operations.gets data.cache.operations.sets data.cache.operations.deletes`,
  },
  {
    title: 'metrics, as the long reference has them', method: 'GET', path: `${API}/metrics?timeRange=1h&interval=5m&metrics=cpu,memory,disk,network`, status: 200,
    fields: `success data.system.hostname data.system.platform data.system.arch data.system.nodeVersion data.system.uptime data.metrics.cpu.usage data.metrics.cpu.loadAverage data.metrics.cpu.cores data.metrics.cpu.model data.metrics.cpu.history[].timestamp data.metrics.cpu.history[].usage
      data.metrics.memory.total data.metrics.memory.free data.metrics.memory.used data.metrics.memory.usage data.metrics.memory.buffers data.metrics.memory.cached data.metrics.memory.swapTotal data.metrics.memory.swapUsed data.metrics.memory.history[].timestamp data.metrics.memory.history[].usage
      data.metrics.disk.total data.metrics.disk.free data.metrics.disk.used data.metrics.disk.usage data.metrics.disk.iops.read data.metrics.disk.iops.write data.metrics.disk.throughput.read data.metrics.disk.throughput.write
      data.metrics.network.interfaces{}.rx.bytes data.metrics.network.interfaces{}.rx.packets data.metrics.network.interfaces{}.rx.errors data.metrics.network.interfaces{}.rx.dropped data.metrics.network.interfaces{}.tx.bytes data.metrics.network.interfaces{}.tx.packets data.metrics.network.interfaces{}.tx.errors data.metrics.network.interfaces{}.tx.dropped
      data.metrics.network.totalBandwidth.rx data.metrics.network.totalBandwidth.tx meta.timeRange meta.interval meta.dataPoints meta.nextUpdate`,
  },
  {
    title: 'summary', method: 'GET', path: `${API}/summary`, status: 200,
    fields: `success data.status data.score data.currentMetrics.responseTime data.currentMetrics.memoryUsage data.currentMetrics.cpuUsage data.currentMetrics.errorRate data.trends.responseTime.trend data.trends.responseTime.change data.trends.responseTime.period data.trends.memory.trend data.trends.memory.change data.trends.memory.period
      data.trends.cache.trend data.trends.cache.change data.trends.cache.period data.recentOptimizations[].timestamp data.recentOptimizations[].action data.recentOptimizations[].description data.recentOptimizations[].impact data.recommendations data.alerts`,
  },
  {
    title: 'history', method: 'GET', path: `${API}/history?period=24h&metric=response_time&granularity=5m`, status: 200,
    fields: 'success data.period data.metric data.granularity data.dataPoints[].timestamp data.dataPoints[].value data.dataPoints[].p95 data.dataPoints[].p99 data.summary.average data.summary.min data.summary.max data.summary.p95 data.summary.p99',
  },
  {
    title: 'application', method: 'GET', path: `${API}/application`, status: 200,
    fields: `success data.api.requestRate.current data.api.requestRate.avg data.api.requestRate.peak data.api.requestRate.unit data.api.responseTime.avg data.api.responseTime.p50 data.api.responseTime.p95 data.api.responseTime.p99 data.api.responseTime.unit data.api.errorRate.current data.api.errorRate.avg data.api.errorRate.unit
      data.api.endpoints[].path data.api.endpoints[].method data.api.endpoints[].requestCount data.api.endpoints[].avgResponseTime data.api.endpoints[].errorRate data.database.connectionPool.size data.database.connectionPool.active data.database.connectionPool.idle data.database.connectionPool.waiting
      data.database.queryPerformance.avgQueryTime data.database.queryPerformance.slowQueries data.database.queryPerformance.totalQueries data.database.queryPerformance.cacheHitRate data.database.slowestQueries[].query data.database.slowestQueries[].avgTime data.database.slowestQueries[].count
      data.cache.redis.hitRate data.cache.redis.missRate data.cache.redis.evictionRate data.cache.redis.memoryUsage data.cache.redis.connectionCount data.cache.redis.operationsPerSecond data.jobs.queues[].name data.jobs.queues[].active data.jobs.queues[].waiting data.jobs.queues[].completed data.jobs.queues[].failed data.jobs.queues[].avgProcessingTime
      meta.timeRange meta.dataPoints meta.lastUpdate`,
  },
  { title: 'one component of the application over six hours', method: 'GET', path: `${API}/application?component=api&timeRange=6h`, status: 200, fields: 'success data.api.requestRate.current data.api.responseTime.p95 data.api.errorRate.current meta.timeRange' },
  { title: 'health', method: 'GET', path: `${API}/health?detailed=true`, status: 200, fields: 'success data.overall.status data.overall.score data.overall.lastCheck data.overall.uptime data.components{}.status data.components{}.details data.dependencies.external alerts[].level alerts[].component alerts[].message alerts[].recommendation alerts[].timestamp' },
  {
    title: 'recommendations', method: 'GET', path: `${API}/recommendations`, status: 200,
    fields: `success data.analysisDate data.overallScore data.recommendations[].category data.recommendations[].priority data.recommendations[].title data.recommendations[].description data.recommendations[].impact data.recommendations[].effort data.recommendations[].details data.recommendations[].actions
      data.performanceGoals.apiResponseTime.current data.performanceGoals.apiResponseTime.target data.performanceGoals.apiResponseTime.improvement data.performanceGoals.databaseQueryTime.current data.performanceGoals.databaseQueryTime.target data.performanceGoals.databaseQueryTime.improvement
      data.performanceGoals.cacheHitRate.current data.performanceGoals.cacheHitRate.target data.performanceGoals.cacheHitRate.improvement`,
  },
  {
    title: 'alerts', method: 'GET', path: `${API}/alerts`, status: 200,
    fields: `success data.enabled ${['responseTime', 'errorRate', 'memoryUsage', 'cpuUsage', 'cacheHitRate'].map((name) => `data.thresholds.${name}.warning data.thresholds.${name}.critical data.thresholds.${name}.unit`).join(' ')} data.notifications.email data.notifications.webhook data.notifications.discord`,
  },
  { title: 'a change of alerts', method: 'PUT', path: `${API}/alerts`, body: { enabled: true, thresholds: { responseTime: { warning: 400, critical: 800 } }, notifications: { email: ['admin@medianest.app', 'ops@medianest.app'] } }, status: 200, fields: 'success data.enabled data.thresholds.responseTime.warning data.thresholds.responseTime.critical data.notifications.email' },
  {
    title: 'resources', method: 'GET', path: `${API}/resources`, status: 200,
    fields: `success data.timestamp data.processes[].name data.processes[].pid data.processes[].cpu data.processes[].memory data.processes[].uptime data.network.bytesReceived data.network.bytesSent data.network.packetsReceived data.network.packetsSent data.network.errors data.storage.reads data.storage.writes data.storage.readBytes
      data.storage.writeBytes data.storage.iops data.connections.database data.connections.redis data.connections.websocket data.connections.http`,
  },
  { title: 'an optimization that nobody asked for', method: 'GET', path: `${API}/optimize/opt-abc123`, status: 404, fields: 'success error.code error.message error.statusCode error.details' },
  { title: 'a measurement of a browser', method: 'POST', path: '/api/performance', body: { clientId: 'user-123', page: '/dashboard', component: 'ImageGrid', type: 'navigation', value: 150, metadata: { userAgent: 'Mozilla/5.0', timestamp: 1_704_067_200_000 } }, status: 202, fields: 'success timestamp' },
  { title: 'what browsers told', method: 'GET', path: '/api/performance/me', status: 200, fields: 'metrics[].id metrics[].client_id metrics[].page metrics[].component metrics[].metric_type metrics[].value metrics[].timestamp metrics[].user_agent metrics[].metadata' },
  {
    title: 'the report of the sibling system', method: 'GET', path: '/api/performance/report', status: 200,
    fields: `success report.timestamp report.summary.totalMetrics report.summary.activeSources report.summary.systemHealth report.summary.resourceUtilization report.insights[].id report.insights[].type report.insights[].severity report.insights[].title report.insights[].description report.insights[].impact
      report.insights[].recommendation report.insights[].metrics report.insights[].timestamp report.insights[].confidence report.correlations[].sources report.correlations[].correlation report.correlations[].insight report.recommendations report.optimizations[].rule report.optimizations[].applied report.optimizations[].impact timestamp`,
  },
  { title: 'sources', method: 'GET', path: '/api/performance/sources', status: 200, fields: 'success sources[].source.id sources[].source.name sources[].source.priority sources[].source.enabled sources[].source.intervalMs sources[].lastCollection sources[].health timestamp' },
  { title: 'insights of one severity', method: 'GET', path: '/api/performance/insights?severity=critical', status: 200, fields: 'success insights[].id insights[].type insights[].severity insights[].confidence correlations timestamp' },
  { title: 'insights of the last five minutes', method: 'GET', path: '/api/performance/insights?timeRange=300', status: 200, fields: 'success insights correlations timestamp' },
  { title: 'recommendations of the sibling system', method: 'GET', path: '/api/performance/recommendations', status: 200, fields: 'success recommendations optimizations[].rule optimizations[].applied optimizations[].impact systemHealth resourceUtilization timestamp' },
]

/** A short load test as the documentation writes it, against the first target the instance allows. */
export const LOAD_TEST = {
  testName: 'Quick API Load Test', duration: 2,
  scenarios: [{ name: 'media-search', weight: 100, target: '/api/v1/media/search', method: 'GET', parameters: { query: 'random-movie-{{$randomString}}' } }],
  load: { phases: [{ duration: 2, arrivalRate: 20, name: 'sustained' }] },
  thresholds: { http_req_duration: 'p(95)<500', http_req_failed: 'rate<0.1', http_reqs: 'rate>5' },
}

/** Fields of what a load test answers when it begins, and when it is over. */
export const LOAD_TEST_FIELDS = {
  begun: 'success data.testId data.status data.startedAt data.estimatedDuration data.scenarios data.phases data.targetUrl data.realTimeUrl data.progress.phase data.progress.phaseName data.progress.elapsed data.progress.remaining data.progress.completedRequests data.progress.requestRate data.progress.errorRate',
  over: `success data.testId data.testName data.status data.duration data.startedAt data.completedAt ${['totalRequests', 'successfulRequests', 'failedRequests', 'successRate', 'avgResponseTime', 'minResponseTime', 'maxResponseTime', 'p50', 'p90', 'p95', 'p99', 'requestRate', 'throughput'].map((name) => `data.summary.${name}`).join(' ')}
    data.phases[].name data.phases[].duration data.phases[].requests data.phases[].successRate data.phases[].avgResponseTime data.phases[].requestRate data.endpoints[].path data.endpoints[].requests data.endpoints[].successRate data.endpoints[].avgResponseTime data.endpoints[].p95 data.errors[].type data.errors[].count data.errors[].percentage data.errors[].message
    ${['peak', 'average'].flatMap((which) => ['cpu', 'memory', 'disk', 'network'].map((name) => `data.resourceUsage.${which}.${name}`)).join(' ')} data.recommendations[].category data.recommendations[].message data.recommendations[].details`,
}

/** The fields of a list that a value lacks. */
export function missingFields(value: unknown, fields: string): string[] {
  return fields.split(/\s+/).filter((path) => path !== '' && !has(value, path))
}

function has(value: unknown, path: string): boolean {
  if (path === '') return true
  if (typeof value !== 'object' || value === null) return false
  const [, name = '', kind = '', rest = ''] = /^([^.[{]*)(\[\]|\{\})?\.?(.*)$/.exec(path) ?? []
  const inner = (value as Readonly<Record<string, unknown>>)[name]
  if (!Object.hasOwn(value, name)) return false
  if (kind === '[]') return Array.isArray(inner) && inner.every((each) => has(each, rest))
  if (kind === '{}') return typeof inner === 'object' && inner !== null && Object.values(inner).every((each) => has(each, rest))
  return has(inner, rest)
}
