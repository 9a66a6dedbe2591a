import { describe, expect, test } from 'vitest'
import { read, readFixture, refusal } from './reading.ts'

const body = (more: string, scenario = 'target: /x'): string => `{testName: t, target: demo, scenarios: [{${scenario}}], ${more}}`
const load = 'load: {phases: [{duration: 3, arrivalRate: 1}]}'

describe("the API's load test", () => {
  test('is read whole: each scenario is a flow of one request', async () => {
    const plan = await readFixture('api-peak.json')
    expect(plan).toMatchObject({
      name: 'Peak hours',
      dialect: 'api',
      target: 'http://localhost:3000',
      workloads: [{ model: 'open', flows: [{ flow: 0, weight: 70 }, { flow: 1, weight: 30 }], segments: [{ name: 'warm-up', durationMs: 60_000, from: 10, to: 10 }, { name: 'sustained', from: 50 }] }],
      flows: [
        { name: 'search', steps: [{ name: 'GET /api/v1/media/search', query: { query: 'film-{{$randomString}}' }, body: { kind: 'none' } }] },
        { name: 'submit', steps: [{ name: 'POST /api/v1/media/request', method: 'POST', body: { kind: 'json', value: { id: '{{$randomInt}}' } } }] },
      ],
      notes: [],
    })
    expect(plan.thresholds.map(({ metric, threshold }) => `${metric} ${threshold.text}`)).toEqual(['http.duration p(95)<500', 'http.failed rate<0.1', 'http.requests rate>20'])
  })

  test('notes a duration that is not that of its phases', async () => {
    expect((await read(body(`${load}, duration: 5`))).notes).toEqual(['"duration" says 5 s, the phases last 3 s: the phases decide'])
  })

  test.each<[string, string, string]>([
    ['without load', body('duration: 3'), 'INVALID_VALUE test.yaml:1:1 "load" is missing: it must be a map | add it'],
    ['without a target', `{testName: t, scenarios: [{target: /x}], ${load}}`, 'NO_TARGET test.yaml:1:1 test.yaml does not say which server to send to | add "target" to it or pass --target'],
    ['with an unknown method', body(load, 'target: /x, method: PSOT'), 'UNKNOWN_METHOD test.yaml:1:62 unknown method "PSOT" | did you mean "POST"?'],
    ['without scenarios', `{testName: t, target: demo, scenarios: [], ${load}}`, 'NO_SCENARIOS test.yaml:1:40 test.yaml has no scenarios | add one, like {name: search, target: /api/search}'],
    ['with a mistyped key', body(load, 'target: /x, weigth: 3'), 'UNKNOWN_KEY test.yaml:1:54 unknown key "weigth" in "scenarios[0]" | did you mean "weight"?'],
  ])('%s says so', async (_what, text, expected) => {
    expect(await refusal(read(text))).toBe(expected)
  })
})
