import { describe, expect, it } from 'vitest'
import { redisServer, startRedis } from '../../services/redis-server.ts'
import * as z from 'zod/mini'
import { collectSchema } from '../../../src/collect-schema/schema.ts'
import type { CollectSection } from '../../../src/config.ts'
import { readDocument, validate } from '../../../src/document.ts'
import { disabledSources, openSources } from '../../../src/sources/application/open-sources.ts'
import { SOURCE_TYPES } from '../../../src/sources/application/source-types.ts'
import { plainly, standingWorld } from './redis-world.ts'

/** A section as it is read from a file. */
function section(...lines: readonly string[]): CollectSection {
  const document = readDocument('medianest-perf.yaml', ['collect:', '  sources:', ...lines.map((line) => `    - ${line}`)].join('\n'))
  const { collect } = validate(document, z.strictObject({ collect: collectSchema }), 'the configuration')
  return { file: collect, at: (path, part) => document.at(['collect', ...path], part), resolve: (path) => `/etc/${path}` }
}

const open = (...lines: readonly string[]) => openSources(section(...lines), standingWorld())

describe('the sources of a configuration', () => {
  it('have an id of their type and name, and terms of their type unless they say otherwise', async () => {
    const sources = await open('{type: redis}', '{type: redis, name: sessions, priority: critical, interval: 5s}', '{type: queues, interval: 90}')
    expect(sources.map(({ id, name, kind, priority, intervalMs }) => [id, name, kind, priority, intervalMs])).toEqual([
      ['redis', 'redis', 'cache', 'medium', 30_000], ['redis:sessions', 'sessions', 'cache', 'critical', 5_000], ['queues', 'queues', 'jobs', 'medium', 90_000],
    ])
  })

  it('have the documented terms, every type of them, in the order in which they are believed', () => {
    expect(Object.entries(SOURCE_TYPES).map(([type, { priority, intervalMs }]) => `${type} ${priority} ${intervalMs / 1_000}`)).toEqual(['prometheus high 15', 'access-log high 15', 'synthetic medium 30', 'postgres high 60', 'redis medium 30', 'queues medium 30', 'business low 60', 'module low 60'])
  })

  it('are given the weightiest first, else as they are written', async () => {
    const sources = await open('{type: queues}', '{type: redis, name: b}', '{type: redis, name: a}')
    expect(sources.map(({ id }) => id)).toEqual(['redis:b', 'redis:a', 'queues'])
  })

  it('are left out where they are not enabled, and do not stand in the way of others then', async () => {
    expect((await open('{type: redis, enabled: false}', '{type: redis}')).map(({ id }) => id)).toEqual(['redis'])
    expect(await openSources({ ...section('{type: redis}'), file: {} }, standingWorld())).toEqual([])
  })

  it('are shown where they are not enabled, each under a name of its own, and never asked', async () => {
    const off = disabledSources(section('{type: redis, enabled: false}', '{type: redis}', '{type: queues, name: mail, enabled: false, interval: 5s}'))
    expect(off.map(({ id, kind, priority, intervalMs }) => [id, kind, priority, intervalMs])).toEqual([['redis#2', 'cache', 'medium', 30_000], ['queues:mail', 'jobs', 'medium', 5_000]])
  })

  it('are of the kind that the table says', async () => {
    const sources = await open('{type: prometheus, url: "http://127.0.0.1:1/"}', '{type: access-log, path: a}', '{type: synthetic, url: "http://127.0.0.1:1/"}', '{type: postgres, host: h}', '{type: redis}', '{type: queues}', '{type: business, backlog: {redis: [LLEN, a]}}', '{type: module, path: m}')
    expect(sources.map(({ id, kind }) => [id, kind])).toEqual(Object.entries(SOURCE_TYPES).map(([type, { kind }]) => [type, kind]))
  })

  it('must be told apart; the second is refused with its place and that of the first', async () => {
    await expect(open('{type: redis}', '{type: queues}', '{type: redis}')).rejects.toMatchObject({ code: 'DUPLICATE_SOURCE', message: 'there are two sources of type redis without a name; the first is at medianest-perf.yaml:3:7', where: { line: 5, column: 7 }, hint: expect.stringContaining('name: shop') })
    await expect(open('{type: redis, name: x}', '{type: redis, name: x}')).rejects.toMatchObject({ code: 'DUPLICATE_SOURCE', message: expect.stringContaining('two sources "redis:x"') })
  })

  it('must have time: an interval or a timeout of nothing is refused where it stands', async () => {
    await expect(open('{type: redis, interval: 0}')).rejects.toMatchObject({ code: 'INVALID_VALUE', message: 'the interval of a source is 0: less than 100 ms', where: { line: 3, column: 31 } })
    await expect(open('{type: redis, timeout: 0s}')).rejects.toMatchObject({ code: 'INVALID_VALUE', message: expect.stringContaining('the timeout') })
  })

  it('have names that cannot harm a terminal', async () => {
    expect((await open('{type: redis, name: "a\\e[2J"}')).map(({ id, name }) => [id, name])).toEqual([['redis:a\ufffd[2J', 'a\ufffd[2J']])
  })
})

describe.skipIf(redisServer === undefined)('a cache and queues in one Redis (needs redis-server)', () => {
  it('have a hit rate of what others look up, never of what we ask about the queues', async () => {
    const server = await startRedis()
    const world = standingWorld()
    const at = `host: 127.0.0.1, port: ${server.port}`
    const sources = await openSources(section(`{type: redis, ${at}}`, `{type: queues, ${at}}`), world)
    const collect = async () => {
      world.pass(1_000)
      const [cache] = [plainly(await sources[0]!.collect(AbortSignal.timeout(5_000))), await sources[1]!.collect(AbortSignal.timeout(5_000))]
      return cache
    }
    try {
      await server.ask('SET', 'bull:media:id', '3')
      await server.ask('SET', 'a', '1')
      await collect()
      const idle = await collect()
      expect(idle).toMatchObject({ 'cache.operations.rate': 0 })
      expect(idle).not.toHaveProperty('cache.hit_rate')
      for (let each = 0; each < 30; each++) await server.ask('GET', each % 3 === 0 ? 'gone' : 'a')
      expect((await collect())['cache.hit_rate']).toBeCloseTo(2 / 3, 12)
    } finally {
      await Promise.all(sources.map((source) => source.close()))
      await server.stop()
    }
  })
})
