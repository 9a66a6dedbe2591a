import { describe, expect, it } from 'vitest'
import type { EndpointName } from '../../src/contract/endpoints.ts'
import { ApiError } from '../../src/contract/error-code.ts'
import { readQuestion, type RawQuestion } from '../../src/contract/read-question.ts'

function refusal(name: EndpointName, raw: RawQuestion): string {
  try {
    readQuestion(name, raw)
  } catch (error) {
    if (error instanceof ApiError) return error.message
    throw error
  }
  return 'nothing was wrong'
}

describe('what is wrong with a question', () => {
  it.each<[EndpointName, RawQuestion, string]>([
    ['metrics', { query: { interval: '2s' } }, 'query interval must be one of 10s, 30s, 1m, 5m, 15m, not "2s"'],
    ['metrics', { query: { metrics: 'cpu,sun' } }, 'query metrics.1 must be one of cpu, memory, disk, network, not "sun"'],
    ['metrics', { query: { metrics: ',' } }, 'query metrics must have at least 1 entry, not a list'],
    ['metrics', { query: { interval: ['1m', '5m'] } }, 'query interval must be one of 10s, 30s, 1m, 5m, 15m, not a list'],
    ['health', { query: { timeout: '0' } }, 'query timeout must be at least 1, not 0'],
    ['health', { query: { timeout: 'soon' } }, 'query timeout must be a number, not "soon"'],
    ['health', { query: { detailed: 'maybe' } }, 'query detailed must be true or false, not "maybe"'],
    ['optimization', { params: { optimizationId: '../x' } }, 'path optimizationId must be letters, digits, - and _, not "../x"'],
    ['optimize', {}, 'the body must be an object, not null'],
    ['optimize', { body: { optimizations: [] } }, 'body optimizations must have at least 1 entry, not a list'],
    ['optimize', { body: { optimizations: ['x'], agressive: true } }, 'the body has an unknown key "agressive"'],
    ['optimize', { body: { optimizations: ['x'], scheduleFor: 'tomorrow' } }, 'body scheduleFor must be a moment such as 2026-01-31T12:00:00Z, not "tomorrow"'],
    ['setAlerts', { body: { notifications: { webhook: 12 } } }, 'body notifications.webhook must be text'],
    ['submit', { body: { page: '/', type: 'LCP', value: -1 } }, 'body value must be at least 0, not -1'],
    ['submit', { body: [{ page: '/', type: 'LCP', value: 'fast' }] }, 'body 0.value must be a number, not "fast"'],
    ['submit', { body: 'x' }, 'the body must be an object or a list, not "x"'],
  ])('is said in a sentence: %s %j', (name, raw, sentence) => {
    expect(refusal(name, raw)).toBe(sentence)
  })

  it('takes what is right, and fills in what was left out', () => {
    expect(readQuestion('metrics', { query: { metrics: ['cpu', 'memory,disk'] } }).query).toMatchObject({ timeRange: '1h', interval: '1m', metrics: ['cpu', 'memory', 'disk'] })
  })
})
