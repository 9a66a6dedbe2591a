import { describe, expect, it } from 'vitest'
import { BACKEND_PATTERNS, CATEGORY_PATTERNS, endpointsLike } from '../../src/budget/endpoint-pattern.ts'

const fitting = (patterns: Readonly<Record<string, { readonly pattern: string }>>, endpoint: string): string[] => Object.entries(patterns).filter(([, { pattern }]) => new RegExp(pattern).test(endpoint)).map(([name]) => name)

describe('endpoints', () => {
  it.each([
    ['POST /api/v1/auth/login', ['authentication']], ['GET /api/v1/media/search?q=a', ['search']], ['GET /api/v1/media/requests', ['media']], ['/dashboard', ['dashboard']], ['GET /api/admin/users', ['admin']], ['GET /api/users', []],
  ])('%s belongs to %j', (endpoint, names) => {
    expect(fitting(CATEGORY_PATTERNS, endpoint)).toEqual(names)
  })

  it.each([
    ['GET /api/health', ['healthCheck']], ['GET /api/v1/media', ['dataQueries']], ['POST /api/v1/upload', ['fileOperations']], ['POST /api/auth/login', ['authentication']], ['GET /', []],
  ])('%s is %j of a backend', (endpoint, names) => {
    expect(fitting(BACKEND_PATTERNS, endpoint)).toEqual(names)
  })

  it.each([
    ['/api/*', 'GET /api/media', true], ['/api/*', 'GET /api/media/1', false], ['/api/**', 'GET /api/media/1?x=/y', true], ['POST /api/**', 'GET /api/media', false], ['/api/**/edit', '/api/edit', true], ['/a.b', '/axb', false], ['(x)+[', '(x)+[', true],
  ])('%s fits %s: %s', (glob, endpoint, expected) => {
    expect(new RegExp(endpointsLike([glob]).pattern).test(endpoint)).toBe(expected)
  })
})
