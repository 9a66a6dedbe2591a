import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Figure } from '../../src/model/figure.ts'
import { report, type Report } from '../../src/model/report.ts'
import { FORMATS } from '../../src/output/formats.ts'
import { MINIMAL, OPTIONS } from './cases.ts'
import { BUDGETED, COMPARED, figure } from './figure-cases.ts'

const render = async (parts: Partial<Report>, options: object = {}): Promise<string> => FORMATS.comment.render(report({ ...MINIMAL, command: 'budget', ...parts }), { ...OPTIONS, ...options })
const many = (count: number, parts: Partial<Figure>): Figure[] => Array.from({ length: count }, (_, index) => figure(`figure ${parts.verdict ?? 'ok'} ${index} ${'x'.repeat(80)}`, parts))
const rowsOf = (text: string): string[] => text.split('\n').filter((line) => /^\| [^ -]/.test(line))

test('its first line is a mark that a later run finds, one for each key, and no text can end it', async () => {
  expect((await render({})).split('\n')[0]).toBe('<!-- medianest-perf:budget:default -->')
  expect((await render({}, { key: 'web build' })).split('\n')[0]).toBe('<!-- medianest-perf:budget:web-build -->')
  expect((await render({ command: 'a --><b>' }, { key: '--><img>' })).split('\n')[0]).toBe('<!-- medianest-perf:a-b-:-img- -->')
})

test('a reviewer reads first what failed, then what is not known, what warns and what has changed; the rest is folded away', async () => {
  const [open = '', ...folded] = (await FORMATS.comment.render(BUDGETED, OPTIONS)).split('<details>')
  expect(rowsOf(open).map((row) => row.split(' | ').slice(0, 2).join(' ').slice(2, 40))).toEqual([
    '❌ over budget bundles:main.js', '❌ over budget bundles:app.css', '❌ under budget lighthouse:performance', '❓ not measured api:GET /search p(95)',
    expect.stringContaining('⚠️ near its limit a'), '✅ within budget bundles:small.js',
  ])
  expect(folded.join('')).toContain('bundles:same.js')
})

test('what is shown for information is no reason to look, however much it has changed', async () => {
  const [open = ''] = (await FORMATS.comment.render(COMPARED, OPTIONS)).split('<details>')
  expect(open).not.toContain('p(95)')
})

test('a finding without a figure is told above the fold, one whose figure is in the table below', async () => {
  const [open = '', why = ''] = (await FORMATS.comment.render(BUDGETED, OPTIONS)).split('<details>')
  expect(open).toContain('finds no file')
  expect(open).not.toContain('see what came in')
  expect(why).toContain('see what came in')
})

test('a run in which all is well says so in one line', async () => {
  expect(await render({ figures: [figure('a')] })).toContain('### ✅ budget: ok - 1 within budget\n\nhealth of nas\n\nNothing failed.\n')
  expect(await render({ figures: [figure('a', { baseline: 12, change: { estimate: 0, scale: 'relative' } })] })).toContain('nothing that counts has changed')
})

test('a verdict that no figure explains is explained', async () => {
  expect(await render({ verdict: 'unknown', figures: [figure('a')] })).toMatch(/### ❓ budget: unknown.*\n[^]*health of nas: unknown/)
})

test('it is never longer than a comment may be: what matters least is left out, and counted', async () => {
  const text = await render({ verdict: 'fail', figures: [...many(900, {}), ...many(100, { verdict: 'fail', word: 'over budget' })], notes: ['a note'] })
  expect(text.length).toBeLessThanOrEqual(65_536)
  expect(text.length).toBeGreaterThan(64_000)
  expect(text.match(/^\| ❌/gm)).toHaveLength(100)
  const left = Number(/(\d+) more figures left out/.exec(text)?.[1])
  expect((text.match(/^\| ✅/gm)?.length ?? 0) + left).toBe(900)
  expect(text).toContain('1 more note left out')
  expect(text.split('<details>').length).toBe(text.split('</details>').length)
})

test('even failures alone may be too many', async () => {
  const text = await render({ verdict: 'fail', figures: many(3_000, { verdict: 'fail', word: 'over budget' }), findings: Array.from({ length: 3_000 }, (_, index) => ({ id: String(index), verdict: 'fail' as const, title: 'x'.repeat(400) })) })
  expect(text.length).toBeLessThanOrEqual(65_536)
  expect(text).toMatch(/\d+ more figures left out: no room\.\n\n3000 more findings left out: no room\.\n$/)
})

test('whatever names and titles hold, they make no HTML, link, mention, row or end of the fold', async () => {
  const piece = fc.constantFrom('</details>', '<!--', '-->', '<b>', '|', '\n', '\r\n', '@x', '#1', 'GH-1', 'http://e.x/', 'www.e.x', '[a](b)', '![a](b)', '`', '```', '$', '\\', '* ', '::error::', ':tada:', '&lt;', 'a', ' ', '東', '\u202e', '\u001b[2J')
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
  await fc.assert(fc.asyncProperty(text, text, async (name, title) => {
    const [mark, ...rest] = (await render({ title, verdict: 'fail', findings: [{ id: 'x', verdict: 'fail', title, hint: name }], figures: [figure(name, { verdict: 'fail', word: title || 'over' }), figure(`b${name}`)], notes: [name] })).split('\n')
    expect(mark).toBe('<!-- medianest-perf:budget:default -->')
    const whole = rest.join('\n')
    expect(whole.replace(/<\/?(details|summary)>/g, '')).not.toMatch(/[<>]|:\/\/|www\.|@(?=\w)|(?<!&)#(?=\d)|(?<!\\)`|(?<!\\)\[|\$|\u001b|\u202e/)
    expect(whole.match(/<\/?details>/g)).toEqual(['<details>', '</details>', '<details>', '</details>'])
    // Six bars not escaped: the row is one row, with the cells it should have.
    for (const row of rest.filter((line) => line.startsWith('| ❌'))) expect(row.match(/(?<!\\)(\\\\)*\|/g)).toHaveLength(4)
  }), { numRuns: 300 })
})

test('a step summary is added to what is there, within what GitHub shows, and refuses a full one', async () => {
  const summary = (taken: number): Promise<string> | string => FORMATS['step-summary'].render(BUDGETED, { ...OPTIONS, taken })
  expect(await summary(0)).toMatch(/^### ❌ budget/)
  expect(await summary(10)).toMatch(/^\n### ❌ budget/)
  const short = await summary(1024 * 1024 - 2_000)
  expect(Buffer.byteLength(short)).toBeLessThanOrEqual(2_000)
  expect(short).toContain('left out: no room.')
  expect(() => summary(1024 * 1024 - 100)).toThrow(expect.objectContaining({ code: 'SUMMARY_FULL' }))
})
