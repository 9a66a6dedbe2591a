import { describe, expect, it } from 'vitest'
import { seriesKey } from '../../src/model/measurements.ts'
import { figuresOf, pairFigures, type MeasuredSlice } from '../../src/load/slice-figures.ts'
import { SliceRecorder } from '../../src/load/slice-recorder.ts'

const NAMES = ['fast', 'slow', 'rare']

/** A slice with answers of these times, milliseconds. */
function slice(times: Readonly<Record<string, readonly number[]>>): MeasuredSlice {
  const recorder = new SliceRecorder(NAMES, () => ({ from: 0, to: 1_000 }))
  for (const [name, list] of Object.entries(times)) {
    for (const ms of list) for (const tally of [recorder.total, recorder.endpoints.get(name)!]) tally.times.record(ms)
  }
  return { slice: { recorder, rate: 10 }, cpu: null }
}

function changeOf(key: string, base: MeasuredSlice, head: MeasuredSlice): number {
  const [before, after] = pairFigures(base, head).map((figures) => figures.find((series) => seriesKey(series) === key)?.values[0] ?? Number.NaN)
  return (after ?? Number.NaN) / (before ?? Number.NaN) - 1
}

const ALIKE = 'http.duration p(50) like for like'

describe('the median like for like', () => {
  it('does not move when one side happens to be asked for more of the slow', () => {
    const [base, head] = [slice({ fast: [1, 1, 1], slow: [100, 100] }), slice({ fast: [1, 1], slow: [100, 100, 100] })]
    expect(changeOf('http.duration p(50)', base, head)).toBeGreaterThan(50)
    expect(changeOf(ALIKE, base, head)).toBeCloseTo(0, 6)
  })

  it('moves by what each request has changed by, in proportion to its answers', () => {
    expect(changeOf(ALIKE, slice({ fast: [1], slow: [100] }), slice({ fast: [1.2], slow: [120] }))).toBeCloseTo(0.2, 2)
    expect(changeOf(ALIKE, slice({ fast: [1, 1, 1], slow: [100] }), slice({ fast: [1, 1, 1], slow: [200] }))).toBeCloseTo(2 ** (1 / 4) - 1, 2)
  })

  it('leaves out what only one side has answered, and is nothing where there is nothing in common', () => {
    expect(changeOf(ALIKE, slice({ fast: [1] }), slice({ fast: [1], rare: [900] }))).toBeCloseTo(0, 6)
    expect(changeOf(ALIKE, slice({ fast: [1] }), slice({ slow: [1] }))).toBeNaN()
  })

  it('is there only where requests differ', () => {
    expect(figuresOf(NAMES, false).map(seriesKey)).toContain(ALIKE)
    expect(figuresOf(['only'], false).map(seriesKey)).not.toContain(ALIKE)
  })
})
