import { expect, test } from 'vitest'
import { healthSamples } from '../../src/analysis/health-samples.ts'
import { valueOf } from '../../src/model/snapshot.ts'
import { checkResult } from '../output/health-case.ts'

test('checks are 0 ok, 1 warning, 2 critical, 3 unknown, and all together what the worst of them is, as fail outweighs unknown', () => {
  const samples = healthSamples([checkResult('a'), checkResult('b', { verdict: 'warn' }), checkResult('c', { verdict: 'fail' }), checkResult('d', { verdict: 'unknown' })], { verdict: 'fail', score: 62.5, at: 1_000 })
  expect(['a', 'b', 'c', 'd'].map((check) => valueOf({ samples }, 'health.check.status', check))).toEqual([0, 1, 2, 3])
  expect([valueOf({ samples }, 'health.status'), valueOf({ samples }, 'health.score'), valueOf({ samples }, 'health.last_run')]).toEqual([2, 0.625, 1_000])
})

test('no checks are unknown and have no score', () => {
  const samples = healthSamples([], { verdict: 'unknown', score: null, at: 1_000 })
  expect([valueOf({ samples }, 'health.status'), samples.has('health.score'), samples.has('health.check.status')]).toEqual([3, false, false])
})

test('what does not count says so, and what was spared took no time', () => {
  const samples = healthSamples([checkResult('a', { outcome: { responseTimeMs: 3 } }), checkResult('b', { attempts: 0, durationMs: 0, excuse: { kind: 'dependency', on: 'a' } })], { verdict: 'ok', score: 100, at: 1_000 })
  expect(samples.get('health.check.counted')).toEqual(new Map([['a', 1], ['b', 0]]))
  expect(samples.get('health.check.duration')).toEqual(new Map([['a', 12.5]]))
  expect(samples.get('health.check.response')).toEqual(new Map([['a', 3]]))
})
