import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { Command } from '../../src/commands/command.ts'
import { main } from '../../src/main.ts'
import { testHost } from '../host.ts'
import { readPlugin } from '../output/nagios.ts'

vi.mock('../../src/commands/list.ts', async (original) => {
  const [{ COMMANDS: real }, { FAKE_CHECK }] = await Promise.all([original<{ COMMANDS: readonly Command[] }>(), import('./fake-check.ts')])
  return { COMMANDS: [...real.filter(({ name }) => name !== FAKE_CHECK.name), FAKE_CHECK] }
})

async function run(argv: readonly string[], options: { readonly env?: Record<string, string>; readonly cwd?: string; readonly isTerminal?: boolean } = {}): Promise<{ code: number; out: string; err: string }> {
  const host = testHost(argv, options)
  const code = await main(options.isTerminal ? { ...host, stdout: { ...host.stdout, isTerminal: true } } : host)
  return { code, out: host.out(), err: host.err() }
}

describe('a check that is called by', () => {
  it.each([
    ['ok', 0, 'OK'], ['warn', 1, 'WARNING'], ['fail', 2, 'CRITICAL'], ['unknown', 3, 'UNKNOWN'], ['none', 3, 'UNKNOWN'],
  ])('a monitoring system ends with the code of the state it says: %s is %i', async (outcome, code, state) => {
    const ran = await run(['health', '--outcome', outcome, '--format', 'nagios'])
    expect([ran.code, readPlugin(ran.out).state, ran.err]).toEqual([code, state, ''])
  })

  it.each([
    [['health', '--outcome', 'input']], [['health', '--outcome', 'bug']], [['health', '--otucome', 'ok']], [['health', '--outcome', 'oh']], [['health', 'too', 'much']], [['--config', 'nowhere.yaml', 'health']],
  ])('a monitoring system says UNKNOWN and ends with 3 whatever went wrong: %j', async (argv) => {
    for (const [words, env] of [[['--format', 'nagios'], {}], [['--format=nagios'], {}], [[], { MEDIANEST_PERF_FORMAT: 'nagios' }]] as const) {
      const { code, out, err } = await run([...words, ...argv], { env })
      expect([code, out.trimEnd().split('\n').length, readPlugin(out).state]).toEqual([3, 1, 'UNKNOWN'])
      expect(err).toMatch(/^error: /)
    }
  })

  it('a monitoring system says UNKNOWN where the configuration that names it is right and the command line is wrong', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'medianest-perf-'))
    writeFileSync(join(cwd, 'medianest-perf.yaml'), 'output: {format: nagios}\n')
    const { code, out } = await run(['health', '--nope'], { cwd })
    expect([code, readPlugin(out).state]).toEqual([3, 'UNKNOWN'])
    expect((await run(['health', '--nope', '--format', 'json'], { cwd })).code).toBe(64)
  })

  it('a script that names no format has the lines of a plugin, and the codes of mistakes apart from those of checks', async () => {
    expect([(await run(['health', '--outcome', 'fail'])).code, readPlugin((await run(['health', '--outcome', 'fail'])).out).state]).toEqual([2, 'CRITICAL'])
    const mistakes = await Promise.all([['--nope'], ['--outcome', 'input'], ['--outcome', 'bug']].map((words) => run(['health', ...words])))
    expect(mistakes.map(({ code, out }) => [code, readPlugin(out).state])).toEqual([[64, 'UNKNOWN'], [65, 'UNKNOWN'], [3, 'UNKNOWN']])
    expect((await run(['health', '--outcome', 'warn', '--format', 'json'])).code).toBe(1)
  })

  it('a person at a terminal has a screen', async () => {
    expect((await run(['health', '--no-color'], { isTerminal: true })).out).toMatch(/^health of nas\n✓ OK/)
    expect((await run(['health', '--nope'], { isTerminal: true })).out).toBe('')
  })
})

it('a report that nobody needs to hear goes to files alone', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'medianest-perf-'))
  const { code, out } = await run(['health', '--outcome', 'quiet', '--output', 'out.json'], { cwd })
  expect([code, out]).toEqual([0, ''])
  expect(JSON.parse(readFileSync(join(cwd, 'out.json'), 'utf8'))).toMatchObject({ success: true, verdict: 'ok' })
})

it.each([[['--format', 'nagios']], [['--output', 'nagios=out.txt']]])('a command without checks refuses %j before it works', async (words) => {
  const { code, out, err } = await run(['load', 'x.yaml', ...words], { cwd: mkdtempSync(join(tmpdir(), 'medianest-perf-')) })
  expect(code).toBe(64)
  expect(out).toBe(words[0] === '--format' ? 'load has no checks to write as nagios (health has them: medianest-perf health --format nagios)\n' : '')
  expect(err).toContain('health has them: medianest-perf health --format nagios')
})

it('only checks have codes of their own: the same mistake of another command ends with 64 as nagios', async () => {
  expect((await run(['load', '--format', 'nagios'])).code).toBe(64)
})

it('help shows the codes of a check beside those of other commands', async () => {
  expect((await run(['help', 'exit-codes'])).out).toMatch(/^64 +64 +3 +an unknown flag/m)
})
