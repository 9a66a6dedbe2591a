import { performance } from 'node:perf_hooks'
import { describe, expect, it } from 'vitest'
import { fetchHealth } from '../../../src/api/health.ts'
import type { ConfigOf } from '../../../src/health-schema/schema.ts'
import { look } from '../../../src/health/checks/instance.ts'
import type { HealthWorld } from '../../../src/health/world.ts'
import type { Outcome } from '../../../src/model/health.ts'
import { type Answer, guarded, hang, json, page, startInstance } from '../../api/instance.ts'

const NOW = Date.UTC(2026, 0, 1)
const HEALTHY = { success: true, data: { overall: { status: 'healthy', score: 95.2, lastCheck: new Date(NOW).toISOString(), uptime: '2h' }, components: { database: { status: 'healthy' } } } }

/** The check against an instance, as a command makes it. */
async function check(url: string, config: Partial<ConfigOf<'instance'>> = {}, timeoutMs = 2_000): Promise<Outcome | null> {
  const world: Pick<HealthWorld, 'env' | 'readFile' | 'resolve' | 'askInstance'> = {
    env: { TOKEN: 'secret-token' }, readFile: () => Promise.reject(new Error('ENOENT')), resolve: (path) => path,
    askInstance: ({ url: address, ...more }, signal) => fetchHealth({ url: address, now: () => performance.now(), wallTime: () => NOW, ...more }, { detailed: true }, signal),
  }
  // A check of an instance looks at nothing else of the world.
  return look({ type: 'instance', url, ...config }, { world: world as HealthWorld, signal: AbortSignal.timeout(timeoutMs + 250), timeoutMs })
}
const checkThat = async (answer: Answer, config: Partial<ConfigOf<'instance'>> = {}, timeoutMs?: number): Promise<Outcome | null> => check((await startInstance({ health: answer })).url, config, timeoutMs)

describe('the check of an instance', () => {
  it('is well where the instance says so', async () => {
    expect(await checkThat(json(HEALTHY))).toMatchObject({
      verdict: 'ok', message: expect.stringMatching(/^healthy \(score 95\.2\), answered in /), measures: [{ name: 'response time', unit: 'ms' }, { name: 'score', value: 95.2 }],
      details: { status: 'healthy', score: 95.2, uptime: '2h', components: { database: { verdict: 'ok', message: 'healthy' } } },
    })
  })

  it('says in one line why it is not', async () => {
    const bare = { status: 'critical', healthScore: 51, issues: ['High error rate: 2941.00%'], metrics: { errorRate: { current: 29.41, threshold: 0.05, score: 0 } }, recommendations: ['Review application logs'] }
    expect(await checkThat(json(bare, 503))).toMatchObject({ verdict: 'fail', message: 'critical (score 51): High error rate: 29.41% (its threshold is 5%; it wrote 29.41 beside a threshold of 0.05)', recommendation: 'look into the instance\'s log for what fails' })
  })

  it('names the worst components first, and how many more there are', async () => {
    const components = { a: { status: 'degraded' }, b: { status: 'down', message: 'connection refused' }, c: { status: 'degraded' }, d: { status: 'fair' }, e: { status: 'up' } }
    expect(await checkThat(json({ status: 'warning', components }))).toMatchObject({ verdict: 'fail', message: 'warning: b: connection refused; a: degraded; c: degraded; and 1 more', recommendation: 'look at b where the instance runs, and into the instance\'s log' })
  })

  it('passes on what the instance recommends, or says where more is to be seen', async () => {
    expect(await checkThat(json({ status: 'critical', recommendations: ['Restart the queue'] }))).toMatchObject({ verdict: 'fail', message: 'critical', recommendation: 'Restart the queue' })
    expect(await checkThat(json({ status: 'critical' }))).toMatchObject({ recommendation: expect.stringContaining('medianest-perf health --url http://127.0.0.1') })
  })

  it('knows no word that it does not know', async () => {
    expect(await checkThat(json({ status: 'shiny' }))).toMatchObject({ verdict: 'unknown', message: 'shiny: a word that is not known here' })
  })

  it('has levels for the time it took', async () => {
    expect(await checkThat(json(HEALTHY), { responseTime: { warning: 0 } })).toMatchObject({ verdict: 'warn', message: expect.stringMatching(/^it took .+ to answer \(warning at 0 ms\)/) })
  })

  it('sends its token, and shows it to nobody', async () => {
    const outcome = await checkThat(guarded('secret-token', json(HEALTHY)), { token: { env: 'TOKEN' } })
    expect(outcome).toMatchObject({ verdict: 'ok' })
    expect(JSON.stringify(outcome)).not.toContain('secret-token')
  })

  it.each<[string, Answer, string, string]>([
    ['refuses the token', json({ error: 'no' }, 401), 'unknown', 'refused the request'],
    ['refuses the role', json({ error: 'no' }, 403), 'unknown', 'refused the request'],
    ['has no health', json({}, 404), 'unknown', 'does not offer health'],
    ['wants to be left alone', json({}, 429, { 'retry-after': '9' }), 'unknown', 'asks to wait 9 s'],
    ['fails', json({ error: 'boom' }, 500), 'fail', 'answered 500: boom'],
    ['is a login page', page('<!doctype html><title>Sign in</title>'), 'fail', 'a web page ("Sign in")'],
    ['says something else', json({ hello: 1 }), 'fail', 'not with a health'],
    ['sends elsewhere', (response) => void response.writeHead(302, { location: 'http://192.0.2.1/' }).end(), 'unknown', 'redirects to http://192.0.2.1'],
  ])('says what it means when it %s', async (_what, answer, verdict, message) => {
    expect(await checkThat(answer)).toMatchObject({ verdict, message: expect.stringContaining(message), recommendation: expect.any(String) })
  })

  it('says how long it waited when the instance hangs: all of its time', async () => {
    expect(await checkThat(hang, {}, 600)).toMatchObject({ verdict: 'fail', message: expect.stringMatching(/^no answer from .* within 600 ms/), recommendation: expect.stringContaining('hang') })
  })

  it('fails where nothing listens', async () => {
    expect(await check('http://127.0.0.1:1')).toMatchObject({ verdict: 'fail', message: expect.stringContaining('connection refused') })
  })

  it('leaves mistakes of the configuration to those who wrote it, without repeating a password', async () => {
    await expect(check('ftp://nas')).rejects.toMatchObject({ code: 'INVALID_VALUE' })
    await expect(check('http://me:hunter2@nas')).rejects.toMatchObject({ code: 'INVALID_VALUE', message: expect.not.stringContaining('hunter2') })
    await expect(check('http://127.0.0.1:1', { token: { env: 'NOT_SET' } })).rejects.toMatchObject({ code: 'NO_SECRET' })
  })
})
