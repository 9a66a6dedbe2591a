import { describe, expect, it } from 'vitest'
import { briefly, interval, timeOfDay, uptime } from '../../../../src/tui/top/painting/times.ts'

describe('times', () => {
  it('are of the day where the person is, also across midnight', () => {
    const at = Date.UTC(2025, 10, 21, 23, 59, 58)
    expect([timeOfDay(at, 0), timeOfDay(at, 60), timeOfDay(at, -330), timeOfDay(Number.NaN, 0)]).toEqual(['23:59:58', '00:59:58', '18:29:58', '--:--:--'])
  })

  it('are as short as they can be said', () => {
    expect([0, 12_000, 61_000, 600_000, 7_200_000, 2 * 86_400_000, Number.NaN].map(briefly)).toEqual(['0s', '12s', '1m01s', '10m', '2h', '2d', '0s'])
    expect([250, 1_000, 60_000].map(interval)).toEqual(['250ms', '1.0s', '1m'])
    expect([uptime(251 * 60_000), uptime((12 * 24 + 4) * 3_600_000)]).toEqual(['04:11', '12d 04:00'])
  })
})
