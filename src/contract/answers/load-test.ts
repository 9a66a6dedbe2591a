import * as z from 'zod/mini'
import { instant, number, text } from '../parts.ts'

/** Where a load test of an instance stands. */
export const LOAD_TEST_STATES = ['running', 'completed', 'failed', 'aborted'] as const

/** Times in seconds, rates a second, `errorRate` in percent. */
const progress = z.looseObject({ phase: number, phaseName: text, elapsed: z.number(), remaining: number, completedRequests: z.number(), requestRate: number, errorRate: number })

/** `POST load-test`. */
export const loadTestAnswer = z.looseObject({
  testId: z.string(), status: z.enum(LOAD_TEST_STATES), startedAt: instant, estimatedDuration: z.number(), scenarios: z.number(), phases: z.number(), targetUrl: z.string(), realTimeUrl: z.string(), progress,
})

const times = { avgResponseTime: number, minResponseTime: z.optional(number), maxResponseTime: z.optional(number) }

/** `GET load-test/{testId}/results`: while it runs `progress` alone, afterwards all of it. Times of requests in milliseconds, `duration` in seconds, rates of success in percent. */
export const loadTestResults = z.looseObject({
  testId: z.string(), testName: z.string(), status: z.enum(LOAD_TEST_STATES), duration: number, startedAt: instant, completedAt: z.nullable(instant),
  progress: z.optional(progress),
  /** Why it failed or was ended. */ reason: z.optional(text),
  summary: z.optional(z.looseObject({ totalRequests: z.number(), successfulRequests: z.number(), failedRequests: z.number(), successRate: number, ...times, p50: number, p90: number, p95: number, p99: number, requestRate: number, throughput: z.string(), throughputBytesPerSecond: number })),
  phases: z.optional(z.array(z.looseObject({ name: z.string(), duration: z.number(), requests: z.number(), successRate: number, ...times, requestRate: number }))),
  endpoints: z.optional(z.array(z.looseObject({ path: z.string(), requests: z.number(), successRate: number, ...times, p95: number }))),
  errors: z.optional(z.array(z.looseObject({ type: z.string(), count: z.number(), percentage: z.number(), message: z.string() }))),
  resourceUsage: z.optional(z.looseObject({ peak: z.looseObject({ cpu: number, memory: number, disk: number, network: number }), average: z.looseObject({ cpu: number, memory: number, disk: number, network: number }) })),
  recommendations: z.optional(z.array(z.looseObject({ category: z.string(), message: z.string(), details: z.string() }))),
})

/** `DELETE load-test/{testId}`. */
export const loadTestStopped = z.looseObject({ testId: z.string(), status: z.enum(LOAD_TEST_STATES) })

/** An event of `load-test/{testId}/stream`. */
export const loadTestEvent = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('progress'), testId: z.string(), timestamp: instant, status: z.enum(LOAD_TEST_STATES), progress }),
  z.looseObject({ type: z.literal('end'), testId: z.string(), timestamp: instant, status: z.enum(LOAD_TEST_STATES), reason: z.optional(text) }),
])
