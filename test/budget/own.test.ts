import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { own } from '../../src/budget/own.ts'
import type { FilesSubject } from '../../src/model/budget.ts'
import { limitsOf, readBudget } from './written.ts'

const wrong = async (text: string): Promise<string> => {
  const error = await readBudget(text).then(() => { throw new Error('it was read') }, (reason: unknown) => reason as { message: string; hint?: string; where?: { line: number } })
  return `${error.message} | ${error.hint ?? ''} | line ${error.where?.line ?? '?'}`
}

describe('levels', () => {
  it.each([
    ['500KB', ['fail <= 500000']],
    ['{max: 500KB, warning: 400KB}', ['warn <= 400000', 'fail <= 500000']],
    ['{target: 400KB, warning: 500KB}', ['warn <= 400000', 'fail <= 500000']],
    ['{target: 300KB, warning: 400KB, max: 500KB}', ['target <= 300000', 'warn <= 400000', 'fail <= 500000']],
    ['{target: 300KB, max: 500KB}', ['target <= 300000', 'fail <= 500000']],
    ['{warning: 400KB}', ['warn <= 400000']],
    ['{maxSize: 8 KiB, warning: 8 kB}', ['warn <= 8000', 'fail <= 8192']],
    ['{maxIncrease: 5%, warnIncrease: 10kB}', ['warn <= 10000 difference-to-baseline', 'fail <= 0.05 share-of-baseline']],
  ])('main.js: %s', async (written, expected) => {
    expect(limitsOf((await readBudget(`bundles: {main.js: ${written}}`)).lines, 'bundles:main.js')).toEqual(expected)
  })

  it('turn round where more is better', async () => {
    const { lines } = await readBudget('api: {throughput: {target: 1000, warning: 500}}\nbackend: {cacheHitRate: {min: 80%, warning: 0.9, maxDecrease: 5%}}')
    expect(limitsOf(lines, 'api:throughput')).toEqual([`warn >= ${1_000 / 60}`, `fail >= ${500 / 60}`])
    expect(limitsOf(lines, 'backend:cacheHitRate')).toEqual(['warn >= 0.9', 'fail >= 0.8', 'fail >= -0.05 share-of-baseline'])
  })

  it('read the units that people and the documents write', async () => {
    const { lines } = await readBudget('api: {errorRate: 0.1, throughput: 1000/s, responseTime: {p50: 300, p99: 2s}, availability: 99.9%}\nbackend: {diskIO: 1000 IOPS, connectionPool: 20 connections, memoryUsage: 512MB}\ntiming: {cumulativeLayoutShift: "0.1"}')
    expect(lines.map(({ id, unit, limits: [limit] }) => [id, unit, limit?.value])).toEqual([
      ['timing:cumulativeLayoutShift', 'count', 0.1],
      ['api:responseTime:p50', 'ms', 300], ['api:responseTime:p99', 'ms', 2_000], ['api:errorRate', 'ratio', 0.001], ['api:throughput', 'per_second', 1_000], ['api:availability', 'ratio', 0.001],
      ['backend:memoryUsage', 'bytes', 512e6], ['backend:diskIO', 'per_second', 1_000], ['backend:connectionPool', 'count', 20],
    ])
  })

  it('know where they stand, so that they can be written anew', async () => {
    const { lines } = await readBudget('# why\nbundles:\n  main.js:\n    max: 500KB\n')
    expect(lines[0]?.limits[0]).toMatchObject({ text: '500KB', path: ['bundles', 'main.js', 'max'], where: { file: 'budget.yaml', line: 4, column: 10 } })
  })
})

describe('bundles', () => {
  it('named as a file are that file anywhere, with a hash or without', async () => {
    const { lines } = await readBudget('root: dist\nbundles: {main.js: 1MB}')
    expect(lines[0]?.subjects[0]).toMatchObject({ kind: 'files', root: '/srv/app/dist', measure: 'total', encoding: { kind: 'raw' }, ignore: ['**/node_modules/**'] })
    const folder = await mkdtemp(join(tmpdir(), 'bundles-'))
    const names = ['main.js', 'main.4f2a.js', 'main-DiwrgTda.js', 'main.min.js', 'mainframe.js', 'main.css']
    await Promise.all(names.map((name) => writeFile(join(folder, name), '')))
    const { glob } = await import('tinyglobby')
    const found = await glob([...(lines[0]?.subjects[0] as FilesSubject).patterns], { cwd: folder })
    await rm(folder, { recursive: true })
    expect(found.sort()).toEqual(['main-DiwrgTda.js', 'main.4f2a.js', 'main.js'])
  })

  it('say the encoder and its level', async () => {
    const { lines } = await readBudget('compression: gzip\nbundles: {a.js: 1MB, b.js: {max: 1MB, brotli: true}, c: {files: c/*.js, gzip: 6, max: 1, each: true}, d.js: {raw: true, max: 1}}')
    expect(lines.map(({ title }) => title)).toEqual(['a.js (gzip -9)', 'b.js (brotli 11)', 'c, each file (gzip -6)', 'd.js (raw)'])
  })

  it('may be entry points, and counted', async () => {
    const { lines } = await readBudget('bundles: {start: {entry: "pages/*", max: 200KB, count: 10}}')
    expect(lines.map(({ id, subjects: [subject] }) => [id, subject?.kind, (subject as { measure: string }).measure])).toEqual([['bundles:start', 'entries', 'total'], ['bundles:start:count', 'entries', 'count']])
  })
})

describe('limits of one name', () => {
  it.each([
    ['thresholds: {http_req_duration: ["p(95)<500", {threshold: "p(95)<500", level: warning}]}', ['fail < 500', 'warn < 500']],
    ['api: {categories: {search: {responseTime: 1s}}, endpoints: {search: {responseTime: 2s}}}', ['fail <= 1000', 'fail <= 2000']],
    ['bundles: {"a.js:count": {files: x, max: 1KB}, a.js: {count: 3}}', ['fail <= 1000', 'fail <= 3']],
    ['performanceBudget: {backend: {healthCheck: 10ms}}\nbackendBudget: {healthCheck: 50ms}', ['fail <= 10', 'fail <= 50']],
  ])('all hold: %s', async (text, limits) => {
    const { lines } = await readBudget(text)
    expect(lines.flatMap(({ id }) => limitsOf(lines, id))).toEqual(limits)
  })
})

describe('mistakes', () => {
  it.each([
    ['bundels: {main.js: 1MB}', 'unknown key "bundels" in the budget | did you mean "bundles"? | line 1'],
    ['timing:\n  largestContentfullPaint: 2s', 'unknown key "largestContentfullPaint" in "timing" | did you mean "largestContentfulPaint"? | line 2'],
    ['bundles: {main.js: {max: 400KB, warning: 500KB}}', 'must not be below warning (500KB): more is worse'],
    ['bundles: {main.js: 500kb}', 'must be a size such as 500KB (1 KB is 1000 bytes)'],
    ['bundles: {main.js: {files: "*.js"}}', 'must have a limit'],
    ['bundles: {vendor: 1MB}', 'the bundle "vendor" does not say which files it is of'],
    ['bundles: {a.js: {max: 1, gzip: true, brotli: true}}', 'must not stand beside gzip'],
    ['lighthouse: {categories: {performance: 90}}', 'must be a share from 0 to 1; of 100 write it with %'],
    ['backend: {memoryUsage: 512}', 'must have its unit: 512MB, or 80%'],
    ['thresholds: {http_req_duration: ["p95<500"]}', '"p95" is not a statistic'],
    ['thresholds: {"http_req_duration{status:200}": ["p(95)<500"]}', 'of single requests'],
    ['extends: web-vital', 'did you mean "web-vitals"?'],
    ['{extends: web-vitals, without: timing:speedIndexx}', 'which nothing that is taken over has'],
    [`timing: {speedIndex: ${'9'.repeat(400)}s}`, 'must be a number that is not endless'],
    ['backend: {connectionPool: {max: 80%, maxIncrease: 3}}', 'must be a share of the baseline such as 5%, or written as max is (80%)'],
    ['backend: {memoryUsage: {maxIncrease: 5}}', 'must have its unit'],
    ['bundles:\n  a.js: 1KB\n  __proto__: 1KB', 'unknown key "__proto__" in the budget | remove it | line 3'],
    ['version: 1', 'limits nothing'],
    ['bundles: {}', 'limits nothing'],
  ])('%s', async (text, expected) => {
    expect(await wrong(text)).toContain(expected)
  })
})

describe('taking over', () => {
  it('puts a file\'s own limits in the place of those of presets and other files', async () => {
    const { lines } = await readBudget('extends: [web-vitals, more/base.yaml]\nwithout: timing:firstInputDelay\ntiming: {largestContentfulPaint: 4s}', { 'more/base.yaml': 'root: built\nbundles: {main.js: 1MB}' })
    expect(limitsOf(lines, 'timing:largestContentfulPaint')).toEqual(['fail <= 4000'])
    expect(lines.map(({ id }) => id)).not.toContain('timing:firstInputDelay')
    expect(lines.find(({ id }) => id === 'bundles:main.js')).toMatchObject({ subjects: [{ root: '/srv/app/more/built' }], where: { file: 'more/base.yaml', line: 2 } })
  })

  it('says which limits of several files do not hold', async () => {
    const { lines, notes } = await readBudget('extends: [a.yaml, b.yaml]', { 'a.yaml': 'bundles: {main.js: 10KB, c.js: 1KB}', 'b.yaml': 'bundles: {main.js: 10MB}' })
    expect(limitsOf(lines, 'bundles:main.js')).toEqual(['fail <= 10000000'])
    expect(notes).toEqual(['of a.yaml one line does not hold, what comes after it in "extends" says otherwise: bundles:main.js'])
  })

  it('ends in a circle', async () => {
    await expect(readBudget('extends: budget.yaml', { 'budget.yaml': 'extends: budget.yaml' })).rejects.toMatchObject({ code: 'BUDGET_CIRCLE' })
  })
})

describe('the documentation', () => {
  it('shows a budget that can be read', async () => {
    const page = await readFile(join(import.meta.dirname, '../../docs/budget-file.md'), 'utf8')
    const { lines, baseline } = await readBudget(/```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '')
    expect(baseline).toBe('main.json')
    expect(new Set(lines.map(({ section }) => section)).size).toBe(8)
  })
})

describe('what is no budget of ours', () => {
  it.each([[[]], [{ ci: {} }], [{ name: 'x', version: '1', scripts: {}, 'size-limit': [] }], [{}], [null], ['bundles'], [{ performanceBudget: {} }], [{ initialJSBundle: '500KB' }]])('%j', (value) => {
    expect(own.recognise(value)).toBe(false)
  })

  it('but a configuration with budgets is one', async () => {
    const { lines } = await readBudget('output: {format: json}\nbudgets: {bundles: {main.js: 1MB}}')
    expect(lines[0]?.limits[0]).toMatchObject({ path: ['budgets', 'bundles', 'main.js'], where: { line: 2 } })
  })
})
