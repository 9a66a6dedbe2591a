import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Finding } from '../../src/model/finding.ts'
import { report } from '../../src/model/report.ts'
import { FORMATS } from '../../src/output/formats.ts'
import { FAILURE, MINIMAL, OPTIONS, RICH } from './cases.ts'
import { readXml } from './xml.ts'

const render = async (findings: readonly Finding[], parts: object = {}): Promise<string> => FORMATS.junit.render({ ...MINIMAL, ...parts, findings }, OPTIONS)
const finding = (id: string, verdict: Finding['verdict']): Finding => ({ id, verdict, title: id })

test('every output is well-formed XML', async () => {
  for (const text of [await FORMATS.junit.render(RICH, OPTIONS), await FORMATS.junit.render(MINIMAL, OPTIONS), FORMATS.junit.renderError(FAILURE, OPTIONS)]) {
    expect(readXml(text)[0]).toBe('testsuites')
  }
})

test('whatever a title holds, the XML stays well-formed', async () => {
  await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary' }), async (title) => {
    readXml(await render([{ ...finding(title, 'fail'), title, hint: title, where: { file: title, line: 1, column: 1 } }], { title, notes: [title] }))
  }), { numRuns: 300 })
})

test('a failure fails, what is unknown is an error, a warning passes and says so, inconclusive is skipped', async () => {
  const text = await render([finding('a', 'ok'), finding('b', 'warn'), finding('c', 'fail'), finding('d', 'unknown'), { ...finding('e', 'unknown'), isInconclusive: true }], { verdict: 'fail' })
  expect(readXml(text)).toEqual([
    'testsuites', 'testsuite',
    'testcase', 'failure', 'testcase', 'error', 'testcase', 'skipped', 'testcase', 'system-out', 'testcase',
  ])
  expect(text).toContain('tests="5" failures="1" errors="1" skipped="1"')
})

test('what does not count is skipped, with the reason', async () => {
  expect(await render([{ ...finding('a', 'ok'), excuse: 'in maintenance' }])).toMatch(/skipped="1"[^]*<skipped message="in maintenance">a \(in maintenance\)</)
})

test('a report without findings has one test case for its verdict', async () => {
  expect(await render([], { verdict: 'fail' })).toMatch(/tests="1" failures="1"/)
  expect(await render([])).toMatch(/tests="1" failures="0" errors="0"/)
})

test('a verdict worse than every finding is not lost', async () => {
  expect(await render([finding('a', 'ok')], { verdict: 'unknown' })).toMatch(/tests="2" failures="0" errors="1"/)
})

test('cases are grouped by the section of their figure, under names that stay, and files are called what the repository calls them', async () => {
  const figure = { name: 'main.js', unit: 'bytes', better: 'lower', value: 1, verdict: 'ok', word: 'within budget', decides: true } as const
  const text = await FORMATS.junit.render({ ...MINIMAL, command: 'budget', findings: [{ ...finding('budget:main.js', 'ok'), where: { file: 'budget.yaml', line: 2, column: 1 } }, finding('lone', 'ok')], figures: [{ ...figure, section: 'bundles', finding: 'budget:main.js' }] }, { ...OPTIONS, nameFile: (file) => `web/${file}` })
  expect(text).toContain('<testcase classname="medianest-perf.budget.bundles" name="budget:main.js" time="0.000" file="web/budget.yaml" line="2"')
  expect(text).toContain('<testcase classname="medianest-perf.budget" name="lone"')
})

test('a run that was broken off is not green', async () => {
  expect(await FORMATS.junit.render(report({ ...MINIMAL, interrupted: 'SIGTERM' }), OPTIONS)).toContain('<error message="the run was ended by SIGTERM')
})
