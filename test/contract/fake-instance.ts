import { ApiError } from '../../src/contract/error-code.ts'
import { type Caller, seesAll, type Handlers } from '../../src/contract/instance.ts'
import type { LiveEvent, LoadTestEvent, Resident } from '../../src/contract/resident.ts'

/** A resident that measures nothing: valid answers to every question, always the same, and a count of what it was asked. */
export interface FakeResident extends Resident {
  readonly asked: { live: number; exposition: number; readonly questions: { readonly name: string; readonly question: unknown; readonly caller: unknown }[] }
  readonly answers: { readonly method: string; readonly route: string; readonly status: number }[]
  readonly streams: number[]
  /** Whether it was closed. */
  isClosed: boolean
  isReady: boolean
  /** Begins an alert. */
  alert(event: LiveEvent): void
}

const AT = '2026-11-21T12:00:00.000Z'
const MS = Date.parse(AT)
export const RUNNING_TEST = 'test-running'
export const FINISHED_TEST = 'test-finished'
export const KNOWN_OPTIMIZATION = 'opt-1'

const progress = { phase: 1, phaseName: 'warm-up', elapsed: 15, remaining: 285, completedRequests: 150, requestRate: 10.2, errorRate: 0 }
const times = { avgResponseTime: 12.5, minResponseTime: 1, maxResponseTime: 80 }
const level = (warning: number, critical: number, unit: string) => ({ warning, critical, unit })
const goal = { current: 143.2, target: 100, improvement: '30% faster' }
const trend = { trend: 'stable', change: 0.5, period: '24h' } as const
const insight = { id: 'insight-1', type: 'bottleneck', severity: 'high', title: 'CPU is busy', description: 'for 5 minutes', impact: null, recommendation: 'look at node', metrics: ['cpu.usage'], timestamp: MS, confidence: 0.9 } as const
const alert = { level: 'warning', message: 'the root file system is 91% full', component: 'filesystem', value: 91, threshold: 90, timestamp: AT } as const

const known = (id: string, ids: readonly string[], what: string): void => {
  if (!ids.includes(id)) throw new ApiError('NOT_FOUND', `there is no ${what} ${id}`)
}

const HANDLERS: Handlers = {
  metrics: ({ query }, { caller }) => ({
    data: {
      timestamp: AT,
      system: { ...(seesAll(caller) ? { hostname: 'nas', platform: 'linux', arch: 'x64', nodeVersion: 'v20.20.2', uptime: 3_600 } : {}), cpu: { usage: 12.5, cores: 4, loadAverage: [0.5, 0.4, 0.3] } },
      metrics: { cpu: { usage: 12.5, loadAverage: [0.5, 0.4, 0.3], cores: 4, model: 'made up', history: [{ timestamp: AT, usage: 12.5 }] } },
      api: null, database: null, cache: null,
    },
    meta: { timeRange: query.timeRange, interval: query.interval, dataPoints: 1, nextUpdate: null, recordedSince: AT },
    alerts: [alert],
  }),
  application: ({ query }) => ({ data: { api: null, database: null, cache: null, jobs: null }, meta: { timeRange: query.timeRange, aggregation: query.aggregation, dataPoints: 0, lastUpdate: null } }),
  health: ({ query }) => ({ data: { overall: { status: 'healthy', score: 95.2, lastCheck: AT, uptime: '1h' }, components: { memory: { status: 'healthy', responseTime: 1.5, ...(query.detailed ? { details: { used: '50%' } } : {}) } }, dependencies: { external: {} } } }),
  recommendations: () => ({ data: { analysisDate: AT, overallScore: null, recommendations: [{ category: 'database', priority: 'high', title: 'Slow queries', description: '23 of them', impact: 'high', effort: null, details: {}, actions: ['add an index'] }], performanceGoals: { apiResponseTime: goal, databaseQueryTime: goal, cacheHitRate: { current: null, target: 95, improvement: null } } } }),
  summary: () => ({ data: { status: 'optimal', score: 92, currentMetrics: { responseTime: null, memoryUsage: 50, cpuUsage: 25.5, errorRate: null }, trends: { responseTime: trend, memory: trend, cache: trend }, recentOptimizations: [], recommendations: ['all is well'], alerts: [] } }),
  history: ({ query }) => ({ data: { period: query.period, metric: query.metric ?? 'cpu', granularity: query.granularity, dataPoints: [{ timestamp: AT, value: 12.5 }], summary: { average: 12.5, min: 12.5, max: 12.5, p95: null, p99: null } }, meta: { recorded: false, recordedSince: AT, dataPoints: 1, note: 'not recorded yet' } }),
  alerts: () => ({ data: thresholds() }),
  setAlerts: ({ body }) => ({ data: { ...thresholds(), enabled: body.enabled ?? true } }),
  resources: () => ({ data: { timestamp: AT, processes: [{ name: 'node', pid: 1, cpu: 1.5, memory: 256_000_000, uptime: 3_600 }], network: { bytesReceived: 1, bytesSent: 2, packetsReceived: 3, packetsSent: 4, errors: 0 }, storage: { reads: 1, writes: 2, readBytes: 3, writeBytes: 4, iops: null }, connections: { database: null, redis: null, websocket: null, http: 1 } } }),
  optimize: ({ body }) => ({ data: { optimizationId: KNOWN_OPTIMIZATION, status: 'started', estimatedDuration: 30, optimizations: body.optimizations.map((type) => ({ type, status: 'running' })) } }),
  optimization: ({ params }) => {
    known(params.optimizationId, [KNOWN_OPTIMIZATION], 'optimization')
    return { data: { optimizationId: KNOWN_OPTIMIZATION, status: 'completed', startedAt: AT, completedAt: AT, duration: 30, results: [] } }
  },
  loadTest: ({ body }) => ({ data: { testId: RUNNING_TEST, status: 'running', startedAt: AT, estimatedDuration: 300, scenarios: body.scenarios.length, phases: body.load.phases.length, targetUrl: 'http://127.0.0.1:4000', realTimeUrl: `/api/v1/performance/load-test/${RUNNING_TEST}/stream`, progress } }),
  loadTestResults: ({ params }) => {
    known(params.testId, [RUNNING_TEST, FINISHED_TEST], 'load test')
    return {
      data: {
        testId: params.testId, testName: 'peak', status: 'completed', duration: 300, startedAt: AT, completedAt: AT,
        summary: { totalRequests: 10, successfulRequests: 10, failedRequests: 0, successRate: 100, ...times, p50: 10, p90: 20, p95: 30, p99: 40, requestRate: 5, throughput: '1 kB/s', throughputBytesPerSecond: 1_000 },
        phases: [{ name: 'warm-up', duration: 60, requests: 10, successRate: 100, ...times, requestRate: 5 }], endpoints: [{ path: '/', requests: 10, successRate: 100, ...times, p95: 30 }], errors: [], recommendations: [],
      },
    }
  },
  stopLoadTest: ({ params }) => {
    known(params.testId, [RUNNING_TEST], 'load test')
    return { data: { testId: params.testId, status: 'aborted' } }
  },
  submit: ({ body }) => ({ data: { accepted: Array.isArray(body) ? body.length : 'metrics' in body ? body.metrics.length : 1, dropped: 0 } }),
  me: () => ({ data: { metrics: [{ id: 1, client_id: 'c', page: '/', component: null, metric_type: 'LCP', value: 1_200, timestamp: AT, user_agent: null, metadata: null }], summary: [{ metric: 'LCP', page: '/', count: 1, p75: 1_200, p50: 1_200, p95: 1_200, rating: 'good' }] } }),
  report: () => ({ data: { report: { timestamp: MS, summary: { totalMetrics: 10, activeSources: 1, systemHealth: 'good', resourceUtilization: 25 }, insights: [insight], correlations: [], recommendations: ['look at node'], optimizations: [] } } }),
  sources: () => ({ data: { sources: [{ source: { id: 'machine', name: 'this machine', priority: 'critical', enabled: true, intervalMs: 1_000 }, lastCollection: MS, health: 'healthy' }], zone: 'green' } }),
  insights: () => ({ data: { insights: [insight], correlations: [] } }),
  advice: () => ({ data: { recommendations: ['look at node'], optimizations: [], systemHealth: 'good', resourceUtilization: null } }),
}

function thresholds() {
  return { enabled: true, thresholds: { responseTime: level(500, 1_000, 'ms'), errorRate: level(0.05, 0.1, 'percentage'), memoryUsage: level(80, 90, 'percentage'), cpuUsage: level(80, 95, 'percentage'), cacheHitRate: level(0.7, 0.5, 'percentage') }, notifications: { email: [], webhook: null, discord: false } }
}

/** A fresh one; `parts` take the place of what it does. */
export function fakeResident(parts: Partial<Resident> = {}): FakeResident {
  const listeners = new Map<(event: LiveEvent) => void, Pick<Caller, 'role'>>()
  const resident: FakeResident = {
    name: 'nas',
    asked: { live: 0, exposition: 0, questions: [] },
    answers: [], streams: [], isClosed: false, isReady: true,
    async ask(name, question, asker) {
      resident.asked.questions.push({ name, question, caller: asker.caller })
      return HANDLERS[name](question, asker)
    },
    async live({ metrics = ['cpu', 'memory', 'disk', 'network'] }) {
      const usage = 10 + (++resident.asked.live % 50)
      return { type: 'metrics', timestamp: new Date().toISOString(), ...(metrics.includes('cpu') ? { cpu: { usage } } : {}), ...(metrics.includes('memory') ? { memory: { usage: 50 } } : {}) }
    },
    onAlert(listener, caller) {
      listeners.set(listener, caller)
      return () => listeners.delete(listener)
    },
    alert: (event) => {
      for (const [listener, caller] of listeners) if (seesAll(caller) || (event.type === 'alert' && event.metric === 'cpu.usage')) listener(event)
    },
    async *followLoadTest(testId, signal): AsyncGenerator<LoadTestEvent> {
      known(testId, [RUNNING_TEST, FINISHED_TEST], 'load test')
      if (testId === RUNNING_TEST)
        for (let step = 0; step < 3 && !signal.aborted; step++) {
          yield { type: 'progress', testId, timestamp: AT, status: 'running', progress: { ...progress, elapsed: step } }
          await new Promise((done) => setTimeout(done, 30))
        }
      yield { type: 'end', testId, timestamp: AT, status: 'completed', reason: null }
    },
    async loadTestDocument(testId, format) {
      known(testId, [RUNNING_TEST, FINISHED_TEST], 'load test')
      if (testId === RUNNING_TEST) throw new ApiError('CONFLICT', 'it still runs')
      return format === 'html' ? { type: 'text/html; charset=utf-8', body: '<!doctype html><title>peak</title>' } : { type: 'application/pdf', body: new TextEncoder().encode('%PDF-1.4 made up') }
    },
    async exposition(format) {
      resident.asked.exposition++
      return `# HELP medianest_up whether it answers\n# TYPE medianest_up gauge\nmedianest_up 1\n${format === 'openmetrics' ? '# EOF\n' : ''}`
    },
    readiness: () => (resident.isReady ? { isReady: true, reason: null } : { isReady: false, reason: 'nothing was measured yet' }),
    noteAnswer: (answered) => void resident.answers.push(answered),
    noteStreams: (open) => void resident.streams.push(open),
    async close() {
      resident.isClosed = true
    },
    ...parts,
  }
  return resident
}
