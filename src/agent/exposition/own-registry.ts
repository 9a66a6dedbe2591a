import type { Resident } from '../../contract/resident.ts'

/** What this process uses. */
export interface ProcessUsage {
  readonly usage: () => { readonly cpuMs: number; readonly rssBytes: number }
  /** When it was started, milliseconds since 1970. */
  readonly startedAt: number
}

/** What the instance counts of itself. */
export interface OwnRegistry {
  noteAnswer: Resident['noteAnswer']
  noteStreams: Resident['noteStreams']
  /** Told of every collection, seconds. */
  noteProcessing(seconds: number): void
  /** Its families as text, without an end mark. */
  text(format: 'prometheus' | 'openmetrics'): Promise<string>
}

const TIMES = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const PROCESSING = [0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5]

/** What the instance's own API answered, its streams, how long collecting took, and what its process uses. */
export async function openOwnRegistry({ usage, startedAt }: ProcessUsage): Promise<OwnRegistry> {
  const { default: client } = await import('prom-client')
  const registry = new client.Registry()
  const registers = [registry]
  const answers = new client.Counter({ name: 'medianest_api_requests_total', help: 'Questions this instance has answered.', labelNames: ['method', 'route', 'status'], registers })
  const times = new client.Histogram({ name: 'medianest_api_request_duration_seconds', help: 'Time this instance took to answer.', labelNames: ['method', 'route'], buckets: TIMES, registers })
  const streams = new client.Gauge({ name: 'medianest_api_streams', help: 'Live streams that are open.', registers })
  const processing = new client.Histogram({ name: 'medianest_coordinator_processing_time_seconds', help: 'Time collections took.', buckets: PROCESSING, registers })
  const cpu = new client.Counter({ name: 'process_cpu_seconds_total', help: 'Processor time of this process.', registers })
  const memory = new client.Gauge({ name: 'process_resident_memory_bytes', help: 'Resident memory of this process.', registers })
  new client.Gauge({ name: 'process_start_time_seconds', help: 'When this process was started, since 1970.', registers }).set(startedAt / 1_000)
  let counted = 0
  return {
    noteAnswer: ({ method, route, status, seconds }) => {
      answers.inc({ method, route, status: String(status) })
      times.observe({ method, route }, seconds)
    },
    noteStreams: (open) => streams.set(open),
    noteProcessing: (seconds) => processing.observe(seconds),
    text: async (format) => {
      const { cpuMs, rssBytes } = usage()
      cpu.inc(Math.max(0, cpuMs / 1_000 - counted))
      counted = Math.max(counted, cpuMs / 1_000)
      memory.set(rssBytes)
      const text = await registry.metrics()
      // A registry of OpenMetrics takes `_total` off its counters for good, and what else is written of them would lack it.
      return format === 'openmetrics' ? text.replaceAll('\n\n', '\n').replaceAll(/^(# (?:HELP|TYPE) \S+)_total /gm, '$1 ') : text
    },
  }
}
