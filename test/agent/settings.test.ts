import { describe, expect, it } from 'vitest'
import { settingsOf } from '../../src/agent/settings.ts'

describe('how an instance collects', () => {
  it('is as documented where nothing is said, but for looking at the machine more often', () => {
    expect(settingsOf(undefined, {})).toEqual({
      isEnabled: true, isDetailed: true, intervalMs: 5_000, batchSize: 250, flushMs: 15_000, isCompressed: true, compressionRatio: 0.3, isAdaptive: true, isCorrelated: true,
      limits: { cpu: 0.7, memory: 0.8, redisMemory: 100e6 }, logLevel: 'info',
    })
  })

  it('is what the file says, and rather what the environment says', () => {
    const file = { interval: '2s', batchSize: 10, flushInterval: '1s', compression: false, adaptive: false, compressionRatio: '50%', thresholds: { cpu: '50%', memory: 0.6, redisMemory: '1GB' } }
    expect(settingsOf(file, {})).toMatchObject({ intervalMs: 2_000, batchSize: 10, flushMs: 1_000, isCompressed: false, isAdaptive: false, compressionRatio: 0.5, limits: { cpu: 0.5, memory: 0.6, redisMemory: 1e9 } })
    const env = {
      ENABLE_PERFORMANCE_MONITORING: 'false', PERFORMANCE_BATCH_SIZE: '500', PERFORMANCE_FLUSH_INTERVAL: '5000', PERFORMANCE_CPU_THRESHOLD: '65', PERFORMANCE_MEMORY_THRESHOLD: '75.5', PERFORMANCE_REDIS_MEMORY_THRESHOLD: '200',
      ENABLE_ADAPTIVE_INTERVALS: 'TRUE', ENABLE_INSIGHT_CORRELATION: '0', ENABLE_METRIC_COMPRESSION: 'on', PERFORMANCE_LOG_LEVEL: 'Warn', DISABLE_DETAILED_MONITORING: 'true',
    }
    expect(settingsOf(file, env)).toMatchObject({ isEnabled: false, isDetailed: false, batchSize: 500, flushMs: 5_000, isCompressed: true, isAdaptive: true, isCorrelated: false, limits: { cpu: 0.65, memory: 0.755, redisMemory: 200e6 }, logLevel: 'warn' })
    expect(settingsOf(undefined, { DEBUG_PERFORMANCE_COORDINATOR: 'true', PERFORMANCE_LOG_LEVEL: 'error' }).logLevel).toBe('debug')
    expect(settingsOf(undefined, { PERFORMANCE_LOG_LEVEL: 'silent', DEBUG_PERFORMANCE_COORDINATOR: 'off' }).logLevel).toBe('silent')
  })

  it.each([
    ['PERFORMANCE_BATCH_SIZE', 'many'], ['PERFORMANCE_BATCH_SIZE', '0'], ['PERFORMANCE_BATCH_SIZE', '2.5'], ['PERFORMANCE_FLUSH_INTERVAL', '15s'], ['PERFORMANCE_CPU_THRESHOLD', '170'], ['PERFORMANCE_CPU_THRESHOLD', 'NaN'],
    ['PERFORMANCE_REDIS_MEMORY_THRESHOLD', '-1'], ['ENABLE_ADAPTIVE_INTERVALS', 'perhaps'], ['PERFORMANCE_LOG_LEVEL', 'loud'],
  ])('names the variable %s where it is "%s"', (name, value) => {
    expect(() => settingsOf(undefined, { [name]: value })).toThrow(expect.objectContaining({ code: 'INVALID_VALUE', message: expect.stringContaining(name) as string }) as Error)
  })
})
