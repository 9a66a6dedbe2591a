import { report, type Report } from '../../src/model/report.ts'
import type { Finding } from '../../src/model/finding.ts'
import { UserError } from '../../src/model/error.ts'
import type { RenderOptions } from '../../src/output/format.ts'
import { samplesOf } from '../samples.ts'

export const OPTIONS: RenderOptions = { color: false, unicode: true, columns: 80, host: 'nas', version: '1.2.3', command: 'load' }

const startedAt = new Date('2026-03-01T12:00:00.000Z')
const finishedAt = new Date('2026-03-01T12:02:00.500Z')
const where = (line: number) => ({ file: 'scenarios/browse.yaml', line, column: 7 })

const warnings: Finding[] = Array.from({ length: 15 }, (_, index) => ({
  id: `budget:bundle-${index + 1}`,
  verdict: 'warn',
  title: `bundle ${index + 1} is near its budget`,
  metric: 'bundle.size',
  observed: 180_000 + index * 1_000,
  limit: 200_000,
  unit: 'bytes',
}))

const rates = Array.from({ length: 120 }, (_, second) => (second < 30 ? (second / 30) * 400 : second >= 70 && second < 74 ? Number.NaN : 400 + 25 * Math.sin(second / 5)))
const p95 = rates.map((rate, second) => (Number.isNaN(rate) ? Number.NaN : second === 90 ? 1_950 : 120 + second * 3))

/** All that a report can hold, and what an enemy would put into it. */
export const RICH: Report = report({
  command: 'load',
  title: 'load test "Browse & search <evening>" against http://127.0.0.1:4000',
  verdict: 'fail',
  interrupted: 'SIGINT',
  startedAt,
  finishedAt,
  data: { summary: { totalRequests: 45_231, p95: 812.4, p99: Number.NaN, ratio: Number.POSITIVE_INFINITY }, at: startedAt, name: 'a\u001b[31mred\u009b0m\u202e' },
  facts: [
    { label: 'requests', value: 45_231 },
    { label: 'success rate', value: { value: 0.9765, unit: 'ratio' } },
    { label: 'request rate', value: { value: 376.9, unit: 'per_second' } },
    { label: 'p50', value: { value: 0.873, unit: 'ms' } },
    { label: 'p95', value: { text: '812 ms', tone: 'fail' } },
    { label: 'p99', value: { value: Number.NaN, unit: 'ms' } },
    { label: 'received', value: { value: 7_214_000, unit: 'bytes' } },
    { label: 'dropped', value: null },
    { label: 'server', value: 'nginx/1.\u001b]0;pwned\u0007\u001b[2J\nSet-Cookie: a|b' },
  ],
  tables: [
    {
      title: 'Phases',
      columns: [{ label: 'phase' }, { label: 'length', align: 'right' }, { label: 'asked' }, { label: 'reached' }],
      rows: [
        ['warm up', { value: 30_000, unit: 'ms' }, { value: 200, unit: 'per_second' }, { value: 199.6, unit: 'per_second' }],
        ['evening', { value: 90_000, unit: 'ms' }, { value: 400, unit: 'per_second' }, { text: '377/s', tone: 'warn' }],
      ],
    },
    {
      title: 'Endpoints',
      columns: [{ label: 'name' }, { label: 'requests' }, { label: 'success' }, { label: 'mean' }, { label: 'p50' }, { label: 'p95' }, { label: 'p99' }],
      rows: [
        ['GET /api/media', 23_010, { value: 0.99995, unit: 'ratio' }, { value: 12.34, unit: 'ms' }, { value: 0.873, unit: 'ms' }, { value: 48, unit: 'ms' }, { value: 101.6, unit: 'ms' }],
        ['GET /api/search?q=東京物語と小津安二郎の映画&sort=newest|oldest', 12_100, { value: 0.912, unit: 'ratio' }, { value: 210, unit: 'ms' }, { value: 130, unit: 'ms' }, { value: 1_812, unit: 'ms' }, { value: 65_000, unit: 'ms' }],
        ['POST /api/reviews 🎬👍🏽', 10_121, { value: 1, unit: 'ratio' }, { value: 33, unit: 'ms' }, { value: 30, unit: 'ms' }, { value: 77, unit: 'ms' }, null],
        ['GET /cafe\u0301/ซีรีส์', 0, null, null, null, null, null],
      ],
    },
    {
      title: 'Errors',
      columns: [{ label: 'kind' }, { label: 'count' }, { label: 'share' }, { label: 'message' }],
      rows: [
        ['HTTP 503', 1_040, { value: 0.023, unit: 'ratio' }, '<h1>Service Unavailable</h1> ]]> `rm -rf` | @everyone see #12'],
        ['timeout', 23, { value: 0.0005, unit: 'ratio' }, 'no answer\u001b[1A\u001b[2K within 10 s'],
      ],
    },
    { title: 'Checks', columns: [{ label: 'name' }, { label: 'passed' }], rows: [] },
  ],
  charts: [
    { title: 'requests per second', unit: 'per_second', stepMs: 1_000, series: [{ name: 'requests per second', values: rates }] },
    { title: 'response time', unit: 'ms', stepMs: 1_000, series: [{ name: 'p95', values: p95 }, { name: 'p50', values: p95.map((value) => value / 3) }] },
    { title: 'users', unit: 'count', stepMs: 10_000, series: [{ name: 'users', values: [1, 2, 4, 8, 8, 8, 8, 8, 8, 3, 1, 0] }] },
    { title: 'nothing measured', unit: 'ms', stepMs: 1_000, series: [{ name: 'none', values: [Number.NaN, Number.NaN] }] },
  ],
  findings: [
    { id: 'threshold:checks:rate>0.99', verdict: 'ok', title: 'checks: rate>0.99', metric: 'checks', observed: 0.998, limit: 0.99, unit: 'ratio' },
    ...warnings,
    { id: 'threshold:http.duration:p(95)<500', verdict: 'fail', title: 'http.duration: p(95)<500', metric: 'http.duration', observed: 812.4, limit: 500, unit: 'ms', hint: 'GET /api/search is the slowest endpoint: look there first', where: where(12) },
    { id: 'threshold:db_query_time:p(99)<50', verdict: 'unknown', title: 'db_query_time: p(99)<50 was never measured', metric: 'db_query_time', observed: null, limit: 50, unit: 'ms', hint: 'name the metric in a step of the flow', where: where(14) },
    { id: 'compare:http.failed', verdict: 'warn', isInconclusive: true, title: 'http.failed: too little data to tell 東京 from a 🎬 | a `b` <c> ]]> 100%, a:b\n::error::forged \u001b[31mred', metric: 'http.failed', observed: Number.NaN, unit: 'ratio' },
    { id: 'threshold:http.failed:rate<0.01', verdict: 'fail', title: 'http.failed: rate<0.01', metric: 'http.failed', observed: 0.0235, limit: 0.01, unit: 'ratio', where: { file: 'C:\\a,b:c\n.yaml', line: 3, column: 1 } },
  ],
  alerts: [
    { level: 'critical', metric: 'memory.usage', message: 'memory is nearly full', value: 93.25, threshold: 90 },
    { level: 'warning', metric: 'cpu.usage', message: 'the generator used 97% of its core: response times may be too high' },
    { level: 'info', metric: 'cache.hit_rate', message: 'the cache is warm\u001b[0m' },
  ],
  notes: [
    'responses took longer the longer the test ran: the last minute was 2.4 times slower than the first, which points at a queue that grows rather than at a slow endpoint',
    '<img src=x onerror=alert(1)> [click](javascript:alert(1)) *bold* _it_ http_req_duration',
    '1. first',
  ],
})

/** The least that a report can be. */
export const MINIMAL: Report = report({ command: 'health', title: 'health of nas', startedAt, finishedAt: startedAt })

/** What an ordinary run of a load test looks like. */
export const TYPICAL: Report = report({
  command: 'load',
  title: 'load test "Quick start" against http://127.0.0.1:4000',
  verdict: 'ok',
  startedAt,
  finishedAt: new Date('2026-03-01T12:01:00.000Z'),
  data: { summary: { totalRequests: 3_000 } },
  facts: [
    { label: 'requests', value: 3_000 },
    { label: 'success rate', value: { value: 1, unit: 'ratio' } },
    { label: 'request rate', value: { value: 50, unit: 'per_second' } },
    { label: 'response time', value: 'p50 12.1 ms, p95 31.4 ms, p99 48.9 ms, max 104 ms' },
  ],
  tables: [{
    title: 'Endpoints',
    columns: ['name', 'requests', 'success', 'mean', 'p50', 'p95', 'p99'].map((label) => ({ label })),
    rows: [['GET /api/media', 'GET /api/search'].map((name) => [name, 1_500, { value: 1, unit: 'ratio' }, ...[13.4, 12.1, 31.4, 48.9].map((value) => ({ value, unit: 'ms' as const }))] as const)].flat(),
  }],
  charts: [{ title: 'p95', unit: 'ms', stepMs: 1_000, series: [{ name: 'p95', values: Array.from({ length: 60 }, (_, second) => 28 + 6 * Math.sin(second / 4) + (second === 41 ? 30 : 0)) }] }],
  findings: [
    { id: 'threshold:http.duration:p(95)<500', verdict: 'ok', title: 'http.duration: p(95)<500', metric: 'http.duration', observed: 31.4, limit: 500, unit: 'ms', where: where(12) },
    { id: 'threshold:http.failed:rate<0.01', verdict: 'ok', title: 'http.failed: rate<0.01', metric: 'http.failed', observed: 0, limit: 0.01, unit: 'ratio', where: where(13) },
  ],
})

/** Samples of every kind there is, and names from outside that would break a format. */
export const SAMPLED: Report = report({
  command: 'metrics', title: 'metrics of nas', startedAt, finishedAt,
  samples: {
    at: startedAt.getTime(),
    samples: samplesOf({
      'cpu.usage': 0.473,
      'cpu.user': { '': 0.31, 0: 0.4, 1: 0.22 },
      'cpu.system': { '': 0.12, 0: 0.14, 1: 0.1 },
      'cpu.time.user': { '': 3_003, 0: 1_001, 1: 2_002 },
      'cpu.frequency': { 0: 2_250_000_000 },
      'cpu.temperature': 58.5,
      'memory.used': 9_771_050_598,
      'pressure.some': { cpu: 0.124, io: 0.031 },
      'pressure.some.60': { cpu: 0.1 },
      'filesystem.usage': { '/': 0.41, '/mnt/a "quoted"\\name\nand\u001b[31ma line': 0.88, '/gone': Number.NaN },
      'disk.read': { vda: 1_048_576 },
      'network.receive.rate': { eth0: 12_400_000 },
      'clock.step': -12.5,
      'processes.total': 88,
      'probe.duration': { cpu: 0.25 },
    }),
  },
})

/** An error whose value came from outside. */
export const FAILURE = new UserError({
  code: 'UNREACHABLE',
  kind: 'unreachable',
  message: 'no agent answers at http://nas:9464/\u001b[2J<b>|]]> (connection refused after 3 tries)',
  hint: 'start one there with: medianest-perf serve',
  where: where(3),
  details: { tries: 3 },
})
