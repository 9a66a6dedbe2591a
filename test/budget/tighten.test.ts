import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { readBudgetFile } from '../../src/budget/read-budget.ts'
import { ratchet } from '../../src/budget/ratchet.ts'
import { tightened } from '../../src/budget/tighten.ts'
import { rounded } from '../../src/budget/written-amount.ts'
import { readDocument } from '../../src/document.ts'
import type { BudgetResult } from '../../src/model/budget.ts'
import { readBudget } from './written.ts'

const measured = async (text: string, values: Readonly<Record<string, number | null>>): Promise<BudgetResult[]> =>
  (await readBudget(text)).lines.filter(({ id }) => id in values).map((line) => ({ line, measured: { of: '', observed: values[line.id] ?? null, values: [], from: [], how: '', parts: [] }, verdict: 'ok', limit: null, limitValue: null, margin: null, baseline: null, why: '' }))

const after = async (text: string, values: Readonly<Record<string, number | null>>, yes = false): Promise<string> => {
  const { changes } = ratchet(await measured(text, values), { marginFor: () => 0.1, yes })
  return tightened('budget.yaml', text, changes.map(({ limit, to }) => ({ path: limit.path ?? [], from: limit.text, to })))
}

describe('the ratchet', () => {
  it('keeps units, quotes, comments and order', async () => {
    const text = '# ours\nbundles:\n  main.js: {max: "500KB", warning: 400KB} # two\n  a.css: \'100 KiB\'\npackages:\n  direct: 30\n'
    expect(await after(text, { 'bundles:main.js': 200_000, 'bundles:a.css': 51_200, 'packages:direct': 20 })).toBe('# ours\nbundles:\n  main.js: {max: "275KB", warning: 220KB} # two\n  a.css: \'55 KiB\'\npackages:\n  direct: 22\n')
  })

  it('takes nothing of what is counted for a limit too', async () => {
    expect(await after('packages: {installed: 100}\nbundles: {main.js: 5KB}', { 'packages:installed': 0, 'bundles:main.js': 0 })).toBe('packages: {installed: 0}\nbundles: {main.js: 0KB}')
  })

  it('edits JSON as well', async () => {
    expect(await after('{"bundles": {"main.js": 500000, "b.js": "1.5MB"}}', { 'bundles:main.js': 100_000, 'bundles:b.js': 1_000_000 })).toBe('{"bundles": {"main.js": 110000, "b.js": "1.1MB"}}')
  })

  it.each([
    ['there is no room to tighten', 'bundles: {main.js: 500KB}', { 'bundles:main.js': 480_000 }, false],
    ['it does not hold', 'bundles: {main.js: 500KB}', { 'bundles:main.js': 900_000 }, false],
    ['nothing was measured', 'bundles: {main.js: 500KB}', { 'bundles:main.js': null }, true],
    ['it is a time', 'timing: {largestContentfulPaint: 2.5s}', { 'timing:largestContentfulPaint': 1_000 }, false],
    ['it is relative', 'bundles: {main.js: {maxIncrease: 5%}}', { 'bundles:main.js': 10 }, true],
    ['it is an availability', 'api: {availability: 99%}', { 'api:availability': 0.001 }, true],
  ])('leaves a limit where %s', async (_why, text, values, yes) => {
    expect(await after(text, values, yes)).toBe(text)
  })

  it('writes the unit below instead of less than one', async () => {
    expect(await after('bundles: {main.js: 2MB, b.js: {max: "2 MiB", warning: "1 MiB"}}', { 'bundles:main.js': 449_000, 'bundles:b.js': 400_000 })).toBe('bundles: {main.js: 494KB, b.js: {max: "860 KiB", warning: "430 KiB"}}')
    expect(await after('thresholds: {http_req_duration: [p(95)<1.5s]}', { 'thresholds:http_req_duration:p(95)<1.5s': 400 }, true)).toBe('thresholds: {http_req_duration: [p(95)<440ms]}')
  })

  it('leaves the limits of a file that is taken over to that file, and says so', async () => {
    const { lines } = await readBudget('extends: base.yaml', { 'base.yaml': 'bundles: {main.js: 1MB}' })
    const result = (observed: number): BudgetResult[] => lines.map((line) => ({ line, measured: { of: '', observed, values: [], from: [], how: '', parts: [] }, verdict: 'ok', limit: null, limitValue: null, margin: null, baseline: null, why: '' }))
    expect(ratchet(result(100_000), { marginFor: () => 0.1, yes: true })).toMatchObject({ changes: [], left: [{ why: expect.stringContaining('base.yaml') as string }] })
    expect(ratchet(result(990_000), { marginFor: () => 0.1, yes: true }).left).toEqual([])
  })

  it('with yes loosens what does not hold, and touches what is sampled', async () => {
    expect(await after('bundles: {main.js: 500KB}\ntiming: {largestContentfulPaint: 2.5s}', { 'bundles:main.js': 900_000, 'timing:largestContentfulPaint': 1_000 }, true)).toBe('bundles: {main.js: 990KB}\ntiming: {largestContentfulPaint: 1.1s}')
  })

  it('writes thresholds with their words', async () => {
    expect(await after('thresholds: {http_reqs: [rate>100/s], http_req_duration: ["p(95) < 500ms"]}', { 'thresholds:http_reqs:rate>100/s': 400, 'thresholds:http_req_duration:p(95) < 500ms': 200 }, true)).toBe('thresholds: {http_reqs: [rate>360/s], http_req_duration: ["p(95) < 220ms"]}')
  })

  it.each([
    ['budget.json', '[{"timings": [{"metric": "interactive", "budget": 5000}], "resourceSizes": [{"resourceType": "script", "budget": 500}]}]', [2_000, 102_400], '[{"timings": [{"metric": "interactive", "budget": 2200}], "resourceSizes": [{"resourceType": "script", "budget": 110}]}]'],
    ['lighthouserc.json', '{"ci": {"assert": {"assertions": {"interactive": ["error", {"maxNumericValue": 5000}], "categories:seo": ["warn", {"minScore": 0.5}]}}}}', [2_000, 1], '{"ci": {"assert": {"assertions": {"interactive": ["error", {"maxNumericValue": 2200}], "categories:seo": ["warn", {"minScore": 0.9}]}}}}'],
    ['.size-limit.json', '[{"path": "a.js", "limit": "8 KB"}]', [2_000], '[{"path": "a.js", "limit": "2.2 KB"}]'],
  ])('writes %s too', async (file, text, values, expected) => {
    const { lines } = await readBudgetFile(file, text, { file, folder: '/srv', read: () => Promise.reject(new Error('there is no such file')) })
    const results = lines.map((line, index): BudgetResult => ({ line, measured: { of: '', observed: values[index] ?? null, values: [], from: [], how: '', parts: [] }, verdict: 'ok', limit: null, limitValue: null, margin: null, baseline: null, why: '' }))
    const { changes } = ratchet(results, { marginFor: () => 0.1, yes: true })
    expect(tightened(file, text, changes.map(({ limit, to }) => ({ path: limit.path ?? [], from: limit.text, to })))).toBe(expected)
  })

  it('refuses a file that was changed meanwhile', () => {
    expect(() => tightened('b.yaml', 'bundles: {main.js: 600KB}', [{ path: ['bundles', 'main.js'], from: '500KB', to: '400KB' }])).toThrow(expect.objectContaining({ code: 'BUDGET_CHANGED', where: { file: 'b.yaml', line: 1, column: 20 } }))
  })

  it('refuses what others take their value from', () => {
    expect(() => tightened('b.yaml', 'a: &size 500KB\nb: *size\n', [{ path: ['a'], from: '500KB', to: '400KB' }])).toThrow(expect.objectContaining({ code: 'CANNOT_EDIT' }))
    expect(() => tightened('b.yaml', 'a: &size 500KB\nb: *size\n', [{ path: ['b'], from: '500KB', to: '400KB' }])).toThrow(expect.objectContaining({ code: 'CANNOT_EDIT' }))
  })

  const key = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => text !== '__proto__' && text !== '<<')
  const document = fc.dictionary(key, fc.dictionary(key, fc.oneof(fc.constantFrom('500KB', '1.5 MB', '80%'), fc.integer({ min: 1, max: 1e6 })), { minKeys: 1, maxKeys: 4 }), { minKeys: 1, maxKeys: 4 })

  it('changes the one value and nothing else, in YAML and JSON of any names', () => {
    fc.assert(fc.property(document, fc.constantFrom('yaml', 'json', 'single', 'double'), fc.nat(), (value, style, pick) => {
      const text = style === 'json' ? JSON.stringify(value, null, 2) : `# first\n${stringify(value, style === 'single' ? { singleQuote: true } : style === 'double' ? { defaultStringType: 'QUOTE_DOUBLE' } : {})}# last\n`
      const paths = Object.entries(value).flatMap(([outer, inside]) => Object.entries(inside).map(([inner, from]) => ({ path: [outer, inner], from })))
      const { path, from } = paths[pick % paths.length] ?? { path: [], from: '' }
      const to = typeof from === 'number' ? '7' : '7KB'
      const result = tightened('b.yaml', text, [{ path, from: String(from), to }])
      const [outer = '', inner = ''] = path
      expect(readDocument('b.yaml', result).value).toEqual({ ...value, [outer]: { ...value[outer], [inner]: typeof from === 'number' ? 7 : '7KB' } })
      expect(result.length - text.length).toBe(to.length - String(from).length)
    }), { numRuns: 200 })
  })

  it('is done after one turn, and never past what is measured', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 2, max: 5_000 }), fc.integer({ min: 1, max: 5_000_000 }), fc.constantFrom('KB', 'KiB', 'MB', ' B'), async (limit, size, unit) => {
      const text = `bundles: {main.js: {max: ${limit * 2}${unit}, warning: ${limit}${unit}}}`
      const once = await after(text, { 'bundles:main.js': size })
      expect(await after(once, { 'bundles:main.js': size })).toBe(once)
      const [warning, max] = (await readBudget(once)).lines[0]?.limits.map(({ value }) => value) ?? []
      expect(once === text || ((warning ?? 0) >= size && (max ?? 0) >= (warning ?? 0))).toBe(true)
    }), { numRuns: 100 })
  })

  it('rounds away from what is measured', () => {
    fc.assert(fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (value) => {
      expect(rounded(value, 'up')).toBeGreaterThanOrEqual(value * (1 - 1e-9))
      expect(rounded(value, 'down')).toBeLessThanOrEqual(value * (1 + 1e-9))
      expect(rounded(value, 'up')).toBeLessThanOrEqual(value * 1.011)
    }))
  })
})
