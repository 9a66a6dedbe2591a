import { describe, expect, it } from 'vitest'
import type { Stretch } from '../../src/health/history.ts'
import { longestGap, uptimeOf } from '../../src/health/uptime.ts'

/** A window of 100 ms that ends at 1,000. */
const uptime = (...history: readonly Stretch[]): readonly [number | null, number] => {
  const { share, watched } = uptimeOf(history, 1_000, 100)
  return [share, watched]
}

describe('uptime', () => {
  it.each<[string, readonly Stretch[], readonly [number | null, number]]>([
    ['nothing was watched', [], [null, 0]],
    ['up all the time', [{ of: 'ok', from: 0, until: 1_000 }], [1, 1]],
    ['a warning is up', [{ of: 'warn', from: 900, until: 950 }, { of: 'fail', from: 950, until: 1_000 }], [0.5, 1]],
    ['what was not watched is neither', [{ of: 'ok', from: 900, until: 930 }, { of: 'fail', from: 990, until: 1_000 }], [0.75, 0.4]],
    ['unknown is watched, but neither', [{ of: 'unknown', from: 900, until: 980 }, { of: 'ok', from: 980, until: 1_000 }], [1, 1]],
    ['unknown alone says nothing', [{ of: 'unknown', from: 900, until: 1_000 }], [null, 1]],
    ['excused is not watched', [{ of: 'excused', from: 900, until: 980 }, { of: 'fail', from: 980, until: 1_000 }], [0, 0.2]],
    ['what lies before the window does not count', [{ of: 'fail', from: 0, until: 900 }, { of: 'ok', from: 900, until: 1_000 }], [1, 1]],
    ['nor what a wrong clock put after it', [{ of: 'ok', from: 900, until: 1_000 }, { of: 'fail', from: 1_000, until: 9_000 }], [1, 1]],
    ['a sum counts as a whole', [{ of: { ok: 30, fail: 10 }, from: 900, until: 1_000 }], [0.75, 0.4]],
    ['a sum across the beginning counts by its part', [{ of: { ok: 20, fail: 20 }, from: 880, until: 920 }, { of: 'ok', from: 920, until: 1_000 }], [0.9, 1]],
  ])('%s', (_, history, [share, watched]) => {
    const [seenShare, seenWatched] = uptime(...history)
    expect(seenWatched).toBeCloseTo(watched, 12)
    if (share === null) expect(seenShare).toBeNull()
    else expect(seenShare).toBeCloseTo(share, 12)
  })
})

describe('the longest time between two runs that still counts as watched', () => {
  it.each([
    [[], 3_600_000],
    [[300_000], 900_000],
    // The median does not mind that the machine was off for a day.
    [[300_000, 300_000, 86_400_000], 900_000],
    [[60, 300], 540],
  ])('after %j it is %d ms', (gaps, limit) => {
    expect(longestGap(gaps)).toBe(limit)
  })
})
