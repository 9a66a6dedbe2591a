import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BUDGET_FORMATS } from '../../src/budget/formats.ts'

const BIN = join(import.meta.dirname, '../../bin/medianest-perf.js')
const FIXTURES = join(import.meta.dirname, '../fixtures/artifacts')

function project(budget: string, bytes = 120_000): string {
  const folder = mkdtempSync(join(tmpdir(), 'medianest-budget-'))
  mkdirSync(join(folder, 'dist'))
  writeFileSync(join(folder, 'dist/main.js'), 'x'.repeat(bytes))
  writeFileSync(join(folder, 'budget.yaml'), budget)
  return folder
}

async function run(cwd: string, argv: readonly string[], stdin = ''): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [BIN, 'budget', ...argv], { cwd, stdio: 'pipe' })
  const text = { out: '', err: '' }
  child.stdout.on('data', (data) => (text.out += String(data)))
  child.stderr.on('data', (data) => (text.err += String(data)))
  child.stdin.end(stdin)
  const code = await new Promise<number | null>((done) => child.once('close', done))
  return { code, ...text }
}

const MAIN = (limits: string): string => `bundles:\n  main.js: { files: dist/main.js, raw: true, ${limits} }\n`

describe.skipIf(BUDGET_FORMATS.every(({ name }) => name !== 'medianest'))('budget, as it is installed (needs our own format)', () => {
  it.each([
    ['within its limit', 'max: 200kB', 0, 0],
    ['over a warning level', 'max: 200kB, warning: 100kB', 0, 1],
    ['over its limit', 'max: 100kB', 1, 1],
    ['relative to a baseline that is not there', 'maxIncrease: 5%', 2, 2],
  ])('a bundle %s ends with the code that says so', async (_, limits, code, strict) => {
    const folder = project(MAIN(limits))
    expect((await run(folder, [])).code).toBe(code)
    expect((await run(folder, ['--strict'])).code).toBe(strict)
  })

  it('keeps its result as the baseline of the next run', async () => {
    const folder = project(MAIN('max: 200kB'))
    expect((await run(folder, ['--output', 'json=main.json'])).code).toBe(0)
    writeFileSync(join(folder, 'budget.yaml'), MAIN('maxIncrease: 5%'))
    writeFileSync(join(folder, 'dist/main.js'), 'x'.repeat(130_000))
    const { code, out } = await run(folder, ['--baseline', 'main.json'])
    expect(code).toBe(1)
    expect(out).toContain('+8.33%')
  })

  it('warns of a bundle that is new since the baseline, and takes no room at all for a margin', async () => {
    const folder = project(MAIN('max: 200kB, maxIncrease: 5%'))
    await run(folder, ['--output', 'json=main.json'])
    writeFileSync(join(folder, 'dist/extra.js'), 'x'.repeat(4_000))
    writeFileSync(join(folder, 'budget.yaml'), `${MAIN('maxIncrease: 5%')}  extra.js: { files: dist/extra.js, maxIncrease: 5% }\n  both.js: { files: dist/extra.js, max: 4kB, maxIncrease: 5% }\n`)
    const { code, out } = await run(folder, ['--baseline', 'main.json'])
    expect(out).toContain('extra.js (raw): new since the baseline')
    expect([code, (await run(folder, ['--baseline', 'main.json', '--strict'])).code, (await run(folder, [])).code]).toEqual([0, 1, 2])
    expect((await run(folder, ['--update', '--margin', '0'])).out).not.toContain('is not a share')
  })

  it('names the files that are there instead of one that is mistyped', async () => {
    const { code, out } = await run(project('bundles: { mian.js: 1MB }\n'), [])
    expect(code).toBe(2)
    expect(out).toMatch(/no file matches mian\.js, or mian-HASH\.js[^]*there: dist\/main\.js/)
  })

  it('reads results from files and from stdin', async () => {
    const folder = project('api:\n  responseTime: { p95: 10s }\n')
    const file = join(FIXTURES, 'k6-handle-summary.json')
    expect((await run(folder, [file])).code).toBe(0)
    expect(JSON.parse((await run(folder, ['-', '--format', 'json'], readFileSync(file, 'utf8'))).out)).toMatchObject({ verdict: 'ok', data: { results: [{ from: ['stdin'] }] } })
    expect((await run(folder, [])).code).toBe(2)
  })

  it('is written by init, holds, and is tightened by --update', async () => {
    const folder = project('')
    writeFileSync(join(folder, 'package.json'), '{"dependencies": {}, "api": "not a budget"}')
    expect((await run(folder, ['init'])).code).toBe(64)
    expect((await run(folder, ['init', '--yes', '--margin', '50%', join(FIXTURES, 'k6-handle-summary.json')])).code).toBe(0)
    const written = readFileSync(join(folder, 'budget.yaml'), 'utf8')
    expect(written).toMatch(/^bundles:\n {2}main\.js: \d+B {2}# now/m)
    expect((await run(folder, [join(FIXTURES, 'k6-handle-summary.json')])).code).toBe(0)
    writeFileSync(join(folder, 'dist/main.js'), 'x'.repeat(10_000))
    const { code, out } = await run(folder, ['--update', '--only', 'bundles'])
    expect([code, readFileSync(join(folder, 'budget.yaml'), 'utf8') === written]).toEqual([0, false])
    expect(out).toContain('tightened bundles:main.js')
    expect(out).toMatch(/\d+ lines of other parts than bundles are not judged/)
  })

  it('is written by init with the entries of a manifest, and with limits that the next run can hold', async () => {
    const folder = project('')
    mkdirSync(join(folder, 'dist/.vite'))
    writeFileSync(join(folder, 'dist/.vite/manifest.json'), '{"index.html": {"file": "main.js", "isEntry": true}}')
    expect((await run(folder, ['init', '--yes', join(import.meta.dirname, '../fixtures/lighthouse/lhr-12.json'), join(FIXTURES, 'autocannon.json')])).code).toBe(0)
    const written = readFileSync(join(folder, 'budget.yaml'), 'utf8')
    expect(written).toMatch(/^ {2}"start of index\.html":\n {4}entry: "index\.html"\n {4}max: /m)
    expect(written).toMatch(/totalBlockingTime: 200ms .*\n {2}cumulativeLayoutShift: 0\.1 /)
    expect(written).toMatch(/p50: 10ms {2}# now 0 ms/)
    expect(written).not.toMatch(/: 0B? /)
    expect((await run(folder, ['--only', 'bundles'])).code).toBe(0)
  })

  it('judges a size-limit configuration by what size-limit wrote, where the files are not there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'medianest-budget-'))
    const sample = (name: string): string => join(import.meta.dirname, `../fixtures/bundles/size-limit-sample.${name}.json`)
    const { code, out } = await run(folder, ['--budget', sample('config'), sample('output'), '--format', 'json'])
    const real = JSON.parse(readFileSync(sample('output'), 'utf8')) as { name: string; size: number; sizeLimit: number; passed: boolean }[] // written by size-limit
    const ours = JSON.parse(out) as { data: { results: { of: string; measured: number; limit: { value: number }; verdict: string; class: string }[] } }
    expect(ours.data.results.map(({ of, measured, limit, verdict }) => ({ name: of, passed: verdict === 'ok', size: measured, sizeLimit: limit.value }))).toEqual(real)
    expect([code, ...new Set(ours.data.results.map((each) => each.class))]).toEqual([0, 'exact'])
    const tight = join(folder, 'tight.json')
    writeFileSync(tight, readFileSync(sample('config'), 'utf8').replace('8 KiB', '7 KiB'))
    expect((await run(folder, ['--budget', tight, sample('output')])).code).toBe(1)
  })

  it('says of a file with a budget\'s name that it is none', async () => {
    const folder = project('hello: world\n')
    writeFileSync(join(folder, '.size-limit.json'), '[{"path": "dist/main.js", "limit": "1 MB"}]')
    const { code, out } = await run(folder, [])
    expect(code).toBe(0)
    expect(out).toContain('budget.yaml is no budget that is known here, and is not judged')
  })

  it.each([
    ['a glob that finds nothing is unknown', 'bundles:\n  app: { files: dist/none-*.js, max: 1MB }\n', 2],
    ['a key that nobody knows is an error', 'bundles:\n  app: { files: dist/main.js, maximum: 1MB }\n', 65],
    ['a file without lines is an error', 'bundles: {}\n', 65],
  ])('%s', async (_, text, code) => {
    expect((await run(project(text), [])).code).toBe(code)
  })
})
