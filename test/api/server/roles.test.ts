import { describe, expect, it } from 'vitest'
import { ENDPOINTS, type EndpointName } from '../../../src/contract/endpoints.ts'
import { PAGES, STREAMS } from '../../../src/contract/streams.ts'
import { QUESTIONS } from '../../contract/questions.ts'
import { FINISHED_TEST } from '../../contract/fake-instance.ts'
import { type Asking, KNOWN_TOKENS, start, TOKENS } from './start.ts'

type Needs = 'user' | 'admin' | 'scrape' | 'public'
type Row = readonly [method: string, path: string, needs: Needs, asking: Asking]

const filled = (path: string): string => path.replaceAll(/\{\w+\}/g, FINISHED_TEST)
const ROWS: readonly Row[] = [
  ...(Object.keys(ENDPOINTS) as EndpointName[]).flatMap((name) => ENDPOINTS[name].paths.map((path): Row => [ENDPOINTS[name].method, filled(path), ENDPOINTS[name].role, { body: QUESTIONS[name].body }])),
  ...Object.values(STREAMS).map(({ path, role }): Row => ['HEAD', filled(path), role, {}]),
  ...Object.values(PAGES).flatMap(({ paths, role }) => paths.map((path): Row => ['GET', path, role, {}])),
]
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
const MAY: Readonly<Record<Exclude<Needs, 'public'>, readonly (keyof typeof TOKENS)[]>> = { user: ['user', 'admin'], admin: ['admin'], scrape: ['scrape', 'admin'] }

describe('whoever asks', () => {
  it.each(ROWS)('%s %s is for %s alone', async (method, path, needs, asking) => {
    const { ask, resident } = await start({ tokens: KNOWN_TOKENS })
    const status = async (more: Asking): Promise<number> => (await ask(path, { ...asking, method, ...more })).status
    if (needs === 'public') return expect(await status({})).toBe(200)
    expect(await status({})).toBe(401)
    expect(await status({ token: 'mnp_nobody' })).toBe(401)
    for (const role of ['user', 'admin', 'scrape'] as const) {
      const before = resident.asked.questions.length
      const isRefused = (await status({ token: TOKENS[role] })) === 403
      expect([role, isRefused]).toEqual([role, !MAY[needs].includes(role)])
      if (isRefused) expect(resident.asked.questions).toHaveLength(before)
    }
  })

  it.each(ROWS)('%s %s changes nothing without a token', async (method, path, _, asking) => {
    const { ask } = await start()
    const { status } = await ask(path, { ...asking, method })
    expect(status === 403).toBe(method !== 'GET' && method !== 'HEAD')
  })

  it('reaches nothing by a method that is not the path\'s', async () => {
    const { ask, resident } = await start({ tokens: KNOWN_TOKENS, rateLimit: 'off' })
    for (const path of new Set(ROWS.map(([, each]) => each))) {
      const known = ROWS.filter(([, each]) => each === path).flatMap(([method]) => (method === 'GET' || method === 'HEAD' ? ['GET', 'HEAD'] : [method]))
      for (const method of METHODS.filter((each) => !known.includes(each))) expect([method, path, (await ask(path, { method, token: TOKENS.admin })).status]).toEqual([method, path, 405])
    }
    expect(resident.asked.questions).toEqual([])
  })
})
