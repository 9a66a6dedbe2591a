import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Aggregation, BudgetLine } from '../../src/model/budget.ts'
import type { Measurements } from '../../src/model/measurements.ts'
import { fixture, keeps, readRc, reports, valuesOf } from './lighthouse-pages.ts'

type Row = readonly ['error' | 'warn', string, string, number, number | null, readonly (number | null)[], boolean, string]
interface Trial {
  readonly reports: readonly string[]
  readonly config: { readonly ci: { readonly assert: Readonly<Record<string, unknown>> } }
  readonly results: readonly Row[]
}

const TRIALS = readdirSync(new URL('../fixtures/lighthouse/lhci/', import.meta.url))

/** Lines that no row of lhci's is for: it looks keys with capitals up by another name, finds nothing and leaves them out. */
const LEFT_OUT_BY_LHCI = ['lighthouse:speed-index:maxNumericValue', 'lighthouse:user-timings:list-end:maxNumericValue']

/** What is unknown here and passed there: nothing was listed because the audit failed, or because a person has to look. */
const PASSED_UNMEASURED = ['layout-shifts', 'focus-traps']

describe("lhci's assertions", () => {
  it.each(TRIALS)('come to the same values and verdicts as its own in %s', async (name) => {
    const trial = JSON.parse(await fixture(`lhci/${name}`)) as Trial // written by lhci
    const { lines } = await readRc(asByLhci(trial.config))
    const found = await reports(trial.reports)
    for (const row of trial.results.filter(([, , assertion]) => assertion !== 'auditRan')) {
      const [level, subject, assertion, expected, actual, values, passed, url] = row
      const line = lineFor(lines, row, found)
      expect(line?.limits.map((limit) => [limit.level, limit.value]), subject).toEqual([[level === 'error' ? 'fail' : 'warn', expected]])
      if (!line || PASSED_UNMEASURED.includes(subject)) continue
      const own = valuesOf(line, found).get(url)?.filter(Number.isFinite) ?? []
      const how = aggregationOf(line, trial.config)
      if (how === 'median-run') {
        if (!subject.startsWith('categories:')) expect(own, subject).toContain(actual)
        continue
      }
      expect(own, `${subject} ${assertion}`).toEqual(values.filter((value) => value !== null))
      const one = own.length === 0 ? Number.NaN : aggregated(own, how, line.better)
      expect(one, subject).toBe(actual ?? Number.NaN)
      expect(keeps(line, one), subject).toBe(passed)
    }
  })

  it.each(TRIALS)('are unknown here where lhci says of %s that an audit did not run, and no other line is without values', async (name) => {
    const trial = JSON.parse(await fixture(`lhci/${name}`)) as Trial // written by lhci
    const { lines } = await readRc(trial.config)
    const found = await reports(trial.reports)
    for (const row of trial.results.filter(([, , assertion]) => assertion === 'auditRan')) {
      const measured = lines.filter(({ id }) => id.startsWith(`lighthouse:${row[1].replaceAll('.', ':')}:`)).flatMap((line) => valuesOf(line, found).get(row[7]) ?? [])
      expect(measured, row[1]).toEqual([])
    }
    const judged = lines.filter((line) => [...valuesOf(line, found).values()].flat().some(Number.isFinite))
    const theirs = new Set(trial.results.map((row) => lineFor(lines, row, found)?.id))
    if (trial.results.some(([, , , , , , passed]) => passed)) expect(judged.map(({ id }) => id).filter((id) => !theirs.has(id) && !LEFT_OUT_BY_LHCI.includes(id))).toEqual([])
  })

  it('decide by the median where no aggregation is written, and say that lhci does not', async () => {
    const { lines, notes } = await readRc({ ci: { assert: { assertions: { 'speed-index': ['error', { maxNumericValue: 1_500 }], interactive: ['warn', { maxNumericValue: 9, aggregationMethod: 'pessimistic' }] } } } })
    expect(lines.map(({ subjects }) => subjects.map((subject) => subject.kind === 'series' && subject.aggregate))).toEqual([['median'], ['pessimistic']])
    expect(notes).toEqual(['one limit names no aggregationMethod: here the median of the runs decides, in lhci the best of them'])
  })

  it('know their place in the file', async () => {
    const { lines } = await readRc({ ci: { assert: { assertions: { 'speed-index': ['error', { maxNumericValue: 1_500 }] } } } })
    expect(lines[0]).toMatchObject({
      id: 'lighthouse:speed-index:maxNumericValue', section: 'lighthouse', unit: 'ms', better: 'lower',
      limits: [{ level: 'fail', operator: '<=', value: 1_500, text: '1500', where: { line: 8, column: 32 }, path: ['ci', 'assert', 'assertions', 'speed-index', 1, 'maxNumericValue'] }],
    })
  })

  it('are read from YAML too, with what else is configured left alone', async () => {
    const { lines, notes } = await readRc('ci:\n  collect:\n    url: http://localhost/\n  assert:\n    preset: lighthouse:no-pwa\n    aggregationMethod: median\n    assertions:\n      speedIndex: off\n', 'lighthouserc.yml')
    expect(lines.length).toBe(142)
    expect(lines.some(({ id }) => id.includes('speed-index'))).toBe(false)
    expect(notes).toEqual(['lhci leaves out what is not written with dashes, here it counts: speedIndex', 'collect: not read, only assertions are'])
  })

  it.each([
    ['a key that is not known', { ci: { assert: { assertion: {} } } }, 'unknown key "assertion" in "ci.assert"', 'did you mean "assertions"?'],
    ['a key of an assertion that is not known', { ci: { assert: { assertions: { 'speed-index': ['warn', { maxNumericVal: 3 }] } } } }, 'unknown key "maxNumericVal" in "ci.assert.assertions.speed-index[1]"', 'did you mean "maxNumericValue"?'],
    ['a level that is none', { ci: { assert: { assertions: { 'speed-index': ['fail', {}] } } } }, '"ci.assert.assertions.speed-index[0]" must be off or warn or error, but it is the text "fail"', 'write off or warn or error'],
    ['a preset that is none', { ci: { assert: { preset: 'lighthouse:recommend' } } }, '"ci.assert.preset" must be lighthouse:all or lighthouse:recommended or lighthouse:no-pwa, but it is the text "lighthouse:recommend"', 'did you mean "lighthouse:recommended"?'],
    ['a score beyond 1', { ci: { assert: { assertions: { 'categories:seo': ['warn', { minScore: 90 }] } } } }, '"ci.assert.assertions.categories:seo[1].minScore" must be at most 1, but it is 90', 'write a number that is at most 1'],
    ['nothing to assert', { ci: { collect: {} } }, 'lighthouserc.json has no assertions', 'add ci.assert with a preset, assertions, assertMatrix or budgetsFile'],
    ['all turned off', { ci: { assert: { assertions: { 'speed-index': 'off' } } } }, 'lighthouserc.json limits nothing', 'give it a timing, a resource or an assertion that is not off'],
    ['a matrix beside assertions', { ci: { assert: { assertMatrix: [], preset: 'lighthouse:all' } } }, 'assertMatrix and preset cannot stand together in ci.assert', 'move it into the entries of assertMatrix'],
    ['a pattern that is none', { ci: { assert: { assertMatrix: [{ matchingUrlPattern: '(', preset: 'lighthouse:all' }] } } }, '"(" is not a regular expression: Invalid regular expression: /(/: Unterminated group', 'matchingUrlPattern is matched anywhere in the address: http://[^/]+/media'],
    ['another file', { ci: { extends: './base.json', assert: { preset: 'lighthouse:all' } } }, 'ci.extends is not followed here', 'copy the assertions of that file into this one'],
    ['a length of a category', { ci: { assert: { assertions: { 'categories:seo': ['warn', { maxLength: 0 }] } } } }, 'the assertion "categories:seo" cannot be judged: a category has a score only', 'write minScore'],
    ['a figure that resources do not have', { ci: { assert: { assertions: { 'resource-summary:script:bytes': ['warn', { maxNumericValue: 0 }] } } } }, 'the assertion "resource-summary:script:bytes" cannot be judged: it names no figure of a type of resources', 'write it like resource-summary:script:size or resource-summary:script:count'],
  ])('are refused for %s', async (_what, config, message, hint) => {
    await expect(readRc(config)).rejects.toMatchObject({ message, hint: expect.stringContaining(hint) as string, where: { file: 'lighthouserc.json' } })
  })

  it('suggest the audit that was meant where none has the name', async () => {
    const { lines } = await readRc({ ci: { assert: { assertions: { 'largest-contentful-pain': 'error' } } } })
    expect(lines[0]?.hint).toBe('is "largest-contentful-pain" spelled right? there is "largest-contentful-paint"')
  })
})

/** By lhci's names of subject, assertion and page; of a budget.json the lines have names of their own. */
function lineFor(lines: readonly BudgetLine[], [level, subject, assertion, expected, actual, , , url]: Row, found: Measurements): BudgetLine | undefined {
  const name = subject.replaceAll('.', ':')
  const budget = name.startsWith('resource-summary:') ? name.replace('resource-summary:', 'resources:') : `timing:${name}`
  const ids = [`lighthouse:${name}:${assertion}`, budget]
  return lines.find((line) => ids.includes(line.id.replace(/ (of .*|#\d+)$/, '')) && line.limits[0]?.value === expected && line.limits[0].level === (level === 'error' ? 'fail' : 'warn') && (actual === null || valuesOf(line, found).has(url)))
}

/** The configuration with lhci's default written into it. */
function asByLhci({ ci: { assert } }: Trial['config']): unknown {
  if (assert['budgetsFile'] !== undefined) return { ci: { assert } }
  const withDefault = (group: object): object => ({ aggregationMethod: 'optimistic', ...group })
  return { ci: { assert: Array.isArray(assert['assertMatrix']) ? { assertMatrix: (assert['assertMatrix'] as readonly object[]).map(withDefault) } : withDefault(assert) } } // its entries are objects
}

function aggregationOf({ subjects: [subject] }: BudgetLine, { ci: { assert } }: Trial['config']): Aggregation {
  return subject?.kind === 'series' && assert['budgetsFile'] === undefined ? subject.aggregate : 'optimistic'
}

function aggregated(values: readonly number[], how: Aggregation, better: BudgetLine['better']): number {
  const sorted = [...values].sort((a, b) => (better === 'lower' ? a - b : b - a))
  const half = sorted.length / 2
  const middle = ((sorted[Math.ceil(half) - 1] ?? Number.NaN) + (sorted[Math.floor(half)] ?? Number.NaN)) / 2
  return how === 'median' ? middle : (how === 'optimistic' ? sorted[0] : sorted.at(-1)) ?? Number.NaN
}
