import { describe, expect, it } from 'vitest'
import { runChecks } from '../../src/health/run.ts'
import { UserError } from '../../src/model/error.ts'
import type { CheckResult } from '../../src/model/health.ts'
import { check, deaf, found, options } from './checks.ts'

const one = async (...given: Parameters<typeof check>): Promise<CheckResult> => {
  const [result] = await runChecks([check(...given)], options())
  if (!result) throw new Error('no result')
  return result
}
const says = ({ verdict, outcome, attempts }: CheckResult): unknown => [verdict, outcome.verdict, outcome.message, attempts]

describe('a run of checks', () => {
  it('answers in the order of the checks, and tells each result as it comes', async () => {
    const told: string[] = []
    const slow = check('slow', async () => new Promise((resolve) => setTimeout(() => resolve(found('ok')), 30)))
    const results = await runChecks([slow, check('quick', 'warn')], options({ onResult: ({ name }) => told.push(name) }))
    expect(results.map(({ name }) => name)).toEqual(['slow', 'quick'])
    expect(told).toEqual(['quick', 'slow'])
  })

  it('runs all checks at once', async () => {
    let running = 0
    let most = 0
    const busy = async (): Promise<ReturnType<typeof found>> => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 20))
      running--
      return found('ok')
    }
    await runChecks(Array.from({ length: 20 }, (_, index) => check(`c${index}`, busy)), options())
    expect(most).toBe(20)
  })

  it('has nothing to say where there is nothing to run', async () => {
    expect(await runChecks([], options())).toEqual([])
  })

  it('leaves a look behind that ignores its signal, and takes silence for what the type says', async () => {
    expect(says(await one('web', deaf, { timeoutMs: 20 }))).toEqual(['fail', 'fail', 'no answer within 20 ms', 1])
    expect(says(await one('ram', deaf, { timeoutMs: 20, type: 'memory' }))).toEqual(['unknown', 'unknown', 'no answer within 20 ms', 1])
  })

  it('believes a look that says at its deadline what took too long', async () => {
    const result = await one('web', (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(found('fail', 'connected, and then silence')))), { timeoutMs: 20 })
    expect(result.outcome.message).toBe('connected, and then silence')
  })

  it('leaves one that keeps its time itself a little longer to end what it began, and its signal alone until then', async () => {
    const ending = (signal: AbortSignal): Promise<ReturnType<typeof found>> => new Promise((resolve) => setTimeout(() => resolve(found('unknown', signal.aborted ? 'aborted' : 'ended what it began')), 300))
    expect(says(await one('plugin', ending, { timeoutMs: 20, type: 'command' }))).toEqual(['unknown', 'unknown', 'ended what it began', 1])
    expect(says(await one('plugin', deaf, { timeoutMs: 20, type: 'command' }))).toEqual(['unknown', 'unknown', 'no answer within 20 ms', 1])
  })

  it('takes a look that throws at its deadline for silence, and drops what comes late', async () => {
    const result = await one('web', (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))), { timeoutMs: 20 })
    expect(says(result)).toEqual(['fail', 'fail', 'no answer within 20 ms', 1])
    const late = await one('web', () => new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 150)), { timeoutMs: 10 })
    await new Promise((resolve) => setTimeout(resolve, 80))
    expect(late.outcome.message).toBe('no answer within 10 ms')
  })

  it('aborts the signal of a look that has answered, so that nothing stays open', async () => {
    let given: AbortSignal | undefined
    await one('web', async (signal) => ((given = signal), found('ok')))
    expect(given?.aborted).toBe(true)
  })

  it.each([
    ['an error', () => { throw new Error('boom\u001b[31m') }, 'the check itself broke: boom\ufffd[31m'],
    ['a rejection', () => Promise.reject(new TypeError('')), 'the check itself broke: TypeError'],
    ['no error at all', () => new Promise<never>((...[, refuse]) => refuse('words')), 'the check itself broke: words'],
    ['an address with a password', () => Promise.reject(new Error('cannot reach postgres://me:hunter2@db/x')), 'the check itself broke: cannot reach postgres://me@db/x'],
    ['a mistake of the person', () => Promise.reject(new UserError({ code: 'NO_SECRET', kind: 'input', message: 'a secret is missing' })), 'a secret is missing'],
  ])('is unknown where a look throws %s', async (_, look, message) => {
    expect(says(await one('web', look))).toEqual(['unknown', 'unknown', message, 1])
  })

  it('keeps the hint of a mistake of the person as recommendation', async () => {
    const result = await one('web', () => Promise.reject(new UserError({ code: 'X', kind: 'input', message: 'no file', hint: 'make one' })))
    expect(result.outcome.recommendation).toBe('make one')
  })

  it('leaves out of the preset what there is nothing of here, and does not know it where it was asked for', async () => {
    const none = async (): Promise<null> => null
    const absent: string[] = []
    expect(await runChecks([check('swap', none, { isPreset: true })], options({ onAbsent: ({ name }) => absent.push(name) }))).toEqual([])
    expect(absent).toEqual(['swap'])
    expect(says(await one('swap', none, { retries: 3 }))).toEqual(['unknown', 'unknown', 'there is nothing of the kind here', 1])
    expect(says(await one('swap', none, { type: 'swap' }))).toEqual(['unknown', 'unknown', 'this machine has no swap', 1])
    expect((await one('clock', none, { type: 'clock' })).outcome).toMatchObject({ message: 'no time service says whether the clock is right', recommendation: expect.stringContaining('--check clock:pool.ntp.org') })
  })

  it('lets an optional check warn at worst for what failed, but not for what it does not know', async () => {
    const verdicts = await runChecks(['ok', 'warn', 'unknown', 'fail'].map((verdict) => check(verdict, verdict as 'ok', { isOptional: true })), options())
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['ok', 'warn', 'unknown', 'warn'])
    expect(verdicts[3]?.outcome.verdict).toBe('fail')
  })
})

describe('retries', () => {
  const sequence = (...verdicts: ('ok' | 'warn' | 'fail' | 'unknown')[]) => {
    let count = 0
    return async () => found(verdicts[Math.min(count++, verdicts.length - 1)] ?? 'ok')
  }

  it.each([
    [['fail', 'ok'], 3, ['ok', 'ok', 'it is ok', 2]],
    [['unknown', 'warn'], 3, ['warn', 'warn', 'it is warn', 2]],
    [['warn', 'ok'], 3, ['warn', 'warn', 'it is warn', 1]],
    [['fail'], 2, ['fail', 'fail', 'it is fail (3 tries)', 3]],
    [['fail', 'unknown'], 1, ['unknown', 'unknown', 'it is unknown (2 tries)', 2]],
    [['fail'], 0, ['fail', 'fail', 'it is fail', 1]],
  ] as const)('of %j with %d more tries come to %j', async (verdicts, retries, expected) => {
    expect(says(await one('web', sequence(...verdicts), { retries }))).toEqual(expected)
  })

  it('pause in between, which counts as time of the check', async () => {
    const result = await one('web', 'fail', { retries: 2, pauseMs: 25 })
    expect(result.durationMs).toBeGreaterThan(45)
  })
})

describe('the end of a run', () => {
  it('does not know what had not answered when the time of all is up, nor what was not begun', async () => {
    const results = await runChecks([check('quick', 'ok'), check('hangs', deaf), check('below', 'ok', { dependsOn: ['hangs'] })], options({ timeoutMs: 40 }))
    expect(results.map(says)).toEqual([
      ['ok', 'ok', 'it is ok', 1],
      ['unknown', 'unknown', 'not finished within 40 ms', 1],
      ['unknown', 'unknown', 'not finished within 40 ms', 0],
    ])
    expect(results[2]?.excuse).toBeUndefined()
  })

  it('takes silence for silence where the time of all is that of the check', async () => {
    const [result] = await runChecks([check('web', deaf, { timeoutMs: 60 })], options({ timeoutMs: 60 }))
    expect(result?.outcome.message).toBe('no answer within 60 ms')
  })

  it('is no silence of a look that was given less than its own time', async () => {
    let time = 0
    const world = { now: () => (time += 30), wallTime: () => new Date() }
    const look = (signal: AbortSignal): Promise<never> => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
    const [result] = await runChecks([check('web', look)], options({ timeoutMs: 90, world }))
    expect(result?.outcome.message).toBe('not finished within 90 ms')
  })

  it('keeps what the tries before had found', async () => {
    const results = await runChecks([check('web', 'fail', { retries: 5, pauseMs: 5_000 }), check('below', 'ok', { dependsOn: ['web'] })], options({ timeoutMs: 40 }))
    expect(results.map(says)).toEqual([
      ['fail', 'fail', 'it is fail (1 of 6 tries; not finished within 40 ms)', 1],
      ['ok', 'unknown', 'not checked because of web', 0],
    ])
  })

  it('comes soon after an interrupt', async () => {
    const person = new AbortController()
    const running = runChecks([check('hangs', deaf), check('done', 'warn')], options({ signal: person.signal, onResult: () => person.abort() }))
    expect((await running).map(says)).toEqual([['unknown', 'unknown', 'interrupted', 1], ['warn', 'warn', 'it is warn', 1]])
  })

  it('comes at once where it was interrupted before it began', async () => {
    const looked: string[] = []
    const results = await runChecks([check('a', async () => (looked.push('a'), found('ok'))), check('b', 'ok', { dependsOn: ['a'] })], options({ signal: AbortSignal.abort() }))
    expect(results.map(({ outcome }) => outcome.message)).toEqual(['interrupted', 'interrupted'])
    expect(looked).toEqual([])
  })

  it('gives a look no more time than there is for all', async () => {
    const given: number[] = []
    await runChecks([check('web', async (_, timeoutMs) => (given.push(timeoutMs), found('ok')))], options({ timeoutMs: 1_000 }))
    expect(given[0]).toBeLessThanOrEqual(1_000)
  })

  it('comes even where checks wait for each other', async () => {
    const results = await runChecks([check('a', 'ok', { dependsOn: ['b'] }), check('b', 'ok', { dependsOn: ['a'] })], options({ timeoutMs: 20 }))
    expect(results.map(({ outcome }) => outcome.message)).toEqual(['not finished within 20 ms', 'not finished within 20 ms'])
  })
})

describe('dependencies', () => {
  it('spare what hangs on a failed check, however far, and name the first cause', async () => {
    const results = await runChecks([check('page', 'ok', { dependsOn: ['app'] }), check('app', 'ok', { dependsOn: ['db'] }), check('db', 'fail')], options())
    expect(results.map(({ name, verdict, excuse, attempts }) => [name, verdict, excuse, attempts])).toEqual([
      ['page', 'ok', { kind: 'dependency', on: 'db' }, 0],
      ['app', 'ok', { kind: 'dependency', on: 'db' }, 0],
      ['db', 'fail', undefined, 1],
    ])
  })

  it.each([['unknown', false], ['fail', true], ['warn', false], ['ok', false]] as const)('a check that found %s stops those below: %s', async (verdict, stops) => {
    const results = await runChecks([check('up', verdict, { isOptional: true }), check('down', 'ok', { dependsOn: ['up'] })], options())
    expect(results[1]?.attempts).toBe(stops ? 0 : 1)
  })

  it('are stopped by a check in maintenance too', async () => {
    const window = { config: { from: '00:00', to: '00:00' }, name: 'night', holdsFor: ['up'] }
    const results = await runChecks([check('up', 'fail'), check('down', 'ok', { dependsOn: ['up'] })], options({ windows: [window] }))
    expect(results.map(({ verdict, outcome, excuse }) => [verdict, outcome.verdict, excuse?.kind])).toEqual([['ok', 'fail', 'maintenance'], ['ok', 'unknown', 'dependency']])
    expect(results[0]?.excuse).toEqual({ kind: 'maintenance', window: 'night', until: new Date('2026-11-22T00:00:00Z') })
  })

  it('do not hang on what is left out of the preset', async () => {
    const results = await runChecks([check('swap', async () => null, { isPreset: true }), check('down', 'ok', { dependsOn: ['swap'] })], options())
    expect(results.map(({ name, attempts }) => [name, attempts])).toEqual([['down', 1]])
  })
})
