import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { report } from '../../src/model/report.ts'
import { FORMATS } from '../../src/output/formats.ts'
import { createOutputs } from '../../src/output/outputs.ts'
import { renderPdf } from '../../src/output/pdf.ts'
import { winAnsi } from '../../src/output/win-ansi.ts'
import { FAILURE, MINIMAL, OPTIONS, RICH, TYPICAL } from './cases.ts'

const hasReader = spawnSync('pdftotext', ['-v']).error === undefined
const LONG = report({ ...MINIMAL, tables: [{ title: 'Timeline', columns: [{ label: 'second' }, { label: 'what happened' }], rows: Array.from({ length: 150 }, (_, nth) => [nth, `row ${nth} of a table`]) }] })

function pagesOf(bytes: Uint8Array): string[] {
  const { stdout } = spawnSync('pdftotext', ['-layout', '-', '-'], { input: bytes, encoding: 'utf8' })
  return stdout.split('\f').slice(0, -1)
}

/** The document without compression, as characters. */
async function plainOf(of: typeof RICH): Promise<string> {
  return Buffer.from(await renderPdf(of, OPTIONS, { compress: false })).toString('latin1')
}

describe('a report as PDF', () => {
  it('is a whole document whose table of objects leads to objects', async () => {
    const text = await plainOf(RICH)
    expect(text.startsWith('%PDF-1.')).toBe(true)
    expect(text.trimEnd().endsWith('%%EOF')).toBe(true)
    const start = Number(/startxref\s+(\d+)/.exec(text)?.[1])
    expect(text.slice(start, start + 4)).toBe('xref')
    const offsets = [...text.slice(start).matchAll(/^(\d{10}) \d{5} n/gm)].map(([, offset]) => Number(offset))
    expect(offsets.length).toBeGreaterThan(5)
    for (const offset of offsets) expect(text.slice(offset, offset + 20)).toMatch(/^\d+ 0 obj/)
    expect(text).not.toMatch(/\/(?:JavaScript|JS|Launch|URI|OpenAction|EmbeddedFile)\b/)
    expect([...text.matchAll(/\/BaseFont \/([\w-]+)/g)].map(([, font]) => font).sort()).toEqual(['Helvetica', 'Helvetica-Bold'])
  })

  it('is the same to the byte for the same report', async () => {
    for (const of of [TYPICAL, MINIMAL]) expect(Buffer.compare(await renderPdf(of, OPTIONS), await renderPdf(of, OPTIONS))).toBe(0)
  })

  it('of a long table goes on on further pages', async () => {
    expect((await plainOf(LONG)).match(/\/Type \/Page\b/g)?.length).toBeGreaterThanOrEqual(3)
  })

  it.skipIf(!hasReader)('repeats the headings of a table, counts the pages, and loses no row (needs pdftotext)', async () => {
    const pages = pagesOf(await renderPdf(LONG, OPTIONS))
    for (const [nth, page] of pages.entries()) {
      expect(page).toContain('what happened')
      expect(page).toContain(`${nth + 1} of ${pages.length}`)
    }
    for (let row = 0; row < 150; row++) expect(pages.join('')).toContain(`row ${row} of a table`)
  })

  it.skipIf(!hasReader)('tells what the report tells (needs pdftotext)', async () => {
    const text = pagesOf(await renderPdf(RICH, OPTIONS)).join('\n')
    for (const part of ['load test "Browse & search <evening>"', '45,231', 'http.failed: rate<0.01', 'observed 812 ms, limit 500 ms', 'memory is nearly full', 'requests per second', 'GET /api/media', 'HTTP 503', 'ended by SIGINT', '2026-03-01 12:00:00 UTC']) expect(text).toContain(part)
  })

  it.skipIf(!hasReader)('of an error says what went wrong (needs pdftotext)', async () => {
    expect(pagesOf(await FORMATS.pdf.binary?.renderError(FAILURE, OPTIONS) ?? new Uint8Array()).join('').replace(/\s+/g, ' ')).toContain(FAILURE.message.slice(0, 30))
  })

  it('is refused on stdout, with what to write instead', () => {
    const sinks = { stdout: () => undefined, stderr: () => undefined, writeFile: async () => undefined, createFile: () => Promise.reject(new Error('not asked')), addTo: async () => undefined, sizeOf: async () => 0 }
    expect(() => createOutputs([{ format: FORMATS.pdf, file: null }], sinks, { ...OPTIONS, stderrColor: false, rows: 24 })).toThrow(expect.objectContaining({ code: 'NOT_TEXT', hint: expect.stringContaining('--output pdf=') }))
  })
})

it.each([['plain text', 'plain text'], ['für 5 € – “so”', 'für 5 € – “so”'], ['a → b ≥ c', 'a -> b >= c'], ['Dvořák, Łódź', 'Dvorák, Lódz'], ['東京', '??'], ['a\u001b[31mb\u202e', 'a?[31mb?'], ['cafe\u0301', 'café'], ['👍', '?']])('the standard fonts show %j as %j', (text, shown) => {
  expect(winAnsi(text)).toBe(shown)
})
