import { describe, expect, test } from 'vitest'
import { parseFaultErrors, parseFaultLatency, parseFaultSlow, parseFaultStall } from '../../src/demo/flag.ts'

describe('fault flags', () => {
  test.each([
    [parseFaultLatency, '10ms', 10],
    [parseFaultLatency, '1.5s', 1_500],
    [parseFaultLatency, '25', 25],
    [parseFaultErrors, '2%', 0.02],
    [parseFaultErrors, '0.02', 0.02],
    [parseFaultErrors, '100%', 1],
    [parseFaultStall, '1s@3s', { forMs: 1_000, atMs: 3_000 }],
    [parseFaultStall, ' 250ms @ 0 ', { forMs: 250, atMs: 0 }],
    [parseFaultStall, '2@10', { forMs: 2_000, atMs: 10_000 }],
    [parseFaultSlow, '/api/v1/media/search=200ms', { path: '/api/v1/media/search', ms: 200 }],
    [parseFaultSlow, '/a=b=1s', { path: '/a=b', ms: 1_000 }],
  ])('%o reads "%s"', (parse, text, expected) => {
    expect(parse(text)).toEqual(expected)
  })

  test.each([
    [parseFaultLatency, 'soon', '--latency "soon": "soon" is not a duration'],
    [parseFaultLatency, '-5ms', '--latency "-5ms": "-5ms" is not a duration'],
    [parseFaultErrors, '120%', '--errors "120%": "120%" is not a share'],
    [parseFaultErrors, '', '--errors "": "" is not a share'],
    [parseFaultStall, '1s', '--stall "1s": not two durations with one @ between them'],
    [parseFaultStall, '1s@2s@3s', '--stall "1s@2s@3s": not two durations with one @ between them'],
    [parseFaultStall, '1s@later', '--stall "1s@later": "later" is not a duration'],
    [parseFaultStall, '0s@1s', '--stall "0s@1s": a stall of no length does nothing'],
    [parseFaultSlow, '/search', '--slow "/search": no = between path and duration'],
    [parseFaultSlow, 'search=1s', '--slow "search=1s": the path does not begin with /'],
    [parseFaultSlow, '/search?q=1s', '--slow "/search?q=1s": only the path is compared, without query or fragment'],
    [parseFaultSlow, '/search=', '--slow "/search=": "" is not a duration'],
  ])('%o refuses "%s" and shows how to write it', (parse, text, message) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ name: 'UserError', code: 'INVALID_VALUE', kind: 'usage', message, hint: expect.stringMatching(/^write it like --/) }))
  })
})
