import * as z from 'zod/mini'
import { probeAnswer } from './answers/health.ts'
import { loadTestEvent } from './answers/load-test.ts'
import { liveEvent } from './answers/metrics.ts'
import { BASE } from './endpoints.ts'
import { liveQuery } from './questions.ts'

/** Streams of server-sent events. */
export const STREAMS = {
  live: { path: `${BASE}/metrics/real-time`, role: 'user', about: 'figures at every interval, and alerts as they begin and end; Last-Event-ID brings what was missed', query: liveQuery, params: z.object({}), event: liveEvent },
  loadTest: { path: `${BASE}/load-test/{testId}/stream`, role: 'admin', about: 'how a load test goes, until it ends', query: z.object({}), params: z.object({ testId: z.string().check(z.regex(/^[\w-]{1,100}$/)) }), event: loadTestEvent },
} as const

/** What is no envelope of JSON: for Prometheus, for load balancers, and the document about all this. `scrape` may be read by whoever scrapes, `public` by everybody. */
export const PAGES = {
  prometheus: { paths: [`${BASE}/prometheus`, '/metrics'], role: 'scrape', about: 'every family in Prometheus\' text format, or OpenMetrics where that is accepted', type: 'text/plain', answer: z.string() },
  openapi: { paths: [`${BASE}/openapi.json`], role: 'public', about: 'this document', type: 'application/json', answer: z.looseObject({}) },
  live: { paths: ['/health/live'], role: 'public', about: 'whether the process answers', type: 'application/json', answer: probeAnswer },
  ready: { paths: ['/health/ready'], role: 'public', about: 'whether it has figures to answer with; 503 where it has not', type: 'application/json', answer: probeAnswer },
} as const
