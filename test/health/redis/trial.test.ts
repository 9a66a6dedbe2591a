import { describe, expect, it } from 'vitest'
import { tryWriting } from '../../../src/health/redis/trial.ts'
import type { RedisConnection } from '../../../src/services/redis.ts'
import { RedisProblem } from '../../../src/services/redis-problem.ts'

/** A Redis that answers each command by a script; what begins with an upper-case word and a blank is an error. */
function scripted(answers: Readonly<Record<string, readonly (string | null)[]>>): Pick<RedisConnection, 'ask'> & { readonly asked: string[][] } {
  const left = new Map(Object.entries(answers).map(([command, each]) => [command, [...each]]))
  const asked: string[][] = []
  return {
    asked,
    ask: async (command, ...words) => {
      asked.push([command, ...words])
      const answer = left.get(command)?.shift() ?? null
      if (answer !== null && /^[A-Z]+ /.test(answer)) throw new RedisProblem('said', command, answer)
      return answer
    },
  }
}

const random = (): number => 0.5

describe('a key that is written and read', () => {
  it('is one of our own that goes by itself', async () => {
    const redis = scripted({ SET: ['OK'], GET: ['800000000000'], DEL: ['1'] })
    expect(await tryWriting(redis, random)).toBeNull()
    expect(redis.asked).toEqual([['SET', 'medianest-perf:health:800000000000', '800000000000', 'EX', '10', 'NX'], ['GET', 'medianest-perf:health:800000000000'], ['DEL', 'medianest-perf:health:800000000000']])
  })

  it('is sought where this node of a cluster serves it', async () => {
    expect(await tryWriting(scripted({ SET: ['MOVED 1 10.0.0.2:6379', 'MOVED 2 10.0.0.2:6379', 'OK'], GET: ['800000000000'] }), random)).toBeNull()
    const elsewhere = scripted({ SET: Array.from({ length: 100 }, () => 'MOVED 1 10.0.0.2:6379') })
    expect(await tryWriting(elsewhere, random)).toMatchObject({ verdict: 'unknown' })
    expect(elsewhere.asked).toHaveLength(40)
  })

  it('fails where it does not come back, and is unknown where it may not be written', async () => {
    expect(await tryWriting(scripted({ SET: ['OK'], GET: [null] }), random)).toMatchObject({ verdict: 'fail', text: 'a key that was written a moment ago is not there' })
    expect(await tryWriting(scripted({ SET: ['OK'], GET: ['other'] }), random)).toMatchObject({ verdict: 'fail', text: expect.stringContaining('reads back as something else') })
    expect(await tryWriting(scripted({ SET: ['NOPERM this user has no permissions'] }), random)).toMatchObject({ verdict: 'unknown', text: 'may not be asked SET by this user' })
    expect(await tryWriting(scripted({ SET: ['OK'], GET: ['800000000000'], DEL: ['NOPERM this user has no permissions'] }), random), 'it goes by itself').toBeNull()
  })
})
