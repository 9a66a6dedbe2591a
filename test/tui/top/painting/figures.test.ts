import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { count, hundredths, percent, rate, short, shortSize, size, span, tenths } from '../../../../src/tui/top/painting/figures.ts'
import { processorTime } from '../../../../src/tui/top/painting/times.ts'

const MI = 1_024 ** 2

describe('figures', () => {
  it('say sizes in powers of 1024, short enough for a column', () => {
    expect([0, 999, 1_023, 9.9 * 1_024, 12.4 * MI, 689 * MI, 1_023 * MI, 1.2e13].map((bytes) => size(bytes, 4, '–'))).toEqual(['  0B', '999B', '1.0K', '9.9K', ' 12M', '689M', '1.0G', ' 11T'])
    expect([12.4 * MI, 1.9 * MI, 456 * 1_024].map((bytes) => size(bytes, 5, '–'))).toEqual(['12.4M', ' 1.9M', ' 456K'])
    expect([512 * MI, 1.5 * 1_024 * MI].map((bytes) => shortSize(bytes, '–'))).toEqual(['512M', '1.5G'])
  })

  it('say shares, loads, counts, rates and times', () => {
    expect([0, 0.004, 0.471, 1, 1.5].map((ratio) => percent(ratio, '–'))).toEqual(['  0%', '  0%', ' 47%', '100%', '150%'])
    expect([0.48, 1.312, 20.48].map((ratio) => tenths(ratio, '–'))).toEqual([' 48.0', '131.2', ' 2048'])
    expect([3.42, 123.456].map((load) => hundredths(load, '–'))).toEqual([' 3.42', '123.5'])
    expect([812, 9_999, 12_345, 2.5e6].map((value) => count(value, 4, '–'))).toEqual([' 812', '9999', ' 12k', '2.5M'])
    expect([0, 0.2, 14.4, 41_000].map((value) => rate(value, '–'))).toEqual(['   0', ' 0.2', '  14', ' 41k'])
    expect([0.3, 12, 1_234, 240_000].map((ms) => span(ms, '–'))).toEqual([' 0.3ms', '  12ms', '  1.2s', '  240s'])
    expect([2, 0.5, 1.25].map((value) => short(value, '–'))).toEqual(['2', '0.5', '1.25'])
    expect([161_200, 59_998_000, 36_000_000_000].map((ms) => processorTime(ms, '–'))).toEqual([' 2:41.20', '16:39:58', ' 416d16h'])
  })

  it('show a dash and never zero where nothing is known', () => {
    expect([percent(Number.NaN, '–'), tenths(Number.NaN, '–'), size(Number.NaN, 4, '–'), size(-1, 4, '-'), span(Number.NaN, '–')]).toEqual(['   –', '    –', '   –', '   -', '     –'])
    expect([Number.NaN, Number.POSITIVE_INFINITY].map((ms) => processorTime(ms, '–'))).toEqual(['       –', '       –'])
  })

  it('keep their width whatever the number is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.double({ min: 0, max: 1e20 })), (value) => {
        expect([percent(value, '–'), tenths(value, '–'), size(value, 4, '–'), size(value, 5, '–'), count(value, 4, '–'), rate(value, '–'), span(value, '–'), hundredths(value, '–'), processorTime(value, '–')].map((text) => text.length)).toEqual([4, 5, 4, 5, 4, 4, 6, 5, 8])
      }),
    )
  })
})
