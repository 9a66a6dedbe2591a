import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Demo, startDemo } from '../../src/demo/demo.ts'
import { ask, logIn, start } from './start.ts'

let demo: Demo
let headers: Record<string, string>
beforeAll(async () => {
  demo = await startDemo()
  headers = await logIn(demo)
})
afterAll(() => demo.close())

const wish = { title: 'Test Movie', mediaType: 'movie', tmdbId: '{{random}}' }
const account = { email: 'perf.user1@medianest.test', password: 'Performance123!' }
const operations = { operations: Array.from({ length: 100 }, (_, index) => ({ action: 'create', type: 'media', data: { filename: `bulk-file-${index}.jpg` } })) }

describe('without a token', () => {
  test.each<[string, string, number, string, object?]>([
    ['GET', '/', 200, 'endpoints'],
    ['GET', '/health', 200, 'status'],
    ['GET', '/health/live', 200, 'status'],
    ['GET', '/health/ready', 200, 'status'],
    ['GET', '/api/v1/health', 200, 'uptime'],
    ['POST', '/api/v1/auth/login', 200, 'token', account],
    ['POST', '/api/auth/login', 200, 'token', account],
    ['POST', '/api/v1/auth/register', 201, 'user', account],
    ['GET', '/api/v1/media', 200, 'pagination'],
    ['GET', '/api/media', 200, 'data'],
    ['GET', '/api/v1/media/42', 200, 'data'],
    ['GET', '/api/media/user/1', 200, 'data'],
    ['GET', '/api/v1/media/search?q=batman', 200, 'results'],
    ['GET', '/api/v1/media/search?query=random-movie-1', 200, 'results'],
    ['GET', '/api/v1/search?q=photo', 200, 'results'],
    ['GET', '/api/v1/search/advanced?q=tags%3Aphoto%20OR%20tags%3Aimage', 200, 'results'],
    ['GET', '/api/v1/media/requests', 200, 'data'],
    ['POST', '/api/v1/media/requests', 201, 'id', wish],
    ['POST', '/api/v1/media/request', 201, 'id', wish],
    ['POST', '/api/v1/media/upload', 201, 'id', { filename: 'a.jpg', size: 100_000, mimeType: 'image/jpeg' }],
    ['GET', '/api/v1/collections', 200, 'data'],
    ['GET', '/api/v1/collections/1', 200, 'data'],
    ['GET', '/api/users/profile/1', 200, 'data'],
    ['POST', '/api/notifications/send', 200, 'id', { userId: 1, type: 'email', message: 'hello' }],
    ['GET', '/api/v1/analytics/media-statistics?include=user,tags&timeframe=30d', 200, 'data'],
    ['POST', '/api/v1/bulk/operations', 200, 'data', operations],
    ['POST', '/api/v1/transactions/execute', 200, 'data', operations],
  ])('%s %s is answered with %d and "%s"', async (method, path, status, key, body) => {
    const answer = await ask(demo, method, path, body ? { body } : {})
    expect([answer.status, answer.body.success, Object.keys(answer.body)]).toEqual([status, true, expect.arrayContaining([key])])
  })

  test.each([
    ['GET', '/api/v1/playlists'], ['POST', '/api/v1/playlists'], ['GET', '/api/v1/playlists/1'], ['DELETE', '/api/v1/playlists/1'], ['POST', '/api/v1/collections'],
    ['GET', '/api/v1/users/me'], ['GET', '/api/v1/user/profile'], ['PUT', '/api/v1/user/profile'], ['PATCH', '/api/v1/user/profile'],
  ])('%s %s is refused', async (method, path) => {
    expect((await ask(demo, method, path)).status).toBe(401)
  })
})

test.each<[string, string, number, object?]>([
  ['GET', '/nowhere', 404],
  ['GET', '/api/v1/media/501000', 404],
  ['GET', '/api/v1/media/07', 404],
  ['GET', '/api/v1/media/constructor', 404],
  ['GET', '/api/users/profile/51', 404],
  ['GET', '/api/media/user/0', 404],
  ['GET', '/api/v1/media/%zz', 400],
  ['GET', '/api/v1/media?page=0', 400],
  ['GET', '/api/v1/media?limit=101', 400],
  ['GET', '/api/v1/media?type=spoons', 400],
  ['GET', '/api/v1/media/search', 400],
  ['POST', '/api/v1/media/request', 400, { mediaType: 'movie' }],
  ['POST', '/api/v1/bulk/operations', 400, { operations: 'many' }],
  ['POST', '/api/v1/auth/register', 400, { email: 'a@b.org', password: 'long enough' }],
  ['POST', '/api/notifications/send', 400, { type: 'email' }],
])('%s %s is refused with %d in the envelope of errors', async (method, path, status, body) => {
  const answer = await ask(demo, method, path, body ? { body } : {})
  expect([answer.status, answer.body]).toEqual([status, { success: false, error: { code: expect.stringMatching(/^[A-Z_]+$/), message: expect.any(String) } }])
})

test('a list is read page by page', async () => {
  const { body } = await ask(demo, 'GET', '/api/v1/media?page=2&limit=3')
  expect(body.data.map((item: { id: number }) => item.id)).toEqual([4, 5, 6])
  expect(body.pagination).toEqual({ page: 2, limit: 3, total: 500, pages: 167 })
  expect((await ask(demo, 'GET', '/api/v1/media?page=9999')).body.data).toEqual([])
})

test('a list of one type holds that type alone', async () => {
  const { body } = await ask(demo, 'GET', '/api/v1/media?type=photo&limit=100')
  expect(new Set(body.data.map((item: { type: string }) => item.type))).toEqual(new Set(['photo']))
})

test.each(['photo', 'video', 'document', 'image', 'test', 'BATMAN'])('a search for %s finds what holds the word', async (word) => {
  const { body } = await ask(demo, 'GET', `/api/v1/search?q=${word}&limit=100`)
  expect(body.total).toBeGreaterThan(0)
  for (const item of body.results) expect(JSON.stringify(item).toLowerCase()).toContain(word.toLowerCase())
})

test('the time in the database stands in the header and in the body', async () => {
  const { headers: answered, body } = await ask(demo, 'GET', '/api/v1/media/1')
  expect(answered.get('x-db-time')).toBe(String(body.meta.dbTimeMs))
  expect(body.meta.dbTimeMs).toBeGreaterThan(0)
})

test('what is uploaded can be looked up, and raw bytes are counted', async () => {
  const { body } = await ask(demo, 'POST', '/api/v1/media/upload', { body: 'x'.repeat(200_000), headers: { 'content-type': 'text/plain' } })
  const found = await ask(demo, 'GET', `/api/v1/media/${body.id}`)
  expect(found.body.data).toMatchObject({ id: body.id, sizeBytes: 200_000 })
})

test('an upload above 10 MB is refused', async () => {
  const { status, body } = await ask(demo, 'POST', '/api/v1/media/upload', { body: 'x'.repeat(10_000_001), headers: { 'content-type': 'application/octet-stream' } })
  expect([status, body.error.code]).toEqual([413, 'PAYLOAD_TOO_LARGE'])
})

test.each(['playlists', 'collections'])('%s are created, read and deleted by their user alone', async (noun) => {
  const url = `/api/v1/${noun}`
  const created = await ask(demo, 'POST', url, { headers, body: { name: 'Load Test', description: 'x' } })
  const mine = `${url}/${created.body.id}`
  const other = await logIn(demo, 'other@example.com')
  expect(created.status).toBe(201)
  expect((await ask(demo, 'GET', url, { headers })).body.data[0]).toEqual(created.body.data)
  expect((await ask(demo, 'GET', mine, { headers: other })).status).toBe(404)
  expect((await ask(demo, 'DELETE', mine, { headers: other })).status).toBe(404)
  expect((await ask(demo, 'DELETE', mine, { headers })).status).toBe(204)
  expect((await ask(demo, 'GET', mine, { headers })).status).toBe(404)
  expect((await ask(demo, 'DELETE', `${url}/1`, { headers })).status).toBe(403)
})

test('a profile keeps what was changed and refuses what it cannot be', async () => {
  const change = (method: string, preferences: object): ReturnType<typeof ask> => ask(demo, method, '/api/v1/user/profile', { headers, body: { preferences } })
  expect((await change('PUT', { theme: 'dark' })).status).toBe(200)
  expect((await change('PATCH', { notifications: false })).status).toBe(200)
  expect((await change('PUT', { theme: 7 })).status).toBe(400)
  expect((await ask(demo, 'GET', '/api/v1/user/profile', { headers })).body.data.preferences).toEqual({ theme: 'dark', language: 'en', notifications: false })
})

test('HEAD is GET without the body, OPTIONS says what is allowed', async () => {
  const head = await ask(demo, 'HEAD', '/api/v1/media/7')
  const options = await ask(demo, 'OPTIONS', '/api/v1/playlists')
  expect([head.status, head.text, Number(head.headers.get('content-length')) > 100]).toEqual([200, '', true])
  expect([options.status, options.headers.get('allow')]).toEqual([204, 'OPTIONS, GET, HEAD, POST'])
})

test('the index names every endpoint, and each of them answers', async () => {
  const { body } = await ask(demo, 'GET', '/')
  expect(body.endpoints.length).toBeGreaterThan(30)
  for (const { url } of body.endpoints) expect((await ask(demo, 'OPTIONS', url)).status).toBe(204)
})

test('the same seed gives the same bytes, another seed others', async () => {
  const read = async (seed: number): Promise<string> => {
    const one = await start({ seed })
    const answers = []
    for (const path of ['/api/v1/media?limit=100', '/api/v1/media/7', '/api/v1/search?q=photo', '/api/v1/collections', '/api/v1/media/requests']) answers.push((await ask(one, 'GET', path)).text)
    return answers.join('\n')
  }
  const first = await read(7)
  expect(await read(7)).toBe(first)
  expect(await read(8)).not.toBe(first)
})

test('what a load test creates is forgotten beyond a thousand', async () => {
  const small = await start()
  for (let batch = 0; batch < 11; batch++) await Promise.all(Array.from({ length: 100 }, () => ask(small, 'POST', '/api/v1/media/request', { body: wish })))
  const { body } = await ask(small, 'GET', '/api/v1/media/requests')
  expect(body.pagination.total).toBe(1_000 + 40)
  expect(body.data[0].id).toBe(1_100 + 40)
})
