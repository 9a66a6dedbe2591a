import type { LoadProgress } from '../../src/model/progress.ts'

const history = (windows: number, scale = 1): LoadProgress['history'] =>
  Array.from({ length: windows }, (_, at) => ({ rate: scale * 50 * Math.min(1, (at + 1) / 12) + 2 * Math.sin(at), p95: (120 + 60 * Math.sin(at / 4) + (at % 17 === 16 ? 280 : 0)) / scale }))

const starting: LoadProgress = {
  name: 'Quick start', target: 'http://127.0.0.1:4000', state: 'starting', elapsedMs: 0, totalMs: 120_000, phase: null, askedRate: null, startedRate: null, askedUsers: null, reachedRate: 0,
  users: 0, requests: 0, failed: 0, late: 0, dropped: 0, waiting: 0, now: null, soFar: null, errors: [], history: [], crossed: [], generatorCpu: 0,
}

const open: LoadProgress = {
  ...starting, state: 'running', elapsedMs: 35_400, phase: { name: 'sustained', index: 2, of: 4, endsInMs: 24_600 }, askedRate: 50, startedRate: 49.8, reachedRate: 124.5, users: 12, requests: 1_745, failed: 3,
  now: { p50: 98.5, p90: 210, p95: 456, p99: 890, max: 1_250 }, soFar: { p50: 84.2, p90: 190, p95: 402.7, p99: 911, max: 2_040 }, errors: [{ type: '503', count: 3 }], history: history(35),
}

/** Moments of load tests, as a view is shown them. */
export const MOMENTS = {
  starting,
  'running-open': open,
  'running-closed': {
    ...open, name: 'Browse the library', target: 'https://media.example.org', elapsedMs: 3_725_000, totalMs: null, phase: { name: 'default', index: 1, of: 1, endsInMs: null }, askedRate: null, startedRate: null,
    askedUsers: 200, reachedRate: 4_812.4, users: 200, requests: 1_204_881, failed: 0, errors: [], history: history(120, 96), generatorCpu: 0.83,
    now: { p50: 0.873, p90: 2.4, p95: 4.56, p99: 8.9, max: 31.2 }, soFar: { p50: 0.912, p90: 2.6, p95: 4.71, p99: 9.44, max: 240 },
  },
  draining: {
    ...open, state: 'draining', elapsedMs: 121_300, phase: { name: 'cool down', index: 4, of: 4, endsInMs: 0 }, askedRate: 10, startedRate: 3.2, reachedRate: 8.1, users: 41, requests: 5_880, failed: 412, late: 120, dropped: 57, waiting: 9,
    errors: [{ type: '503', count: 301 }, { type: 'timeout', count: 88 }, { type: 'ECONNRESET', count: 15 }, { type: '500', count: 6 }, { type: 'body too long', count: 1 }, { type: 'ECONNREFUSED', count: 1 }],
    crossed: ['http.duration: p(95)<500', 'http.failed{flow:checkout}: rate<0.01'], history: history(120),
    now: { p50: 1_870, p90: 9_210, p95: 14_560, p99: 29_900, max: 30_000 }, soFar: { p50: 98.5, p90: 890, p95: 1_456, p99: 12_890, max: 30_000 },
  },
  turns: {
    ...open, name: 'compare', target: 'http://127.0.0.1:4001 and http://127.0.0.1:4002', phase: { name: 'up to pair 16', index: 3, of: 4, endsInMs: 28_000 }, elapsedMs: 40_100, totalMs: 124_100, askedRate: null, startedRate: null, users: 5,
    requests: 81_915, failed: 0, errors: [], history: [], soFar: null,
    turns: {
      pairs: 9, most: 30, nextLook: 16,
      sides: [{ name: 'baseline', now: open.now }, { name: 'current side', now: null }],
      figures: [
        { name: 'http.duration p(50) like for like', change: '+2.11%', interval: '-0.6% to +3.25%' }, { name: 'http.failed rate', change: '0 points', interval: '-0.0454 to +0.0508 points' },
        { name: 'http.duration p(50) GET /api/v1/libraries/{id}/items/{item}/chapters', change: null, interval: null },
      ],
    },
  },
} as const satisfies Readonly<Record<string, LoadProgress>>
