import * as z from 'zod/mini'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ENDPOINTS, type EndpointName } from '../../src/contract/endpoints.ts'
import type { Answer, Asker, Instance } from '../../src/contract/instance.ts'
import { readQuestion, type RawQuestion } from '../../src/contract/read-question.ts'
import type { Feed } from '../../src/model/feed.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { QUESTIONS } from './questions.ts'

/** An instance as somebody sees it. */
export interface Opened {
  readonly instance: Instance
  /** The same system as `top` sees it; null where that is not to be looked at. */
  readonly feed: Feed | null
  close(): Promise<void>
}

/** Whom an instance is opened for. */
export type As = 'admin' | 'user'

/** What an instance may refuse though it was asked rightly: these things it may not offer, or there is none of that name. */
const MAY_REFUSE: Partial<Readonly<Record<EndpointName, readonly string[]>>> = {
  optimize: ['NOT_SUPPORTED', 'NOT_OFFERED', 'OPTIMIZATION_FAILED'], optimization: ['NOT_FOUND', 'NOT_SUPPORTED', 'NOT_OFFERED'], loadTest: ['FORBIDDEN', 'NOT_SUPPORTED', 'NOT_OFFERED', 'VALIDATION_ERROR'],
  loadTestResults: ['NOT_FOUND'], stopLoadTest: ['NOT_FOUND'], submit: ['NOT_OFFERED'],
}
const LONGEST_MS = 10_000
const names = Object.keys(ENDPOINTS) as EndpointName[]

const asker = (role: As): Asker => ({ caller: { id: `the ${role}`, role, userAgent: null }, signal: AbortSignal.timeout(LONGEST_MS) })
const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : error)

/** What holds of every instance, wherever it is; `guards` where it is one that checks questions and roles itself because a wire is between. */
export function describeInstance(name: string, open: (as: As) => Promise<Opened>, { guards }: { readonly guards: boolean }): void {
  describe(name, () => {
    let admin: Opened
    let user: Opened
    beforeAll(async () => {
      ;[admin, user] = await Promise.all([open('admin'), open('user')])
    }, 30_000)
    afterAll(async () => {
      await Promise.all([admin.close(), user.close()])
    })
    const ask = <E extends EndpointName>(endpoint: E, raw: RawQuestion = QUESTIONS[endpoint], as: As = 'admin'): Promise<Answer<E>> => (as === 'admin' ? admin : user).instance.ask(endpoint, readQuestion(endpoint, raw), asker(as))

    it.each(names)('answers %s as it is documented', async (endpoint) => {
      const told = await ask(endpoint).catch((error: unknown) => error)
      if (told instanceof Error) return expect(MAY_REFUSE[endpoint] ?? [], told.stack).toContain(codeOf(told))
      const { data, meta } = told as Answer<EndpointName>
      expect(z.safeParse(ENDPOINTS[endpoint].answer, data).error?.issues ?? []).toEqual([])
      if (meta !== undefined) expect(z.safeParse(ENDPOINTS[endpoint].meta, meta).error?.issues ?? []).toEqual([])
      // What JSON cannot carry would be something else on the other side of a wire.
      expect(JSON.parse(JSON.stringify(data))).toEqual(data)
    })

    it('answers with a moment that is now, and older only by what collecting takes', async () => {
      const { data } = await ask('metrics')
      const age = Date.now() - Date.parse(data.timestamp)
      expect(Number.isFinite(age)).toBe(true)
      expect(age).toBeGreaterThan(-5_000)
    })

    it('leaves out the parts of metrics that were not asked for', async () => {
      const { data } = await ask('metrics', { query: { metrics: 'cpu' } })
      expect(Object.keys(data.metrics)).toEqual(['cpu'])
    })

    it('tells who is no administrator no details of the system', async () => {
      const { data } = await ask('metrics', {}, 'user')
      for (const detail of ['hostname', 'platform', 'arch', 'nodeVersion'] as const) expect(data.system[detail]).toBeUndefined()
    })

    it('says what is not there by one code', async () => {
      for (const endpoint of ['loadTestResults', 'stopLoadTest'] as const) await expect(ask(endpoint).catch(codeOf)).resolves.toBe('NOT_FOUND')
    })

    it('changes the alerts that are named and keeps the others', async () => {
      const before = (await ask('alerts')).data
      const after = (await ask('setAlerts', { body: { thresholds: { cpuUsage: { warning: 71 } } } })).data
      expect(after.thresholds.cpuUsage.warning).toBe(71)
      expect(after.thresholds.cpuUsage.critical).toBe(before.thresholds.cpuUsage.critical)
      expect(after.thresholds.memoryUsage).toEqual(before.thresholds.memoryUsage)
    })

    it('ends a question that nobody waits for', async () => {
      const over = new AbortController()
      over.abort()
      const told = await Promise.race([admin.instance.ask('metrics', readQuestion('metrics'), { ...asker('admin'), signal: over.signal }).then(() => 'ended', () => 'ended'), new Promise((done) => setTimeout(done, 3_000, 'it goes on'))])
      expect(told).toBe('ended')
    })

    it('answers several at once as it answers one', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => ask('metrics')))
      expect(answers.every(({ data }) => z.safeParse(ENDPOINTS.metrics.answer, data).success)).toBe(true)
    })

    it('is a feed as well', async () => {
      if (admin.feed === null) return
      const { feed } = admin
      const snapshot = await new Promise<Snapshot>((seen, failed) => {
        setTimeout(() => failed(new Error('nothing was seen')), LONGEST_MS)
        feed.start({ snapshot: seen, facts: () => undefined, alert: () => undefined, state: (state) => (state.kind === 'ended' ? failed(new Error(state.reason)) : undefined) })
      })
      expect(snapshot.samples.size).toBeGreaterThan(0)
    })

    if (guards) describe('behind its door', () => {
      it.each(names.filter((endpoint) => ENDPOINTS[endpoint].role === 'admin'))('keeps %s for administrators', async (endpoint) => {
        await expect(ask(endpoint, QUESTIONS[endpoint], 'user').catch(codeOf)).resolves.toBe('FORBIDDEN')
      })

      it.each<[EndpointName, object]>([
        ['metrics', { query: { timeRange: 'yesterday', interval: '1m' } }], ['history', { query: { period: '2h' } }], ['insights', { query: { timeRange: -1 } }], ['setAlerts', { body: { thresholds: { cpuUsage: { warning: 'high' } } } }],
        ['optimize', { body: { optimizations: [] } }], ['loadTest', { body: { testName: '' } }],
      ])('says which part of a wrong question about %s is wrong', async (endpoint, wrong) => {
        const error: unknown = await admin.instance.ask(endpoint, { query: {}, params: {}, body: null, ...wrong }, asker('admin')).catch((thrown: unknown) => thrown)
        expect(codeOf(error)).toBe('VALIDATION_ERROR')
        expect(error).toHaveProperty('message', expect.stringMatching(/query|body|timeRange|period|cpuUsage|optimizations|testName/))
      })
    })
  })
}
