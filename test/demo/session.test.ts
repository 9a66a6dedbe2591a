import { describe, expect, test } from 'vitest'
import { isTestAddress } from '../../src/demo/session.ts'
import { ask, logIn, start } from './start.ts'

const PERSONAL = '/api/v1/users/me'

describe('logging in', () => {
  test.each([
    ['test@example.com', 'testpassword123', 200],
    ['perf.user1@medianest.test', 'Performance123!', 200],
    ['test@example.com', 'short', 401],
    ['someone@elsewhere.org', 'testpassword123', 401],
    ['', '', 401],
  ])('as "%s" with "%s" is answered with %d', async (email, password, status) => {
    const demo = await start()
    expect((await ask(demo, 'POST', '/api/v1/auth/login', { body: { email, password } })).status).toBe(status)
  })

  test('without a password is a bad request', async () => {
    const demo = await start()
    const { status, body } = await ask(demo, 'POST', '/api/auth/login', { body: { email: 'a@b.test' } })
    expect([status, body.error.code]).toEqual([400, 'VALIDATION_ERROR'])
  })

  test('gives the same user the same id, as token and as cookie', async () => {
    const demo = await start()
    const login = await ask(demo, 'POST', '/api/v1/auth/login', { body: { email: 'ada@home.test', password: '12345678' } })
    const cookie = login.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^session=[\w.-]+; HttpOnly; Path=\/$/)
    const byCookie = await ask(demo, 'GET', PERSONAL, { headers: { cookie: `theme=dark; ${cookie.split(';')[0]}` } })
    const byToken = await ask(demo, 'GET', PERSONAL, { headers: { authorization: `Bearer ${login.body.token}` } })
    expect(byCookie.body.data).toEqual(login.body.user)
    expect(byToken.body.data).toEqual(login.body.user)
  })
})

describe('a token', () => {
  test.each([
    ['none', {}, 'TOKEN_REQUIRED'],
    ['a made-up one', { authorization: 'Bearer made.up.token' }, 'INVALID_TOKEN'],
    ['an unsigned one', { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJlbWFpbCI6ImFAYi50ZXN0IiwiZXhwIjo5OTk5OTk5OTk5fQ.' }, 'INVALID_TOKEN'],
    ['another scheme', { authorization: 'Basic dGVzdDp0ZXN0' }, 'INVALID_TOKEN'],
    ['a bad cookie', { cookie: 'session=made-up' }, 'INVALID_TOKEN'],
  ])('is needed for what is personal: %s is refused', async (_, headers, code) => {
    const demo = await start()
    const { status, body, headers: answered } = await ask(demo, 'GET', PERSONAL, { headers })
    expect([status, body.success, body.error.code, answered.get('www-authenticate')]).toEqual([401, false, code, 'Bearer'])
  })

  test('of another server is refused, of a restarted one accepted', async () => {
    const [one, other, restarted] = [await start({ seed: 1 }), await start({ seed: 2 }), await start({ seed: 1 })]
    const headers = await logIn(one)
    expect((await ask(other, 'GET', PERSONAL, { headers })).status).toBe(401)
    expect((await ask(restarted, 'GET', PERSONAL, { headers })).status).toBe(200)
  })

  test('that is bad is refused where none is needed', async () => {
    const demo = await start()
    expect((await ask(demo, 'GET', '/api/v1/media', { headers: { authorization: 'Bearer x' } })).status).toBe(401)
  })

  test('expires after one hour', async () => {
    let now = 0
    const demo = await start({ clock: { timeOrigin: 1_700_000_000_000, now: () => now } })
    const headers = await logIn(demo)
    const statusAt = async (ms: number): Promise<unknown> => {
      now = ms
      const { status, body } = await ask(demo, 'GET', PERSONAL, { headers })
      return body.error?.code ?? status
    }
    expect([await statusAt(3_599_000), await statusAt(3_600_000)]).toEqual([200, 'TOKEN_EXPIRED'])
  })
})

test('only addresses that are reserved for tests are let in', () => {
  const addresses = ['a@b.test', 'a@test', 'a@example.com', 'a@mail.example.com', 'A@B.TEST', 'a@badexample.com', 'a@b.test.org', 'a b@c.test', '@b.test', 'a@@b.test']
  expect(addresses.filter(isTestAddress)).toEqual(addresses.slice(0, 5))
})
