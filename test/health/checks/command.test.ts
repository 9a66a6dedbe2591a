import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ConfigOf } from '../../../src/health-schema/schema.ts'
import { look } from '../../../src/health/checks/command.ts'
import type { Outcome } from '../../../src/model/health.ts'
import { freePort } from '../../services/redis-server.ts'
import { bareWorld } from './bare-world.ts'

const PLUGINS = '/usr/lib/nagios/plugins'

async function run(command: ConfigOf<'command'>['command'], more: Partial<ConfigOf<'command'>> = {}, timeoutMs = 10_000, env: Record<string, string> = { PATH: '/usr/bin:/bin' }): Promise<Outcome> {
  const outcome = await look({ type: 'command', command, ...more }, { world: bareWorld(env), signal: AbortSignal.timeout(timeoutMs + 750), timeoutMs })
  return outcome ?? expect.fail('there is something to look at')
}

describe('a check by a command', () => {
  it('takes its exit code for the state and its first line for the reason', async () => {
    for (const [code, verdict] of [[0, 'ok'], [1, 'warn'], [2, 'fail'], [3, 'unknown']] as const) {
      expect(await run(`sh -c 'echo "DISK - text | /=1MB;2;3"; echo more; exit ${code}'`)).toMatchObject({ verdict, message: 'DISK - text', details: { exitCode: code, lines: ['more'] }, measures: [{ name: '/', value: 1, uom: 'MB' }] })
    }
  })

  it('takes its exit code for the state also where it says nothing', async () => {
    expect(await run('true')).toMatchObject({ verdict: 'ok', message: 'true ended with 0 and said nothing', recommendation: undefined })
    for (const [code, verdict] of [[1, 'warn'], [2, 'fail'], [3, 'unknown']] as const) expect(await run(['sh', '-c', `exit ${code}`])).toMatchObject({ verdict, message: `sh ended with ${code} and said nothing` })
  })

  it('names the program as the configuration does where it says how to see more, and none of its words', async () => {
    const outcome = await run(['/bin/sh', '-c', 'echo broken; exit 2', '--password', 'geheim'])
    expect(outcome).toMatchObject({ message: 'broken', recommendation: 'run /bin/sh by hand as the same user to see more' })
  })

  it('is unknown where the end says nothing: another code, a signal, complaints alone', async () => {
    expect(await run(['sh', '-c', 'echo odd; exit 42'])).toMatchObject({ verdict: 'unknown', message: 'sh ended with 42, which is no state of a plugin: odd' })
    expect(await run(['sh', '-c', 'kill -KILL $$'])).toMatchObject({ verdict: 'unknown', message: 'sh was killed by SIGKILL' })
    expect(await run(['sh', '-c', 'echo deprecated >&2'])).toMatchObject({ verdict: 'unknown', message: 'sh ended with 0 but said only, on its error output: deprecated' })
    expect(await run(['sh', '-c', 'echo broken >&2; exit 2'])).toMatchObject({ verdict: 'fail', message: 'broken' })
    expect(await run('/no/such/check --password geheim')).toMatchObject({ verdict: 'unknown', message: '/no/such/check is not there' })
  })

  it('is unknown where it does not end in the time it was given, all of it', async () => {
    const startedAt = performance.now()
    const outcome = await run(['sh', '-c', 'trap "" TERM; echo began; sleep 60; sleep 60'], {}, 1_200)
    expect(outcome).toMatchObject({ verdict: 'unknown', message: 'sh did not end within 1.2 s and was ended: began' })
    expect(performance.now() - startedAt).toBeLessThan(4_000)
  })

  it('gets none of our secrets, and what the configuration gives it', async () => {
    const outcome = await run('env', { env: { TARGET: 'db' } }, 10_000, { PATH: '/usr/bin:/bin', HOME: '/root', MEDIANEST_TOKEN: 'geheim', NODE_OPTIONS: '--inspect' })
    expect(JSON.stringify(outcome)).not.toMatch(/geheim|inspect/)
    expect([outcome.message, ...outcome.details['lines'] as string[]].sort()).toEqual(['HOME=/root', 'LANG=C', 'LC_ALL=C', 'PATH=/usr/bin:/bin', 'TARGET=db'])
  })
})

describe.skipIf(!existsSync(`${PLUGINS}/check_dummy`))('a real plugin (needs monitoring-plugins)', () => {
  it('means what it says', async () => {
    expect(await run(`${PLUGINS}/check_dummy 1 'so so'`)).toMatchObject({ verdict: 'warn', message: 'WARNING: so so' })
    expect(await run(`${PLUGINS}/check_load -w 0.001,0.001,0.001 -c 9999`)).toMatchObject({ measures: [{ name: 'load1' }, { name: 'load5' }, { name: 'load15', critical: { from: 0, to: 9999 }, min: 0 }] })
    expect(await run(`${PLUGINS}/check_disk -w 0% -c 0% -p /`)).toMatchObject({ verdict: 'ok', message: expect.stringMatching(/^DISK OK/), measures: [{ name: '/', uom: 'B' }] })
    expect(await run(`${PLUGINS}/check_procs -w 1:100000`)).toMatchObject({ verdict: 'ok', measures: [{ name: 'procs', warning: { from: 1, to: 100_000 } }] })
    expect(await run(`${PLUGINS}/check_http -H 127.0.0.1 -p ${await freePort()}`)).toMatchObject({ verdict: 'fail', message: expect.stringContaining('Connection refused') })
  })
})
