import { describe, expect, it } from 'vitest'
import { allowTarget, checkPath } from '../../../src/agent/load-tests/allowed-target.ts'

const ALLOWED = ['http://127.0.0.1:4000', 'https://stage.example/app', 'http://[::1]:8080']

describe('a target that is allowed', () => {
  it.each([
    [undefined, 'http://127.0.0.1:4000'], ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'], ['http://127.0.0.1:4000/', 'http://127.0.0.1:4000'], ['HTTP://127.0.0.1:4000/api/v1', 'http://127.0.0.1:4000/api/v1'],
    ['https://STAGE.example:443/app/', 'https://stage.example/app'], ['https://stage.example/app/v1', 'https://stage.example/app/v1'], ['http://[::1]:8080/x', 'http://[::1]:8080/x'],
  ])('%s becomes %s', (asked, target) => {
    expect(allowTarget(asked, ALLOWED)).toBe(target)
  })
})

describe('a target that only looks like one that is allowed is refused', () => {
  it.each([
    'http://127.0.0.1:40001', 'http://127.0.0.1:4000.evil.example', 'http://127.0.0.1', 'https://127.0.0.1:4000', 'http://127.0.0.1:4000@evil.example', 'http://evil.example@127.0.0.1:4000', 'http://user:pass@127.0.0.1:4000/',
    'http://127.0.0.1:4000\\@evil.example', 'http:\\\\127.0.0.1:4000', '//127.0.0.1:4000', 'http:127.0.0.1:4000', 'http:///127.0.0.1:4000', 'ftp://127.0.0.1:4000', 'file:///etc/passwd', 'javascript:alert(1)', 'demo', '',
    'http://127.0.0.1:4000#@evil.example', 'http://127.0.0.1:4000?@evil.example', 'http://127.0.0.1:4000 ', ' http://127.0.0.1:4000', 'http://127.0.0.1:4000\n', 'http://127.0.0.1:4000\t/x', 'http://localhost:4000', 'http://evil.example',
    'https://stage.example', 'https://stage.example/apple', 'https://stage.example/app/../admin', 'https://stage.example/app/%2e%2e/admin', 'https://stage.example/app/%252e%252e%252fadmin', 'https://stage.example/app/..%2fadmin', 'https://stage.example/app/..;/../x', 'https://stage.example/app/..;/x', 'https://stage.example/app/..;a=b/x', 'https://stage.example/app/%2e%2e%3b/x',
    'https://stage.example./app', 'https://stage.example.evil/app', 'http://stage.example/app', 'https://{{ $env.HOST }}/app', 'http://127.0.0.1:4000/{{x}}/../',
  ])('%j', (asked) => {
    expect(() => allowTarget(asked, ALLOWED)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }))
  })

  it('and where none is configured, the error names the setting', () => {
    expect(() => allowTarget('http://127.0.0.1:4000', [])).toThrow(/serve\.loadTest\.targets/)
  })
})

describe('the target of a scenario', () => {
  it.each(['/', '/api/v1/media?x=1&y=..', '/users/@me', '/a/{{$randomString}}', '/a/b.c/...', '/{{ $randomInt(1, 9) }}'])('may be the path %s', (path) => {
    expect(() => checkPath(path, 'target')).not.toThrow()
  })

  it.each([
    'http://evil.example/', 'HTTPS://evil.example', '//evil.example/x', '/\\evil.example', '\\\\evil.example', '@evil.example/', '.evil.example', ':80/', 'evil.example', '', '{{$randomString}}', '{{ target }}@evil.example/',
    '/a/../b', '/..', '/./a', '/%2e%2e/', '/a/%2E./b', '/a/..%2fb', '/a/.{{x}}./b', '/a b', '/a/..;/b', '/a/.;x/b', '/a\r\nHost: evil', '/a#b', '/a\u0000',
  ])('may not be %j', (path) => {
    expect(() => checkPath(path, 'target')).toThrow(expect.objectContaining({ code: 'VALIDATION_ERROR' }))
  })
})
