import { expect, test } from 'vitest'
import type { Finding } from '../../src/model/finding.ts'
import { FORMATS } from '../../src/output/formats.ts'
import { MINIMAL, OPTIONS } from './cases.ts'

const render = async (parts: object): Promise<string[]> => (await FORMATS.github.render({ ...MINIMAL, ...parts }, OPTIONS)).trimEnd().split('\n')
const many = (count: number, verdict: Finding['verdict']): Finding[] => Array.from({ length: count }, (_, index) => ({ id: `${verdict}-${index}`, verdict, title: 'title' }))

test('no more than ten of a level are written, the worst first, and the rest is counted', async () => {
  const lines = await render({ verdict: 'fail', findings: [...many(12, 'warn'), ...many(8, 'unknown'), ...many(4, 'fail')], notes: Array.from({ length: 11 }, String) })
  const titles = lines.filter((line) => line.startsWith('::error')).map((line) => /title=(\w+)/.exec(line)?.[1])
  expect(titles).toEqual([...Array.from({ length: 4 }, () => 'fail'), ...Array.from({ length: 6 }, () => 'unknown')])
  expect(lines.filter((line) => line.startsWith('and '))).toEqual(['and 2 more errors', 'and 2 more warnings', 'and 1 more notice'])
  expect(lines.at(-1)).toBe('health: fail (4 failed, 8 unknown, 12 warnings) - health of nas')
})

test('files are called what the repository calls them', async () => {
  const where = { file: 'budget.yaml', line: 2, column: 3 }
  const options = { ...OPTIONS, nameFile: (file: string) => `web/${file}` }
  expect(await FORMATS.github.render({ ...MINIMAL, findings: [{ id: 'a', verdict: 'fail', title: 'a', where }] }, options)).toMatch(/^::error file=web\/budget\.yaml,line=2,/)
  expect(FORMATS.github.renderError({ code: 'X', message: 'x', where }, options)).toMatch(/^::error file=web\/budget\.yaml,line=2,/)
})

test('what does not count is a notice, and an alert says what to do', async () => {
  const lines = await render({ findings: [{ id: 'check:b', verdict: 'ok', title: 'b: down', excuse: 'in maintenance' }], alerts: [{ level: 'warning', metric: 'disk', message: 'nearly full', recommendation: 'clean up' }] })
  expect(lines.slice(0, 2)).toEqual(['::warning title=disk::nearly full%0Ahint: clean up', '::notice title=check%3Ab (not counted)::b: down (in maintenance)'])
})

test('text from outside cannot begin a workflow command of its own', async () => {
  const evil = 'a\r\n::set-env name=X::1 %0A,file=b:c ##[add-mask]x'
  const lines = await render({ title: evil, verdict: 'warn', findings: [{ id: evil, verdict: 'warn', title: evil, where: { file: evil, line: 1, column: 2 } }], notes: [evil] })
  expect(lines.map((line) => /^::\w+|^\w+/.exec(line)?.[0])).toEqual(['::warning', '::notice', 'health'])
  expect(lines[0]).toBe('::warning file=a %3A%3Aset-env name=X%3A%3A1 %250A%2Cfile=b%3Ac ##[add-mask]x,line=1,col=2,title=a %3A%3Aset-env name=X%3A%3A1 %250A%2Cfile=b%3Ac ##[add-mask]x::a ::set-env name=X::1 %250A,file=b:c ##[add-mask]x')
  expect(lines[2]).not.toContain('##[')
})

test('a verdict that no finding explains is annotated all the same', async () => {
  expect((await render({ verdict: 'fail' }))[0]).toBe('::error title=verdict::health of nas: fail')
})
