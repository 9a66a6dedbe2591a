import { describe, expect, it } from 'vitest'
import { asksForPassword, isLoginPath } from '../../src/health/login-page.ts'

describe('a login page', () => {
  it.each(['/login', '/Login.aspx', '/users/sign_in', '/signin/', '/auth/realms/home', '/sso', '/oauth2/authorize', '/web/log-in', '/wp-login.php'])('is told by its path: %s', (path) => {
    expect(isLoginPath(path)).toBe(true)
  })

  it.each(['/', '/authors', '/blog-in-depth', '/loginhelp', '/associations', '/web/index.html'])('is not seen in %s', (path) => {
    expect(isLoginPath(path)).toBe(false)
  })

  it('is told by a field for a password, in HTML alone', () => {
    expect(asksForPassword('text/html; charset=utf-8', '<input\n name=p\n TYPE = "password">')).toBe(true)
    expect(asksForPassword('', "<input type='password'>")).toBe(true)
    expect(asksForPassword('application/json', '{"doc": "<input type=password>"}')).toBe(false)
    expect(asksForPassword('text/html', '<p>type="password"</p><input type="text">')).toBe(false)
    expect(asksForPassword('text/html', `<input ${'a '.repeat(500_000)}`)).toBe(false)
  })
})
