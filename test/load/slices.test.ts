import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { loadCookieJars } from '../../src/load/flow/cookie.ts'
import { createRandom } from '../../src/load/flow/random.ts'
import { planFromUrl } from '../../src/load/read/url.ts'
import { pairFigures } from '../../src/load/slice-figures.ts'
import { slicePlan } from '../../src/load/slice-plan.ts'
import { openSlices, type SliceSide, type Slices } from '../../src/load/slices.ts'
import { prepareUsers } from '../../src/load/users.ts'
import { createWireClient } from '../../src/load/wire/client.ts'
import type { Step } from '../../src/model/plan.ts'
import { seriesKey } from '../../src/model/measurements.ts'
import { testHost } from '../host.ts'

const { clockAheadMs } = testHost([])
const now = (): number => performance.now()
const NEVER = new AbortController().signal
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A server, and users who ask it over and over. */
async function side(answer: RequestListener, users: number, steps: (first: Step) => readonly Step[] = (first) => [first]): Promise<SliceSide> {
  const server = createServer(answer)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  closers.push(() => server.close(), () => server.closeAllConnections())
  const written = planFromUrl({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, connections: users, durationMs: 1_000 })
  const [flow] = written.flows
  const [first] = flow?.steps ?? []
  if (!first) throw new Error('a one-liner has a step')
  const { plan } = slicePlan({ ...written, flows: [{ name: 'all', steps: steps(first) }] }, 400)
  const random = createRandom(1)
  const { maxConnections, keepAlive, maxHeaderBytes, maxBodyBytes } = plan.settings
  return {
    users: prepareUsers(plan, { now, random, createJar: await loadCookieJars(now), scope: { random, date: () => 0, env: {}, testId: 't', environment: '', target: plan.target } }),
    createClient: () => createWireClient({ now, tls: { insecure: false }, maxConnections, keepAlive, maxHeaderBytes, maxBodyBytes }),
  }
}

function slices(): Slices {
  const opened = openSlices({ sliceMs: 400, settleMs: 50 }, { now, aheadMs: clockAheadMs })
  closers.push(() => opened.close())
  return opened
}

describe('a slice', () => {
  it('counts what was due after the beginning, and measures one side after the other', async () => {
    const [fine, broken] = [await side((_, response) => setTimeout(() => response.end('ok'), 10), 3), await side((_, response) => response.writeHead(500).end(), 1)]
    const run = slices()
    const first = await run.run(fine, NEVER)
    const second = await run.run(broken, NEVER)
    expect(first?.recorder.total.requests).toBeGreaterThan(3)
    expect(first?.recorder.answered).toBeGreaterThan(first?.recorder.total.requests ?? 0)
    expect(first?.recorder.total.failed).toBe(0)
    expect(second?.recorder.total.failed).toBe(second?.recorder.total.requests)
    const [figures] = pairFigures({ slice: first!, cpu: { ms: 100, stepMs: 0 } }, { slice: second!, cpu: null })
    expect(figures.map(seriesKey)).toEqual(['http.duration p(50)', 'http.duration avg', 'http.duration p(95)', 'http.failed rate', 'http.requests rate', 'cpu.per_request'])
    expect(figures[0]?.values[0]).toBeGreaterThanOrEqual(9)
    expect(figures[5]?.values[0]).toBeCloseTo(100 / (first?.recorder.answered ?? 0))
  })

  it('waits at its end for what is on the way, and sends nothing more', async () => {
    let asked = 0
    let last = 0
    const slow = await side((_, response) => {
      asked++
      last = now()
      setTimeout(() => response.end('ok'), 300)
    }, 2, (first) => [first, first, first])
    const slice = await slices().run(slow, NEVER)
    // At 0 and 300 ms; the answers to the second come after the end and are counted.
    expect(asked).toBe(4)
    expect(slice?.recorder.answered).toBe(4)
    expect(slice?.recorder.total.requests).toBe(2)
    expect(slice?.elapsedMs).toBeGreaterThan(500)
    expect(last).toBeLessThan((slice?.startedAt ?? 0) + 400)
    expect(slice?.recorder.completedFlows).toBe(0)
  })

  it('ends with users who are thinking', async () => {
    const thinking = await side((_, response) => response.end('ok'), 2, (first) => [first, { kind: 'think', ms: 60_000 }])
    const slice = await slices().run(thinking, NEVER)
    expect(slice?.recorder.answered).toBe(2)
    expect(slice?.elapsedMs).toBeLessThan(5_000)
  })

  it('is nothing when it is broken off, even while an answer hangs', async () => {
    const hanging = await side(() => undefined, 2)
    const stop = new AbortController()
    const running = slices().run(hanging, stop.signal)
    setTimeout(() => stop.abort(), 600)
    expect(await running).toBeNull()
  })
})
