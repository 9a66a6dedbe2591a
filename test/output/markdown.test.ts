import { expect, test } from 'vitest'
import { FORMATS } from '../../src/output/formats.ts'
import { MINIMAL, OPTIONS, RICH } from './cases.ts'

const render = async (parts: object): Promise<string> => FORMATS.markdown.render({ ...MINIMAL, ...parts }, OPTIONS)

test('it begins with the marker by which a later run finds it, and no command can break out of that', async () => {
  expect(await render({ command: 'load --><b>' })).toMatch(/^<!-- medianest-perf:load-b- -->\n/)
})

test('text from outside makes no HTML, no link, no mention and no cell', async () => {
  const text = await FORMATS.markdown.render(RICH, OPTIONS)
  expect(text).not.toMatch(/<(?!!--|\/?details|\/?summary)/)
  expect(text).not.toMatch(/@everyone|#12|(?<!\\)`/)
  const errors = text.split('\n').filter((line) => line.startsWith('| HTTP 503'))
  expect(errors.map((line) => line.split(/(?<!\\)\|/).length - 2)).toEqual([4])
})

test('an alert says what to do, and is left out where a check has said all of it', async () => {
  const alerts = [{ level: 'warning', metric: 'disk', message: 'nearly full', recommendation: 'clean up' }]
  expect(await render({ alerts })).toContain('- **warning** disk: nearly full (hint: clean up)')
  expect(await render({ alerts, checks: [] })).not.toContain('nearly full')
})

test('a report too long for a comment is cut at a line, says so, and leaves nothing open', async () => {
  const text = await render({ notes: Array.from({ length: 2_000 }, (_, index) => `note ${index} ${'x'.repeat(60)}`) })
  expect(text.length).toBeLessThanOrEqual(65_536)
  expect(text.length).toBeGreaterThan(65_000)
  expect(text).toMatch(/x{60}\n\n<\/details>\n\n\*\*Cut here:\*\* [^\n]*\n$/)
})

test('a plain text answer cannot close the block it stands in', async () => {
  expect(await render({ text: 'a\n````\n<script>\n' })).toContain('`````text\na\n````\n<script>\n`````\n')
})
