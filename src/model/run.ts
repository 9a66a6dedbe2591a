import * as z from 'zod/mini'

/** Raised when a field changes its meaning; readers refuse what they do not know. */
export const RUN_VERSION = 1

const milliseconds = z.nullable(z.number())

/** Response times of something, milliseconds; null where nothing answered. */
const times = z.object({
  avgResponseTime: milliseconds,
  minResponseTime: milliseconds,
  maxResponseTime: milliseconds,
  p50: milliseconds,
  p90: milliseconds,
  p95: milliseconds,
  p99: milliseconds,
})

const usage = z.object({ cpu: milliseconds, memory: milliseconds, disk: milliseconds, network: milliseconds })

/** What a load test left behind: the documented result of the API with what this tool knows beyond it. */
export const runSchema = z.object({
  version: z.literal(RUN_VERSION),
  testId: z.string(),
  testName: z.string(),
  status: z.enum(['completed', 'aborted', 'interrupted']),
  /** Not all that was planned was done; `reason` says why. */
  partial: z.boolean(),
  reason: z.nullable(z.string()),
  engine: z.enum(['wire', 'autocannon']),
  target: z.string(),
  source: z.string(),
  /** Seconds. */
  duration: z.number(),
  startedAt: z.string(),
  completedAt: z.string(),
  /** SHA-256 of what was asked for, without the target: runs of the same plan can be compared. */
  planHash: z.string(),
  seed: z.number(),
  summary: z.extend(times, {
    totalRequests: z.number(),
    successfulRequests: z.number(),
    failedRequests: z.number(),
    /** Percent. */
    successRate: z.nullable(z.number()),
    /** Requests per second. */
    requestRate: z.number(),
    throughput: z.string(),
    throughputBytesPerSecond: z.number(),
    bytesReceived: z.number(),
    bytesSent: z.number(),
    connections: z.number(),
    serviceTime: times,
    timeToFirstByte: times,
  }),
  /** How the asked-for arrivals or users were served by the generator. */
  arrivals: z.object({
    started: z.number(),
    completed: z.number(),
    failed: z.number(),
    brokenOff: z.number(),
    late: z.number(),
    dropped: z.number(),
    /** Greatest lateness of a start, milliseconds. */
    latestMs: z.number(),
    maxUsers: z.number(),
    /** Share of one core that the generator used. */
    generatorCpu: z.number(),
  }),
  phases: z.array(
    z.extend(times, {
      name: z.string(),
      workload: z.string(),
      /** Seconds. */
      duration: z.number(),
      requests: z.number(),
      failedRequests: z.number(),
      successRate: z.nullable(z.number()),
      requestRate: z.number(),
    }),
  ),
  endpoints: z.array(
    z.extend(times, {
      name: z.string(),
      method: z.string(),
      path: z.string(),
      requests: z.number(),
      failedRequests: z.number(),
      successRate: z.nullable(z.number()),
      requestRate: z.number(),
    }),
  ),
  errors: z.array(z.object({ type: z.string(), count: z.number(), percentage: z.number(), message: z.string() })),
  statusCodes: z.record(z.string(), z.number()),
  checks: z.array(z.object({ name: z.string(), passes: z.number(), fails: z.number(), passRate: z.number() })),
  metrics: z.record(z.string(), z.record(z.string(), z.nullable(z.number()))),
  thresholds: z.array(z.object({ metric: z.string(), /** What narrows the metric; left out where nothing does. */ tags: z.optional(z.record(z.string(), z.string())), expression: z.string(), verdict: z.enum(['ok', 'warn', 'unknown', 'fail']), observed: z.nullable(z.number()), limit: z.number() })),
  /** This machine's during the run: percent, but network in MB/s. */
  resourceUsage: z.object({ peak: usage, average: usage }),
  recommendations: z.array(z.object({ category: z.string(), message: z.string(), details: z.string() })),
  timeline: z.array(
    z.object({
      /** Seconds from the start, and length. */
      at: z.number(),
      duration: z.number(),
      requests: z.number(),
      failed: z.number(),
      rate: z.number(),
      mean: milliseconds,
      p50: milliseconds,
      p90: milliseconds,
      p95: milliseconds,
      p99: milliseconds,
      max: milliseconds,
      users: z.number(),
      waiting: z.number(),
      dropped: z.number(),
      bytesReceived: z.number(),
      generatorCpu: z.number(),
    }),
  ),
  /** HdrHistogram V2, compressed, base64; values are microseconds. */
  histograms: z.object({ duration: z.string(), serviceTime: z.string(), timeToFirstByte: z.string() }),
  environment: z.object({
    tool: z.string(),
    node: z.string(),
    host: z.string(),
    os: z.string(),
    arch: z.string(),
    cpu: z.string(),
    cores: z.number(),
    memoryBytes: z.number(),
  }),
  notes: z.array(z.string()),
})

/** A load test's result as it is written and read. */
export type Run = z.infer<typeof runSchema>

/** The response times of a `Run`, whoever's they are. */
export type RunTimes = z.infer<typeof times>
