import { counter, gauge, type Metric } from './metric-kind.ts'

/** What an application's API, and the process of an instance, say of themselves. */
export const APPLICATION_METRICS = {
  'api.request_rate': gauge('per_second', 'Requests the API answers, per second.'),
  'api.duration.avg': gauge('ms', 'Mean response time of the API.', { better: 'lower' }),
  'api.duration.p50': gauge('ms', 'Median response time of the API.', { better: 'lower' }),
  'api.duration.p95': gauge('ms', 'Response time that 95 % of the API\'s answers keep.', { better: 'lower' }),
  'api.duration.p99': gauge('ms', 'Response time that 99 % of the API\'s answers keep.', { better: 'lower' }),
  'api.errors': gauge('ratio', 'Share of the API\'s answers that are errors.', { better: 'lower' }),
  'api.connections': gauge('count', 'Connections to the API.'),
  'api.bytes.rate': gauge('bytes_per_second', 'Bytes of the API\'s answers, per second.'),
  'api.probe.up': gauge('count', '1 where the last synthetic request succeeded, else 0.', { tag: 'target', better: 'higher' }),
  'api.probe.duration': gauge('ms', 'Time the last synthetic request took.', { tag: 'target', better: 'lower' }),
  'heap.used': gauge('bytes', 'Heap the instance\'s own process uses.', { better: 'lower' }),
  'heap.total': gauge('bytes', 'Heap of the instance\'s own process.'),
  'instance.memory': gauge('bytes', 'Resident memory of the instance\'s own process.', { better: 'lower' }),
  'instance.uptime': gauge('ms', 'Time since the instance\'s own process was started.'),
  'instance.cpu.time': counter('ms', 'Processor time the instance\'s own process has used.'),
  'instance.cpu': gauge('ratio', 'Share of one processor that the instance\'s own process uses.', { better: 'lower' }),
} as const satisfies Readonly<Record<string, Metric>>
