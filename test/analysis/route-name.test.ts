import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { routeNamer } from '../../src/analysis/route-name.ts'

describe('the route of a request', () => {
  it.each([
    ['/', '/'], ['/api/media', '/api/media'], ['/api/media/', '/api/media'], ['/api//media?token=secret', '/api/media'], ['/a#b', '/a'], ['/a;jsessionid=77/b', '/a/b'], ['http://shop:80/a?b', '/a'], ['http://shop', '/'],
    ['/media/17', '/media/:id'], ['/media/550e8400-e29b-41d4-a716-446655440000/poster', '/media/:id/poster'], ['/commit/9f8e7d6c5b', '/commit/:id'], ['/title/tt0111161', '/title/:id'], ['/u/bob@example.org', '/u/:id'],
    ['/reset/V1StGXR8Z5jdHi6BmyTqkc', '/reset/:id'], ['/posts/17-how-to', '/posts/:id'], ['/days/2026-11-21', '/days/:id'], ['/api/v1/deadbeef', '/api/v1/deadbeef'], ['/facade', '/facade'],
    ['/caf%C3%A9', '/café'], ['/a%2Fb', '/a%2Fb'], ['/%zz', '/%zz'], ['/%1b[31m', '/%1b[31m'], ['/static/app.9f8e.js?v=1', '*.js'], ['/img/Poster.PNG', '*.png'],
    ['*', '(other)'], ['shop:443', '(other)'], ['', '(other)'], [`/${'a/'.repeat(40)}`, '/a/a/a/a/a/a/a/a/a/a/a/a/*'],
  ])('of %j is %j', (target, route) => {
    expect(routeNamer()(target)).toBe(route)
  })

  it('is the one that is given, the exacter before the others', () => {
    const name = routeNamer(['/files/*', '/media/:id', '/media/search', 'GET /media/{id}/poster/', '/media/:id/:part'])
    expect(['/media/abc', '/media/search', '/media/abc/poster', '/media/abc/cast', '/files/a/b/c.js', '/files', '/shop/12'].map(name)).toEqual(['/media/:id', '/media/search', '/media/{id}/poster/', '/media/:id/:part', '/files/*', '/files/*', '/shop/:id'])
  })

  it('is short, without a query and safe to show, whatever is asked for', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }).map((text) => `/${text}`), (target) => {
      const route = routeNamer()(target)
      expect(route.length <= 200 && !/[?\p{Cc}\u202e]/u.test(route)).toBe(true)
    }))
  })
})
