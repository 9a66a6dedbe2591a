import { describe, expect, it } from 'vitest'
import { parseBytes, parseDuration, parseRatio, showBytes, showDuration, showQuantity, showRatio } from '../../src/model/unit.ts'
import { worst } from '../../src/model/verdict.ts'
import { metricNamed } from '../../src/model/metric.ts'
import { nearest } from '../../src/model/nearest.ts'
import { plain } from '../../src/model/text.ts'

describe('units', () => {
  it.each([['250ms', 250], ['1.5s', 1_500], ['5m', 300_000], ['1h30m', 5_400_000], ['2d', 172_800_000], ['100us', 0.1], ['30', 30_000], ['0', 0]])('%s is a duration', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it.each(['', '-5s', '10 parsecs', '5m10', 's', '1e3s', 'NaN'])('%j is no duration', (text) => {
    expect(() => parseDuration(text)).toThrow('is not a duration')
  })

  it.each([['512', 512], ['0', 0], ['1 B', 1], ['1.5MB', 1_500_000], ['2kB', 2_000], ['2KB', 2_000], ['2KiB', 2_048], ['1.5 GiB', 1_610_612_736], ['3GB', 3e9], ['1TB', 1e12], ['1TiB', 2 ** 40], ['2PB', 2e15], ['1PiB', 2 ** 50], [' 7 MiB ', 7_340_032]])('%s is a size', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes)
  })

  it.each(['', '-5MB', '5 bananas', 'MB', '1e3', '1,5MB', '1.5mb', '10%', 'NaN', '5MBs', '1.MB', 'constructor', '1 constructor'])('%j is no size', (text) => {
    expect(() => parseBytes(text)).toThrow('is not a size')
  })

  it('reads shares, and refuses what is none', () => {
    expect(['2%', '0.02', '100%', '0'].map(parseRatio)).toEqual([0.02, 0.02, 1, 0])
    for (const text of ['150%', '2', '-1%', 'x']) expect(() => parseRatio(text)).toThrow('is not a share')
  })

  it.each([[0, '0 ms'], [0.0123, '12.3 µs'], [12.345, '12.3 ms'], [999.4, '999 ms'], [999.6, '1 s'], [1_250, '1.25 s'], [59_960, '1m'], [250_000, '4m 10s'], [7_500_000, '2h 05m'], [Number.NaN, 'n/a']])('%d ms is shown as %s', (ms, text) => {
    expect(showDuration(ms)).toBe(text)
  })

  it('shows sizes in powers of ten, and shares that are not all as not all', () => {
    expect([512, 7_200_000, 999_600].map(showBytes)).toEqual(['512 B', '7.2 MB', '1 MB'])
    expect([0.0235, 1, 0.99996, 0].map(showRatio)).toEqual(['2.35%', '100%', '99.996%', '0%'])
    expect(showQuantity({ value: 1_234_567, unit: 'count' })).toBe('1,234,567')
  })
})

describe('words', () => {
  it('lets the worst verdict decide', () => {
    expect(worst([])).toBe('ok')
    expect(worst(['ok', 'warn', 'unknown'])).toBe('unknown')
    expect(worst(['unknown', 'fail', 'ok'])).toBe('fail')
  })

  it('knows metrics by any of their names', () => {
    for (const name of ['http_req_duration', 'response_time', 'api.response_time', 'http.duration']) expect(metricNamed(name)).toBe('http.duration')
    expect(metricNamed('nonsense')).toBeUndefined()
  })

  it('suggests what is near, and nothing when nothing is', () => {
    expect(nearest('arivalRate', ['duration', 'arrivalRate'])).toBe('arrivalRate')
    expect(nearest('zebra', ['duration', 'arrivalRate'])).toBeUndefined()
  })

  it('takes the sting out of foreign text', () => {
    expect(plain('a\u001b[31mb\nc\u202ed')).toBe('a\ufffd[31mb c\ufffdd')
    expect(plain('x'.repeat(600))).toHaveLength(500)
  })
})
