import * as z from 'zod/mini'
import { adviceAnswer, insightsAnswer, recommendationsAnswer, reportAnswer, sourcesAnswer, summaryAnswer } from './answers/advice.ts'
import { applicationAnswer, applicationMeta } from './answers/application.ts'
import { healthAnswer } from './answers/health.ts'
import { alertsAnswer, historyAnswer, historyMeta, optimizationAnswer, optimizeAnswer } from './answers/history.ts'
import { loadTestAnswer, loadTestResults, loadTestStopped } from './answers/load-test.ts'
import { metricsAnswer, metricsMeta, resourcesAnswer } from './answers/metrics.ts'
import { meAnswer, submittedAnswer } from './answers/user-metrics.ts'
import { alertsBody, applicationQuery, clientMetricsBody, healthQuery, historyQuery, insightsQuery, loadTestBody, metricsQuery, optimizeBody, resultsQuery } from './questions.ts'

/** Where the documented API stands. */
export const BASE = '/api/v1/performance'
/** Where the sibling system's stands. */
export const SIBLING = '/api/performance'

const nothing = z.object({})
const id = z.string().check(z.regex(/^[\w-]{1,100}$/, 'must be letters, digits, - and _'))
const meta = z.optional(z.looseObject({}))

/** A question that is asked of an instance and answered once. */
interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Where it stands, each a path of its own; parameters in braces. */
  readonly paths: readonly string[]
  /** What may be asked with; an administrator may ask everything. */
  readonly role: 'user' | 'admin'
  readonly about: string
  readonly query: z.ZodMiniType
  readonly params: z.ZodMiniType
  readonly body: z.ZodMiniType | null
  readonly answer: z.ZodMiniType
  readonly meta: z.ZodMiniType
  /** `data`: `{success, data, meta, alerts}`; `flat`: the answer's own keys beside `success` and `timestamp`. */
  readonly envelope: 'data' | 'flat'
  /** Of an answer; 200 where it is left out. */
  readonly status?: number
}

/** Every question, in the order of the documentation; streams, Prometheus and the document itself stand beside them (`STREAMS`, `PAGES`). */
export const ENDPOINTS = {
  metrics: { method: 'GET', paths: [`${BASE}/metrics`], role: 'user', about: 'what this system measures right now, with its recent past; who is no administrator gets no details of the system', query: metricsQuery, params: nothing, body: null, answer: metricsAnswer, meta: metricsMeta, envelope: 'data' },
  application: { method: 'GET', paths: [`${BASE}/application`], role: 'admin', about: 'API, database, cache and jobs of the application, over a time range', query: applicationQuery, params: nothing, body: null, answer: applicationAnswer, meta: applicationMeta, envelope: 'data' },
  health: { method: 'GET', paths: [`${BASE}/health`], role: 'user', about: 'whether components and dependencies are well; details are for administrators', query: healthQuery, params: nothing, body: null, answer: healthAnswer, meta, envelope: 'data' },
  recommendations: { method: 'GET', paths: [`${BASE}/recommendations`], role: 'user', about: 'what could be better, with goals', query: nothing, params: nothing, body: null, answer: recommendationsAnswer, meta, envelope: 'data' },
  summary: { method: 'GET', paths: [`${BASE}/summary`], role: 'user', about: 'status, score, trends and advice', query: nothing, params: nothing, body: null, answer: summaryAnswer, meta, envelope: 'data' },
  history: { method: 'GET', paths: [`${BASE}/history`], role: 'admin', about: 'one metric over a period', query: historyQuery, params: nothing, body: null, answer: historyAnswer, meta: historyMeta, envelope: 'data' },
  alerts: { method: 'GET', paths: [`${BASE}/alerts`], role: 'admin', about: 'from where on something is an alert, and who is told', query: nothing, params: nothing, body: null, answer: alertsAnswer, meta, envelope: 'data' },
  setAlerts: { method: 'PUT', paths: [`${BASE}/alerts`], role: 'admin', about: 'changes what is named, and answers with all of it', query: nothing, params: nothing, body: alertsBody, answer: alertsAnswer, meta, envelope: 'data' },
  resources: { method: 'GET', paths: [`${BASE}/resources`], role: 'admin', about: 'processes, network, storage and connections', query: nothing, params: nothing, body: null, answer: resourcesAnswer, meta, envelope: 'data' },
  optimize: { method: 'POST', paths: [`${BASE}/optimize`], role: 'admin', about: 'runs optimizations, now or later', query: nothing, params: nothing, body: optimizeBody, answer: optimizeAnswer, meta, envelope: 'data', status: 202 },
  optimization: { method: 'GET', paths: [`${BASE}/optimize/{optimizationId}`], role: 'admin', about: 'how an optimization went', query: nothing, params: z.object({ optimizationId: id }), body: null, answer: optimizationAnswer, meta, envelope: 'data' },
  loadTest: { method: 'POST', paths: [`${BASE}/load-test`], role: 'admin', about: 'runs a load test against a target the instance allows', query: nothing, params: nothing, body: loadTestBody, answer: loadTestAnswer, meta, envelope: 'data' },
  loadTestResults: { method: 'GET', paths: [`${BASE}/load-test/{testId}/results`], role: 'admin', about: 'what a load test found; format=html and format=pdf answer with a document', query: resultsQuery, params: z.object({ testId: id }), body: null, answer: loadTestResults, meta, envelope: 'data' },
  stopLoadTest: { method: 'DELETE', paths: [`${BASE}/load-test/{testId}`], role: 'admin', about: 'ends a load test; what it found so far is kept', query: nothing, params: z.object({ testId: id }), body: null, answer: loadTestStopped, meta, envelope: 'data' },
  submit: { method: 'POST', paths: [SIBLING, BASE], role: 'user', about: 'takes measurements of browsers in', query: nothing, params: nothing, body: clientMetricsBody, answer: submittedAnswer, meta, envelope: 'flat', status: 202 },
  me: { method: 'GET', paths: [`${SIBLING}/me`, `${BASE}/me`], role: 'user', about: 'what browsers of this user told; with all=true, of all users, for administrators', query: z.object({ all: z.optional(z.enum(['true', 'false'])) }), params: nothing, body: null, answer: meAnswer, meta, envelope: 'flat' },
  report: { method: 'GET', paths: [`${SIBLING}/report`, `${BASE}/report`], role: 'user', about: 'summary, insights and recommendations', query: nothing, params: nothing, body: null, answer: reportAnswer, meta, envelope: 'flat' },
  sources: { method: 'GET', paths: [`${SIBLING}/sources`, `${BASE}/sources`], role: 'user', about: 'where figures come from, and how these sources are', query: nothing, params: nothing, body: null, answer: sourcesAnswer, meta, envelope: 'flat' },
  insights: { method: 'GET', paths: [`${SIBLING}/insights`, `${BASE}/insights`], role: 'user', about: 'bottlenecks and anomalies', query: insightsQuery, params: nothing, body: null, answer: insightsAnswer, meta, envelope: 'flat' },
  advice: { method: 'GET', paths: [`${SIBLING}/recommendations`], role: 'user', about: 'recommendations in sentences', query: nothing, params: nothing, body: null, answer: adviceAnswer, meta, envelope: 'flat' },
} as const satisfies Readonly<Record<string, Endpoint>>

/** The name of a question. */
export type EndpointName = keyof typeof ENDPOINTS
