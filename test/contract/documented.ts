import type { EndpointName } from '../../src/contract/endpoints.ts'

const AT = '2026-11-21T12:00:00.000Z'
const direction = { bytes: 1_000, packets: 10, errors: 0, dropped: 0 }
const level = (warning: number, critical: number, unit: string): object => ({ warning, critical, unit })
const usage = { cpu: 40.5, memory: 60, disk: 1, network: 2.5 }
const progress = { phase: 1, phaseName: 'warm-up', elapsed: 1, remaining: 1, completedRequests: 10, requestRate: 10, errorRate: 0 }
const insight = { id: 'i1', type: 'bottleneck', severity: 'high', title: 'slow queries', description: 'they are slow', impact: null, recommendation: 'add an index', metrics: ['db.query.avg'], timestamp: 1_795_000_000_000, confidence: 0.9 }
const applied = { rule: 'gc', applied: false, impact: 'none' }

/** An answer of each endpoint that has every documented field. */
export const ANSWERS: Readonly<Record<EndpointName, object>> = {
  metrics: {
    timestamp: AT,
    system: { hostname: 'media-01', platform: 'linux', arch: 'x64', nodeVersion: '20.19.0', uptime: 3_600, cpu: { usage: 34.5, cores: 8, loadAverage: [1.2, 1.1, 0.9] }, memory: { total: 16e9, used: 8e9, free: 8e9, percentage: 50, heapUsed: 1e6, heapTotal: 2e6 }, disk: { total: 1e12, used: 4e11, free: 6e11, percentage: 40 } },
    metrics: {
      cpu: { usage: 34.5, loadAverage: [1.2, 1.1, 0.9], cores: 8, model: 'a processor', history: [{ timestamp: AT, usage: 30 }] },
      memory: { total: 16e9, used: 8e9, free: 8e9, usage: 50, buffers: 1, cached: 2, swapTotal: 0, swapUsed: 0, history: [] },
      disk: { total: 1e12, used: 4e11, free: 6e11, usage: 40, iops: { read: 1, write: 2 }, throughput: { read: '15.2 MB/s', write: '8.5 MB/s', readBytesPerSecond: 15.2e6, writeBytesPerSecond: 8.5e6 } },
      network: { interfaces: { eth0: { rx: direction, tx: direction } }, totalBandwidth: { rx: '8 Mbps', tx: '4 Mbps', rxBytesPerSecond: 1e6, txBytesPerSecond: 5e5 } },
    },
    api: { requestsPerMinute: 60, averageResponseTime: 120, p95ResponseTime: 400, p99ResponseTime: 900, errorRate: 0.01, activeConnections: 12, slowestEndpoints: [{ path: '/api/search', averageTime: 300, count: 5 }] },
    database: { averageQueryTime: 12, slowQueries: 2, connectionPoolUsage: 30, activeConnections: 3, queryStats: { selects: 10, inserts: 1, updates: 2, deletes: null } },
    cache: { hitRate: 0.93, totalKeys: 100, memoryUsage: '1.4 MB', memoryUsageBytes: 1.4e6, evictions: 0, operations: { gets: 1, sets: 2, deletes: 3 } },
  },
  application: {
    api: { requestRate: { current: 45.2, avg: 40, peak: 90, unit: 'requests/second' }, responseTime: { avg: 120, p50: 100, p95: 400, p99: 900, unit: 'milliseconds' }, errorRate: { current: 0.8, avg: 0.5, unit: 'percentage' }, endpoints: [{ path: '/api/search', method: 'GET', requestCount: 100, avgResponseTime: 150, errorRate: 0.5 }] },
    database: { connectionPool: { size: 20, active: 5, idle: 15, waiting: 0 }, queryPerformance: { avgQueryTime: 12, slowQueries: 2, totalQueries: 1_000, cacheHitRate: 95 }, slowestQueries: [{ query: 'SELECT 1', avgTime: 200, count: 3 }] },
    cache: { redis: { hitRate: 93.1, missRate: 6.9, evictionRate: 0, memoryUsage: '1.4 MB', memoryUsageBytes: 1.4e6, connectionCount: 4, operationsPerSecond: 100 } },
    jobs: { queues: [{ name: 'downloads', active: 1, waiting: 2, completed: 3, failed: 0, avgProcessingTime: 45.2 }] },
  },
  health: {
    overall: { status: 'healthy', score: 97, lastCheck: AT, uptime: '1d 2h' }, components: { database: { status: 'healthy', responseTime: 3, details: { connections: 'healthy' } } },
    dependencies: { external: { plex: { status: 'healthy', responseTime: 40, lastCheck: AT } } },
  },
  recommendations: {
    analysisDate: AT, overallScore: 82.5,
    recommendations: [{ category: 'database', priority: 'high', title: 'optimize slow queries', description: '23 queries are slow', impact: 'high', effort: 'medium', details: { currentAvg: 145.3 }, actions: ['add an index'] }],
    performanceGoals: { apiResponseTime: { current: 143.2, target: 100, improvement: '30% faster' }, databaseQueryTime: { current: 15.4, target: 10, improvement: null }, cacheHitRate: { current: 85.2, target: 95, improvement: null } },
  },
  summary: {
    status: 'good', score: 88, currentMetrics: { responseTime: 120, memoryUsage: 50, cpuUsage: 34.5, errorRate: 0.01 },
    trends: { responseTime: { trend: 'stable', change: 1.5, period: '1h' }, memory: { trend: 'unknown', change: null, period: '1h' }, cache: { trend: 'improving', change: 2, period: '1h' } },
    recentOptimizations: [{ timestamp: AT, action: 'cache', description: 'longer TTL', impact: '+5%' }], recommendations: ['add an index'], alerts: [{ level: 'warning', message: 'memory is filling up', metric: 'memory' }],
  },
  history: { period: '1h', metric: 'cpu', granularity: '5m', dataPoints: [{ timestamp: AT, value: 30 }, { timestamp: '2026-11-21T12:05:00.000Z', value: null }, { timestamp: '2026-11-21T12:10:00.000Z', value: 40, p95: 60, p99: 70 }], summary: { average: 35, min: 30, max: 40, p95: 60, p99: 70 } },
  alerts: { enabled: true, thresholds: { responseTime: level(500, 1_000, 'ms'), errorRate: level(0.05, 0.1, 'ratio'), memoryUsage: level(85, 95, '%'), cpuUsage: level(80, 95, '%'), cacheHitRate: level(0.7, 0.5, 'ratio') }, notifications: { email: ['ops@example.com'], webhook: 'https://hooks.example.com/T000/hunter2', discord: false } },
  setAlerts: { enabled: true, thresholds: { responseTime: level(500, 1_000, 'ms'), errorRate: level(0.05, 0.1, 'ratio'), memoryUsage: level(85, 95, '%'), cpuUsage: level(71, 95, '%'), cacheHitRate: level(0.7, 0.5, 'ratio') }, notifications: { email: [], webhook: null, discord: false } },
  resources: { timestamp: AT, processes: [{ name: 'node', pid: 42, cpu: 12.5, memory: 1e8, uptime: 60 }], network: { bytesReceived: 1, bytesSent: 2, packetsReceived: 3, packetsSent: 4, errors: 0 }, storage: { reads: 1, writes: 2, readBytes: 3, writeBytes: 4, iops: 5 }, connections: { database: 1, redis: 2, websocket: 0, http: 9 } },
  optimize: { optimizationId: 'opt-1', status: 'started', estimatedDuration: 30, optimizations: [{ type: 'memory_cleanup', status: 'running', description: 'collects garbage' }] },
  optimization: { optimizationId: 'opt-1', status: 'completed', startedAt: AT, completedAt: AT, duration: 30, results: [{ type: 'memory_cleanup', status: 'completed', improvements: { memory: '-5%' }, actions: ['collected garbage'] }] },
  loadTest: { testId: 'loadtest-1', status: 'running', startedAt: AT, estimatedDuration: 1, scenarios: 1, phases: 1, targetUrl: 'http://127.0.0.1:4000', realTimeUrl: '/api/v1/performance/load-test/loadtest-1/stream', progress },
  loadTestResults: {
    testId: 'loadtest-1', testName: 'contract', status: 'completed', duration: 2, startedAt: AT, completedAt: '2026-11-21T12:00:02.000Z',
    summary: { totalRequests: 20, successfulRequests: 19, failedRequests: 1, successRate: 95, avgResponseTime: 12, minResponseTime: 3, maxResponseTime: 80, p50: 10, p90: 30, p95: 45, p99: 80, requestRate: 10, throughput: '7.2 MB/s', throughputBytesPerSecond: 7.2e6 },
    phases: [{ name: 'warm-up', duration: 2, requests: 20, successRate: 95, avgResponseTime: 12, requestRate: 10 }], endpoints: [{ path: '/', requests: 20, successRate: 95, avgResponseTime: 12, p95: 45 }],
    errors: [{ type: '500', count: 1, percentage: 5, message: 'Internal server error' }], resourceUsage: { peak: usage, average: usage }, recommendations: [{ category: 'api', message: 'look at 500s', details: 'one request failed' }],
  },
  stopLoadTest: { testId: 'loadtest-1', status: 'aborted' },
  submit: { accepted: 1, dropped: 0 },
  me: { metrics: [{ id: 1, client_id: 'c', page: '/', component: null, metric_type: 'LCP', value: 1_200, timestamp: AT, user_agent: null, metadata: null }], summary: [{ metric: 'LCP', page: '/', count: 1, p75: 1_200, p50: 1_200, p95: 1_200, rating: 'good' }] },
  report: { report: { timestamp: 1_795_000_000_000, summary: { totalMetrics: 5, activeSources: 2, systemHealth: 'good', resourceUtilization: 40 }, insights: [insight], correlations: [{ sources: ['a', 'b'], correlation: 0.9, insight: 'they move together' }], recommendations: ['add an index'], optimizations: [applied] } },
  sources: { sources: [{ source: { id: 'machine', name: 'this machine', priority: 'critical', enabled: true, intervalMs: 5_000 }, lastCollection: 1_795_000_000_000, health: 'healthy' }], zone: 'green', cost: { cpu: 0.01, memory: 8e7 } },
  insights: { insights: [insight], correlations: [] },
  advice: { recommendations: ['add an index'], optimizations: [applied], systemHealth: 'good', resourceUtilization: 40 },
}

/** What is said beside them. */
export const METAS: Partial<Readonly<Record<EndpointName, object>>> = {
  metrics: { timeRange: '15m', interval: '1m', dataPoints: 15, nextUpdate: null, recordedSince: AT }, application: { timeRange: '1h', aggregation: 'p95', dataPoints: 60, lastUpdate: AT },
  history: { recorded: false, recordedSince: null, dataPoints: 3, note: 'nothing outlives a restart' },
}
