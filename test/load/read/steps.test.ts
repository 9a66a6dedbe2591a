import { describe, expect, test } from 'vitest'
import type { RequestStep, Step } from '../../../src/model/plan.ts'
import { read, refusal, withFlow } from './reading.ts'

const stepsOf = async (flow: string, config = ''): Promise<readonly Step[]> => (await read(withFlow(flow, config))).flows[0]?.steps ?? []

describe('a step', () => {
  test.each<[string, object]>([
    ['- get: {url: /a?b=1}', { kind: 'request', name: 'GET /a', method: 'GET', url: '/a?b=1', body: { kind: 'none' }, where: { file: 'test.yaml', line: 4, column: 9 } }],
    ['- get: {url: "http://localhost:1/x/y#z"}', { name: 'GET /x/y', url: 'http://localhost:1/x/y#z' }],
    ['- post: {url: /a, name: sign in, json: {a: [1, null, "{{ b }}"]}}', { name: 'sign in', method: 'POST', body: { kind: 'json', value: { a: [1, null, '{{ b }}'] } } }],
    ['- put: {url: /a, form: {a: 1}}', { method: 'PUT', body: { kind: 'form', fields: { a: 1 } } }],
    ['- patch: {url: /a, body: text}', { method: 'PATCH', body: { kind: 'text', text: 'text' } }],
    ['- delete: {url: /a, qs: {q: 1}}', { method: 'DELETE', query: { q: 1 } }],
    ['- head: {url: /a, timeout: 3}', { method: 'HEAD', timeoutMs: 3_000 }],
    ['- options: {url: /a, followRedirect: false, ifTrue: a == 1, tags: {kind: x}}', { method: 'OPTIONS', followRedirects: false, ifTrue: 'a == 1', tags: { kind: 'x' } }],
    ['- get: {url: /a, gzip: true, cookie: {sid: 5}, auth: {user: u, pass: p}}', { headers: { 'accept-encoding': 'gzip' }, cookies: { sid: '5' }, auth: { user: 'u', pass: 'p' } }],
    ['- get: {url: /a, metric: auth_service_time}', { metric: 'service.auth.duration' }],
    ['- think: 2', { kind: 'think', ms: 2_000 }],
    ['- think: 500ms', { ms: 500 }],
    ['- think: "{{ pause }}"', { ms: '{{ pause }}' }],
    ['- think: {min: 1, max: 1500ms}', { ms: 1_000, toMs: 1_500 }],
    ['- {think: 2, jitter: 25%}', { ms: 1_500, toMs: 2_500 }],
    ['- {think: 2, jitter: 300}', { ms: 1_700, toMs: 2_300 }],
    ['- {loop: [{think: 1}], count: 3}', { kind: 'loop', count: 3, variable: '$loopCount', steps: [{ kind: 'think' }] }],
    ['- {loop: [{think: 1}], count: 0, loopValue: i}', { count: null, variable: 'i' }],
    ['- {loop: [{think: 1}], count: 3-6}', { count: '3-6' }],
    ['- {loop: [{think: 1}], over: ids}', { count: null, over: 'ids', variable: '$loopElement' }],
    ['- {loop: [{think: 1}], over: [1, a], loopElement: id}', { over: [1, 'a'], variable: 'id' }],
    ['- {loop: [{think: 1}], count: "{{ n }}", whileTrue: done == false}', { count: '{{ n }}', whileTrue: 'done == false' }],
    ['- group: {name: sign in, steps: [{think: 1}]}', { kind: 'group', name: 'sign in', steps: [{ kind: 'think' }] }],
    ['- {log: "hello {{ name }}", ifTrue: debug}', { kind: 'log', text: 'hello {{ name }}', ifTrue: 'debug' }],
    ['- set: {a: 1, b: [x]}', { kind: 'set', variables: { a: 1, b: ['x'] } }],
    ['- metric: {cache_hit_rate: "{{ hit }}"}', { kind: 'metric', name: 'cache.hit_rate', value: '{{ hit }}', where: { line: 4, column: 18 } }],
  ])('%s', async (flow, expected) => {
    expect((await stepsOf(flow))[0]).toMatchObject(expected)
  })

  test('has the defaults of the file, and its own headers win whatever their capitals', async () => {
    const [step] = await stepsOf('- get: {url: /, headers: {X-A: own}}', ', defaults: {headers: {x-a: default, x-b: 1}, cookie: {c: d}, strictCapture: false}')
    expect(step).toMatchObject({ headers: { 'X-A': 'own', 'x-b': '1' }, cookies: { c: 'd' } })
  })

  test('expects 200 where the plugin says so and the request does not', async () => {
    const steps = await stepsOf('- get: {url: /}\n- get: {url: /, expect: {statusCode: 404}}', ', plugins: {expect: {expectDefault200: true}}')
    expect(steps.map((step) => step.kind === 'request' && step.expects.map(({ text }) => text))).toEqual([['status is 200'], ['status is 404']])
  })
})

describe('a capture', () => {
  const first = async (capture: string, config = ''): Promise<unknown> => ((await stepsOf(`- get: {url: /, capture: ${capture}}`, config))[0] as RequestStep).captures[0]
  test.each<[string, object]>([
    ['{json: $.id, as: id}', { from: { kind: 'json', path: '$.id' }, as: 'id', strict: true }],
    ['[{header: X-Id, as: id, strict: false}]', { from: { kind: 'header', name: 'x-id' }, strict: false }],
    ['{regexp: "id=(.+)", group: 1, flags: i, as: id}', { from: { kind: 'regexp', pattern: 'id=(.+)', flags: 'i', group: 1 } }],
    ['{regexp: "(?<id>.+)", group: id, as: id, all: true}', { from: { group: 'id' }, all: true }],
    ['{status: true, as: code}', { from: { kind: 'status' } }],
  ])('%s', async (capture, expected) => {
    expect(await first(capture)).toMatchObject(expected)
  })

  test('is as strict as the file says', async () => {
    expect(await first('{json: $.id, as: id}', ', defaults: {strictCapture: false}')).toMatchObject({ strict: false })
  })
})

describe('an expectation', () => {
  test.each<[string, object]>([
    ['expect: {statusCode: [200, "201"]}', { kind: 'status', codes: [200, 201], text: 'status is 200 or 201' }],
    ['expect: [{notStatusCode: 500}]', { kind: 'notStatus', codes: [500], text: 'status is not 500' }],
    ['expect: {statusCode: [2xx, 301-303, "{{ code }}"]}', { kind: 'status', codes: ['2xx', '301-303', '{{ code }}'], text: 'status is 2xx or 301-303 or {{ code }}' }],
    ['expect: {contentType: json}', { kind: 'contentType', type: 'json', text: 'content type is json' }],
    ['expect: {hasHeader: X-Id}', { kind: 'hasHeader', name: 'x-id', text: 'has the header X-Id' }],
    ['expect: {headerEquals: [X-Id, 5]}', { kind: 'headerEquals', name: 'x-id', value: '5', text: 'the header X-Id is 5' }],
    ['expect: {hasProperty: a.b}', { kind: 'hasProperty', path: 'a.b', present: true, text: 'has the property a.b' }],
    ['expect: {notHasProperty: a}', { kind: 'hasProperty', path: 'a', present: false, text: 'has no property a' }],
    ['expect: {equals: [a, "{{ b }}"]}', { kind: 'equals', values: ['a', '{{ b }}'], negate: false, text: 'a equals {{ b }}' }],
    ['expect: {matchesRegexp: "^ok"}', { kind: 'matchesRegexp', pattern: '^ok', text: 'body matches ^ok' }],
    ['expect: {responseTime: <500ms}', { kind: 'responseTime', maxMs: 500, text: 'response time is under 500 ms' }],
    ['match: {json: $.a, value: 5}', { kind: 'jsonEquals', path: '$.a', value: 5, text: '$.a is 5' }],
    ['match: [{header: X-Id, value: a}]', { kind: 'headerEquals', name: 'x-id', value: 'a' }],
    ['match: {regexp: ok}', { kind: 'matchesRegexp', pattern: 'ok' }],
    ['match: {statusCode: 204}', { kind: 'status', codes: [204] }],
  ])('%s', async (text, expected) => {
    expect(((await stepsOf(`- get: {url: /, ${text}}`))[0] as RequestStep).expects).toMatchObject([expected])
  })
})

describe('mistakes in a flow', () => {
  test.each<[string, string]>([
    ['- gett: {url: /}', 'UNKNOWN_KEY test.yaml:4:9 unknown key "gett" in "scenarios[0].flow[0]" | did you mean "get"?'],
    ['- get: {ulr: /}', 'UNKNOWN_KEY test.yaml:4:15 unknown key "ulr" in "scenarios[0].flow[0].get" | did you mean "url"?'],
    ['- {}', 'INVALID_VALUE test.yaml:4:9 "scenarios[0].flow[0]" must do something (get, post, put, patch, delete, head, options, think, loop, group, log, set, metric), but it is a map | see which keys belong together'],
    ['- {get: {url: /}, think: 1}', 'CONFLICTING_KEYS test.yaml:4:9 "scenarios[0].flow[0]" has "get" and "think": a step does one thing; is a dash missing before the second? | keep one of them'],
    ['- {get: {url: /}, ifTrue: a}', 'MISPLACED_KEY test.yaml:4:25 "ifTrue" does not belong in "scenarios[0].flow[0]": it is beside "get"; a request has its ifTrue inside | remove it'],
    ['- get: {url: ""}', 'INVALID_VALUE test.yaml:4:20 "scenarios[0].flow[0].get.url" must name a path or an address, but it is the text "" | correct the value'],
    ['- get: {url: "ws://localhost"}', 'INVALID_TARGET test.yaml:4:20 the url "ws://localhost" is neither a path nor http(s) | write a path such as /api/health'],
    ['- get: {url: /, json: 1, body: a}', 'CONFLICTING_KEYS test.yaml:4:14 "scenarios[0].flow[0].get" has "json" and "body": a request has one body | keep one of them'],
    ['- get: {url: /, headers: {"a b": c}}', 'INVALID_VALUE test.yaml:4:40 "scenarios[0].flow[0].get.headers.a b" must have a name without spaces and separators, but it is the text "a b" | correct the value'],
    ['- get: {url: /, headers: {a: "b\\r\\nc: d"}}', 'INVALID_VALUE test.yaml:4:36 "scenarios[0].flow[0].get.headers.a" must be one line, but it is the text "b c: d" | correct the value'],
    ['- get: {url: /, headers: {A: b, a: c}}', 'CONFLICTING_KEYS test.yaml:4:32 "scenarios[0].flow[0].get.headers" has "A" and "a": they are the same header | keep one of them'],
    ['- get: {url: /, capture: {as: a}}', 'INVALID_VALUE test.yaml:4:32 "scenarios[0].flow[0].get.capture.json" is missing: a capture takes its value by json, header, regexp or status | add it'],
    ['- get: {url: /, capture: {json: $, header: b, as: a}}', 'CONFLICTING_KEYS test.yaml:4:32 "scenarios[0].flow[0].get.capture" has "json" and "header": a capture takes one value | keep one of them'],
    ['- get: {url: /, expect: {}}', 'INVALID_VALUE test.yaml:4:31 "scenarios[0].flow[0].get.expect" must expect something, but it is a map | known: statusCode, notStatusCode, contentType, hasHeader, headerEquals, hasProperty, notHasProperty, equals, matchesRegexp, responseTime'],
    ['- get: {url: /, expect: {statusCode: 99}}', 'INVALID_VALUE test.yaml:4:44 "scenarios[0].flow[0].get.expect.statusCode" must be a status code from 100 to 599, or several such as 2xx or 200-204, but it is 99 | correct the value'],
    ['- get: {url: /, metric: db_tme}', 'UNKNOWN_METRIC test.yaml:4:31 unknown metric "db_tme" | declare it under "metrics", like db_tme: trend'],
    ['- metric: {http_reqs: 1}', 'INVALID_VALUE test.yaml:4:29 "scenarios[0].flow[0].metric.http_reqs" must not be set, because http.requests is measured, but it is 1 | declare a metric of another name under "metrics"'],
    ['- {loop: [], count: 1}', 'EMPTY_FLOW test.yaml:4:16 a loop has no steps | add one or remove the loop'],
    ['- {loop: [{think: 1}], whileTrue: myFunction}', 'UNSUPPORTED test.yaml:4:41 the function "myFunction" as "whileTrue" is not supported yet | write a condition, like: done == false'],
    ['- {loop: [{think: 1}], over: a, loopValue: i}', 'UNSUPPORTED test.yaml:4:39 "loopValue" in a loop over a list is not supported yet | name the element with "loopElement"'],
    ['- {loop: [{think: 1}], count: often}', 'INVALID_VALUE test.yaml:4:37 "scenarios[0].flow[0].count" must be a number from -1 to 1000000000, but it is the text "often" | correct the value'],
    ['- think: soon', 'INVALID_VALUE test.yaml:4:16 "scenarios[0].flow[0].think" must be a duration, but it is the text "soon" | write it like 30s, 5m or 1h30m'],
    ['- think: {min: 3, max: 1}', 'INVALID_VALUE test.yaml:4:30 "scenarios[0].flow[0].think.max" must be at least "min", but it is 1 | correct the value'],
  ])('%s', async (flow, expected) => {
    expect(await refusal(read(withFlow(flow)))).toBe(expected)
  })

  test('a regular expression that does not compile', async () => {
    expect(await refusal(read(withFlow('- get: {url: /, capture: {regexp: "(", as: a}}')))).toMatch(/^INVALID_VALUE test\.yaml:4:41 ".*\.regexp" must be a regular expression, but it is the text "\("/)
  })
})
