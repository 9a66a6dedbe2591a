import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { canMount, hang, mount } from '../health/mounts.ts'
import { readPrometheus } from '../output/exposition.ts'
import { readXml } from '../output/xml.ts'
import { freePort, startFake, type FakeServer } from '../services/redis-server.ts'
import { expectSaid, health, newFolder, readRun, removeFolders } from './health-program.ts'

const TIME_MS = 3_000
const undo: (() => void)[] = []
afterEach(() => {
  for (const each of undo.splice(0).reverse()) each()
})
afterAll(removeFolders)

let listening: FakeServer
let closed: number
beforeAll(async () => {
  listening = await startFake(() => undefined)
  closed = await freePort()
})
afterAll(() => listening.stop())

/** Checks that are well, fail, cannot tell, and break. */
const fine = (name: string, more: object = {}): object => ({ type: 'connectivity', name, target: `127.0.0.1:${listening.port}`, ...more })
const down = (name: string, more: object = {}): object => ({ type: 'connectivity', name, target: `127.0.0.1:${closed}`, ...more })
const blind = (name: string): object => ({ type: 'http', name, url: `http://127.0.0.1:${listening.port}/`, ca: 'nowhere.pem' })
const broken = (name: string): object => ({ type: 'tls', name, host: '127.0.0.1', port: listening.port })
/** Makes every check of a certificate throw what nobody expects. */
const BREAK = { env: { NODE_OPTIONS: '--import ./break.mjs' }, files: { 'break.mjs': "import tls from 'node:tls'\nimport { syncBuiltinESMExports } from 'node:module'\ntls.connect = () => { throw new TypeError('nobody expects this') }\nsyncBuiltinESMExports()\n" } }

describe('health of this machine', () => {
  it('needs no configuration, asks nobody, and is read by monitoring systems as it is', async () => {
    const run = await health(null)
    expect(run.code).toBeLessThanOrEqual(3)
    const { figures, later, long } = readRun(run)
    expect(figures.map(({ label }) => label)).toEqual(['score', 'checks', 'time'])
    expect(later.length).toBeGreaterThan(3)
    expect(long.join('\n')).toMatch(/^\[\w+\] memory: .*available/m)
  })

  it.skipIf(!canMount)('with a file system that is full: 2 (needs root and mount)', async () => {
    const path = newFolder()
    undo.push(mount(path, 'size=1m'))
    execFileSync('sh', ['-c', `head -c 2000000 /dev/zero > '${path}/all' 2>/dev/null || true`])
    expectSaid(await health(null, ['--check', `disk:${path}`]), 2, /^disk: \S+ is 100% full, 0 B left \(critical at 95%\)$/, TIME_MS)
    expect((await health(null)).out).toContain(`${path} is 100% full`)
  })

  it.skipIf(!canMount || !existsSync('/dev/fuse'))('with a mount that hangs: 2, the others are told, and the program ends in time (needs root and /dev/fuse)', async () => {
    const path = newFolder()
    undo.push(await hang(path))
    const [named, whole] = await Promise.all([
      health({ checks: [{ type: 'disk', path: [path, '/'], timeout: `${TIME_MS}ms` }] }, ['--format', 'json', '--detailed']),
      health(null, ['--components', 'disk,memory', '--timeout', `${TIME_MS}ms`]),
    ])
    expect(JSON.parse(named.out)).toMatchObject({ verdict: 'fail', data: { components: { filesystem: { status: 'critical', message: `${path} (fuse from hangfs) does not answer`, details: { root: { totalBytes: expect.any(Number) } } } } } })
    expectSaid(whole, 2, /\(fuse from hangfs\) does not answer/, TIME_MS)
    expect(whole.out).toMatch(/^\[\w+\] memory: .*available/m)
    for (const { code, tookMs } of [named, whole]) expect([code, tookMs < TIME_MS + 8_000]).toEqual([2, true])
  })
})

describe('what health makes of its checks', () => {
  it.concurrent.each<[string, () => object, number, RegExp, object?]>([
    ['no checks: 3', () => ({ checks: [] }), 3, /^no checks$/],
    ['all well: 0', () => ({ checks: [fine('a'), fine('b')] }), 0, /^2 checks$/],
    ['an optional one that fails: 1', () => ({ checks: [fine('a'), down('b', { optional: true })] }), 1, /^b: 127\.0\.0\.1:\d+ refused the connection$/],
    ['one that cannot tell: 3', () => ({ checks: [fine('a'), blind('b')] }), 3, /^b: nowhere\.pem \(ca\) cannot be read/],
    ['one that threw: 3', () => ({ checks: [fine('a'), broken('b')] }), 3, /^b: the check itself broke: nobody expects this$/, BREAK],
    ['one that threw beside one that is optional and fails: 3', () => ({ checks: [broken('a'), down('b', { optional: true })] }), 3, /^a: the check itself broke: .*; 1 warning: b: /, BREAK],
    ['one that threw beside one that fails: 2', () => ({ checks: [broken('a'), down('b')] }), 2, /^b: 127\.0\.0\.1:\d+ refused the connection; 1 unknown: a: the check itself broke/, BREAK],
    ['one cause, one alarm: 2', () => ({ checks: [fine('c', { dependsOn: 'b' }), fine('b', { dependsOn: ['a'] }), down('a'), fine('d')] }), 2, /^a: 127\.0\.0\.1:\d+ refused the connection; 2 not checked because of a$/],
    ['in maintenance: 0', () => ({ checks: [down('a'), fine('b')], maintenance: [{ name: 'new disks', from: '2020-01-01T00:00', to: '2099-01-01T00:00', checks: 'a' }] }), 0, /^1 of 2 checks; 1 in maintenance$/],
  ])('%s', async (_what, section, code, words, around) => {
    expectSaid(await health(section(), [], around), code, words, TIME_MS)
  })

  it('tells what was spared and why, and alarms once', async () => {
    const { out, code } = await health({ checks: [down('a'), fine('b', { dependsOn: 'a' }), down('c', { dependsOn: 'b' })] }, ['--format', 'json'])
    const { alerts, findings } = JSON.parse(out) as { alerts: { metric: string }[]; findings: { title: string; excuse: string | null }[] }
    expect(code).toBe(2)
    expect(alerts.map(({ metric }) => metric)).toEqual(['a'])
    expect(findings.map(({ excuse }) => excuse)).toEqual([null, 'not checked because of a', 'not checked because of a'])
  })

  it('picks components with what they depend on', async () => {
    expectSaid(await health({ checks: [down('a', { component: 'router' }), fine('b', { dependsOn: 'a', component: 'shop' }), down('c', { component: 'other' })] }, ['--components', 'shop']), 2, /^a: 127\.0\.0\.1:\d+ refused the connection; 1 not checked because of a$/, TIME_MS)
  })

  it('ends in its time, whatever hangs, with what it knows by then', async () => {
    const hanging = { type: 'redis', name: 'b', host: '127.0.0.1', port: listening.port, timeout: '20s', retries: 3 }
    const run = await health({ checks: [down('a'), hanging], timeout: '1s' })
    expectSaid(run, 2, /^a: 127\.0\.0\.1:\d+ refused the connection; b: .* takes connections but does not answer PING within /, 1_000)
  })
})

describe('the formats of health', () => {
  const section = (): object => ({ checks: [fine('a', { component: 'router' }), down('b'), down('c', { optional: true, external: true }), fine('d', { dependsOn: 'b' })] })
  const STATUS = expect.stringMatching(/^(healthy|warning|critical|unknown|skipped|maintenance)$/)

  it('json has the documented shape', async () => {
    const { out, code } = await health(section(), ['--format', 'json', '--detailed'])
    const { data, alerts, ...envelope } = JSON.parse(out) as { data: { overall: object; components: Record<string, object>; dependencies: { external: Record<string, object> } }; alerts: object[] }
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    expect(code).toBe(2)
    expect(envelope).toMatchObject({ success: true, command: 'health', verdict: 'fail', meta: { version: expect.any(String), startedAt: time, finishedAt: time, host: expect.any(String) } })
    expect(Object.keys(data)).toEqual(['overall', 'components', 'dependencies'])
    expect(data.overall).toMatchObject({ status: 'critical', score: expect.any(Number), lastCheck: time, uptime: null })
    expect(Object.keys(data.components)).toEqual(['router', 'network'])
    for (const component of Object.values(data.components)) expect(component).toMatchObject({ status: STATUS, details: expect.any(Object) })
    expect(data.dependencies).toEqual({ external: { c: expect.objectContaining({ status: 'warning', lastCheck: time, message: expect.stringContaining('refused') }) } })
    const alert = { component: 'network', message: expect.stringContaining('refused the connection'), recommendation: expect.any(String), timestamp: time }
    expect(alerts).toMatchObject([{ level: 'critical', ...alert }, { level: 'warning', ...alert }])
  })

  it('the figures of nagios have units and levels', async () => {
    const { later } = readRun(await health({ checks: [{ type: 'memory', usage: { warning: '98%', critical: '99%' }, available: { critical: '1MB' } }] }))
    expect(later).toEqual([
      expect.objectContaining({ label: 'memory usage', uom: '%', warning: { from: 0, to: 98, isInside: false }, critical: { from: 0, to: 99, isInside: false } }),
      expect.objectContaining({ label: 'memory available', uom: 'B', critical: { from: 1e6, to: Number.POSITIVE_INFINITY, isInside: false } }),
    ])
  })

  it('all of them are written in one run, and each is what it says', async () => {
    const run = await health(section(), ['--quiet', ...['prometheus=h.prom', 'junit=h.xml', 'markdown=h.md', 'github=h.txt', 'json=h.json', 'human=h.log'].flatMap((output) => ['--output', output])])
    const text = (name: string): string => readFileSync(join(run.folder, name), 'utf8')
    expectSaid(run, 2, /^b: /, TIME_MS)
    const families = readPrometheus(text('h.prom'))
    expect(families.get('medianest_health_status')?.samples[0]?.value).toBe(2)
    expect(families.get('medianest_health_check_status')?.samples.map(({ labels, value }) => [labels.get('check'), value])).toEqual([['a', 0], ['b', 2], ['c', 1], ['d', 0]])
    expect(Math.abs((families.get('medianest_health_last_run_timestamp_seconds')?.samples[0]?.value ?? 0) - Date.now() / 1_000)).toBeLessThan(60)
    expect(readXml(text('h.xml')).filter((name) => ['testcase', 'failure', 'skipped'].includes(name))).toEqual(['testcase', 'failure', 'testcase', 'testcase', 'skipped', 'testcase'])
    expect(text('h.md')).toMatch(/^\| ❌ fail \| b: 127\.0\.0\.1:\d+ refused the connection \|/m)
    expect(text('h.txt')).toMatch(/^::error file=\S+medianest-perf\.yaml,line=\d+,col=\d+,title=check%3Ab::b: 127\.0\.0\.1:\d+ refused the connection/m)
    expect(JSON.parse(text('h.json'))).toMatchObject({ verdict: 'fail' })
    expect(text('h.log')).toMatch(/✗ CRITICAL {2}1 critical, 1 warning, 1 ok, 1 not counted/)
  })

  it('the file of Prometheus is replaced in one step: who has the old one open reads it whole to its end', async () => {
    const { folder } = await health(section(), ['--output', 'prometheus=h.prom'])
    const path = join(folder, 'h.prom')
    const before = readFileSync(path, 'utf8')
    const old = openSync(path, 'r')
    try {
      await health({ checks: [fine('only')] }, ['--output', 'prometheus=h.prom'], { folder })
      expect(statSync(path).ino).not.toBe(fstatSync(old).ino)
      expect(readFileSync(old, 'utf8')).toBe(before)
      expect(readPrometheus(readFileSync(path, 'utf8')).get('medianest_health_check_status')?.samples).toHaveLength(1)
      expect(statSync(path).mode & 0o444).toBe(0o444)
    } finally {
      closeSync(old)
    }
  })

  it('the file of Prometheus is never seen half while it is written again and again', async () => {
    const folder = newFolder()
    const path = join(folder, 'h.prom')
    const many = { checks: Array.from({ length: 60 }, (_, index) => fine(`check ${index}`)) }
    let isOver = false
    let reads = 0
    const runs = [0, 1].map(async (each) => {
      for (let turn = 0; turn < 3; turn++) expect((await health(many, ['--output', 'prometheus=h.prom'], { folder })).code, String(each)).toBe(0)
    })
    const over = Promise.all(runs).finally(() => (isOver = true))
    while (!isOver) {
      if (existsSync(path)) {
        reads++
        expect(readPrometheus(readFileSync(path, 'utf8')).get('medianest_health_check_status')?.samples).toHaveLength(60)
      }
      await new Promise((wait) => setTimeout(wait, 1))
    }
    await over
    expect(reads).toBeGreaterThan(20)
  })
})

describe('a mistake of the person', () => {
  const yaml = (lines: string): string => `health:\n${lines}`

  it.concurrent.each<[string, string, string, string]>([
    ['YAML that does not parse', yaml('  checks: [\n'), ':', 'medianest-perf.yaml'],
    ['an unknown type', yaml('  checks:\n    - { type: postgress, host: a }\n'), ':3:15', 'did you mean "postgres"?'],
    ['an unknown key', yaml('  checks:\n    - type: redis\n      passwort: x\n'), ':4:7', 'did you mean "password"?'],
    ['checks in a circle', yaml('  checks:\n    - { type: memory, name: a, dependsOn: b }\n    - { type: load, name: b, dependsOn: a }\n'), ':4:41', 'a -> b -> a'],
    ['two of one name', yaml('  checks:\n    - { type: memory, name: a }\n    - { type: load, name: a }\n'), ':4:27', 'two checks are named "a"'],
    ['a bad duration', yaml('  checks:\n    - { type: memory, timeout: 5 parsecs }\n'), ':3:32', 'must be a duration'],
    ['a bad share', yaml('  checks:\n    - { type: memory, usage: { warning: 850% } }\n'), ':3:', '850%'],
    ['a name that is nobody\'s', yaml('  checks:\n    - { type: memory, name: database }\n    - { type: load, dependsOn: databse }\n'), ':4:32', 'did you mean "database"?'],
  ])('%s is told with file, line and column: 65, and 3 for monitoring systems', async (_what, text, place, words) => {
    const [plain, nagios] = await Promise.all([health(text), health(text, ['--format', 'nagios'])])
    expect([plain.code, nagios.code]).toEqual([65, 3])
    for (const { out, err } of [plain, nagios]) {
      expect(out + err).toContain(`medianest-perf.yaml${place}`)
      expect(out + err).toContain(words)
      expect(out.trimEnd().split('\n')).toHaveLength(1)
    }
    expect(readRun(nagios)).toMatchObject({ state: 'UNKNOWN', figures: [] })
  })

  it.concurrent.each<[string, string[], string]>([
    ['an unknown flag', ['--statee', 'x'], 'did you mean "--state"?'],
    ['a kind nobody knows', ['--check', 'dsk:/'], 'disk'],
    ['a component nobody knows', ['--components', 'memry'], 'did you mean "memory"?'],
    ['a duration that is none', ['--jitter', 'soon'], '--jitter'],
    ['a flag without what it belongs to', ['--changes'], '--state FILE'],
  ])('%s: 64, and 3 for monitoring systems', async (_what, flags, words) => {
    const [plain, nagios] = await Promise.all([health(null, flags), health(null, [...flags, '--format', 'nagios'])])
    expect([plain.code, nagios.code]).toEqual([64, 3])
    for (const { out, err } of [plain, nagios]) expect(out + err).toContain(words)
    expect(readRun(nagios).state).toBe('UNKNOWN')
  })

  it('a configuration that is not there: 65, and json says it as json', async () => {
    const { code, out } = await health(null, ['--config', 'nowhere.yaml', '--format', 'json'])
    expect([code, JSON.parse(out)]).toMatchObject([65, { success: false, command: 'health', error: { code: expect.any(String), message: expect.stringContaining('nowhere.yaml') } }])
  })
})
