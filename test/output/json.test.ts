import { expect, test } from 'vitest'
import { report } from '../../src/model/report.ts'
import { FORMATS } from '../../src/output/formats.ts'
import { FAILURE, MINIMAL, OPTIONS, RICH } from './cases.ts'

test('what was not a number is null, and dates are ISO', async () => {
  const { data, meta, findings } = JSON.parse(await FORMATS.json.render(RICH, OPTIONS))
  expect(data).toMatchObject({ summary: { p95: 812.4, p99: null, ratio: null }, at: '2026-03-01T12:00:00.000Z' })
  expect(meta).toEqual({ version: '1.2.3', startedAt: '2026-03-01T12:00:00.000Z', finishedAt: '2026-03-01T12:02:00.500Z', host: 'nas', interrupted: 'SIGINT' })
  expect(findings[0]).toEqual({ id: 'threshold:checks:rate>0.99', verdict: 'ok', title: 'checks: rate>0.99', metric: 'checks', observed: 0.998, limit: 0.99, unit: 'ratio', excuse: null, hint: null, where: null })
})

test('the envelope has the documented fields in the documented order', async () => {
  const parsed = JSON.parse(await FORMATS.json.render(MINIMAL, OPTIONS))
  expect(Object.keys(parsed)).toEqual(['success', 'command', 'verdict', 'data', 'findings', 'alerts', 'meta'])
  expect(Object.keys(parsed.meta)).toEqual(['version', 'startedAt', 'finishedAt', 'host'])
})

test('an error says where in its details', () => {
  const parsed = JSON.parse(FORMATS.json.renderError(FAILURE, OPTIONS))
  expect(parsed).toMatchObject({ success: false, command: 'load', error: { code: 'UNREACHABLE', details: { tries: 3, where: { file: 'scenarios/browse.yaml', line: 3, column: 7 } } } })
})

test('text that would upset a terminal is escaped and comes back unchanged', async () => {
  const text = await FORMATS.json.render(RICH, OPTIONS)
   
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  expect(JSON.parse(text).data.name).toBe('a\u001b[31mred\u009b0m\u202e')
})

test('a number too large for JSON does not break it', async () => {
  const text = await FORMATS.json.render(report({ ...MINIMAL, data: { bytes: 2n ** 70n } }), OPTIONS)
  expect(JSON.parse(text).data.bytes).toBe('1180591620717411303424')
})

test('a stream has one document a line, and marks those that are not the last', async () => {
  const lines = [await FORMATS.ndjson.render({ ...RICH, interim: true }, OPTIONS), await FORMATS.ndjson.render(RICH, OPTIONS), FORMATS.ndjson.renderError(FAILURE, OPTIONS)]
  expect(lines.map((line) => line.indexOf('\n'))).toEqual(lines.map((line) => line.length - 1))
  expect(lines.map((line) => JSON.parse(line)).map(({ success, interim }) => [success, interim])).toEqual([[true, true], [true, undefined], [false, undefined]])
})
