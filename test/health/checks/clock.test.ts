import { afterEach, describe, expect, it } from 'vitest'
import { look } from '../../../src/health/checks/clock.ts'
import { answering, startTimeServer, type Behaviour } from '../../services/time-server.ts'
import { machine, run, said, world } from './system-world.ts'

const undo: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const each of undo.splice(0)) await each()
})

async function server(behaviour: Behaviour): Promise<string> {
  const { port, close } = await startTimeServer(behaviour)
  undo.push(close)
  return `127.0.0.1:${port}`
}

const now = world({ wallTime: () => new Date() })

describe('the clock', () => {
  it('without a server is what the time service says, nothing where it says nothing', async () => {
    expect(await said(look, { type: 'clock' }, machine({ 'clock.synchronized': 1 }))).toBe('ok: set by the time service')
    expect(await said(look, { type: 'clock' }, machine({ 'clock.synchronized': 0 }))).toBe('warn: the time service has not set the clock since it started')
    expect(await look({ type: 'clock' }, { world: machine({}), signal: new AbortController().signal, timeoutMs: 1_000 })).toBeNull()
  })

  it('that is right by a server is fine, with an offset that has levels on both sides', async () => {
    const { verdict, measures, details, responseTimeMs } = await run(look, { type: 'clock', server: await server(answering(0)), offset: { warning: '20s', critical: '30s' } }, now)
    expect(verdict).toBe('ok')
    expect(measures[0]).toMatchObject({ name: 'offset', unit: 'ms', warning: { from: -20_000, to: 20_000, isInside: false }, critical: { from: -30_000, to: 30_000 } })
    expect(details).toMatchObject({ stratum: 2 })
    expect(responseTimeMs).toBeGreaterThanOrEqual(0)
  })

  it.each([
    [3_000, /^warn: the clock is (3|2\.9\d*) s behind 127\.0\.0\.1:\d+ \(warning at 500 ms\)$/],
    [-60_000, /^fail: the clock is (1m|59\.9\d* s|1m 00s) ahead of 127\.0\.0\.1:\d+ \(critical at 5 s\)$/],
  ])('that is %d ms off is told which way', async (offset, expected) => {
    expect(await said(look, { type: 'clock', server: await server(answering(offset)) }, now)).toMatch(expected)
  })

  it('by a server that does not answer fails in time', async () => {
    const startedAt = performance.now()
    const outcome = await run(look, { type: 'clock', server: await server(() => null) }, now, 500)
    expect(outcome).toMatchObject({ verdict: 'fail', message: expect.stringMatching(/^127\.0\.0\.1:\d+ did not answer$/) as unknown })
    expect(performance.now() - startedAt).toBeLessThan(4_000)
  })

  it('by what cannot be a server is a mistake of the configuration', async () => {
    await expect(run(look, { type: 'clock', server: 'a b:c:d' }, now)).rejects.toMatchObject({ code: 'INVALID_TARGET' })
    // Version 6 without a gap in it is one, too.
    await expect(run(look, { type: 'clock', server: '0:0:0:0:0:0:0:1' }, now, 300)).resolves.toMatchObject({ verdict: 'fail' })
    await expect(run(look, { type: 'clock', server: 'host:99999' }, now)).rejects.toMatchObject({ code: 'INVALID_TARGET' })
  })
})
