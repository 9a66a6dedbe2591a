import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeCollected } from '../../src/analysis/merge-collected.ts'
import type { Collected } from '../../src/model/source.ts'
import { samplesOf, type Values } from '../samples.ts'

const part = (values: Values, more: Partial<Collected> = {}): Collected => ({ samples: samplesOf(values), ...more })
const endpoint = (path: string): NonNullable<Collected['endpoints']>[number] => ({ method: 'GET', path, count: 1, avgMs: 1, errors: 0 })

describe('what several sources bring', () => {
  it('is put together; of the same figure that of the first is believed', () => {
    const { samples } = mergeCollected([part({ 'api.request_rate': 5 }), part({ 'api.request_rate': 7, 'api.duration.p95': 90 }), part({ 'cache.keys': 3 })])
    expect(samples).toEqual(samplesOf({ 'api.request_rate': 5, 'api.duration.p95': 90, 'cache.keys': 3 }))
  })

  it('is put together by its tags: queues of two sources stand side by side', () => {
    const { samples } = mergeCollected([part({ 'jobs.active': { mail: 1 } }), part({ 'jobs.active': { mail: 9, films: 2 } })])
    expect(samples.get('jobs.active')).toEqual(new Map([['mail', 1], ['films', 2]]))
  })

  it('has the lists of the first source that has any, and never a sum of two', () => {
    const merged = mergeCollected([part({}, { endpoints: [] }), part({}, { endpoints: [endpoint('/a')] }), part({}, { endpoints: [endpoint('/b')], queries: [{ query: 'SELECT 1', count: 1, avgMs: 1 }] })])
    expect(merged.application).toEqual({ endpoints: [endpoint('/a')], queries: [{ query: 'SELECT 1', count: 1, avgMs: 1 }] })
  })

  it('has shares of what one source says, and none of two', () => {
    const usage = (...all: readonly Values[]): number | undefined => mergeCollected(all.map((values) => part(values))).samples.get('db.pool.usage')?.get('')
    expect(usage({ 'db.pool.active': 5, 'db.pool.size': 20 })).toBe(0.25)
    expect(usage({ 'db.pool.active': 5 }, { 'db.pool.size': 20 })).toBeUndefined()
  })

  it('is nothing where there is nothing, and what is no number is not known', () => {
    expect(mergeCollected([])).toEqual({ samples: new Map(), application: null })
    expect(mergeCollected([part({ 'cache.hit_rate': Number.NaN }), part({ 'cache.hit_rate': 0.5 })]).samples).toEqual(samplesOf({ 'cache.hit_rate': 0.5 }))
    expect(mergeCollected([part({ 'cache.hit_rate': Number.NaN })]).samples).toEqual(new Map())
  })

  it('does not depend on how it is put together, as long as the order stays', () => {
    const values = fc.record({ 'cache.keys': fc.nat(), 'jobs.active': fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.nat()) }, { requiredKeys: [] })
    fc.assert(fc.property(fc.array(values, { maxLength: 5 }), fc.nat(5), (all, at) => {
      const parts = all.map((each) => part(each))
      const once = mergeCollected(parts)
      expect(mergeCollected([mergeCollected(parts.slice(0, at)), mergeCollected(parts.slice(at))]).samples).toEqual(once.samples)
      // Merging changes nothing that it was given.
      expect(mergeCollected(parts)).toEqual(once)
    }))
  })
})
