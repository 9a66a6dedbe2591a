import { describe, expect, test } from 'vitest'
import { read, readFixture, refusal } from './reading.ts'

const scenario = (text: string): string => `target: demo\nscenarios:\n  main: {${text}}\nflows:\n  default: [{get: {url: /a}}]\n  other: [{get: {url: /b}}]\n`

describe("k6's options", () => {
  test('are read as they are; without flows everyone sends GET', async () => {
    const plan = await readFixture('k6-ramps.yaml', { target: 'http://localhost:3000' })
    expect(plan).toMatchObject({
      dialect: 'k6',
      target: 'http://localhost:3000',
      workloads: [
        {
          model: 'closed', name: 'load_test', startMs: 0, gracefulStopMs: 30_000, gracefulRampDownMs: 10_000, tags: { test_type: 'load' },
          stages: [{ name: 'load_test 1', durationMs: 300_000, from: 0, to: 100 }, { durationMs: 600_000, from: 100, to: 100 }, { durationMs: 300_000, from: 100, to: 0 }],
        },
        { name: 'spike_test', startMs: 1_260_000, gracefulRampDownMs: 30_000, tags: { test_type: 'spike' } },
      ],
      flows: [{ name: 'default', steps: [{ method: 'GET', url: '/' }] }],
      settings: { timeoutMs: 60_000 },
      notes: ['the file has no flows: every user sends GET to the target', 'the option "ext" of k6 changes nothing here and is read over'],
    })
    expect(plan.thresholds.map(({ metric, threshold }) => `${metric} ${threshold.text}`)).toEqual([
      'http.duration p(50)<300', 'http.duration p(95)<1000', 'http.duration p(99)<2000', 'http.failed rate<0.05', 'http.failed rate<0.05', 'http.requests rate>100', 'http.duration p(95)<1000', 'db.connection.duration p(95)<100',
    ])
  })

  test('are read from under "options" too, and places stay true', async () => {
    const plan = await readFixture('k6-rates.json')
    expect(plan.workloads).toMatchObject([
      { model: 'open', segments: [{ name: 'database_load', durationMs: 600_000, from: 50, to: 50, maxUsers: 200 }] },
      { model: 'open', startMs: 660_000, segments: [{ from: 50 / 60, to: 100 / 60, maxUsers: 500 }, { from: 100 / 60, to: 0 }] },
    ])
    expect(plan.flows[0]?.steps[0]).toMatchObject({ metric: 'db.query.duration' })
    expect(plan.thresholds[1]).toMatchObject({ metric: 'db.pool.utilization', where: { line: 17, column: 42 } })
  })

  test.each<[string, object]>([
    ['executor: constant-vus, vus: 5, duration: 1h30m', { model: 'closed', stages: [{ name: 'main', durationMs: 5_400_000, from: 5, to: 5 }], flows: [{ flow: 0, weight: 1 }] }],
    ['executor: constant-vus, duration: 2500, exec: other', { stages: [{ durationMs: 2_500, from: 1, to: 1 }], flows: [{ flow: 1, weight: 1 }] }],
    ['executor: ramping-vus, stages: [{duration: 1s, target: 3}]', { stages: [{ name: 'main', from: 1, to: 3 }] }],
    ['executor: shared-iterations, vus: 2, iterations: 10', { model: 'iterations', users: 2, iterations: 10, shared: true, maxDurationMs: 600_000, phase: 'main' }],
    ['executor: per-vu-iterations, vus: 2, iterations: 10, maxDuration: 5s, gracefulStop: 0s', { shared: false, maxDurationMs: 5_000, gracefulStopMs: 0 }],
    ['executor: constant-arrival-rate, rate: 30, timeUnit: 1m, duration: 5s, preAllocatedVUs: 7', { segments: [{ from: 0.5, to: 0.5, maxUsers: 7 }] }],
  ])('mean by {%s} what k6 means', async (text, expected) => {
    expect((await read(scenario(text))).workloads[0]).toMatchObject(expected)
  })

  test.each<[string, object]>([
    ['vus: 10\nduration: 30s', { model: 'closed', stages: [{ durationMs: 30_000, from: 10, to: 10 }] }],
    ['stages: [{duration: 1m, target: 10}, {duration: 1m, target: 0}]', { model: 'closed', stages: [{ from: 1, to: 10 }, { from: 10, to: 0 }] }],
    ['vus: 2\niterations: 6', { model: 'iterations', users: 2, iterations: 6, shared: true }],
  ])('may be the shorthand %j', async (text, expected) => {
    expect((await read(`target: demo\n${text}`)).workloads[0]).toMatchObject({ name: 'default', ...expected })
  })

  test('set what holds for all requests', async () => {
    const plan = await read('target: demo\nvus: 1\nduration: 1s\nuserAgent: probe\nnoConnectionReuse: true\ninsecureSkipTLSVerify: true\nmaxRedirects: 0\ndiscardResponseBodies: true\ntags: {team: web}')
    expect(plan).toMatchObject({ settings: { keepAlive: false, tls: { insecure: true }, followRedirects: false, maxRedirects: 0 }, flows: [{ steps: [{ headers: { 'user-agent': 'probe' } }] }], workloads: [{ tags: { team: 'web' } }] })
    expect(plan.notes[1]).toContain('discardResponseBodies')
  })

  test('give a scenario with an "env" a flow that sets it', async () => {
    const plan = await read(scenario('executor: constant-vus, duration: 1s, env: {SIZE: 3}'))
    expect(plan.workloads[0]?.flows).toEqual([{ flow: 2, weight: 1 }])
    expect(plan.flows[2]).toMatchObject({ name: 'default (main)', steps: [{ kind: 'set', variables: { SIZE: '3' } }, { kind: 'request', url: '/a' }] })
  })

  test('carry abort conditions and tags of thresholds', async () => {
    const { thresholds } = await read('target: demo\nvus: 1\nduration: 1s\nmetrics: {login_time: trend}\nthresholds:\n  login_time{scenario:main}:\n    - {threshold: p(90)<0.3s, abortOnFail: true, delayAbortEval: 10s}')
    expect(thresholds).toEqual([{
      metric: 'login_time', tags: { scenario: 'main' }, threshold: { statistic: { kind: 'p', percent: 90 }, operator: '<', limit: 300, text: 'p(90)<0.3s' },
      abortOnFail: true, delayAbortEvalMs: 10_000, strict: true, where: { file: 'test.yaml', line: 7, column: 7 },
    }])
  })
})

describe("mistakes in k6's options", () => {
  test.each<[string, string, string]>([
    ['an unknown executor', scenario('executor: constant-vu, duration: 1s'), 'UNKNOWN_EXECUTOR test.yaml:3:20 unknown executor "constant-vu" | did you mean "constant-vus"?'],
    ['an executor we lack', scenario('executor: externally-controlled, vus: 1, duration: 1s'), 'UNSUPPORTED test.yaml:3:20 the executor "externally-controlled" is not supported yet | use ramping-vus with stages'],
    ['a key of another executor', scenario('executor: constant-vus, duration: 1s, rate: 4'), 'MISPLACED_KEY test.yaml:3:48 "rate" does not belong in "scenarios.main": the executor constant-vus takes vus, duration | remove it'],
    ['a key the executor needs', scenario('executor: constant-arrival-rate, rate: 4, duration: 1s'), 'INVALID_VALUE test.yaml:3:9 "scenarios.main.preAllocatedVUs" is missing: the executor constant-arrival-rate needs it | add it'],
    ['an unknown flow', scenario('executor: constant-vus, duration: 1s, exec: othr'), 'UNKNOWN_FLOW test.yaml:3:54 unknown flow "othr" | did you mean "other"?'],
    ['no users', scenario('executor: constant-vus, vus: 0, duration: 1s'), 'INVALID_VALUE test.yaml:3:39 "scenarios.main.vus" must be a number from 1 to 1000000, but it is 0 | correct the value'],
    ['half a user', scenario('executor: constant-vus, vus: 1.5, duration: 1s'), 'INVALID_VALUE test.yaml:3:39 "scenarios.main.vus" must be a whole number, but it is 1.5 | correct the value'],
    ['stages that never leave 0', scenario('executor: ramping-vus, startVUs: 0, stages: [{duration: 1s, target: 0}]'), 'NO_LOAD test.yaml:3:54 "scenarios.main.stages" never leaves 0 | give a stage a target of more than 0'],
    ['fewer iterations than users', scenario('executor: shared-iterations, vus: 5, iterations: 4'), 'INVALID_VALUE test.yaml:3:59 "scenarios.main.iterations" must be at least "vus" (5), but it is 4 | give every user something to do'],
    ['a cap below the users it starts with', scenario('executor: constant-arrival-rate, rate: 1, duration: 1s, preAllocatedVUs: 5, maxVUs: 4'), 'INVALID_VALUE test.yaml:3:94 "scenarios.main.maxVUs" must be at least "preAllocatedVUs" (5), but it is 4 | correct the value'],
    ['scenarios and a shorthand', `${scenario('executor: constant-vus, duration: 1s')}vus: 3`, 'CONFLICTING_KEYS test.yaml:1:1 test.yaml has "scenarios" and "vus": a test has scenarios or the shorthand of one | keep one of them'],
    ['no load', 'target: demo\nflows: {default: [{get: {url: /}}]}', 'NO_LOAD test.yaml:1:1 test.yaml does not say who arrives | add scenarios, stages, or vus with a duration'],
    ['an empty flow', 'target: demo\nvus: 1\nduration: 1s\nflows: {default: []}', 'EMPTY_FLOW test.yaml:4:18 the flow "default" has no steps | add one, like {get: {url: /}}'],
    ['a key at both levels', 'options: {vus: 1}\nvus: 3', 'CONFLICTING_KEYS test.yaml:1:1 test.yaml has "vus" and "options.vus": they are the same | keep one of them'],
    ['a mistyped option', 'target: demo\noptions:\n  vus: 1\n  duration: 1s\n  treshold: {}', 'UNKNOWN_KEY test.yaml:5:3 unknown key "treshold" in a k6 scenario | did you mean "thresholds"?'],
    ['an unknown metric', 'target: demo\nvus: 1\nduration: 1s\nthresholds: {http_req_durration: p(95)<3}', 'UNKNOWN_METRIC test.yaml:4:14 unknown metric "http_req_durration" | did you mean "http_req_duration"? otherwise declare it under "metrics", like http_req_durration: trend'],
    ['a wrong operator', 'target: demo\nvus: 1\nduration: 1s\nthresholds: {http_reqs: rate=>3}', 'INVALID_THRESHOLD test.yaml:4:25 the threshold "rate=>3" cannot be read: "=>" is not an operator (<, <=, >, >=, ==, ===, !=) | write it like p(95)<500 or rate<0.01'],
    ['a statistic the metric lacks', 'target: demo\nvus: 1\nduration: 1s\nthresholds: {http_req_failed: p(95)<3}', 'INVALID_THRESHOLD test.yaml:4:31 the threshold "p(95)<3" cannot be judged: http.failed is a rate and has no "p(95)" | a rate has: rate'],
    ['a unit the metric lacks', 'target: demo\nvus: 1\nduration: 1s\nthresholds: {db_connection_pool_utilization: avg<80%}', 'INVALID_THRESHOLD test.yaml:4:46 the threshold "avg<80%" cannot be judged: "%" is not a unit of db.pool.utilization | leave the unit out or correct it'],
  ])('%s', async (_what, text, expected) => {
    expect(await refusal(read(text))).toBe(expected)
  })

  test("flags for another dialect's files", async () => {
    expect(await refusal(read('target: demo\nvus: 1\nduration: 1s', { environment: 'ci' }))).toBe('MISUSED_FLAG nowhere --environment does not fit this scenario: only an Artillery scenario has a "config" | leave it out')
  })
})
