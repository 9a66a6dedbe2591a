import { describe, expect, it } from 'vitest'
import { configureChecks, type Wanted } from '../../src/health/configure.ts'
import { UserError } from '../../src/model/error.ts'
import { configOf, NO_WORLD } from './configuration.ts'

const FILE = '/srv/app/medianest-perf.yaml'
const LOCAL = ['disk', 'memory', 'load', 'pressure', 'swap', 'clock', 'files', 'network']

async function configured(yaml: string, wanted: Partial<Wanted> = {}): Promise<ReturnType<typeof configureChecks>> {
  const { health } = await configOf({ [FILE]: yaml })
  return configureChecks({ section: health, targets: [], ...wanted }, NO_WORLD)
}
const names = async (...given: Parameters<typeof configured>): Promise<string[]> => (await configured(...given)).checks.map(({ name }) => name)

async function mistake(...given: Parameters<typeof configured>): Promise<UserError> {
  return configured(...given).then(
    () => Promise.reject(new Error('nothing was wrong')),
    (error: unknown) => (error instanceof UserError ? error : Promise.reject(error as Error)),
  )
}

describe('which checks there are', () => {
  it.each([
    ['no section', 'output: {}', LOCAL],
    ['an empty section', 'health: {}', LOCAL],
    ['a section without a list', 'health: {timeout: 10s}', LOCAL],
    ['the preset and no list', 'health: {preset: local}', LOCAL],
    ['no preset and no list', 'health: {preset: none}', []],
    ['a list', 'health: {checks: [{type: memory}]}', ['memory']],
    ['an empty list', 'health: {checks: []}', []],
    ['an empty list and the preset', 'health: {checks: [], preset: local}', LOCAL],
    ['a list and the preset', 'health: {checks: [{type: tmdb}], preset: local}', ['tmdb', ...LOCAL]],
    ['a list with a kind of the preset', 'health: {checks: [{type: memory, name: RAM}], preset: local}', ['RAM', ...LOCAL.filter((name) => name !== 'memory')]],
    ['a disk by name and the preset', 'health: {checks: [{type: disk, path: /data}], preset: local}', ['disk', 'local disk', ...LOCAL.slice(1)]],
  ])('%s', async (_, yaml, expected) => {
    expect(await names(yaml)).toEqual(expected)
  })

  it('are exactly those of --check where there are any', async () => {
    expect(await names('health: {checks: [{type: memory}], preset: local}', { targets: ['disk:/', 'http://a/x', 'https://b'] })).toEqual(['disk', 'http a/x', 'http b'])
    expect(await names('output: {}', { targets: ['process:b', 'process:a'] })).toEqual(['process b', 'process a'])
    expect(await names('output: {}', { targets: ['process:a', 'process:b', 'disk', 'disk:/x'] })).toEqual(['process a', 'process b', 'disk', 'disk /x'])
  })

  it('know which of them nobody asked for by name', async () => {
    const { checks } = await configured('health: {checks: [{type: memory}], preset: local}')
    expect(checks.filter(({ isPreset }) => !isPreset).map(({ name }) => name)).toEqual(['memory'])
  })
})

describe('a mistake that would be told as an outage', () => {
  it.each([
    ['{type: tls, host: "a:8443"}', '"a:8443" is not a host alone', 'write host: a, and port: 8443 on its own', 30],
    ['{type: tls, host: "https://a/"}', 'is not a host alone', 'write host: a', 30],
    ['{type: dns, host: "https://u:hunter2@a/x"}', '"https://***@a/x" is not a host alone', 'write host: a', 30],
    ['{type: dns, host: a, server: ["1.1.1.1", "9.9.9.9:99999"]}', '"9.9.9.9:99999" is not a host with its port', '10.0.0.1:53', 53],
    ['{type: clock, server: "ntp://a"}', '"ntp://a" is not a host with its port', '10.0.0.1:123', 34],
    ['{type: connectivity, target: ["a:1", b]}', '"b" is not a host with its port', 'nas.local:443', 49],
    ['{type: http, url: "nas:8080"}', '"nas:8080" is not an address of http or https', 'http://', 30],
    ['{type: http, url: "http://a:99999/"}', 'is not an address of http or https', 'http://', 30],
    ['{type: plex, url: "nas"}', '"nas" is not an address of http or https', 'http://', 30],
    ['{type: overseerr, url: "ftp://nas"}', 'is not an address of http or https', 'http://', 35],
    ['{type: instance, url: "nas:4000"}', 'is not an address of http or https', 'http://', 34],
    ['{type: redis, url: "http://u:hunter2@a"}', 'no address of Redis', 'redis://', 31],
    ['{type: postgres, url: "mysql://u:hunter2@a/x"}', 'PostgreSQL', 'postgres', 34],
    ['{type: command, command: "check --password hunter2 | grep x"}', '| means nothing without one', 'sh -c', 37],
    ['{type: command, command: "check hunter2; other"}', '; means nothing without one', 'sh -c', 37],
    ['{type: command, command: "check 2>/dev/null"}', '2> means nothing without one', 'sh -c', 37],
    ['{type: http, url: "http://a", responseTime: {warning: 1s, critical: 500}}', 'the critical level of 8m 20s can never be reached: the check has 10 s', 'a bare number counts seconds', 80],
    ['{type: redis, timeout: 2s, responseTime: {warning: 2s}}', 'the warning level of 2 s can never be reached: the check has 2 s', 'give the check more time', 63],
    ['{type: disk, usage: {warning: 85}}', 'for 85 of 100 write 85%', '', 42],
  ])('%s is one of the configuration, with its place', async (check, message, hint, column) => {
    const error = await mistake(`health:\n  checks: [${check}]\n`)
    expect([error.kind, error.where?.line, error.where?.column]).toEqual(['input', 2, column])
    expect(error.message).toContain(message)
    expect(error.hint).toContain(hint)
    expect(JSON.stringify([error.message, error.hint])).not.toContain('hunter2')
  })

  it.each(['clock:a/b', 'tls:a:99999', 'instance:nas:4000', 'postgres://u:hunter2@a:99999/x', 'redis://a/none'])('of --check %s is one of the flag', async (target) => {
    expect((await mistake('output: {}', { targets: [target] })).kind).toBe('usage')
  })

  it.each(['{type: tls, host: "fe80::1%eth0"}', '{type: dns, host: "a.example."}', '{type: connectivity, target: "[::1]:22"}', '{type: postgres, url: "postgresql:///app?host=/run"}', '{type: redis, url: "rediss://:pw@a:1/2"}', '{type: redis, url: {env: X}}', '{type: command, command: "check -u http://a/?x=1&y=2 \'a | b\'"}'])('%s is none', async (check) => {
    expect(await names(`health:\n  checks:\n    - ${check}\n`)).toHaveLength(1)
  })
})

describe('the section', () => {
  it('of the weightiest file that has one counts, whole', async () => {
    const project = 'output: {strict: true}'
    const user = 'health: {checks: [{type: tmdb}]}'
    const { health } = await configOf({ [FILE]: project, '/home/me/.config/medianest-perf/config.yaml': user })
    expect(health?.file).toEqual({ checks: [{ type: 'tmdb' }] })
    expect(health?.resolve('token')).toBe('/home/me/.config/medianest-perf/token')
    expect((await configOf({ [FILE]: 'health: {preset: none}', '/home/me/.config/medianest-perf/config.yaml': user })).health?.file).toEqual({ preset: 'none' })
    expect((await configOf({})).health).toBeNull()
  })
})

describe('a check', () => {
  it('has what it is told, and what its type says where it is told nothing', async () => {
    const { checks } = await configured(`health:
  checks:
    - {type: redis, name: cache, component: sessions, optional: true, timeout: 2, retries: 3, pause: 500ms, dependsOn: tmdb}
    - type: tmdb
    - {type: http, url: 'http://a', external: true, optional: false}
`)
    expect(checks.map((check) => ({ ...check, look: undefined }))).toEqual([
      { name: 'cache', type: 'redis', component: 'sessions', isOptional: true, isExternal: false, timeoutMs: 2_000, retries: 3, pauseMs: 500, dependsOn: ['tmdb'], isPreset: false, where: { file: FILE, line: 3, column: 7 }, look: undefined },
      { name: 'tmdb', type: 'tmdb', component: 'tmdb', isOptional: true, isExternal: true, timeoutMs: 10_000, retries: 0, pauseMs: 1_000, dependsOn: [], isPreset: false, where: { file: FILE, line: 4, column: 7 }, look: undefined },
      { name: 'http', type: 'http', component: 'services', isOptional: false, isExternal: true, timeoutMs: 10_000, retries: 0, pauseMs: 1_000, dependsOn: [], isPreset: false, where: { file: FILE, line: 5, column: 7 }, look: undefined },
    ])
  })

  it.each([
    ['{type: disk, path: /}, {type: disk, path: /data}, {type: disk, path: [/a, /b]}', ['disk', 'disk /data', 'disk /a /b']],
    ['{type: memory}, {type: memory}, {type: memory}', ['memory', 'memory 2', 'memory 3']],
    ['{type: http, url: "http://a/x"}, {type: http, url: "https://u:pw@b:81/y?token=s"}, {type: http, url: "https://b:81/y"}', ['http', 'http b:81/y', 'http 2']],
    ['{type: memory, name: disk}, {type: disk}', ['disk', 'disk 2']],
    ['{type: postgres, host: a}, {type: postgres, host: b, port: 5433, database: app}, {type: postgres, url: "postgres://me:pw@c/x"}', ['postgres', 'postgres b:5433/app', 'postgres c/x']],
    ['{type: command, command: check_a}, {type: command, command: "/usr/lib/check_b -p hunter2"}', ['command', 'command check_b']],
    ['{type: tls, host: a}, {type: tls, host: b, port: 465}, {type: dns, host: a}, {type: dns, host: b}', ['tls', 'tls b:465', 'dns', 'dns b']],
  ])('without a name is named after its type, then after what it looks at: %s', async (list, expected) => {
    expect(await names(`health: {checks: [${list}]}`)).toEqual(expected)
  })

  it('hands its configuration to the look without the password in its address', async () => {
    const { checks } = await configured('health: {checks: [{type: http, url: "http://me:hunter2@a/"}]}')
    // The stub says that it is not built, a look says what it wants; neither may say the password.
    const said = await checks[0]?.look(AbortSignal.abort(), 1).then((outcome) => JSON.stringify(outcome), String)
    expect(said).not.toContain('hunter2')
  })
})

describe('a mistake in the section', () => {
  it.each([
    ['health:\n  checks:\n    - {type: disk, name: a}\n    - type: memory\n      name: a\n', 'DUPLICATE_CHECK', 'two checks are named "a"', 'the first is in line 3', 5, 13],
    ['health:\n  checks:\n    - {type: http, name: databse, url: \'http://x\'}\n    - type: memory\n      dependsOn: [databse, database]\n', 'UNKNOWN_CHECK', '"memory" depends on "database"', 'did you mean "databse"?', 5, 28],
    ['health:\n  checks:\n    - type: memory\n      dependsOn: db\n', 'UNKNOWN_CHECK', '"memory" depends on "db"', 'there are no other checks', 4, 18],
    ['health:\n  checks:\n    - {type: disk, name: a, dependsOn: c}\n    - {type: disk, name: b, dependsOn: a}\n    - {type: disk, name: c, dependsOn: [b]}\n', 'CIRCULAR_CHECKS', 'a -> c -> b -> a', 'take one of them out', 4, 40],
    ['health:\n  checks:\n    - {type: disk, dependsOn: disk}\n', 'CIRCULAR_CHECKS', 'disk -> disk', '', 3, 31],
    ['health:\n  checks: [{type: disk, timeout: 0}]\n', 'INVALID_VALUE', 'the timeout of "disk" is 0', 'like 5s', 2, 34],
    ['health:\n  checks: [{type: disk, pause: 5m10}]\n', 'INVALID_VALUE', 'must be a duration', '', 2, 32],
    ['health:\n  checks: [{type: disk, timeout: 40d}]\n', 'INVALID_VALUE', 'must be at most a day', '', 2, 34],
    ['health:\n  checks: [{type: disk, timeout: soon}]\n', 'INVALID_VALUE', 'must be a duration', '', 2, 34],
    ['health:\n  checks: [{type: disk, usage: {warning: 95%, critical: 5%}}]\n', 'INVALID_VALUE', '"health.checks[0].usage.critical" must not be below the warning level (95%)', '', 2, 57],
    ['health:\n  checks: [{type: disk, free: {warning: 900MB, critical: 2GB}}]\n', 'INVALID_VALUE', 'must not be above the warning level (900MB)', '', 2, 58],
    ['health:\n  checks: [{type: tls, host: a, remaining: {warning: 48h, critical: 3d}}]\n', 'INVALID_VALUE', 'must not be above the warning level (48h)', '', 2, 69],
    ['health:\n  checks: [{type: redis, hitRate: {warning: 50%, critical: 0.8}}]\n', 'INVALID_VALUE', 'must not be above the warning level (50%)', '', 2, 60],
    ['health:\n  checks: [{type: load, perCore: {warning: 4, critical: 2}}]\n', 'INVALID_VALUE', 'must not be below the warning level (4)', '', 2, 57],
    ['health:\n  checks: [{type: memory, usage: {}}]\n', 'INVALID_VALUE', 'must have a warning or a critical level', '', 2, 34],
    ['health:\n  checks: [{type: disk, usage: {warning: much, critical: 2%}}]\n', 'INVALID_VALUE', 'must be a share', '', 2, 42],
    ['health:\n  checks: [{type: postgres, backup: {age: {warning: 1h}}}]\n', 'INVALID_VALUE', 'must have a file or a query', '', 2, 37],
    ['health:\n  checks: [{type: process}]\n', 'INVALID_VALUE', 'must say which process', '', 2, 12],
    ['health:\n  checks: [{type: process, process: a, count: {min: 3, max: 1}}]\n', 'INVALID_VALUE', 'must not be below min (3)', '', 2, 61],
    ['health:\n  checks: [{type: disk, component: "a\\e[2J"}]\n', 'INVALID_VALUE', 'must be a name of up to 80 characters', '', 2, 36],
    ['health:\n  checks: [{type: dsk}]\n', 'INVALID_VALUE', '"health.checks[0].type" must be one of disk, memory,', 'did you mean "disk"?', 2, 19],
    ['health:\n  checks: [{type: memory, path: /}]\n', 'UNKNOWN_KEY', 'unknown key "path" in "health.checks[0]"', 'known there: type, name, component,', 2, 27],
    ['health:\n  checks: [{type: redis, password: 12345}]\n', 'INVALID_VALUE', '"health.checks[0].password" must be text or a map, but it is something else', '', 2, 36],
    ['health:\n  maintenance:\n    - {from: 02:00, to: 04:00, checks: [memory, dsik]}\n', 'UNKNOWN_CHECK', 'the maintenance is for "dsik"', 'did you mean "disk"?', 3, 49],
    ['health:\n  maintenance:\n    - {from: 2026-11-22T04:00, to: 2026-11-22T02:00}\n', 'INVALID_VALUE', 'ends (2026-11-22T02:00) before it begins', '', 3, 36],
    ['health:\n  maintenance:\n    - {from: 2026-02-30T04:00, to: 2026-03-22T02:00}\n', 'INVALID_VALUE', 'no such time as 2026-02-30T04:00', '', 3, 14],
    ['health:\n  maintenance:\n    - {from: 02:00, to: "25:00"}\n', 'INVALID_VALUE', 'no such time as 25:00', '', 3, 25],
    ['health:\n  maintenance:\n    - {from: 02:00, to: 2026-03-22T02:00}\n', 'INVALID_VALUE', 'a date at one end only', '', 3, 25],
    ['health:\n  maintenance:\n    - {from: 2026-03-21T02:00, to: 2026-03-22T02:00, days: [mon]}\n', 'INVALID_VALUE', 'days of the week too', '', 3, 60],
    ['health:\n  maintenance:\n    - from: 02:00\n      to: 04:00\n      timezone: Europe/Berln\n', 'INVALID_VALUE', 'no time zone "Europe/Berln"', 'did you mean "Europe/Berlin"?', 5, 17],
    ['health:\n  maintenance:\n    - {from: "02:00Z", to: "04:00+01:00"}\n', 'INVALID_VALUE', 'different zones', '', 3, 28],
    ['health:\n  maintenance:\n    - {from: 2026-03-21T02:00Z, to: 2026-03-22T02:00, timezone: UTC}\n', 'INVALID_VALUE', 'a timezone too', '', 3, 65],
  ])('%j is told with its place', async (yaml, code, message, hint, line, column) => {
    const error = await mistake(yaml)
    expect([error.code, error.kind]).toEqual([code, 'input'])
    expect(error.message).toContain(message)
    expect(error.hint).toContain(hint)
    expect(error.where).toEqual({ file: FILE, line, column })
  })

  it('is no level twice the same, nor one alone, however small', async () => {
    expect(await names('health: {checks: [{type: disk, usage: {warning: 85%, critical: 0.85}, free: {critical: 0}, inodes: {warning: 1e-9}}]}')).toEqual(['disk'])
  })

  it('is told in no time, however long the text is', async () => {
    for (const text of [`1s${' '.repeat(50_000)}x`, `5${' '.repeat(50_000)}x`, '1'.repeat(50_000)]) await mistake(`health: {checks: [{type: disk, timeout: "${text}", free: {warning: "${text}x"}}]}`)
  })

  it('is not looked for along every way there is', async () => {
    const layers = Array.from({ length: 40 }, (_, layer) => ['a', 'b'].map((side) => `{type: memory, name: ${side}${layer}${layer === 0 ? '' : `, dependsOn: [a${layer - 1}, b${layer - 1}]`}}`))
    expect(await names(`health: {checks: [${layers.toReversed().flat().join(', ')}]}`)).toHaveLength(80)
  })

  it('takes a long chain for no circle', async () => {
    const list = Array.from({ length: 300 }, (_, index) => `{type: memory, name: c${index}${index === 0 ? '' : `, dependsOn: [c${index - 1}]`}}`).toReversed()
    expect(await names(`health: {checks: [${list.join(', ')}]}`, { components: ['c9'] })).toHaveLength(10)
  })
})

describe('times of maintenance', () => {
  it('have a name, and hold for what they name', async () => {
    const { windows } = await configured('health:\n  maintenance:\n    - {from: 22:00, to: 02:00, days: [sat, sun], checks: filesystem}\n    - {name: backup, from: 02:00, to: 03:00}\n')
    expect(windows.map(({ name, holdsFor, where }) => [name, holdsFor, where?.line])).toEqual([['22:00 to 02:00 (sat, sun)', ['filesystem'], 3], ['backup', [], 4]])
  })

  it('hold for checks of the command line too, and may name those of the section meanwhile', async () => {
    const { windows } = await configured('health: {checks: [{type: redis}], maintenance: [{from: 02:00, to: 03:00, checks: redis}]}', { targets: ['disk'] })
    expect(windows).toHaveLength(1)
  })
})

describe('picking', () => {
  const YAML = 'health: {checks: [{type: redis, name: cache}, {type: postgres, dependsOn: dns}, {type: dns, host: a}, {type: http, url: "http://a", dependsOn: [postgres]}, {type: memory}]}'

  it.each([
    [['redis'], ['cache']],
    [['cache'], ['cache']],
    [['services'], ['postgres', 'dns', 'http']],
    [['memory, cache'], ['cache', 'memory']],
    [['database', 'memory'], ['postgres', 'dns', 'memory']],
  ])('%j runs %j: what is picked, and what it depends on', async (components, expected) => {
    expect(await names(YAML, { components })).toEqual(expected)
  })

  it.each([[['Redis'], 'did you mean "redis"? (checks and components: redis, cache, database, postgres, network, dns, services, http, memory)'], [['memory', 'plex'], 'checks and components: redis'], [[' , '], 'checks and components: redis']])('%j is a mistake of the command line', async (components, hint) => {
    const error = await mistake(YAML, { components })
    expect([error.code, error.kind]).toEqual(['UNKNOWN_COMPONENT', 'usage'])
    expect(error.hint).toContain(hint)
  })
})
