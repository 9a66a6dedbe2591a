import { describe, expect, it } from 'vitest'
import { KNOWN_TOKENS, start, TOKENS } from '../api/server/start.ts'
import { fuzz, type OpenApiDocument } from './fuzz.ts'

describe('whatever is asked', () => {
  it('is answered in time, as documented, and never with a bug', async () => {
    const { server, ask } = await start({ tokens: KNOWN_TOKENS, rateLimit: 'off' })
    const document = (await ask('/api/v1/performance/openapi.json')).json() as OpenApiDocument
    const sent = await fuzz({ baseUrl: server.url, document, token: TOKENS.admin, runs: 40, deadlineMs: 5_000 })
    expect(sent).toBeGreaterThanOrEqual(40 * Object.keys(document.paths).length)
  }, 60_000)

  it('and a bug would be found', async () => {
    const { server, ask } = await start({ rateLimit: 'off' }, { resident: { ask: async () => Promise.reject(new Error('a bug')) } })
    const document = (await ask('/api/v1/performance/openapi.json')).json() as OpenApiDocument
    const summary = document.paths['/api/v1/performance/summary'] ?? {}
    await expect(fuzz({ baseUrl: server.url, document: { ...document, paths: { '/api/v1/performance/summary': summary } }, token: null, runs: 3, deadlineMs: 5_000 })).rejects.toThrow()
  })
})
