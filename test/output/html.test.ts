import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { report, type Cell, type Report } from '../../src/model/report.ts'
import { FORMATS } from '../../src/output/formats.ts'
import { renderHtml } from '../../src/output/html.ts'
import { FAILURE, MINIMAL, OPTIONS, RICH } from './cases.ts'
import { HEALTH } from './health-case.ts'

const at = new Date('2026-03-01T12:00:00.000Z')
const NAMES = new Set(['html', 'head', 'meta', 'title', 'style', 'body', 'main', 'header', 'span', 'h1', 'h2', 'p', 'dl', 'dt', 'dd', 'div', 'ul', 'li', 'figure', 'figcaption', 'svg', 'line', 'text', 'polyline', 'circle', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'i', 'pre', 'footer'])
const ATTRIBUTES = new Set(['lang', 'xmlns', 'charset', 'name', 'content', 'http-equiv', 'class', 'style', 'viewBox', 'role', 'aria-label', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r', 'points', 'text-anchor'])

/** What is wrong with a page as XML, and what is in it that we never write. */
function faults(page: string): string[] {
  const found: string[] = []
  const open: string[] = []
  const rest = page.replace(/^<!DOCTYPE html>\n/, '').replace(/<style>[^<]*<\/style>/, '').replace(/<(\/?)([a-zA-Z0-9]+)((?: [a-zA-Z0-9-]+="[^"<]*")*)(\/?)>/g, (_, closes: string, name: string, attributes: string, isEmpty: string) => {
    if (!NAMES.has(name)) found.push(`element ${name}`)
    for (const [, attribute = ''] of attributes.matchAll(/ ([a-zA-Z0-9-]+)="/g)) if (!ATTRIBUTES.has(attribute)) found.push(`attribute ${attribute}`)
    if (closes !== '' && open.pop() !== name) found.push(`</${name}> closes something else`)
    if (closes === '' && isEmpty === '') open.push(name)
    return ''
  })
  if (open.length > 0) found.push(`open: ${open.join(' ')}`)
  if (/[<>]/.test(rest)) found.push('a bare < or >')
  if (/&(?!(?:amp|lt|gt|quot|#39|#96);)/.test(page.replace(/<style>[^<]*<\/style>/, ''))) found.push('a bare &')
  // What XML cannot hold, and what turns text around.
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|[\u202a-\u202e\u2066-\u2069]/u.test(page)) found.push('a character that must not be there')
  return found
}

const hostile = fc.oneof(
  fc.constantFrom('</style><script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '\' onload=\'x', ']]>', '<!--', '&lt;', '&#60;script&#62;', '`', '\u202egnp.exe', '\u0000\ufffe\ud800', '</title>', '${1}', '{{x}}'),
  fc.string({ unit: 'binary', maxLength: 40 }),
)
const cell: fc.Arbitrary<Cell> = fc.oneof(hostile, fc.double(), fc.constant(null), fc.record({ value: fc.double(), unit: fc.constantFrom('ms', 'bytes', 'ratio') }), fc.record({ text: hostile, tone: fc.constantFrom('ok', 'fail') }), fc.record({ share: fc.double(), tone: fc.constantFrom('ok', 'warn') }))
const reports: fc.Arbitrary<Report> = fc.record({
  title: hostile, text: fc.option(hostile, { nil: undefined }), notes: fc.array(hostile, { maxLength: 2 }), facts: fc.array(fc.record({ label: hostile, value: cell }), { maxLength: 3 }),
  findings: fc.array(fc.record({ id: hostile, verdict: fc.constantFrom('ok', 'fail', 'unknown'), title: hostile, hint: hostile, excuse: fc.option(hostile, { nil: undefined }), observed: fc.double(), where: fc.record({ file: hostile, line: fc.nat(), column: fc.nat() }) }), { maxLength: 2 }),
  alerts: fc.array(fc.record({ level: fc.constantFrom('info', 'critical'), metric: hostile, message: hostile, recommendation: hostile }), { maxLength: 2 }),
  tables: fc.array(fc.record({ title: hostile, columns: fc.array(fc.record({ label: hostile }), { minLength: 1, maxLength: 3 }), rows: fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 3 }) }), { maxLength: 2 }),
  charts: fc.array(fc.record({ title: hostile, unit: fc.constantFrom('ms', 'bytes'), stepMs: fc.double(), each: fc.option(hostile, { nil: undefined }), series: fc.array(fc.record({ name: hostile, values: fc.array(fc.double(), { maxLength: 8 }) }), { maxLength: 3 }) }), { maxLength: 2 }),
} as const).map((parts) => report({ ...parts, command: 'load', startedAt: at, finishedAt: at }))

describe('a page of HTML', () => {
  it.each([['a rich report', RICH], ['the least report', MINIMAL], ['checks', HEALTH]])('of %s is well-formed and holds nothing that runs or is fetched', (_, of) => {
    const page = renderHtml(of, OPTIONS)
    expect(faults(page)).toEqual([])
    expect((page.match(/<[^>]*>/g) ?? []).join('')).not.toMatch(/script|<link|<img|<iframe|<object|\son\w+=|href|src=/i)
    expect(page.slice(0, page.indexOf('</style>'))).not.toMatch(/url\(|@import/)
  })

  it('holds what it is given as text, whatever that is', () => {
    fc.assert(fc.property(reports, (of) => {
      expect(faults(renderHtml(of, OPTIONS))).toEqual([])
    }), { numRuns: 300 })
  })

  it('of an error is well-formed too', () => {
    expect(faults(FORMATS.html.renderError({ ...FAILURE, message: '<b>"&\'' }, OPTIONS))).toEqual([])
  })

  it('finds its own faults: the check above can fail', () => {
    expect(faults('<main><p class="a">x</main>')).not.toEqual([])
    expect(faults('<main>a & b</main>')).not.toEqual([])
    expect(faults('<main><script>x</script></main>')).toEqual(['element script', 'element script'])
  })

  it('draws each stretch of a line apart, and a lone value as a dot', () => {
    const page = renderHtml(report({ ...MINIMAL, charts: [{ title: 't', unit: 'ms', stepMs: 1_000, series: [{ name: 'a', values: [1, 2, Number.NaN, 4, Number.NaN, 5, 6] }] }] }), OPTIONS)
    expect([page.match(/<polyline/g)?.length, page.match(/<circle/g)?.length]).toEqual([2, 1])
  })
})
