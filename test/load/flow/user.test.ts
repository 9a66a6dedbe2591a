import { describe, expect, it } from 'vitest'
import type { Step } from '../../../src/model/plan.ts'
import { capture, fakeWorld, get, loop, paths, planOf, runUser, type FakeReply, type Sent } from './fake-world.ts'

const slow: FakeReply = { ms: 100 }

describe('a virtual user', () => {
  it('sends its first request due when it should have arrived, and each later one when the one before ended', () => {
    const fake = fakeWorld(planOf([get('/a'), get('/b')]))
    fake.pass(50)
    fake.user.start(fake.program, 40)
    fake.pass()
    expect(fake.told).toEqual(['GET /a due 40 end 60: 200', 'GET /b due 60 end 70: 200'])
    expect(fake.ended).toEqual([{ at: 70, outcome: 'completed' }])
  })

  it('logs in and uses the token', () => {
    const steps: Step[] = [get('/login', { method: 'POST', captures: [capture('$.token', 'token')] }), get('/me', { headers: { Authorization: 'Bearer {{ token }}' } })]
    expect(runUser(steps, () => ({ body: '{"token": "t-1"}' })).sent[1]?.text).toContain('\r\nAuthorization: Bearer t-1\r\n')
  })

  it('thinks for as long as it is told, counted from the end of the step before', () => {
    const fake = runUser([{ kind: 'think', ms: 500 }, get('/a'), { kind: 'think', ms: '{{ pause }}' }, get('/b'), { kind: 'think', ms: '250ms' }, get('/c')], () => ({}), { variables: { pause: 2 } })
    expect(fake.told).toEqual(['GET /a due 500 end 510: 200', 'GET /b due 2510 end 2520: 200', 'GET /c due 2770 end 2780: 200'])
  })

  it('never takes less than no time, although timers ring early', () => {
    const fake = fakeWorld(planOf([{ kind: 'think', ms: 500 }, get('/a')]), () => ({ ms: 0.25 }))
    const punctual = { ...fake.world }
    Object.assign(fake.world, { later: (ms: number, then: () => void) => punctual.later(ms - 0.5, then) })
    fake.user.start(fake.program, 0)
    fake.pass()
    expect(fake.told).toEqual(['GET /a due 499.5 end 499.75: 200'])
  })

  it('thinks for a time between two limits', () => {
    const { sent } = runUser([loop([get('/a'), { kind: 'think', ms: 100, toMs: 200 }], { count: 50 })])
    const gaps = sent.slice(1).map(({ at }, index) => at - (sent[index]?.at ?? 0) - 10)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(200)
    expect(new Set(gaps).size).toBeGreaterThan(25)
  })

  it('goes on at once, and says so, when the time to think is none', () => {
    expect(runUser([{ kind: 'think', ms: '{{ nobody }}' }, get('/a')]).told).toEqual(['missing nobody', 'note a think step has no duration', 'GET /a due 0 end 10: 200'])
  })

  it('skips what its condition excludes', () => {
    const steps: Step[] = [{ kind: 'set', variables: { role: 'user', n: '{{ $randomInt(4, 4) }}' } }, get('/admin', { ifTrue: 'role == \'admin\'' }), get('/{{ n }}', { ifTrue: 'n == 4' }), { kind: 'set', variables: { n: 5 }, ifTrue: 'n > 9' }, { kind: 'log', text: 'n is {{ n }}\n\u001b[31m', ifTrue: 'n' }]
    const fake = runUser(steps)
    expect(paths(fake)).toEqual(['/4'])
    expect(fake.told).toContain('log n is 4 \ufffd[31m')
  })

  it('feeds metrics from steps and from requests', () => {
    const where = { file: 'a', line: 1, column: 1 }
    const steps: Step[] = [
      get('/a', { metric: 'login_time', captures: [capture('$.ms', 'ms')] }), { kind: 'metric', name: 'db', value: '{{ ms }}', where }, { kind: 'metric', name: 'fixed', value: 2, where },
      { kind: 'metric', name: 'odd', value: '{{ nobody }}', where }, get('/b', { metric: 'lost' }),
    ]
    const { told } = runUser(steps, (_, count) => (count === 0 ? { body: '{"ms": "12.5"}', ms: 30 } : { error: 'reset' }))
    expect(told.filter((line) => /^(metric|note)/.test(line))).toEqual(['metric login_time: 30', 'metric db: 12.5', 'metric fixed: 2', 'note metric odd was given a value that is no number'])
  })

  it('puts the names of groups into the tags', () => {
    const { program } = fakeWorld(planOf([{ kind: 'group', name: 'shop', steps: [get('/a', { tags: { team: 'x' } }), { kind: 'group', name: 'cart', steps: [get('/b')] }] }, get('/c')]))
    expect(program.requests.map(({ id, tags }) => [id, tags])).toEqual([[0, { team: 'x', group: 'shop' }], [1, { group: 'shop::cart' }], [2, {}]])
  })

  it('fails without sending when a variable would break the request', () => {
    const fake = runUser([get('/a', { captures: [capture('$.evil', 'evil')] }), get('/b', { headers: { 'X-A': '{{ evil }}' } }), get('/c')], () => ({ body: '{"evil": "x\\r\\nY: 1"}' }))
    expect(fake.sent).toHaveLength(1)
    expect(fake.told).toContain('GET /b due 10: unsent (invalid header value: X-A)')
    expect(fake.ended).toEqual([{ at: 10, outcome: 'failed' }])
  })

  it('is not moved by a capture named __proto__', () => {
    const hostile = (): FakeReply => ({ body: '{"__proto__": {"polluted": 1}, "a": {"__proto__": {"polluted": 1}}}' })
    const steps: Step[] = [get('/a', { captures: [capture('$.__proto__', '__proto__'), capture('$.a', 'constructor')] }), get('/{{ __proto__.polluted }}/{{ nobody.polluted }}/{{ constructor.polluted }}')]
    const fake = runUser(steps, hostile, { payloads: [{ fields: ['__proto__', 'x'], rows: [['a', 'b']], order: 'random', source: 'p.csv' }] })
    expect(paths(fake)).toEqual(['/a', '/1//'])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('can be used again, and knows nothing of the flow before', () => {
    const fake = fakeWorld(planOf([get('/{{ token }}', { captures: [capture('$.token', 'token')] })]), () => ({ body: '{"token": "t"}', headers: { 'set-cookie': 's=1' } }))
    for (let round = 0; round < 2; round++) {
      fake.user.start(fake.program, fake.now())
      fake.pass()
    }
    expect(fake.ended).toHaveLength(2)
    expect(fake.sent[1]?.text).toBe(fake.sent[0]?.text)
  })

  it('cannot be started twice at a time', () => {
    const fake = fakeWorld(planOf([get('/a')]))
    fake.user.start(fake.program, 0)
    expect(() => fake.user.start(fake.program, 0)).toThrow('under way')
  })

  it('never ends before its start has returned', () => {
    const fake = fakeWorld(planOf([{ kind: 'set', variables: { a: 1 } }]))
    fake.user.start(fake.program, 0)
    expect(fake.ended).toEqual([])
    fake.pass()
    expect(fake.ended).toEqual([{ at: 0, outcome: 'completed' }])
  })
})

describe('a user that is broken off', () => {
  it('ends at once, and the answer it waited for is nobody\'s', () => {
    const fake = fakeWorld(planOf([get('/a'), get('/b')]), () => slow)
    fake.user.start(fake.program, 0)
    fake.pass(50)
    fake.user.breakOff()
    fake.user.breakOff()
    expect(fake.ended).toEqual([{ at: 50, outcome: 'broken-off' }])
    fake.user.start(fake.program, 50)
    fake.pass()
    expect(fake.told).toEqual(['GET /a due 50 end 150: 200', 'GET /b due 150 end 250: 200'])
    expect(fake.ended).toHaveLength(2)
  })

  it('while it thinks does not wake up', () => {
    const fake = fakeWorld(planOf([{ kind: 'think', ms: 1_000 }, get('/a')]))
    fake.user.start(fake.program, 0)
    fake.pass(10)
    fake.user.breakOff()
    fake.pass()
    expect(fake.sent).toEqual([])
    expect(fake.ended).toEqual([{ at: 10, outcome: 'broken-off' }])
  })

  it('by the client that closes has not failed', () => {
    const fake = runUser([get('/a')], () => ({ error: 'aborted' }))
    expect(fake.told).toEqual([])
    expect(fake.ended).toEqual([{ at: 10, outcome: 'broken-off' }])
  })
})

describe('cookies', () => {
  const cookieOf = ({ text }: Sent): string | undefined => /\r\nCookie: (.*)\r\n/.exec(text)?.[1]

  it('are kept for the user, sent where they belong, and dropped when they are taken back', () => {
    const lines: (string | string[])[] = [['a=1; Path=/; HttpOnly', 'b=2; Path=/shop'], [], 'a=; Max-Age=0; Path=/', [], []]
    const { sent } = runUser(['/x', '/shop/1', '/x', '/x', 'http://other.test/'].map((url) => get(url)), (_, count) => ({ headers: { 'set-cookie': lines[count] ?? [] } }))
    expect(sent.map(cookieOf)).toEqual([undefined, 'b=2; a=1', 'a=1', undefined, undefined])
  })

  it('of a constant request go in front of its bytes\' end, and the bytes are not changed for the next user', () => {
    const fake = fakeWorld(planOf([get('/a'), get('/a')]), () => ({ headers: { 'set-cookie': 's=1' } }))
    for (let round = 0; round < 2; round++) {
      fake.user.start(fake.program, fake.now())
      fake.pass()
    }
    expect(fake.sent.map(cookieOf)).toEqual([undefined, 's=1', undefined, 's=1'])
  })

  it('on localhost and under an address are cookies too; secure ones are for https', () => {
    for (const target of ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000', 'http://api:80']) {
      const { sent } = runUser([get('/a'), get('/b')], () => ({ headers: { 'set-cookie': ['s=1', 't=2; Secure'] } }), { target })
      expect(sent[1] && cookieOf(sent[1])?.split('; ').includes('s=1'), target).toBe(true)
    }
  })

  it('that are nonsense are none', () => {
    const { sent, ended } = runUser([get('/a'), get('/b')], () => ({ headers: { 'set-cookie': ['', ';;;', '=', 'x=\u0001', 'ok=1; Domain=elsewhere.test', 'y=1\u010d\u010aX: 1', 'z=\x7f', 'good=1'] } }))
    expect(sent[1]?.text).toMatch(/Cookie: .*good=1\r\n/)
    expect(sent[1]?.text).not.toContain('\x7f')
    expect(sent[1]?.text.split('\r\n').filter((line) => line.startsWith('X: '))).toEqual([])
    expect(ended).toEqual([{ at: 20, outcome: 'completed' }])
  })
})

describe('redirects', () => {
  const to = (location: string, status = 302, more: Record<string, string> = {}): FakeReply => ({ status, headers: { location, ...more } })
  const post = get('/start', { method: 'POST', headers: { Authorization: 'Bearer t', 'X-A': '1' }, cookies: { own: '1' }, body: { kind: 'json', value: { a: '{{ $uuid }}' } } })

  it('are followed, each hop recorded under the name and due when the one before ended', () => {
    const fake = runUser([get('/start', { metric: 'm', captures: [capture('$.ok', 'ok')] }), get('/{{ ok }}')], (_, count) => (count === 0 ? to('/b?x=ä') : count === 1 ? to('http://api.test/c/', 308) : { body: '{"ok": "yes"}' }))
    expect(paths(fake)).toEqual(['/start', '/b?x=%C3%A4', '/c/', '/yes'])
    expect(fake.told).toEqual(['GET /start due 0 end 10: 302', 'GET /start due 10 end 20: 308', 'GET /start due 20 end 30: 200', 'metric m: 30', 'GET /{{ ok }} due 30 end 40: 200'])
  })

  it.each([301, 302, 303])('of a POST by %i go on as a GET without its body', (status) => {
    const text = runUser([post], (_, count) => (count === 0 ? to('/next', status) : {})).sent[1]?.text ?? ''
    expect(text).toBe('GET /next HTTP/1.1\r\nHost: api.test\r\nAuthorization: Bearer t\r\nX-A: 1\r\nUser-Agent: medianest-perf\r\nAccept: */*\r\nCookie: own=1\r\n\r\n')
  })

  it.each([307, 308])('of a POST by %i repeat it, byte for byte', (status) => {
    const [first, second] = runUser([post], (_, count) => (count === 0 ? to('/next', status) : {})).sent
    expect(second?.text).toBe(first?.text.replace('/start', '/next'))
    expect(second?.options).toEqual(first?.options)
  })

  it('of a HEAD stay one', () => {
    const { sent } = runUser([get('/a', { method: 'HEAD' })], (_, count) => (count === 0 ? to('/b', 303) : {}))
    expect(sent.map(({ text, options }) => [text.slice(0, 4), options.head])).toEqual([['HEAD', true], ['HEAD', true]])
  })

  it('carry neither credentials nor cookies to another origin', () => {
    for (const elsewhere of ['http://other.test/x', 'https://api.test/x', 'http://api.test:8080/x', '//other.test/x']) {
      const { sent } = runUser([post], (_, count) => (count === 0 ? to(elsewhere, 307, { 'set-cookie': 's=1; Secure' }) : {}))
      expect(sent[1]?.text, elsewhere).not.toMatch(/Authorization|own=/)
      expect(sent[1]?.text).toContain('X-A: 1')
    }
  })

  it('take the cookies they set along', () => {
    const { sent } = runUser([get('/a')], (_, count) => (count === 0 ? to('/b', 302, { 'set-cookie': 's=1' }) : {}))
    expect(sent[1]?.text).toContain('\r\nCookie: s=1\r\n')
  })

  it('end with the user when there are too many, or they lead nowhere', () => {
    const round = runUser([get('/a'), get('/b')], () => to('/a'))
    expect(round.sent).toHaveLength(4)
    expect(round.told.at(-1)).toBe('GET /a due 30 end 40: failed (too many redirects)')
    expect(round.ended).toEqual([{ at: 40, outcome: 'failed' }])
    for (const location of ['ftp://x/', 'http://', 'javascript:1', 'http://x:99999/']) expect(runUser([get('/a')], () => to(location)).told).toEqual(['GET /a due 0 end 10: failed (invalid redirect)'])
  })

  it('are answers when they are not to be followed, or have no Location', () => {
    expect(runUser([get('/a', { followRedirects: false })], () => to('/b')).told).toEqual(['GET /a due 0 end 10: 302'])
    expect(runUser([get('/a')], () => ({ status: 304 })).told).toEqual(['GET /a due 0 end 10: 304'])
    expect(runUser([get('/a')], () => ({ status: 302 })).told).toEqual(['GET /a due 0 end 10: 302'])
  })

  it('cannot smuggle a line into the next request', () => {
    const { sent } = runUser([get('/a')], (_, count) => (count === 0 ? to('/b\u010d\u010aX: 1\r\nY: 1') : {}))
    expect(sent[1]?.text.split('\r\n').filter((line) => /^[XY]:/.test(line))).toEqual([])
  })
})
