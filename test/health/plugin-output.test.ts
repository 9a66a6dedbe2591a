import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePerformance, parsePluginOutput, parseRange } from '../../src/health/plugin-output.ts'
import type { Measure, Range } from '../../src/model/health.ts'
import { plain } from '../../src/model/text.ts'

describe('the output of a plugin', () => {
  it('is its first line, its long output and all of its performance data', () => {
    expect(parsePluginOutput("DISK OK - free space: / 3326 MB (56%); | /=2643MB;5948;5958;0;5968\n/ 15272 MB (77%);\n/boot 68 MB (69%);\n/home 69357 MB (27%); | /boot=68MB;88;93;0;98\n/home=69357MB;253404;253409;0;253414\n'/var/log'=818MB;970;975;0;980\n")).toEqual({
      text: 'DISK OK - free space: / 3326 MB (56%);',
      lines: ['/ 15272 MB (77%);', '/boot 68 MB (69%);', '/home 69357 MB (27%);'],
      ignored: 0,
      measures: [['/', 2643, 5948, 5958, 5968], ['/boot', 68, 88, 93, 98], ['/home', 69357, 253404, 253409, 253414], ['/var/log', 818, 970, 975, 980]].map(([name, value, warning, critical, max]) => ({ name, value, unit: 'count', uom: 'MB', warning: { from: 0, to: warning, isInside: false }, critical: { from: 0, to: critical, isInside: false }, min: 0, max })),
    })
  })

  it('of real plugins is read', () => {
    expect(parsePluginOutput('LOAD WARNING - total load average: 3.38, 2.58, 2.23|load1=3.380;1.000;50.000;0; load5=2.580;1.000;50.000;0; load15=2.230;1.000;50.000;0; \n')).toMatchObject({
      text: 'LOAD WARNING - total load average: 3.38, 2.58, 2.23', lines: [], ignored: 0, measures: [{ name: 'load1', value: 3.38, warning: { to: 1 }, min: 0, max: undefined }, { name: 'load5' }, { name: 'load15' }],
    })
    expect(parsePluginOutput('PROCS OK: 104 processes | procs=104;1:300;;0;').measures).toEqual([{ name: 'procs', value: 104, unit: 'count', uom: undefined, warning: { from: 1, to: 300, isInside: false }, critical: undefined, min: 0, max: undefined }])
    expect(parsePluginOutput('connect to address 127.0.0.1 and port 9: Connection refused\nHTTP CRITICAL - Unable to open TCP socket\n')).toEqual({ text: 'connect to address 127.0.0.1 and port 9: Connection refused', lines: ['HTTP CRITICAL - Unable to open TCP socket'], measures: [], ignored: 0 })
    expect(parsePluginOutput('DISK OK - free space: / 75056MiB (72% inode=95%);| /=30241980416B;216442024755;243497277849;0;270552530944').measures).toMatchObject([{ name: '/', value: 30_241_980_416, uom: 'B', max: 270_552_530_944 }])
  })

  it('keeps values as they were written, with their unit', () => {
    expect(parsePerformance("time=0.5s;1;2;0 'two words'=10%;80;90 'it''s'=1c left=U;1:;~:5 comma=1,5ms;2,5;@3:4").measures).toMatchObject([
      { name: 'time', value: 0.5, uom: 's', warning: { from: 0, to: 1 } },
      { name: 'two words', value: 10, uom: '%' },
      { name: "it's", value: 1, uom: 'c' },
      { name: 'left', value: Number.NaN, warning: { from: 1, to: Infinity }, critical: { from: -Infinity, to: 5 } },
      { name: 'comma', value: 1.5, uom: 'ms', warning: { from: 0, to: 2.5 }, critical: { from: 3, to: 4, isInside: true } },
    ])
  })

  it('that is no performance data is counted and left out', () => {
    expect(parsePerformance("nonsense a=1 a=2 =3 b= c=x d=1,234,5 e=1.2.3 'open=4 f=1e999 g=5")).toEqual({ ignored: 9, measures: [{ name: 'a', value: 1, unit: 'count' }, { name: 'g', value: 5, unit: 'count' }] })
    for (const text of ['', '20:10', 'x', '1:2:3', '@', '~']) expect(parseRange(text)).toBeUndefined()
  })

  it('cannot reach the terminal with anything but text', () => {
    expect(JSON.stringify(parsePluginOutput("\u001b[2Jbad\u0007|'\u001b]0;x'=1\u001b[1m\n\u009bmore"))).not.toMatch(/\\u00(1b|07|9b)|[\u0080-\u009f]/)
  })

  it('never makes it throw', () => {
    const text = fc.oneof(fc.string({ unit: fc.integer({ min: 0, max: 0x2fff }).map((code) => String.fromCharCode(code)) }), fc.string({ unit: fc.constantFrom('|', '=', "'", ';', ':', '@', '~', ' ', '\n', 'a', '1', '.', ',', '%', 'U') }))
    fc.assert(fc.property(text, (output) => {
      const { measures } = parsePluginOutput(output)
      expect(new Set(measures.map(({ name }) => name)).size).toBe(measures.length)
    }))
  })

  it('comes back as it was written', () => {
    const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })).map((value) => value + 0)
    const range = fc.record({ from: fc.oneof(number, fc.constant(-Infinity)), to: fc.oneof(number, fc.constant(Infinity)), isInside: fc.boolean() }).filter(({ from, to }) => from <= to)
    const label = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).filter((text) => plain(text, 80) === text && text.trim() === text && !/[=|]/.test(text))
    const measure = fc.record({ name: label, value: fc.oneof(number, fc.constant(Number.NaN)), unit: fc.constant('count' as const), warning: fc.option(range, { nil: undefined }), critical: fc.option(range, { nil: undefined }), min: fc.option(number, { nil: undefined }), max: fc.option(number, { nil: undefined }) })
      .chain((parts) => fc.constantFrom(undefined, 's', 'ms', 'us', '%', 'B', 'KB', 'MB', 'TB', 'c').map((uom): Measure => ({ ...parts, uom: Number.isNaN(parts.value) ? undefined : uom })))
    fc.assert(fc.property(fc.uniqueArray(measure, { selector: ({ name }) => name, maxLength: 8 }), (measures) => {
      expect(parsePerformance(measures.map(write).join(' '))).toEqual({ measures, ignored: 0 })
    }))
  })
})

function write({ name, value, uom, warning, critical, min, max }: Measure): string {
  return `'${name.replaceAll("'", "''")}'=${Number.isNaN(value) ? 'U' : `${value}${uom ?? ''}`};${writeRange(warning)};${writeRange(critical)};${min ?? ''};${max ?? ''}`
}

function writeRange(range: Range | undefined): string {
  if (range === undefined) return ''
  return `${range.isInside ? '@' : ''}${range.from === -Infinity ? '~' : range.from}:${range.to === Infinity ? '' : range.to}`
}
