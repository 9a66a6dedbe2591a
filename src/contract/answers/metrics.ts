import * as z from 'zod/mini'
import { instant, number, text } from '../parts.ts'

const load = z.array(number)
const history = z.array(z.looseObject({ timestamp: instant, usage: number }))
const direction = z.looseObject({ bytes: number, packets: number, errors: number, dropped: number })

/** Who is no administrator is told how much is in use, and nothing of what the machine is. */
const hidden = <T extends z.ZodMiniType>(schema: T) => z.optional(schema)
const hiddenSpace = { total: hidden(number), used: hidden(number), free: hidden(number) }
const cpu = z.looseObject({ usage: number, loadAverage: hidden(load), cores: hidden(number), model: hidden(z.string()), history })
const memory = z.looseObject({ ...hiddenSpace, usage: number, buffers: hidden(number), cached: hidden(number), swapTotal: hidden(number), swapUsed: hidden(number), history })
const disk = z.looseObject({ ...hiddenSpace, usage: number, iops: hidden(z.looseObject({ read: number, write: number })), throughput: hidden(z.looseObject({ read: text, write: text, readBytesPerSecond: number, writeBytesPerSecond: number })) })
const network = z.looseObject({ interfaces: hidden(z.record(z.string(), z.looseObject({ rx: direction, tx: direction }))), totalBandwidth: z.looseObject({ rx: text, tx: text, rxBytesPerSecond: number, txBytesPerSecond: number }) })

/** `GET metrics`: both documented forms in one. Shares in percent but `errorRate` and `hitRate` of `api` and `cache`, which are 0..1; sizes in bytes, times in milliseconds, uptime in seconds. A part that was not asked for, or that who asks may not see, is not there; one nothing is known of is null. */
export const metricsAnswer = z.looseObject({
  timestamp: instant,
  system: z.looseObject({
    hostname: z.optional(z.string()), platform: z.optional(z.string()), arch: z.optional(z.string()), nodeVersion: z.optional(z.string()), uptime: z.optional(number),
    cpu: z.optional(z.looseObject({ usage: number, cores: hidden(number), loadAverage: hidden(load) })),
    memory: z.optional(z.looseObject({ ...hiddenSpace, percentage: number, heapUsed: hidden(number), heapTotal: hidden(number) })),
    disk: z.optional(z.looseObject({ ...hiddenSpace, percentage: number })),
  }),
  metrics: z.looseObject({ cpu: z.optional(cpu), memory: z.optional(memory), disk: z.optional(disk), network: z.optional(network) }),
  api: z.optional(z.nullable(z.looseObject({
    requestsPerMinute: number, averageResponseTime: number, p95ResponseTime: number, p99ResponseTime: number, errorRate: number, activeConnections: number,
    slowestEndpoints: z.array(z.looseObject({ path: z.string(), averageTime: number, count: number })),
  }))),
  database: z.optional(z.nullable(z.looseObject({ averageQueryTime: number, slowQueries: number, connectionPoolUsage: number, activeConnections: number, queryStats: z.looseObject({ selects: number, inserts: number, updates: number, deletes: number }) }))),
  cache: z.optional(z.nullable(z.looseObject({ hitRate: number, totalKeys: number, memoryUsage: text, memoryUsageBytes: number, evictions: number, operations: z.looseObject({ gets: number, sets: number, deletes: number }) }))),
})

/** What is said of the looks behind an answer. */
export const metricsMeta = z.looseObject({ timeRange: z.string(), interval: z.string(), dataPoints: z.number(), nextUpdate: z.nullable(instant), /** What is left out, and why. */ note: z.optional(z.string()), /** Since when anything is known. */ recordedSince: z.optional(z.nullable(instant)) })

/** An event of the live stream: `metrics` at every interval, `alert` when something begins or ends. */
export const liveEvent = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('metrics'), timestamp: instant,
    cpu: z.optional(z.looseObject({ usage: number })), memory: z.optional(z.looseObject({ usage: number })), disk: z.optional(z.looseObject({ usage: number })), network: z.optional(z.looseObject({})),
  }),
  z.looseObject({ type: z.literal('alert'), timestamp: instant, level: z.enum(['info', 'warning', 'critical']), message: z.string(), metric: z.optional(z.string()), value: z.optional(z.number()), threshold: z.optional(z.number()) }),
])

/** `GET resources`: sums over disks and interfaces, and processes; `cpu` in percent of one processor, `memory` in bytes, `uptime` in seconds. */
export const resourcesAnswer = z.looseObject({
  timestamp: instant,
  processes: z.array(z.looseObject({ name: z.string(), pid: z.number(), cpu: number, memory: number, uptime: number })),
  network: z.looseObject({ bytesReceived: number, bytesSent: number, packetsReceived: number, packetsSent: number, errors: number }),
  storage: z.looseObject({ reads: number, writes: number, readBytes: number, writeBytes: number, iops: number }),
  connections: z.looseObject({ database: number, redis: number, websocket: number, http: number }),
})
