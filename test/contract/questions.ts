import type { EndpointName } from '../../src/contract/endpoints.ts'
import type { RawQuestion } from '../../src/contract/read-question.ts'

/** A question for each endpoint that an instance can be asked at any time. */
export const QUESTIONS: Readonly<Record<EndpointName, RawQuestion>> = {
  metrics: { query: { timeRange: '15m', metrics: 'cpu,memory' } }, application: { query: { component: 'api', aggregation: 'p95' } }, health: { query: { detailed: 'true' } }, recommendations: {}, summary: {},
  history: { query: { period: '1h', metric: 'cpu' } }, alerts: {}, setAlerts: { body: { thresholds: { cpuUsage: { warning: 71 } } } }, resources: {},
  optimize: { body: { optimizations: ['memory_cleanup'] } }, optimization: { params: { optimizationId: 'opt-nobody-knows' } },
  loadTest: { body: { testName: 'contract', scenarios: [{ name: 'home', target: '/' }], load: { phases: [{ duration: 1, arrivalRate: 1 }] } } },
  loadTestResults: { params: { testId: 'test-nobody-knows' } }, stopLoadTest: { params: { testId: 'test-nobody-knows' } },
  submit: { body: { page: '/', type: 'LCP', value: 1_200 } }, me: {}, report: {}, sources: {}, insights: { query: { severity: 'high' } }, advice: {},
}
