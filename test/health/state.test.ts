import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { Stretch } from '../../src/health/history.ts'
import { formatState, parseState } from '../../src/health/state-file.ts'
import { stateShape } from '../../src/health/state-shape.ts'
import { foldState, type HealthState } from '../../src/health/state.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { uptimeOf, WINDOWS } from '../../src/health/uptime.ts'
import { after, DAY, every5, HOUR, MINUTE, result, START } from './runs.ts'

const at = (minute: number): Date => new Date(START + minute * MINUTE)
const standing = (state: HealthState, name = 'db'): NonNullable<ReturnType<HealthState['checks']['get']>> => {
  const found = state.checks.get(name)
  if (!found) throw new Error(`no ${name}`)
  return found
}
/** A history in minutes since the start. */
const minutes = (history: readonly Stretch[]): unknown => history.map(({ of, from, until }) => [of, (from - START) / MINUTE, (until - START) / MINUTE])

describe('what has changed', () => {
  it.each<[string, ReturnType<typeof every5>, readonly string[]]>([
    ['nothing, where all is well from the start', every5('ok', 'ok'), []],
    ['trouble at first sight', every5('fail', 'fail'), ['0 changed new fail']],
    ['there and back', every5('ok', 'fail', 'fail', 'ok'), ['5 changed ok fail', '15 changed fail ok']],
    ['from bad to worse', every5('warn', 'fail'), ['0 changed new warn', '5 changed warn fail']],
    ['not measured is a change too', every5('ok', 'unknown'), ['5 changed ok unknown']],
    ['nothing by an excuse between', every5('ok', 'excused', 'ok'), []],
    ['what an excuse hid, once it is over', every5('ok', 'excused', 'fail'), ['10 changed ok fail']],
    ['nothing of what was never seen without an excuse', every5('excused', 'excused', 'ok'), []],
    ['what was never seen without an excuse and is bad', every5('excused', 'fail'), ['5 changed new fail']],
  ])('is %s', (_, runs, told) => {
    expect(after(runs).told).toEqual(told)
  })

  it('is told with how long the state before lasted, for all together first', () => {
    expect(after(every5('ok', 'ok', 'fail')).changes).toEqual([
      { check: null, kind: 'changed', from: 'ok', to: 'fail', at: at(10), lastedMs: 10 * MINUTE },
      { check: 'db', kind: 'changed', from: 'ok', to: 'fail', at: at(10), lastedMs: 10 * MINUTE },
    ])
  })

  it('is told once when it begins to flap and once when it settles, and nothing between', () => {
    const steady = Array<Verdict>(20).fill('ok')
    const { told, state, changes } = after(every5(...Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? 'ok' : 'fail')), ...steady))
    expect(told.slice(0, 8)).toEqual(Array.from({ length: 8 }, (_, index) => `${(index + 1) * 5} changed ${index % 2 === 0 ? 'ok fail' : 'fail ok'}`))
    expect(told.slice(8)).toEqual(['45 flapping ok fail', '225 settled ok ok'])
    expect([standing(state).flappingSince, changes]).toEqual([null, []])
  })

  it('is no recovery of all together where what failed is merely excused', () => {
    const run = (state: HealthState | null, minute: number, db: Verdict | 'excused', verdict: Verdict): ReturnType<typeof foldState> => foldState(state, [result('web', 'ok'), result('db', db)], verdict, at(minute))
    const failed = run(null, 0, 'fail', 'fail')
    const maintained = run(failed.state, 5, 'excused', 'ok')
    const back = run(maintained.state, 10, 'ok', 'ok')
    expect([maintained.changes, back.changes.map(({ check, from, to }) => [check, from, to])]).toEqual([[], [[null, 'fail', 'ok'], ['db', 'fail', 'ok']]])
    expect(minutes(back.state.overall.history)).toEqual([['fail', 0, 5], ['excused', 5, 10]])
    // A web server that fails meanwhile is worth a word.
    expect(run(after(every5('ok')).state, 5, 'excused', 'fail').changes.map(({ check }) => check)).toEqual([null])
  })

  it('lasts no negative time where a clock was set back', () => {
    expect(after([[0, 'ok'], [5, 'ok'], [-600, 'fail']]).changes.map(({ lastedMs }) => lastedMs)).toEqual([0, 0])
  })
})

describe('since when', () => {
  it('is the first time it was seen so, whatever excuses and gaps there were', () => {
    const { state } = after([[0, 'ok'], [5, 'fail'], [10, 'excused'], [15, 'fail'], [3_000, 'fail']])
    expect([standing(state).since, standing(state).verdict]).toEqual([at(5).getTime(), 'fail'])
    expect(state.overall.since).toBe(at(5).getTime())
  })
})

describe('the history', () => {
  it('gives time between two runs to the earlier verdict, and joins what is equal', () => {
    expect(minutes(standing(after(every5('ok', 'ok', 'fail', 'excused', 'warn', 'warn')).state).history)).toEqual([['ok', 0, 10], ['fail', 10, 15], ['excused', 15, 20], ['warn', 20, 25]])
  })

  it('has not watched where nobody looked for more than three times the usual time', () => {
    expect(minutes(standing(after([[0, 'ok'], [5, 'ok'], [10, 'ok'], [25, 'ok'], [41, 'ok'], [46, 'ok']]).state).history)).toEqual([['ok', 0, 25], ['ok', 41, 46]])
  })

  it('gets used to another pace', () => {
    const { state } = after([...every5('ok', 'ok', 'ok'), ...Array.from({ length: 12 }, (_, index) => [70 + index * 60, 'ok'] as const)])
    expect(minutes(standing(state).history)).toEqual([['ok', 0, 10], ['ok', 130, 730]])
  })

  it('does not take an afternoon between the first two runs for watched', () => {
    expect(minutes(standing(after([[0, 'ok'], [240, 'ok'], [300, 'ok']]).state).history)).toEqual([['ok', 240, 300]])
  })

  it('tells no time twice when a clock was set back, and goes on', () => {
    const { state } = after([[0, 'ok'], [5, 'ok'], [10, 'fail'], [2, 'fail'], [7, 'fail'], [12, 'ok'], [17, 'ok']])
    expect(minutes(standing(state).history)).toEqual([['ok', 0, 10], ['fail', 10, 12], ['ok', 12, 17]])
  })

  it('survives a boot in 1970', () => {
    const { state } = after([[-START / MINUTE + 1, 'ok'], [15, 'ok'], [20, 'ok']], after(every5('ok', 'ok', 'ok')).state)
    expect(minutes(standing(state).history)).toEqual([['ok', 0, 10], ['ok', 15, 20]])
  })

  it('lets a check go that no run has had for 30 days', () => {
    const first = foldState(null, [result('db', 'ok'), result('old', 'fail')], 'fail', at(0)).state
    const month = foldState(first, [result('db', 'ok')], 'ok', new Date(START + 30 * DAY)).state
    const later = foldState(month, [result('db', 'ok')], 'ok', new Date(START + 30 * DAY + MINUTE)).state
    expect([[...month.checks.keys()].sort(), [...later.checks.keys()]]).toEqual([['db', 'old'], ['db']])
  })

  it('keeps names that mean something to JavaScript', () => {
    const results = [result('__proto__', 'fail'), result('constructor', 'ok')]
    const { state } = foldState(null, results, 'fail', at(0))
    expect(parseState(formatState(state), 'x')).toEqual(state)
    expect(Object.keys(stateShape(state, results, at(0)).checks)).toEqual(['__proto__', 'constructor'])
  })
})

describe('the JSON of a state', () => {
  it('has uptime in percent with three decimals and how much was watched', () => {
    const runs = [...Array.from({ length: 96 }, (_, index) => [index * 15, index === 40 ? 'fail' : 'ok'] as const), [1_440, 'ok'] as const]
    const { state } = after(runs)
    expect(stateShape(state, [result('db', 'ok')], at(1_440))).toEqual({
      since: at(41 * 15).toISOString(), flapping: false,
      uptime: { '24h': { percent: 98.958, watched: 100 }, '7d': { percent: 98.958, watched: 14.286 }, '30d': { percent: 98.958, watched: 3.333 } },
      checks: { db: { since: at(41 * 15).toISOString(), flapping: false, uptime: { '24h': { percent: 98.958, watched: 100 }, '7d': { percent: 98.958, watched: 14.286 }, '30d': { percent: 98.958, watched: 3.333 } } } },
    })
  })

  it('knows no uptime after one run', () => {
    expect(stateShape(after(every5('ok')).state, [], at(0)).uptime['24h']).toEqual({ percent: null, watched: 0 })
  })

  it('never rounds an outage away', () => {
    const history: readonly Stretch[] = [{ of: 'fail', from: START, until: START + 1 }, { of: 'ok', from: START + 1, until: START + 30 * DAY }]
    const { overall } = after(every5('ok')).state
    expect(stateShape({ overall: { ...overall, history }, checks: new Map() }, [], new Date(START + 30 * DAY)).uptime['30d']).toEqual({ percent: 99.999, watched: 100 })
  })
})

const anyState = fc.constantFrom('ok', 'warn', 'unknown', 'fail', 'excused')
const anyStep = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1_000, max: 10 * MINUTE }) }, { weight: 1, arbitrary: fc.integer({ min: -2 * DAY, max: 2 * DAY }) })

describe('any runs whatever', () => {
  it('leave a history in order, without overlaps, shares between 0 and 1, and the same after each is saved and read', () => {
    fc.assert(fc.property(fc.array(fc.tuple(anyStep, anyState), { minLength: 1, maxLength: 80 }), (runs) => {
      let kept: HealthState | null = null
      let saved: HealthState | null = null
      let now = START
      for (const [step, verdict] of runs) {
        now += step
        const fold = (state: HealthState | null): HealthState => foldState(state, [result('db', verdict)], verdict === 'excused' ? 'ok' : verdict, new Date(now)).state
        kept = fold(kept)
        saved = parseState(formatState(fold(saved)), 'state.json')
        expect(saved).toEqual(kept)
        const { history } = standing(kept)
        for (const [index, { from, until }] of history.entries()) {
          expect(until).toBeGreaterThan(from)
          expect(from).toBeGreaterThanOrEqual(history[index - 1]?.until ?? 0)
        }
        for (const window of Object.values(WINDOWS)) {
          const { share, watched } = uptimeOf(history, now, window)
          expect(watched >= 0 && watched <= 1 && (share === null || (share >= 0 && share <= 1))).toBe(true)
        }
      }
    }), { numRuns: 60 })
  })
})

test('after 100,000 runs of ten seconds to a minute the state is no larger than it may be, and the shares are still right', { timeout: 60_000 }, () => {
  let state: HealthState | null = null
  let now = START
  let seed = 7
  const truth: { from: number; isUp: boolean }[] = []
  for (let run = 0; run < 100_000; run++) {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    const verdict = seed % 1_000 < 300 ? 'fail' : 'ok'
    truth.push({ from: now, isUp: verdict === 'ok' })
    ;({ state } = foldState(state, [result('db', verdict)], verdict, new Date(now)))
    now += 10_000 + (seed % 50_000)
  }
  if (state === null) throw new Error('no state')
  const end = standing(state).lastSeen
  expect(standing(state).history.length).toBeLessThanOrEqual(2_000)
  expect(formatState(state).length).toBeLessThan(400_000)
  for (const window of Object.values(WINDOWS)) {
    let up = 0
    for (const [index, { from, isUp }] of truth.entries()) if (isUp) up += Math.max(0, (truth[index + 1]?.from ?? end) - Math.max(from, end - window))
    const { share, watched } = uptimeOf(standing(state).history, end, window)
    expect(watched).toBeCloseTo(1, 3)
    expect(Math.abs((share ?? Number.NaN) - up / window)).toBeLessThan(0.5 * (HOUR / window))
  }
})

test('hundreds of checks that change all the time fit into the file that is read again', () => {
  const names = Array.from({ length: 300 }, (_, index) => `check ${index}`)
  let state: HealthState | null = null
  for (let run = 0; run < 700; run++) state = foldState(state, names.map((name) => result(name, run % 2 === 0 ? 'ok' : 'fail')), 'fail', new Date(START + run * MINUTE)).state
  if (state === null) throw new Error('no state')
  expect(Math.max(...[...state.checks.values()].map(({ history }) => history.length))).toBeLessThanOrEqual(332)
  expect(formatState(state).length).toBeLessThan(16 * 2 ** 20)
})
