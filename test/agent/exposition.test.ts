import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { madeUpResident, madeUpSource, samplesOf, stopClock } from './made-up.ts'

beforeEach(stopClock)
afterEach(() => void vi.useRealTimers())

const hasPromtool = spawnSync('promtool', ['--version']).status === 0

async function exposed(format: 'prometheus' | 'openmetrics'): Promise<string> {
  const application = madeUpSource({ id: 'prometheus', name: 'the "shop"', kind: 'api', priority: 'high', intervalMs: 5_000 }, () => ({
    samples: samplesOf({ 'api.request_rate': 20, 'api.duration.avg': 143, 'api.errors': 0.01, 'business.active_users': 5, 'jobs.waiting': { mail: 3, 'a"b\\c\n': 1 } }),
    traffic: [
      { method: 'GET', route: '/api/v1/media', statuses: new Map([[200, 99], [500, 1]]), buckets: [10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99, 100, 100], seconds: 9.5 },
      { method: 'GET', route: '/some/times', statuses: new Map([[200, 50]]), buckets: [0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 4, 4, 4], timed: 4, seconds: 1.6 },
      { method: 'POST', route: '/no/times', statuses: new Map([[201, 3]]), buckets: null, seconds: Number.NaN },
    ],
  }))
  const resident = await madeUpResident({ sources: [application] })
  await vi.advanceTimersByTimeAsync(20_000)
  resident.noteAnswer({ method: 'GET', route: '/api/v1/performance/metrics', status: 200, seconds: 0.003 })
  resident.noteStreams(2)
  // Asking for one format changes nothing of the other.
  await resident.exposition(format === 'prometheus' ? 'openmetrics' : 'prometheus')
  const text = await resident.exposition(format)
  await resident.close()
  return text
}

describe('the exposition', () => {
  it('has the documented families, each once', async () => {
    const text = await exposed('prometheus')
    const families = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
    expect(families.length).toBe(new Set(families).size)
    for (const line of [
      'medianest_http_requests_total{method="GET",route="/api/v1/media",status="200"} 99',
      'medianest_http_request_duration_seconds_bucket{method="GET",route="/api/v1/media",le="0.1"} 50',
      'medianest_http_request_duration_seconds_count{method="GET",route="/api/v1/media"} 100',
      'medianest_http_requests_total{method="GET",route="/some/times",status="200"} 50', 'medianest_http_request_duration_seconds_count{method="GET",route="/some/times"} 4',
      '# TYPE medianest_api_requests_total counter', 'medianest_api_requests_total{method="GET",route="/api/v1/performance/metrics",status="200"} 1',
      'medianest_api_streams 2', 'medianest_throughput_requests_per_second 20', 'medianest_error_rate_percentage 1', 'medianest_business_active_users 5', 'medianest_coordinator_zone{zone="green"} 1',
      'process_resident_memory_bytes 60000000', 'medianest_cpu_usage_ratio 0.2', 'medianest_self_memory_bytes 60000000',
    ]) expect(text.split('\n')).toContain(line)
    expect(text).toMatch(/^medianest_coordinator_source_metrics_total\{source="system",priority="critical"\} \d+$/m)
    expect(text).toMatch(/^medianest_performance_metrics_total\{category="api",source="prometheus"\} \d+$/m)
    expect(text).not.toMatch(/NaN|no\/times",le/)
  })

  it('ends as OpenMetrics wants it, once', async () => {
    const text = await exposed('openmetrics')
    expect(text.match(/# EOF/g)).toHaveLength(1)
    expect(text.endsWith('# EOF\n')).toBe(true)
    expect(text).toContain('# TYPE medianest_http_requests counter\n')
    expect(text).toContain('# TYPE medianest_api_requests counter\n')
  })

  it.skipIf(!hasPromtool)('is silent in promtool check metrics (needs promtool)', async () => {
    const { stdout, stderr, status } = spawnSync('promtool', ['check', 'metrics'], { input: await exposed('prometheus'), encoding: 'utf8' })
    expect([stdout, stderr, status]).toEqual(['', '', 0])
  })
})
