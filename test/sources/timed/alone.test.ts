import { describe, expect, it } from 'vitest'
import { timeAlone, type Alone } from '../../../src/sources/timed/alone.ts'
import type { TimedRun } from '../../../src/sources/timed/timed-command.ts'
import type { Attempts } from '../../../src/sources/timed/attempt.ts'
import { command, run, scripted } from './scripted.ts'

const APP = command('app')
const timed = (answer: (name: string, nth: number) => TimedRun, choice: { readonly warmups?: number; readonly runs?: number | null; readonly minMs?: number } = {}, parts: Partial<Attempts> = {}): { readonly done: Promise<Alone>; readonly order: string[] } => {
  const { attempts, order } = scripted(answer, parts)
  return { done: timeAlone(attempts, APP, { warmups: 0, runs: null, minMs: 3_000, ...choice }), order }
}

describe('a command that is timed alone', () => {
  it.each([
    ['a fast one fills the time', 100, {}, 30],
    ['a slow one is run ten times all the same', 5_000, {}, 10],
    ['so often as somebody says', 100, { runs: 3 }, 3],
    ['one that takes no time is not run for ever', 0, {}, 5_000],
  ] as const)('%s', async (_, ms, choice, runs) => {
    expect((await timed(() => run(ms), choice).done).runs).toHaveLength(runs)
  })

  it('is warmed up by runs that do not count', async () => {
    const { done, order } = timed((_, nth) => run(nth), { warmups: 2, runs: 3 })
    expect((await done).runs.map(({ ms }) => ms)).toEqual([3, 4, 5])
    expect(order).toHaveLength(5)
  })

  it('is prepared before each run, the warm-up too, and that is not timed', async () => {
    const { done, order } = timed((name) => run(name === 'app' ? 10 : 99), { warmups: 1, runs: 2 }, { prepare: command('clean') })
    expect((await done).runs.map(({ ms }) => ms)).toEqual([10, 10])
    expect(order).toEqual(['clean', 'app', 'clean', 'app', 'clean', 'app'])
  })

  it.each([
    ['fails', { exitCode: 3, lastWords: ['no such table'] }, 'failed', 'ended with 3'],
    ['is killed', { exitCode: null, signal: 'SIGSEGV' }, 'failed', 'was killed by SIGSEGV'],
    ['takes too long', { exitCode: null, signal: 'SIGTERM', isLate: true }, 'late', 'did not end in its time and was ended'],
    ['is cut off', { exitCode: null, signal: 'SIGTERM', isCutOff: true }, 'interrupted', 'was interrupted'],
  ] as const)('is at an end when a run %s, with the runs before it kept', async (_, parts, kind, why) => {
    const { runs, trouble } = await timed((_name, nth) => run(10, nth === 4 ? parts : {})).done
    expect(runs).toHaveLength(3)
    expect(trouble).toMatchObject({ kind, why, command: { name: 'app' }, lastWords: 'lastWords' in parts ? parts.lastWords : [] })
  })

  it('may fail where nobody minds, but never take too long', async () => {
    const { done } = timed(() => run(10, { exitCode: 1 }), { runs: 4 }, { ignoresFailure: true })
    expect(await done).toMatchObject({ runs: { length: 4 }, trouble: null })
    expect((await timed(() => run(10, { isLate: true, exitCode: 0 }), {}, { ignoresFailure: true }).done).trouble?.kind).toBe('late')
  })

  it('is not run unprepared, whoever minds', async () => {
    const { done, order } = timed((name) => run(10, name === 'clean' ? { exitCode: 1 } : {}), {}, { prepare: command('clean'), ignoresFailure: true })
    expect((await done).trouble).toMatchObject({ kind: 'unprepared', command: { name: 'clean' } })
    expect(order).toEqual(['clean'])
  })
})
