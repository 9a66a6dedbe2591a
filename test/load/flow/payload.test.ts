import { describe, expect, it } from 'vitest'
import { createDeal } from '../../../src/load/flow/payload.ts'
import { createRandom, randomUuid } from '../../../src/load/flow/random.ts'
import type { Json, Payload } from '../../../src/model/plan.ts'
import { scopeOf } from './fake-world.ts'

const users: Payload = { fields: ['user', 'pass'], rows: [['a', '1'], ['b', '2'], ['c', '3']], order: 'sequence', source: 'users.csv' }
const deals = (count: number, deal: ReturnType<typeof createDeal>, name: string): (Json | undefined)[] =>
  Array.from({ length: count }, () => {
    const scope = scopeOf()
    deal(scope)
    return scope.variables.get(name)
  })

describe('a user is dealt', () => {
  it('the rows of a payload in turn, from the beginning again at the end', () => {
    expect(deals(5, createDeal({ variables: {}, payloads: [users] }, createRandom(1)), 'user')).toEqual(['a', 'b', 'c', 'a', 'b'])
  })

  it('rows no other worker deals, before the payload begins again', () => {
    const lane = (index: number): (Json | undefined)[] => deals(2, createDeal({ variables: {}, payloads: [{ ...users, rows: ['a', 'b', 'c', 'd'].map((name) => [name]) }] }, createRandom(1), { index, of: 2 }), 'user')
    expect([lane(0), lane(1)]).toEqual([['a', 'c'], ['b', 'd']])
  })

  it('rows at random, every one of them sooner or later', () => {
    const dealt = deals(60, createDeal({ variables: {}, payloads: [{ ...users, order: 'random' }] }, createRandom(1)), 'user')
    expect(new Set(dealt)).toEqual(new Set(['a', 'b', 'c']))
    expect(dealt.slice(0, 6)).not.toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
  })

  it('all rows as a list when they have a name', () => {
    expect(deals(1, createDeal({ variables: {}, payloads: [{ ...users, as: 'all', rows: [['a', '1'], ['b']] }] }, createRandom(1)), 'all')).toEqual([[{ user: 'a', pass: '1' }, { user: 'b', pass: '' }]])
  })

  it('nothing of a payload without rows', () => {
    expect(deals(1, createDeal({ variables: {}, payloads: [{ ...users, rows: [] }] }, createRandom(1)), 'user')).toEqual([undefined])
  })

  it('variables, of a list one at random, with their templates filled in', () => {
    const deal = createDeal({ variables: { town: '{{ $env.HOME_TOWN }}', pick: ['x', 'y'], none: [], user: { id: 1 } }, payloads: [] }, createRandom(1))
    expect(deals(1, deal, 'town')).toEqual(['Brno'])
    expect(new Set(deals(30, deal, 'pick'))).toEqual(new Set(['x', 'y']))
    expect(deals(1, deal, 'none')).toEqual([undefined])
    expect(deals(1, deal, 'user')).toEqual([{ id: 1 }])
  })
})

describe('randomness', () => {
  const stream = (seed: number | string): number[] => {
    const random = createRandom(seed)
    return Array.from({ length: 5 }, () => random.bits())
  }

  it('is the same for the same seed, and another for another', () => {
    expect(stream(7)).toEqual(stream(7))
    expect(stream(7)).toEqual(stream('7'))
    expect(new Set([1, 2, 3, 'a', 'b', -1].map((seed) => stream(seed).join())).size).toBe(6)
  })

  it('is spread evenly enough, and stays within its limits', () => {
    const random = createRandom(3)
    const counts = [0, 0, 0, 0]
    for (let index = 0; index < 40_000; index++) counts[random.between(1, 4) - 1]! += 1
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
    for (let index = 0; index < 1_000; index++) {
      const wide = random.between(-Number.MAX_SAFE_INTEGER / 4, Number.MAX_SAFE_INTEGER / 4)
      expect(Math.abs(wide)).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER / 4)
    }
    expect(random.between(5, 5)).toBe(5)
  })

  it('makes UUIDs of version 4 that do not repeat', () => {
    const random = createRandom(1)
    const uuids = Array.from({ length: 2_000 }, () => randomUuid(random))
    expect(new Set(uuids).size).toBe(2_000)
    for (const uuid of uuids) expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})
