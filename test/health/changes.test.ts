import { describe, expect, it } from 'vitest'
import { describeChanges, describeSince, showLasted } from '../../src/health/changes.ts'
import { after, DAY, every5, HOUR, MINUTE, START } from './runs.ts'

/** What is said of the check after the last of these runs. */
const said = (runs: ReturnType<typeof every5>): readonly string[] => describeChanges(after(runs).changes.filter(({ check }) => check === 'db'))

describe('what people are told of a change', () => {
  it.each<[ReturnType<typeof every5>, readonly string[]]>([
    [every5('ok', 'ok', 'fail'), ['db: CRITICAL since 03:10 (was OK for 10m)']],
    [[[-6 * 1_440 - 228, 'ok'], [12, 'fail']], ['db: CRITICAL since 03:12 (was OK for 6d 4h)']],
    [[[0, 'fail'], [12, 'ok']], ['db: OK again after 12m']],
    [every5('fail'), ['db: CRITICAL since 03:00 (seen for the first time)']],
    [every5('ok', 'unknown'), ['db: UNKNOWN since 03:05 (was OK for 5m)']],
    [every5('fail', 'warn'), ['db: WARNING since 03:05 (was CRITICAL for 5m)']],
    [every5('ok', 'ok'), []],
    [every5(...Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? 'ok' : 'fail'))), ['db: flapping since 03:45, CRITICAL at the moment (the next word comes when it settles)']],
    [every5(...Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? 'ok' : 'fail')), ...Array<'fail'>(15).fill('fail')), ['db: CRITICAL, settled at 05:00 after flapping for 1h 15m']],
  ])('%# is %j', (runs, lines) => {
    expect(said(runs)).toEqual(lines)
  })

  it('names all together first', () => {
    expect(describeChanges(after(every5('ok', 'fail')).changes)).toEqual(['overall: CRITICAL since 03:05 (was OK for 5m)', 'db: CRITICAL since 03:05 (was OK for 5m)'])
  })
})

describe('since when something is not ok', () => {
  const since = (runs: ReturnType<typeof every5>, minute: number): string | null => {
    const standing = after(runs).state.checks.get('db')
    return standing ? describeSince(standing, new Date(START + minute * MINUTE)) : 'not there'
  }

  it('is a time of day, with its day where that is another', () => {
    expect(since([[12, 'fail']], 137)).toBe('since 03:12 (2h 05m)')
    expect(since([[12, 'fail']], 12 + 1_560)).toBe('since 2026-11-21 03:12 (1d 2h)')
  })

  it('is not said of what is ok or excused, nor ever of the future', () => {
    expect([since(every5('ok'), 5), since(every5('fail', 'excused'), 10), since(every5('fail'), -60)]).toEqual([null, null, 'since 02:00 (0s)'])
  })
})

it.each([[0, '0s'], [59_999, '59s'], [MINUTE, '1m'], [HOUR, '1h'], [HOUR + 5 * MINUTE, '1h 05m'], [DAY, '1d'], [6 * DAY + 4 * HOUR + 59 * MINUTE, '6d 4h']])('%d ms are %s', (ms, text) => {
  expect(showLasted(ms)).toBe(text)
})
