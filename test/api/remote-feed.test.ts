import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type Answer, cpuEvent, guarded, hang, hear, json, metricsBody, page, QUICK, START, startInstance, stream } from './instance.ts'
import { readFileSync } from 'node:fs'

const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString()
const metrics = json(metricsBody())

describe('the live stream of an instance', () => {
  it('is waited for while the instance restarts behind a proxy, and not given up for polls', async () => {
    const instance = await startInstance({
      metrics,
      'metrics/real-time': (response, request, nth) => (nth > 1 && nth < 7 ? json({}, 502) : stream((send) => {
        send(cpuEvent(nth, nth, `e${nth}`))
        setTimeout(() => response.destroy(), 20)
      }))(response, request, nth),
    })
    const heard = hear(instance.url, { timings: { ...QUICK, sideMs: 60_000 } })
    await heard.until(() => heard.usages().includes(7))
    expect(instance.asked('metrics')).toBe(1)
  })

  it('becomes snapshots in which the last full answer shows through', async () => {
    const instance = await startInstance({ metrics, 'metrics/real-time': stream((send) => send(cpuEvent(1, 20, 'a') + cpuEvent(2, 30, 'b'))) })
    const heard = hear(instance.url)
    await heard.until(() => heard.snapshots.length === 3)
    expect(heard.usages()).toEqual([10, 20, 30])
    expect(heard.snapshots.map(({ elapsedMs }) => elapsedMs)).toEqual([Number.NaN, 1_000, 1_000])
    expect(heard.snapshots[2]?.samples.get('memory.usage')?.get('')).toBe(0.5)
    expect(heard.facts).toMatchObject([{ host: 'web-01', cores: 8, node: '20.19.0' }])
    expect(heard.states.map(({ kind }) => kind)).toEqual(['connecting', 'live'])
  })

  it('names every request\'s sender, asks with a window and for whole seconds', async () => {
    const instance = await startInstance({ metrics, 'metrics/real-time': stream((send) => send(cpuEvent(1, 20))) })
    const heard = hear(instance.url, { intervalMs: 2_400, token: 'secret' })
    await heard.until(() => heard.snapshots.length === 2)
    const [first, live] = ['metrics', 'metrics/real-time'].map((name) => instance.requests.find(({ endpoint }) => endpoint === name))
    expect(first?.url.searchParams.get('timeWindow')).toBe('5')
    expect(live?.url.searchParams.get('interval')).toBe('2')
    expect(live?.headers).toMatchObject({ accept: 'text/event-stream', authorization: 'Bearer secret', 'user-agent': expect.stringMatching(/^medianest-perf\//) })
  })

  it('drops a figure that was not told again for three intervals', async () => {
    let tell: (text: string) => void = () => undefined
    const instance = await startInstance({
      metrics: json({ data: { metrics: { cpu: { usage: 10 } } } }),
      'metrics/real-time': stream((send) => {
        tell = send
        send(`data: ${JSON.stringify({ type: 'metrics', timestamp: at(1), memory: { usage: 40 } })}\n\n`)
      }),
    })
    const heard = hear(instance.url, { timings: { pollMs: 30, sideMs: 100_000, silenceMs: 2_000 } })
    await heard.until(() => heard.snapshots.length === 2)
    await new Promise((done) => setTimeout(done, 150))
    for (let index = 2; index < 9; index++) {
      tell(cpuEvent(index, 20))
      await new Promise((done) => setTimeout(done, 20))
    }
    await heard.until(() => heard.snapshots.length === 9)
    expect(heard.snapshots[1]?.samples.has('memory.usage')).toBe(true)
    expect(heard.snapshots[8]?.samples.has('memory.usage')).toBe(false)
  })

  it('goes on after the instance died, tells what it heard last, and takes what is sent again only once', async () => {
    const instance = await startInstance({
      metrics,
      'metrics/real-time': stream((send, response, nth) => {
        if (nth === 1) {
          send(cpuEvent(1, 21, 'e1') + cpuEvent(2, 22, 'e2'))
          setTimeout(() => response.destroy(), 30)
        } else send(cpuEvent(1, 21, 'e1') + cpuEvent(2, 22, 'e2') + cpuEvent(3, 23, 'e3') + cpuEvent(4, 24, 'e4'))
      }),
    })
    const heard = hear(instance.url)
    await heard.until(() => heard.snapshots.length === 5)
    expect(heard.usages()).toEqual([10, 21, 22, 23, 24])
    expect(heard.states.map(({ kind }) => kind)).toEqual(['connecting', 'live', 'lost', 'live'])
    expect(heard.states[2]).toMatchObject({ reason: expect.stringContaining('broke off'), retryAt: expect.any(Number) })
    expect(instance.requests.filter(({ endpoint }) => endpoint === 'metrics/real-time').map(({ headers }) => headers['last-event-id'])).toEqual([undefined, 'e2'])
  })

  it('believes an instance whose clock was set back, after a while', async () => {
    const instance = await startInstance({
      metrics: json(metricsBody(1_000)),
      'metrics/real-time': stream((send, response) => {
        let seconds = 0
        const timer = setInterval(() => send(cpuEvent(++seconds, 50)), 20)
        response.on('close', () => clearInterval(timer))
      }),
    })
    const heard = hear(instance.url)
    await heard.until(() => heard.snapshots.length >= 3)
    expect(heard.snapshots[0]?.at).toBe(START + 1_000_000)
    expect(heard.snapshots[2]?.at).toBeLessThan(START + 500_000)
  })

  it('is lost when not a byte comes, and kept alive by comments', async () => {
    const silent = await startInstance({ metrics, 'metrics/real-time': stream((send) => send(cpuEvent(1, 20))) })
    const beating = await startInstance({
      metrics,
      'metrics/real-time': stream((send, response) => {
        send(cpuEvent(1, 20))
        const timer = setInterval(() => send(': still here\n\n'), 50)
        response.on('close', () => clearInterval(timer))
      }),
    })
    const [lost, alive] = [hear(silent.url), hear(beating.url)]
    await lost.until(() => lost.states.some(({ kind }) => kind === 'lost'))
    await alive.until(() => alive.snapshots.length === 2)
    expect(lost.states.at(2)).toMatchObject({ kind: 'lost', reason: expect.stringContaining('nothing was heard') })
    expect(alive.states.map(({ kind }) => kind)).toEqual(['connecting', 'live'])
  })

  it('waits before a reconnect as the instance wishes, within bounds', async () => {
    const begun: number[] = []
    const instance = await startInstance({
      metrics,
      'metrics/real-time': stream((send, response) => {
        begun.push(Date.now())
        send(`retry: ${begun.length === 1 ? 300 : 999_999_999}\n${cpuEvent(begun.length, 20)}`)
        setTimeout(() => response.end(), 10)
      }),
    })
    const heard = hear(instance.url, { timings: { silenceMs: 5_000, backoffMs: 1, backoffMostMs: 400 } })
    await heard.until(() => begun.length === 3)
    expect(Number(begun[1]) - Number(begun[0])).toBeGreaterThanOrEqual(300)
    expect(Number(begun[2]) - Number(begun[1])).toBeLessThan(2_000)
  })

  it('thins a flood and keeps the newest', async () => {
    const sent = 20_000
    const instance = await startInstance({ metrics, 'metrics/real-time': stream((send) => void Array.from({ length: sent / 100 }, (_, block) => send(Array.from({ length: 100 }, (_each, index) => cpuEvent(1 + block * 100 + index, 20)).join('')))) })
    const heard = hear(instance.url, { timings: { silenceMs: 5_000, thinMs: 50 } })
    await heard.until(() => heard.snapshots.at(-1)?.at === START + sent * 1_000)
    expect(heard.snapshots.length).toBeLessThan(1_200)
  })

  it('ends a connection that sends a line without end, and says so', async () => {
    const instance = await startInstance({ metrics, 'metrics/real-time': stream((send) => send(`data: ${'x'.repeat(3_000_000)}`)) })
    const heard = hear(instance.url)
    await heard.until(() => heard.states.some(({ kind }) => kind === 'lost'))
    expect(heard.states.find(({ kind }) => kind === 'lost')).toMatchObject({ reason: 'the instance sent a line of more than 1 MB' })
  })

  it('brings alerts, plain and once', async () => {
    const alert = `id: x\ndata: ${JSON.stringify({ type: 'alert', timestamp: at(1), level: 'warning', message: 'CPU \u001b[31mhigh', value: 85.3 })}\n\n`
    const instance = await startInstance({ metrics, 'metrics/real-time': stream((send) => send(alert + alert + cpuEvent(2, 20))) })
    const heard = hear(instance.url)
    await heard.until(() => heard.snapshots.length === 2)
    expect(heard.alerts).toEqual([{ level: 'warning', metric: '', message: 'CPU \ufffd[31mhigh', value: 85.3, at: START + 1_000 }])
  })

  it('lives through events that are no JSON, no objects, or nonsense', async () => {
    const nonsense = ['{', '[1]', 'null', '"x"', JSON.stringify({ type: 'metrics', cpu: { usage: 'NaN' } }), JSON.stringify({ type: 'metrics', cpu: { usage: -5 }, memory: null }), JSON.stringify({ type: 'alert' })]
    const instance = await startInstance({ metrics, 'metrics/real-time': stream((send) => send(nonsense.map((data) => `data: ${data}\n\n`).join('') + cpuEvent(1, 20))) })
    const heard = hear(instance.url)
    await heard.until(() => heard.snapshots.length === 2)
    expect(heard.usages()).toEqual([10, 20])
    expect(heard.alerts).toEqual([])
  })

  it('carries all samples, processes and facts where the instance speaks our own shape', async () => {
    const own = { type: 'metrics', timestamp: at(1), alerts: [{ level: 'critical', metric: 'load.1', message: 'busy' }], samples: [['disk.utilization', 'sda', 0.25], ['no.such.metric', '', 1]], processes: { at: START, total: 9, rows: [{ pid: 7, name: 'node', command: 'node \u0007x', started: START - 5_000, cpu: 1.5, resident: 10 }] } }
    const facts = { host: 'nas', os: 'Debian 12', cores: 4 }
    const instance = await startInstance({ metrics, 'metrics/real-time': stream((send) => send(`data: ${JSON.stringify(own)}\n\nevent: facts\ndata: ${JSON.stringify(facts)}\n\n`)) })
    const heard = hear(instance.url)
    await heard.until(() => heard.facts.length === 2)
    expect(heard.snapshots[1]?.samples.get('disk.utilization')?.get('sda')).toBe(0.25)
    expect(heard.snapshots[1]?.alerts).toEqual([{ level: 'critical', metric: 'load.1', message: 'busy' }])
    expect(heard.snapshots[1]?.processes).toMatchObject({ total: 9, rows: [{ program: { pid: 7, command: 'node \ufffdx' }, cpu: 1.5, readRate: Number.NaN }] })
    expect(heard.facts[1]).toMatchObject({ host: 'nas', os: 'Debian 12', cores: 4 })
  })

  it('begins with the history that the instance kept', async () => {
    const history = [10, 20, 30].map((seconds) => ({ timestamp: at(seconds), usage: seconds }))
    const instance = await startInstance({ metrics: json({ data: { timestamp: at(40), metrics: { cpu: { usage: 40, history: history.toReversed() }, memory: { history } } } }), 'metrics/real-time': stream((send) => send(cpuEvent(50, 50))) })
    const heard = hear(instance.url)
    await heard.until(() => heard.snapshots.length === 5)
    expect(heard.usages()).toEqual([10, 20, 30, 40, 50])
    expect(heard.snapshots[1]).toMatchObject({ at: START + 20_000, elapsedMs: 10_000, processes: null })
    expect(instance.requests[0]?.url.searchParams.get('timeRange')).toBe('15m')
  })

  it('is asked anew when the interval changes', async () => {
    const instance = await startInstance({ metrics, 'metrics/real-time': stream((send, _response, nth) => send(cpuEvent(nth, 20, `e${nth}`))) })
    const heard = hear(instance.url, { timings: { silenceMs: 5_000 } })
    await heard.until(() => heard.snapshots.length === 2)
    heard.feed.setInterval(5_000)
    await heard.until(() => heard.snapshots.length === 3)
    expect(instance.requests.filter(({ endpoint }) => endpoint === 'metrics/real-time').map(({ url, headers }) => [url.searchParams.get('interval'), headers['last-event-id']])).toEqual([['1', undefined], ['5', 'e1']])
    expect(heard.states.some(({ kind }) => kind === 'lost')).toBe(false)
  })

  it('has the application\'s figures beside it', async () => {
    const instance = await startInstance({ metrics, application: json({ data: { api: { responseTime: { p95: 420 } } } }), 'metrics/real-time': stream((send, response) => {
      let seconds = 0
      const timer = setInterval(() => send(cpuEvent(++seconds, 20)), 30)
      response.on('close', () => clearInterval(timer))
    }) })
    const heard = hear(instance.url)
    await heard.until(() => heard.snapshots.at(-1)?.samples.get('api.duration.p95')?.get('') === 420)
    await heard.until(() => instance.asked('application') > 1)
  })
})

describe('an instance without a stream', () => {
  const running = (JSON.parse(readFileSync(new URL('../fixtures/instances/running.json', import.meta.url), 'utf8')) as { body: unknown }[]).map(({ body }) => body)

  it.each([['no such endpoint', json({ error: 'x' }, 404)], ['another method', json({}, 405)], ['a page', page('<html>')], ['plain JSON', json({ success: true })], ['only failures', json({ error: 'x' }, 500)], ['streams that say nothing', stream((_send, response) => response.end())]])('is polled where there is %s', async (_what, answer) => {
    const instance = await startInstance({ metrics: (response, request, nth) => json(metricsBody(nth, nth))(response, request, nth), 'metrics/real-time': answer })
    const heard = hear(instance.url)
    await heard.until(() => heard.snapshots.length >= 4)
    expect(heard.usages().slice(0, 4)).toEqual([1, 2, 3, 4])
    expect(instance.asked('application')).toBe(1)
  })

  it('is polled in the form that running servers were seen to have', async () => {
    const instance = await startInstance({ metrics: (response, request, nth) => json(running[0])(response, request, nth) })
    const heard = hear(instance.url)
    await heard.until(() => heard.snapshots.length >= 3)
    expect(heard.snapshots[0]?.application?.endpoints[0]).toMatchObject({ path: '/metrics', avgMs: 193 })
    // The answer is always the same: its time goes on all the same.
    const times = heard.snapshots.map((each) => each.at)
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
  })

  it('may keep its application, resources and stream to others', async () => {
    const refuse = json({ error: 'admins only' }, 401)
    const instance = await startInstance({ metrics: (response, request, nth) => json(metricsBody(nth, nth))(response, request, nth), application: refuse, resources: refuse, 'metrics/real-time': refuse })
    const heard = hear(instance.url, { token: 'user' })
    await heard.until(() => heard.snapshots.length >= 4)
    expect([instance.asked('application'), instance.asked('resources'), heard.states.at(-1)?.kind]).toEqual([1, 1, 'live'])
  })

  it('shows processes where it offers resources, and asks for them only while they are wanted', async () => {
    const instance = await startInstance({ metrics, resources: (response, request, nth) => json({ data: { timestamp: at(nth), processes: [{ name: 'node', pid: 12, cpu: 15.5, memory: 250, uptime: 3_600 }] } })(response, request, nth) })
    const heard = hear(instance.url)
    await heard.until(() => (heard.snapshots.at(-1)?.processes?.rows.length ?? 0) > 0 && instance.asked('resources') > 2)
    const row = heard.snapshots.at(-1)?.processes?.rows[0]
    expect(row).toMatchObject({ program: { pid: 12, startedAt: START - 3_599_000 }, cpu: 0.155, memory: 0.25 })
    heard.feed.setProcesses(false)
    const [asked, seen] = [instance.asked('resources'), heard.snapshots.length]
    await heard.until(() => heard.snapshots.length > seen + 3)
    expect(instance.asked('resources')).toBeLessThanOrEqual(asked + 1)
    expect(heard.snapshots.at(-1)?.processes).toBeNull()
  })

  it('is left alone for as long as it asks, and that is said', async () => {
    const instance = await startInstance({ metrics: (response, request, nth) => (nth === 2 ? json({ error: 'Too many' }, 429, { 'retry-after': '0.4' }) : metrics)(response, request, nth) })
    const heard = hear(instance.url)
    await heard.until(() => heard.states.some(({ kind }) => kind === 'lost'))
    const since = Date.now()
    heard.feed.setInterval(10)
    await heard.until(() => instance.asked('metrics') === 3)
    expect(Date.now() - since).toBeGreaterThan(300)
    expect(heard.states.find(({ kind }) => kind === 'lost')).toMatchObject({ reason: expect.stringContaining('too many requests') })
  })

  it('is asked so rarely that its allowance lasts', async () => {
    const instance = await startInstance({ metrics: (response, request, nth) => json(metricsBody(nth), 200, { 'RateLimit-Remaining': String(4 - nth), 'RateLimit-Reset': '1' })(response, request, nth) })
    const heard = hear(instance.url)
    await heard.until(() => heard.alerts.length > 0)
    await new Promise((done) => setTimeout(done, 250))
    expect(instance.asked('metrics')).toBeLessThanOrEqual(2)
    expect(heard.alerts[0]).toMatchObject({ level: 'info', message: expect.stringContaining('limits how often') })
  })
})

describe('an instance that cannot be looked at', () => {
  it.each([[401, 'it wants a token'], [403, 'not allowed']])('ends the feed at %i', async (status, reason) => {
    const instance = await startInstance({ metrics: json({ error: true, message: 'No' }, status) })
    const heard = hear(instance.url)
    await heard.until(() => heard.states.at(-1)?.kind === 'ended')
    expect(heard.states.at(-1)).toMatchObject({ reason: expect.stringContaining(reason) })
    expect(heard.states.at(-1)).toMatchObject({ reason: expect.stringContaining('--token-file') })
  })

  it('ends the feed when a token expires on the way, and keeps the token to itself', async () => {
    const instance = await startInstance({ metrics: (response, request, nth) => (nth > 2 ? guarded('other', metrics, 401) : metrics)(response, request, nth) })
    const heard = hear(instance.url, { token: 'very-secret' })
    await heard.until(() => heard.states.at(-1)?.kind === 'ended')
    expect(heard.snapshots.length).toBe(2)
    expect(JSON.stringify(heard.states)).not.toContain('very-secret')
  })

  it('ends the feed where there are no metrics at all', async () => {
    const instance = await startInstance({})
    const heard = hear(instance.url)
    await heard.until(() => heard.states.at(-1)?.kind === 'ended')
    expect(heard.states.at(-1)).toMatchObject({ reason: expect.stringContaining('does not offer metrics') })
  })

  it('is asked again until it answers, after hanging, failing and half an answer', async () => {
    const half = page('{"success": true, "data": {', 'application/json')
    const instance = await startInstance({ metrics: (response, request, nth) => ([hang, json({}, 502), half][nth - 1] ?? metrics)(response, request, nth) })
    const heard = hear(instance.url, { timeoutMs: 150 })
    await heard.until(() => heard.states.some(({ kind }) => kind === 'live'))
    const reasons = heard.states.flatMap((state) => (state.kind === 'lost' ? [state.reason] : []))
    expect(reasons).toEqual([expect.stringContaining('no answer'), expect.stringContaining('502'), expect.stringContaining('breaks off')])
  })

  it('is waited for while nothing listens there', async () => {
    const taken = createServer()
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done))
    // The system chose the port; once closed, nobody answers there.
    const { port } = taken.address() as AddressInfo
    await new Promise((done) => taken.close(done))
    const heard = hear(`http://127.0.0.1:${port}`)
    await heard.until(() => heard.states.filter(({ kind }) => kind === 'lost').length > 1)
    expect(heard.states.at(-1)).toMatchObject({ reason: expect.stringContaining('connection refused') })
  })

  it('tells nothing more once the feed is closed', async () => {
    const instance = await startInstance({ metrics, 'metrics/real-time': stream((send) => send(cpuEvent(1, 20))) })
    const heard = hear(instance.url)
    await heard.until(() => heard.snapshots.length === 2)
    const states = heard.states.length
    await heard.feed.close()
    await new Promise((done) => setTimeout(done, 100))
    expect([heard.snapshots.length, heard.states.length]).toEqual([2, states])
  })
})

describe('every value', () => {
  it('is asked for, and done without where a server does not take what it does not know', async () => {
    const strict = (answer: Answer): Answer => (response, request, nth) => (request.url?.includes('samples=') ? json({ success: false, error: { code: 'VALIDATION_ERROR', message: 'unknown parameter samples' } }, 400) : answer)(response, request, nth)
    const instance = await startInstance({ metrics: strict(json(metricsBody())), 'metrics/real-time': strict(stream((send) => send(cpuEvent(5, 42, '1')))) })
    const heard = hear(instance.url)
    await heard.until(() => heard.usages().includes(42))
    expect(instance.requests.filter(({ endpoint }) => endpoint === 'metrics/real-time').map(({ url }) => url.searchParams.get('samples'))).toEqual(['true', null])
  })

  it('brings processes to whoever may see them, and to others what they may', async () => {
    const processes = { at: START, total: 1, rows: [{ pid: 42, name: 'node', command: 'node', user: 'me', uid: 1, started: START, parent: 1, state: 'S', threads: 1, cpu: 0.1, time: 1, resident: 1e6, memory: 0.1, read: 0, write: 0 }] }
    const full = { ...metricsBody(), data: { ...(metricsBody() as { data: object }).data, samples: [['cpu.usage', '', 0.25], ['load.1', '', 2]], processes } }
    const own = (body: object): Answer => (response, request, nth) => json(request.url?.includes('samples=true') ? body : metricsBody())(response, request, nth)
    const admin = hear((await startInstance({ metrics: own(full) })).url)
    await admin.until(() => admin.snapshots.some((snapshot) => snapshot.processes?.rows[0]?.program.pid === 42))
    const limited = { success: true, data: { timestamp: new Date(START).toISOString(), system: { uptime: 60 }, metrics: { cpu: { usage: 25 } }, api: { requestsPerMinute: 60, averageResponseTime: 12 }, database: null, cache: null } }
    const user = hear((await startInstance({ metrics: own(limited) })).url)
    await user.until(() => user.snapshots.some(({ samples }) => samples.get('api.duration.avg')?.get('') === 12 && samples.get('cpu.usage')?.get('') === 0.25))
  })
})
