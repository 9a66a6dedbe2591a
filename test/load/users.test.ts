import { describe, expect, test } from 'vitest'
import type { Lane } from '../../src/load/lane.ts'
import { loadCookieJars } from '../../src/load/flow/cookie.ts'
import { createRandom } from '../../src/load/flow/random.ts'
import { prepareUsers } from '../../src/load/users.ts'
import type { WireClient } from '../../src/load/exchange.ts'
import { fakeExchange, fakeScopeWorld } from './flow/fake-world.ts'
import { read } from './read/reading.ts'

const SCENARIO = `
config:
  target: http://api.test
  phases: [{ duration: 1, arrivalRate: 1 }]
  payload: { path: a.csv, fields: [id], order: sequence }
  variables: { drawn: [a, b, c, d, e, f, g] }
scenarios: [{ flow: [{ get: { url: '/{{ id }}/{{ drawn }}/{{ $randomInt(1, 1000000) }}' } }] }]`

/** The paths that eight users ask for, after so many rehearsals. */
async function pathsAfter(rehearsals: number): Promise<string[]> {
  const paths: string[] = []
  const client: WireClient = {
    send: (_origin, request, _options, done) => {
      paths.push(/^GET (\S+)/.exec(request.toString())?.[1] ?? '')
      setImmediate(() => done(fakeExchange({ body: '{}' })))
    },
    inFlight: 0, opened: 0, close: () => Promise.resolve(),
  }
  const plan = await read(SCENARIO, {}, { 'a.csv': '1\n2\n3\n' })
  const users = prepareUsers(plan, { now: () => 0, random: createRandom(7), scope: fakeScopeWorld(), createJar: await loadCookieJars(() => 0) })
  let left = rehearsals
  if (rehearsals > 0) await users.rehearse(client, () => --left <= 0)
  paths.length = 0
  const lane = { request: () => undefined, flowEnded: () => undefined, lastFailure: null } as unknown as Lane // all of it that these users ask for
  const slot = users.slots(0, client, lane, () => 0)
  for (let user = 0; user < 8; user++) await new Promise<void>((ended) => slot().begin(0, () => ended()))
  return paths
}

describe('users', () => {
  test('find the payload and the random numbers untouched by the rehearsal', async () => {
    const paths = await pathsAfter(0)
    expect(paths.map((path) => path.split('/')[1])).toEqual(['1', '2', '3', '1', '2', '3', '1', '2'])
    expect(new Set(paths).size).toBe(8)
    expect(await pathsAfter(50)).toEqual(paths)
  })
})
