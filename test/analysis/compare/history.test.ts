import { describe, expect, it } from 'vitest'
import { changePoints } from '../../../src/analysis/compare/e-divisive.ts'
import { noiseBand } from '../../../src/analysis/compare/noise-band.ts'
import { normalQuantile, normalTail } from '../../../src/analysis/compare/normal.ts'
import { randomStream, shuffle } from '../../../src/analysis/compare/random.ts'
import { holm } from '../../../src/analysis/compare/holm.ts'

const noisy = (n: number, middle: number, seed: number): number[] => {
  const random = randomStream(seed)
  return Array.from({ length: n }, () => middle * (1 + 0.04 * (random() - 0.5)))
}

describe('the change points of a history', () => {
  it('are where it went up, and by how much', () => {
    const points = changePoints([...noisy(20, 100, 1), ...noisy(15, 120, 2)])
    expect(points).toHaveLength(1)
    expect(points[0]).toMatchObject({ index: 20 })
    expect(points[0]!.change).toBeCloseTo(0.2, 1)
    expect(points[0]!.p).toBe(1 / 200)
  })

  it('are both ends of a hump', () => {
    expect(changePoints([...noisy(12, 100, 1), ...noisy(12, 130, 2), ...noisy(12, 100, 3)]).map(({ index }) => index)).toEqual([12, 24])
  })

  it.each([
    ['nothing changed', noisy(40, 100, 4)],
    ['it changed by less than 5 %', [...noisy(20, 100, 1), ...noisy(20, 103, 2)]],
    ['it is too short', [1, 1, 1, 1, 9, 9, 9, 9, 9]],
    ['all values are the same', Array<number>(30).fill(5)],
    ['one is no number', [...noisy(10, 100, 1), Number.NaN, ...noisy(10, 200, 2)]],
    ['one is zero', [...noisy(10, 100, 1), 0, ...noisy(10, 200, 2)]],
  ])('are none when %s', (_, values) => {
    expect(changePoints(values)).toEqual([])
  })

  it('are rarely found where there is only noise', () => {
    const found = Array.from({ length: 60 }, (_, seed) => changePoints(noisy(30, 100, seed + 50).map((value) => (value / 100) ** 8)).length)
    expect(found.filter((count) => count > 0).length).toBeLessThanOrEqual(5)
  })

  it('are the same every time, and counted from the start also of a long history', () => {
    const values = [...noisy(420, 100, 1), ...noisy(180, 120, 2)]
    expect(changePoints(values).map(({ index }) => index)).toEqual([420])
    expect(changePoints(values)).toEqual(changePoints(values))
  })
})

describe('the band of noise', () => {
  it('lies around the median, and one wild value does not move it', () => {
    const band = noiseBand([98, 99, 99.5, 100, 100, 100.5, 101, 102, 100, 900])!
    expect(band).toMatchObject({ n: 10 })
    expect(band.median).toBeCloseTo(100, 9)
    expect(band.low).toBeGreaterThan(96)
    expect(band.high).toBeLessThan(104)
    expect(band.spread).toBeGreaterThan(0.003)
  })

  it('is not given for fewer than ten values, nor where one has no logarithm', () => {
    expect(noiseBand(noisy(9, 100, 1))).toBeNull()
    expect(noiseBand([...noisy(10, 100, 1), 0])).toBeNull()
    expect(noiseBand([...noisy(10, 100, 1), Number.NaN])).toBeNull()
  })
})

describe('chances that are judged together', () => {
  it('are adjusted as Holm says, in the order they came', () => {
    const adjusted = holm([0.01, 0.04, 0.03, 0.005])
    expect(adjusted.map((p) => Number(p.toFixed(12)))).toEqual([0.03, 0.06, 0.06, 0.02])
    expect(holm([0.9, 0.8])).toEqual([1, 1])
    expect(holm([])).toEqual([])
  })
})

describe('the normal distribution', () => {
  it.each([[0, 0.5], [1.959963984540054, 0.025], [-1, 0.8413447460685429], [3, 0.0013498980316301], [6, 9.865876450376946e-10], [20, 2.7536241186062337e-89]])('beyond %d', (z, tail) => {
    expect(normalTail(z) / tail).toBeCloseTo(1, 11)
    if (z < 20) expect(normalQuantile(tail)).toBeCloseTo(z, 9)
  })
})

describe('the stream of random numbers', () => {
  it('is the same for the same seed, even, and shuffles fairly', () => {
    const [one, two] = [randomStream(7), randomStream(7)]
    expect(Array.from({ length: 5 }, one)).toEqual(Array.from({ length: 5 }, two))
    const first = [0, 0, 0, 0]
    for (let nth = 0; nth < 4_000; nth++) first[shuffle([0, 1, 2, 3], one)[0]!]!++
    for (const count of first) expect(Math.abs(count - 1_000)).toBeLessThan(110)
  })
})
