import { describe, expect, test } from 'vitest'
import type { OpenWorkload } from '../../../src/model/plan.ts'
import { read, readFixture, refusal, withConfig, withFlow } from './reading.ts'

const phasesOf = async (phases: string): Promise<OpenWorkload['segments']> => {
  const { workloads } = await read(withConfig(`target: demo\nphases: ${phases}`))
  return (workloads[0] as OpenWorkload).segments
}

describe('an Artillery script', () => {
  test('is read whole', async () => {
    const plan = await readFixture('artillery-shop.yaml')
    expect(plan).toMatchObject({
      name: 'artillery-shop',
      dialect: 'artillery',
      source: 'artillery-shop.yaml',
      target: 'http://localhost:4000',
      workloads: [{ model: 'open', startMs: 0, gracefulStopMs: null, flows: [{ flow: 0, weight: 3 }, { flow: 1, weight: 1 }] }],
      settings: { timeoutMs: 20_000, maxConnections: 100, tls: { insecure: true }, followRedirects: true, maxRedirects: 10 },
      variables: { category: ['books', 'films'] },
      payloads: [{ fields: ['email', 'password'], rows: [['ann@example.com', 'one,two'], ['bob@example.com', 'three']], order: 'sequence', source: 'users.csv' }],
      metrics: { basket_size: 'gauge' },
      notes: [],
    })
    expect(plan.flows.map(({ name, steps }) => [name, steps.map(({ kind }) => kind)])).toEqual([['buy', ['request', 'think', 'loop', 'metric']], ['look', ['request']]])
  })

  test('has one segment for each phase, pauses included', async () => {
    const [workload] = (await readFixture('artillery-shop.yaml')).workloads
    expect((workload as OpenWorkload).segments).toEqual([
      { name: 'warm up', durationMs: 60_000, from: 5, to: 50, maxUsers: null },
      { name: 'hold', durationMs: 300_000, from: 50, to: 50, maxUsers: 200 },
      { name: 'phase 3', durationMs: 10_000, from: 0, to: 0, maxUsers: null },
      { name: 'burst', durationMs: 20_000, from: 20, to: 20, arrivals: 400, maxUsers: null },
    ])
  })

  test.each([
    ['[{duration: 10, rampTo: 5}]', { durationMs: 10_000, from: 0, to: 5 }],
    ['[{duration: 2min, arrivalRate: 1}]', { durationMs: 120_000 }],
    ['[{duration: 1 hour, arrivalRate: 1}]', { durationMs: 3_600_000 }],
    ['[{duration: "90", arrivalRate: 0.5}]', { durationMs: 90_000, from: 0.5, to: 0.5 }],
  ])('with phases %s lasts and rises as Artillery says', async (phases, expected) => {
    expect((await phasesOf(phases))[0]).toMatchObject(expected)
  })

  test('judges what "ensure" says, in the words of the catalogue', async () => {
    const rules = (await readFixture('artillery-shop.yaml')).thresholds.map(({ metric, threshold, strict, where }) => [metric, threshold.text, strict, where?.line])
    expect(rules).toEqual([['http.duration', 'p(99)<500', true, 46], ['http.requests', 'rate>20', false, 48], ['iterations.failed', 'count==0', false, 48]])
  })

  test.each([
    ['{p95: 200}', 'http.duration p(95)<200'],
    ['{max: 900}', 'http.duration max<900'],
    ['{maxErrorRate: 2}', 'http.failed rate<=0.02'],
    ['{thresholds: [{http.response_time.p999: 800}]}', 'http.duration p(99.9)<800'],
    ['{thresholds: [{vusers.session_length.mean: 800}]}', 'iteration.duration avg<800'],
    ['{thresholds: [{engine.http.response_time.median: 80}]}', 'http.duration med<80'],
    ['{conditions: [{expression: "http.codes.500 == 0"}]}', 'http.requests count==0'],
    ['{conditions: [{expression: "(p95 < 100) && core.vusers.completed.total >= 10"}]}', 'http.duration p(95)<100, iterations count>=10'],
  ])('understands ensure: %s', async (ensure, expected) => {
    const { thresholds } = await read(withConfig(`target: demo\nphases: [{duration: 1, arrivalRate: 1}]\nensure: ${ensure}`))
    expect(thresholds.map(({ metric, threshold }) => `${metric} ${threshold.text}`).join(', ')).toBe(expected)
  })

  test('takes an environment: maps merge, lists are replaced, and places stay true', async () => {
    const plan = await readFixture('artillery-shop.yaml', { environment: 'staging' })
    expect(plan.target).toBe('https://staging.example.com')
    expect((plan.workloads[0] as OpenWorkload).segments).toEqual([{ name: 'phase 1', durationMs: 30_000, from: 2, to: 2, maxUsers: null }])
    expect(plan.settings.timeoutMs).toBe(20_000)

    const text = withConfig('target: demo\nphases: [{duration: 1, arrivalRate: 1}]\nenvironments:\n  ci:\n    phases: [{duration: 1, arrivalRate: -1}]')
    expect(await refusal(read(text, { environment: 'ci' }))).toContain('INVALID_VALUE test.yaml:6:43 "config.phases[0].arrivalRate" must be a number from 0')
  })

  test('takes overrides, variables, a target and a payload from the command line', async () => {
    const plan = await readFixture('artillery-shop.yaml', {
      overrides: { config: { phases: [{ duration: 5, arrivalRate: 1 }], http: { pool: 7 } } },
      variables: { category: 'toys', page: 2 },
      target: 'http://localhost:9',
      payloadFile: 'users.csv',
    })
    expect(plan).toMatchObject({ target: 'http://localhost:9', variables: { category: 'toys', page: 2 }, settings: { maxConnections: 7, timeoutMs: 20_000 } })
    expect((plan.workloads[0] as OpenWorkload).segments).toHaveLength(1)
  })

  test('says where a mistake in overrides is', async () => {
    expect(await refusal(readFixture('artillery-shop.yaml', { overrides: { config: { phases: [{ arrivalRate: 1 }] } } }))).toBe(
      'INVALID_VALUE --overrides:1:1 "config.phases[0].duration" is missing: a phase lasts a number of seconds, or a text such as 5m | add it',
    )
    expect(await refusal(readFixture('artillery-shop.yaml', { overrides: [1] }))).toBe('INVALID_VALUE --overrides:1:1 "--overrides" must be a map, but it is a list | write it like {"config": {"phases": [...]}}')
  })

  test('takes its config from another file, and wins over it', async () => {
    const scenarioConfig = { file: 'config.yaml', text: 'config: {target: demo, phases: [{duration: 1, arrivalRate: 3}], http: {timeout: 3}}' }
    const plan = await read('config: {http: {pool: 2}}\nscenarios: [{flow: [{get: {url: /}}]}]', { scenarioConfig })
    expect(plan).toMatchObject({ source: 'test.yaml', target: 'demo', settings: { timeoutMs: 3_000, maxConnections: 2 } })
    const broken = { file: 'config.yaml', text: 'config: {target: demo, phases: [{duration: 1, arrivalrate: 3}]}' }
    expect(await refusal(read('scenarios: [{flow: [{get: {url: /}}]}]', { scenarioConfig: broken }))).toBe('UNKNOWN_KEY config.yaml:1:47 unknown key "arrivalrate" in "config.phases[0]" | did you mean "arrivalRate"?')
  })

  test('fills in environment variables where Artillery does', async () => {
    const text = withConfig('target: "{{ $processEnvironment.URL }}"\nphases: [{duration: 1, arrivalRate: "{{ $env.RATE }}"}]')
    expect(await read(text, { env: { URL: 'http://localhost:1', RATE: '12' } })).toMatchObject({ target: 'http://localhost:1', workloads: [{ segments: [{ from: 12 }] }] })
    expect(await refusal(read(text, { env: { RATE: '1' } }))).toContain('INVALID_TARGET test.yaml:2:11 the target "{{ $processEnvironment.URL }}" names something that is not set')
  })

  test('may ask several services by name', async () => {
    expect((await read(withConfig('target: demo\nphases: [{duration: 1, arrivalRate: 1}]\ntargets: {auth: "http://localhost:{{ $env.PORT }}"}'), { env: { PORT: '81' } })).targets).toEqual({ auth: 'http://localhost:81' })
    expect(await refusal(read(withConfig('target: demo\nphases: [{duration: 1, arrivalRate: 1}]\ntargets: {auth: nowhere}')))).toContain('INVALID_TARGET test.yaml:4:19 the target "nowhere" is not an address')
  })

  test('needs no target when every address is whole', async () => {
    expect((await read('config: {phases: [{duration: 1, arrivalRate: 1}]}\nscenarios: [{flow: [{get: {url: "http://localhost:81/x"}}]}]')).target).toBe('http://localhost:81')
  })

  test('says so when a scenario is never picked, or a header row is taken as data', async () => {
    const plan = await read('config: {target: demo, phases: [{duration: 1, arrivalRate: 1}], payload: {path: a.csv, fields: [id]}}\nscenarios: [{name: never, weight: 0, flow: [{get: {url: /}}]}, {flow: [{get: {url: /}}]}]', {}, { 'a.csv': 'id\n1\n' })
    expect(plan.workloads[0]?.flows).toEqual([{ flow: 1, weight: 1 }])
    expect(plan.notes).toEqual(['the scenario "never" has weight 0 and is never picked', 'the first row of a.csv holds the names of its fields and is taken as data: set "skipHeader: true"'])
  })
})

describe('mistakes in an Artillery script', () => {
  const one = 'target: demo\nphases: [{duration: 1, arrivalRate: 1}]\n'
  test.each<[string, string, string]>([
    ['a negative duration', withConfig('target: demo\nphases: [{duration: -1, arrivalRate: 1}]'), 'INVALID_VALUE test.yaml:3:23 "config.phases[0].duration" must be a duration from 0 to 366 days, but it is -1 | write it like 30s, 5m or 1h30m'],
    ['a duration of nothing', withConfig('target: demo\nphases: [{duration: 0, arrivalRate: 1}]'), 'INVALID_VALUE test.yaml:3:23 "config.phases[0].duration" must be more than 0, but it is 0 | correct the value'],
    ['a phase without arrivals', withConfig('target: demo\nphases: [{duration: 1}]'), 'INVALID_VALUE test.yaml:3:12 "config.phases[0].arrivalRate" is missing: a phase says who arrives by "arrivalRate", "rampTo" or "arrivalCount", or is a "pause" | add it'],
    ['a count and a rate', withConfig('target: demo\nphases: [{duration: 1, arrivalCount: 3, rampTo: 3}]'), 'CONFLICTING_KEYS test.yaml:3:12 "config.phases[0]" has "arrivalCount" and "rampTo": a phase has a number of arrivals or a rate | keep one of them'],
    ['a pause with arrivals', withConfig('target: demo\nphases: [{pause: 1, arrivalRate: 3}]'), 'MISPLACED_KEY test.yaml:3:23 "arrivalRate" does not belong in "config.phases[0]": in a pause nobody arrives | remove it'],
    ['phases of one name', withConfig('target: demo\nphases: [{name: a, duration: 1, arrivalRate: 1}, {name: a, pause: 1}]'), 'DUPLICATE_NAME test.yaml:3:52 two phases are named "a" | give each a name of its own'],
    ['no phases', withConfig('target: demo'), 'NO_LOAD test.yaml:2:3 "config" does not say who arrives: it has no "phases" | add phases, like [{duration: 60, arrivalRate: 10}]'],
    ['an empty list of phases', withConfig('target: demo\nphases: []'), 'NO_LOAD test.yaml:3:11 "config.phases" has no phase | add one, like {duration: 60, arrivalRate: 10}'],
    ['nobody who arrives', withConfig('target: demo\nphases: [{pause: 3}]'), 'NO_LOAD test.yaml:3:11 no phase of "config.phases" lets anyone arrive | give one of them an arrivalRate or arrivalCount'],
    ['no scenarios', `config: {target: demo, phases: [{duration: 1, arrivalRate: 1}]}\nscenarios: []`, 'NO_SCENARIOS test.yaml:2:12 test.yaml has no scenarios | add one under "scenarios", with a "flow" of requests'],
    ['an empty flow', `config: {target: demo, phases: [{duration: 1, arrivalRate: 1}]}\nscenarios: [{name: a, flow: []}]`, 'EMPTY_FLOW test.yaml:2:29 the flow "a" has no steps | add one, like {get: {url: /}}'],
    ['scenarios of one name', `config: {target: demo, phases: [{duration: 1, arrivalRate: 1}]}\nscenarios: [{name: a, flow: [{get: {url: /}}]}, {name: a, flow: [{get: {url: /}}]}]`, 'DUPLICATE_NAME test.yaml:2:56 two scenarios are named "a" | give each a name of its own'],
    ['a negative weight', `config: {target: demo, phases: [{duration: 1, arrivalRate: 1}]}\nscenarios: [{weight: -1, flow: [{get: {url: /}}]}]`, 'INVALID_VALUE test.yaml:2:22 "scenarios[0].weight" must be a number from 0 to 1000000000, but it is -1 | correct the value'],
    ['weights of zero', `config: {target: demo, phases: [{duration: 1, arrivalRate: 1}]}\nscenarios: [{weight: 0, flow: [{get: {url: /}}]}]`, 'INVALID_VALUE test.yaml:2:22 "scenarios[0].weight" must be more than 0 in at least one of the scenarios, but it is 0 | correct the value'],
    ['no target', withConfig('phases: [{duration: 1, arrivalRate: 1}]'), 'NO_TARGET test.yaml:1:1 test.yaml does not say which server to send to | add "config.target" to it or pass --target'],
    ['a target without http', withConfig('target: localhost:3000\nphases: [{duration: 1, arrivalRate: 1}]'), 'INVALID_TARGET test.yaml:2:11 the target "localhost:3000" is not an address | did you mean http://localhost:3000?'],
    ['a target of another scheme', withConfig('target: ftp://localhost\nphases: [{duration: 1, arrivalRate: 1}]'), 'INVALID_TARGET test.yaml:2:11 the target "ftp://localhost" is not http or https | write it like http://localhost:3000'],
    ['a password in the target', withConfig('target: http://me:secret@localhost\nphases: [{duration: 1, arrivalRate: 1}]'), 'INVALID_TARGET test.yaml:2:11 the target "http://…@localhost" has a user name and password | put them into the "auth" of the requests'],
    ['an engine we lack', 'config: {target: demo, phases: [{duration: 1, arrivalRate: 1}]}\nscenarios: [{engine: playwright, testFunction: x}]', 'UNSUPPORTED test.yaml:2:22 the engine "playwright" is not supported yet | only HTTP scenarios run'],
    ['WebSocket', withConfig('target: ws://localhost\nphases: [{duration: 1, arrivalRate: 1}]'), 'UNSUPPORTED test.yaml:2:11 WebSocket is not supported yet | only HTTP scenarios run'],
    ['a plugin we lack', withConfig(`${one}plugins: {apdex: {}}`), 'UNSUPPORTED test.yaml:4:13 the plugin "apdex" is not supported yet | built in are expect, ensure and metrics-by-endpoint'],
    ['a mistyped option of a plugin', withConfig(`${one}plugins: {expect: {expectDefault20: true}}`), 'UNKNOWN_KEY test.yaml:4:22 unknown key "expectDefault20" in "config.plugins.expect" | did you mean "expectDefault200"?'],
    ['an unknown metric', withConfig(`${one}ensure: {thresholds: [{http.response_tme.p95: 3}]}`), 'UNKNOWN_METRIC test.yaml:4:49 unknown metric "http.response_tme" | did you mean "http.response_time"? otherwise declare it under "metrics", like http.response_tme: trend'],
    ['a condition too hard', withConfig(`${one}ensure: {conditions: [{expression: p95 < 3 or p99 < 4}]}`), 'UNSUPPORTED test.yaml:4:38 the condition "p95 < 3 or p99 < 4" is not supported yet | compare one metric with one number, and join comparisons with "and": http.response_time.p95 < 250 and http.request_rate > 100'],
    ['a metric declared as another kind', withConfig(`${one}metrics: {error_rate: trend}`), 'INVALID_VALUE test.yaml:4:25 "config.metrics.error_rate" must be rate, because "error_rate" is a name of the built-in metric http.failed, but it is the text "trend" | correct the kind or choose another name'],
    ['a rate that is a template', withConfig('target: demo\nphases: [{duration: 1, arrivalRate: "{{ rate }}"}]'), 'INVALID_VALUE test.yaml:3:39 "config.phases[0].arrivalRate" is needed before any user starts, but it is the text "{{ rate }}" | write it out, set the environment variable it names, or pass it with --overrides'],
    ['half a client certificate', withConfig(`${one}tls: {certFile: a.pem}`), 'INVALID_VALUE test.yaml:4:8 "config.tls.keyFile" is missing: a client certificate needs its key | add it'],
  ])('%s', async (_what, text, expected) => {
    expect(await refusal(read(text))).toBe(expected)
  })

  test('an unknown environment', async () => {
    expect(await refusal(readFixture('artillery-shop.yaml', { environment: 'stagin' }))).toBe('UNKNOWN_ENVIRONMENT artillery-shop.yaml:3:3 unknown environment "stagin" | did you mean "staging"?')
    expect(await refusal(read(withFlow('- get: {url: /}'), { environment: 'x' }))).toBe('UNKNOWN_ENVIRONMENT test.yaml:1:1 unknown environment "x" | there is no environment in this file')
  })
})
