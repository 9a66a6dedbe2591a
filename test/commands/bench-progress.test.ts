import { expect, test } from 'vitest'
import { benchProgress } from '../../src/commands/bench-progress.ts'
import { COMPARE_RULES } from '../../src/analysis/compare/rules.ts'
import { isOfBench, type BenchProgress } from '../../src/model/progress.ts'
import { timeAlone } from '../../src/sources/timed/alone.ts'
import { timeInTurns } from '../../src/sources/timed/in-turns.ts'
import { command, run, scripted } from '../sources/timed/scripted.ts'

/** A clock that each run moves on, and a view that keeps what it is shown. */
function shown(isDrawn: boolean, base: string | null = null) {
  const kept: BenchProgress[] = []
  const clock = { ms: 0 }
  const view = { isDrawn, show: (progress: Parameters<typeof isOfBench>[0]) => void (isOfBench(progress) && kept.push(progress)) }
  return { kept, clock, progress: benchProgress({ view, now: () => clock.ms, head: command('new'), base: base === null ? null : command(base) }) }
}

function lasting(clock: { ms: number }, ms: (name: string) => number) {
  return scripted((name) => {
    clock.ms += ms(name)
    return run(ms(name))
  }).attempts
}

test('a benchmark is shown before each run, the one that does not count too, and tells what is left', async () => {
  const { kept, clock, progress } = shown(true)
  await timeAlone(lasting(clock, () => 1_000), command('new'), { warmups: 1, runs: 4, minMs: 0, ...progress })
  expect(kept.map(({ state, runs, totalMs }) => [state, runs?.done, totalMs])).toEqual([['warming up', 0, null], ['running', 0, null], ['running', 1, 5_000], ['running', 2, 5_000], ['running', 3, 5_000]])
  expect(kept.at(-1)?.commands).toEqual([{ name: 'new', runs: 3, median: 1_000, least: 1_000, most: 1_000 }])
})

test('short runs are not each followed by a picture', async () => {
  const { kept, clock, progress } = shown(true)
  await timeAlone(lasting(clock, () => 10), command('new'), { warmups: 0, runs: 100, minMs: 0, ...progress })
  expect(kept.map(({ runs }) => runs?.done)).toEqual([0, 25, 50, 75])
})

test('of turns it tells pairs and the change so far', async () => {
  const { kept, clock, progress } = shown(true, 'old')
  await timeInTurns(lasting(clock, (name) => (name === 'new' ? 600 : 500)), command('old'), command('new'), { warmups: 1, runs: 1, question: { rules: COMPARE_RULES, looks: [8] }, ...progress.inTurns })
  expect(kept.at(-1)).toMatchObject({ commands: [{ name: 'old', median: 500 }, { name: 'new', median: 600 }], turns: { pairs: 7, most: 8, nextLook: 8, figures: [{ name: 'time', change: '+20%' }] } })
})

test('a log hears of each phase once', async () => {
  const { kept, clock, progress } = shown(false, 'old')
  let nth = 0
  await timeInTurns(lasting(clock, (name) => (name === 'new' ? 170 * Math.exp(((++nth * 0.618) % 1) - 0.45) : 170)), command('old'), command('new'), { warmups: 1, runs: 1, question: { rules: COMPARE_RULES, looks: [8, 16, 30] }, ...progress.inTurns })
  expect(kept.map(({ phase }) => phase.replace(/, .*/, ''))).toEqual(['a run of each that does not count', 'at most 30 pairs of turns', '8 pairs: not clear yet', '16 pairs: not clear yet'])
})
