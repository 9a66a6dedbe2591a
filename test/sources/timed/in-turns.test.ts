import { describe, expect, it } from 'vitest'
import { COMPARE_RULES } from '../../../src/analysis/compare/rules.ts'
import { timeInTurns, type Turns, type TurnsChoice } from '../../../src/sources/timed/in-turns.ts'
import type { TimedRun } from '../../../src/sources/timed/timed-command.ts'
import { command, run, scripted } from './scripted.ts'

function inTurns(answer: (name: string, nth: number) => TimedRun, choice: Partial<TurnsChoice> = {}, looks: readonly number[] = [8, 16, 30]): { readonly done: Promise<Turns>; readonly order: string[] } {
  const { attempts, order } = scripted(answer)
  return { done: timeInTurns(attempts, command('old'), command('new'), { warmups: 0, runs: 1, question: { rules: COMPARE_RULES, looks }, tell: async () => undefined, ...choice }), order }
}

/** Never twice the same, so that nothing is too good to be true. */
const around = (ms: number, nth: number): TimedRun => run(ms + (nth % 5) / 100)

describe('two commands in turns', () => {
  it('begin by turns, after a warm-up of each', async () => {
    const { done, order } = inTurns((_, nth) => around(200, nth), { warmups: 1 }, [4])
    const { base, head, state } = await done
    expect(order.join(' ')).toBe('old new old new new old old new new old')
    expect([base.length, head.length, state.pairs.length]).toEqual([4, 4, 4])
  })

  it('end at the first look when the answer is clear', async () => {
    const { state } = await inTurns((name, nth) => around(name === 'new' ? 240 : 200, nth)).done
    expect(state.settled).toMatchObject({ verdict: 'regressed', n: { base: 8, head: 8 } })
  })

  it('go on while it is not, and tell so at each look', async () => {
    const told: string[] = []
    const { state } = await inTurns((name, nth) => run(name === 'new' ? 170 * Math.exp(((nth * 0.618) % 1) - 0.45) : 170), { tell: async (pairs, most) => void told.push(`${pairs} of ${most}`) }).done
    expect(state.pairs).toHaveLength(30)
    expect(state.settled?.verdict).toBe('inconclusive')
    expect(told).toEqual(['0 of 30', '8 of 30', '16 of 30'])
  })

  it('are as many pairs as somebody says, however clear it is', async () => {
    const { state } = await inTurns((name, nth) => around(name === 'new' ? 900 : 200, nth), {}, [12]).done
    expect(state.pairs).toHaveLength(12)
    expect(state.settled?.verdict).toBe('regressed')
  })

  it('are run several times in a turn when they are short, and the median counts', async () => {
    const { done, order } = inTurns((_, nth) => run(nth % 5 === 0 ? 900 : 24), { warmups: 1, runs: null }, [2])
    const { state, runsPerTurn, base } = await done
    expect(runsPerTurn).toBe(5)
    expect(order.slice(2, 12)).toEqual([...Array<string>(5).fill('old'), ...Array<string>(5).fill('new')])
    expect(state.pairs).toEqual([{ base: 24, head: 24 }, { base: 24, head: 24 }])
    expect(base).toHaveLength(10)
  })

  it('keep what was measured when one of them fails', async () => {
    const { base, head, state, trouble } = await inTurns((name, nth) => run(200, name === 'new' && nth > 6 ? { exitCode: 1 } : {})).done
    expect(trouble).toMatchObject({ kind: 'failed', command: { name: 'new' } })
    expect([base.length, head.length, state.pairs.length]).toEqual([3, 3, 3])
    expect(state.settled).toBeNull()
  })
})
