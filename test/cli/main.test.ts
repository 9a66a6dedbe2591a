import { describe, expect, it } from 'vitest'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main } from '../../src/main.ts'
import { COMMANDS } from '../../src/commands/list.ts'
import { testHost } from '../host.ts'

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const host = testHost(argv)
  const code = await main(host)
  return { code, out: host.out(), err: host.err() }
}

describe('the command line', () => {
  it('prints help for no arguments, for --help and for help', async () => {
    for (const argv of [[], ['--help'], ['help']]) {
      const { code, out, err } = await run(...argv)
      expect({ code, err }).toEqual({ code: 0, err: '' })
      for (const { name } of COMMANDS) expect(out).toContain(name)
    }
  })

  it.each(COMMANDS.map(({ name }) => name))('prints the help of %s with every flag of its declaration', async (name) => {
    const asked = await run('help', name)
    expect(asked).toEqual(await run(name, '--help'))
    for (const flag of Object.values(COMMANDS.find((each) => each.name === name)?.flags ?? {})) {
      if (!flag.hidden) expect(asked.out).toContain(flag.notation)
    }
  })

  it.each([
    [['lod', 'x.yaml'], "unknown command 'lod'", 'did you mean "load"?'],
    [['load', 'x.yaml', '--tagret', 'y'], "unknown option '--tagret'", 'did you mean "--target"?'],
    [['load'], "missing required argument 'scenario|url'", undefined],
    [['load', 'x.yaml', '--scale', '0'], '--scale: "0" is not a number above 0', undefined],
    [['load', 'x.yaml', '-d', '10 parsecs'], '--duration: "10 parsecs" is not a duration', '250ms'],
    [['load', 'x.yaml', '--engine', 'wier'], '--engine: "wier" is not one of wire, autocannon', 'did you mean "wire"?'],
    [['load', 'x.yaml', '--format', 'jsno'], 'jsno', 'json'],
    [['load', 'http://127.0.0.1:1/', '-e', 'staging'], '--environment belongs to a scenario file', undefined],
    [['load', 'x.yaml', '-c', '5'], '--connections belongs to an address', undefined],
    [['metrics', '--interval', '50ms'], '--interval: "50ms" is not a duration of at least 100 ms', undefined],
    [['metrics', '--metrics', 'cpu,memroy'], '--metrics: "memroy" is not one of cpu, memory, disk, network', 'did you mean "memory"?'],
    [['metrics', '--count', '0'], '--count: "0" is not a whole number', undefined],
    [['metrics', '--component', 'api'], '--component belongs to --application', undefined],
    [['load', 'x.yaml', '--url', 'http://127.0.0.1:9'], 'load sends its requests from here, so an instance and its token mean nothing to it', '--target'],
    [['demo', '--token-file', 'x'], 'demo cannot ask an instance, so --token-file means nothing to it', undefined],
    [['demo', '--format', 'prometheus'], 'demo has no samples and no figures to write as prometheus', 'load'],
    [['health', '--format', 'bencher'], 'health has no figures to write as bencher', 'medianest-perf load --format bencher'],
    [['help', 'exit-cods'], 'there is no command or topic "exit-cods"', 'did you mean "exit-codes"?'],
    [['schema', 'confg'], 'there is no schema "confg"', 'config, scenario or budget'],
  ])('%j is a usage error that says what to do (64)', async (argv, message, hint) => {
    const { code, out, err } = await run(...argv)
    expect(code).toBe(64)
    expect(out).toBe('')
    expect(err).toContain(message)
    if (hint !== undefined) expect(err).toContain(hint)
  })

  it('does not repeat what follows a mistyped flag, which may be a secret', async () => {
    const { code, out, err } = await run('load', 'x.yaml', '--tokne=hunter2')
    expect({ code, out }).toEqual({ code: 64, out: '' })
    expect(err).toContain("unknown option '--tokne'")
    expect(err).not.toContain('hunter2')
  })

  it('says a usage error as JSON on stdout when JSON is what was asked for', async () => {
    const { code, out } = await run('load', 'x.yaml', '--nope', '--format', 'json')
    expect(code).toBe(64)
    expect(JSON.parse(out)).toMatchObject({ success: false, error: { code: 'USAGE', message: "unknown option '--nope'" } })
  })

  it('prints each topic of help', async () => {
    expect((await run('help', 'exit-codes')).out).toMatch(/^130 .*Ctrl-C/m)
    expect((await run('help', 'metric-names')).out).toMatch(/^http\.duration .*http_req_duration/m)
    expect((await run('help', 'template-functions')).out).toContain('$randomString(8)')
    expect((await run('help', 'unsupported')).out).toContain('config.processor')
  })

  it('prints schemas that editors can use', async () => {
    const config = JSON.parse((await run('schema', 'config')).out) as { properties: object }
    expect(Object.keys(config.properties)).toContain('load')
    expect(JSON.parse((await run('schema', 'scenario')).out)).toHaveProperty('$schema')
  })
})

describe('the configuration', () => {
  const folder = (config: string, scenario = 'config: {target: "http://127.0.0.1:9", phases: [{duration: 1, arrivalRate: 1}]}\nscenarios: [{flow: [{get: {url: /}}]}]\n'): string => {
    const path = mkdtempSync(join(tmpdir(), 'medianest-perf-'))
    writeFileSync(join(path, 'medianest-perf.yaml'), config)
    writeFileSync(join(path, 's.yaml'), scenario)
    return path
  }
  const dryRun = async (cwd: string, env: Record<string, string>, ...flags: string[]): Promise<{ code: number; out: string; err: string }> => {
    const host = testHost(['load', 's.yaml', '--dry-run', ...flags], { cwd, env })
    const code = await main(host)
    return { code, out: host.out(), err: host.err() }
  }

  it('gives way to the environment, and the environment to flags', async () => {
    const cwd = folder('load: {target: "http://127.0.0.1:1001"}\noutput: {format: json}\n')
    const target = async (env: Record<string, string>, ...flags: string[]): Promise<unknown> => {
      const { out } = await dryRun(cwd, env, ...flags)
      return (JSON.parse(out) as { data: { plan: { target: string } } }).data.plan.target
    }
    expect(await target({})).toBe('http://127.0.0.1:1001')
    expect(await target({ MEDIANEST_PERF_TARGET: 'http://127.0.0.1:1002' })).toBe('http://127.0.0.1:1002')
    expect(await target({ MEDIANEST_PERF_TARGET: 'http://127.0.0.1:1002' }, '--target', 'http://127.0.0.1:1003')).toBe('http://127.0.0.1:1003')
  })

  it('gives a scenario its timeout, by file, environment or flag', async () => {
    const cwd = folder('load: {timeout: 3s}\noutput: {format: json}\n')
    const timeout = async (env: Record<string, string>, ...flags: string[]): Promise<unknown> =>
      (JSON.parse((await dryRun(cwd, env, ...flags)).out) as { data: { plan: { settings: { timeoutMs: number } } } }).data.plan.settings.timeoutMs
    expect([await timeout({}), await timeout({ MEDIANEST_TIMEOUT: '2s' }), await timeout({ MEDIANEST_TIMEOUT: '2s' }, '--timeout', '1s')]).toEqual([3_000, 2_000, 1_000])
  })

  it('is found in a folder above, and the project outweighs the user', async () => {
    const cwd = folder('output: {format: json}\n')
    const home = mkdtempSync(join(tmpdir(), 'medianest-home-'))
    const { mkdirSync } = await import('node:fs')
    mkdirSync(join(home, 'medianest-perf'))
    writeFileSync(join(home, 'medianest-perf', 'config.yaml'), 'output: {format: junit}\nload: {target: "http://127.0.0.1:1004"}\n')
    mkdirSync(join(cwd, 'deep'))
    writeFileSync(join(cwd, 'deep', 's.yaml'), 'config: {phases: [{duration: 1, arrivalRate: 1}]}\nscenarios: [{flow: [{get: {url: /}}]}]\n')
    const { out } = await dryRun(join(cwd, 'deep'), { XDG_CONFIG_HOME: home })
    expect(JSON.parse(out)).toMatchObject({ data: { plan: { target: 'http://127.0.0.1:1004' } } })
  })

  it.each([
    ['outptu: {format: json}\n', 'unknown key "outptu"', 'did you mean "output"?', ':1:1'],
    ['output:\n  format: json\n  colour: true\n', 'unknown key "colour" in "output"', 'did you mean "color"?', ':3:3'],
    ['load:\n  engine: wire2\n', '"load.engine" must be wire or autocannon', 'did you mean "wire"?', ':2:11'],
    ['load: [', 'is not valid YAML', undefined, ':1:'],
  ])('that is wrong is an error with its line (65): %j', async (config, message, hint, place) => {
    const { code, err } = await dryRun(folder(config), {})
    expect(code).toBe(65)
    expect(err).toContain(message)
    if (hint !== undefined) expect(err).toContain(hint)
    expect(err).toContain(`medianest-perf.yaml${place}`)
  })

  it('named with --config must exist', async () => {
    const { code, err } = await dryRun(folder(''), {}, '--config', 'nowhere.yaml')
    expect({ code, err }).toMatchObject({ code: 65, err: expect.stringContaining('nowhere.yaml') })
  })
})
