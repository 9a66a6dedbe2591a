import { showPosition } from '../model/error.ts'
import type { Finding } from '../model/finding.ts'
import type { Alert, Report } from '../model/report.ts'
import { showDuration } from '../model/unit.ts'
import type { Verdict } from '../model/verdict.ts'
import { showCell, toneOf } from './cell.ts'
import { showEvidence } from './evidence.ts'
import type { RenderOptions } from './format.ts'
import { ownAlerts, showAlertTally, showTally, titleOf, verdictWord, worstFirst } from './judged.ts'
import { drawPdfChart } from './pdf-chart.ts'
import { COLORS, LEFT, openSheet, WIDTH, type Sheet } from './pdf-sheet.ts'
import { drawPdfTable } from './pdf-table.ts'
import { winAnsi } from './win-ansi.ts'

const OF_ALERT: Readonly<Record<Alert['level'], Verdict>> = { critical: 'fail', warning: 'warn', info: 'ok' }
const FACTS_IN_A_ROW = 4
const BADGE = { width: 52, height: 13 }
const LONG = 2_000

/** Writes a report down as a PDF document. */
export async function writePdf(report: Report, options: RenderOptions, compress: boolean): Promise<Uint8Array> {
  const sheet = await openSheet({ title: winAnsi(report.title), at: report.finishedAt, compress, footer: winAnsi(`medianest-perf ${options.version} on ${options.host}`) })
  drawHead(report, sheet)
  drawFacts(report.facts, sheet)
  if (report.findings.length > 0) sheet.heading('Findings')
  for (const finding of worstFirst(report.findings)) drawFinding(finding, sheet)
  const alerts = ownAlerts(report)
  if (alerts.length > 0) sheet.heading('Alerts')
  for (const { level, metric, message, recommendation } of alerts) drawItem(level, COLORS[OF_ALERT[level]], `${metric}: ${message}`, [recommendation], sheet)
  for (const chart of report.charts) drawPdfChart(chart, sheet)
  for (const table of report.tables) drawPdfTable(table, sheet)
  if (report.text !== undefined) for (const line of report.text.trimEnd().split('\n')) sheet.paragraph(winAnsi(line === '' ? ' ' : line, LONG), { size: 7.5 })
  if (report.notes.length > 0) sheet.heading('Notes')
  for (const note of report.notes) {
    sheet.paragraph(winAnsi(`–  ${note}`, LONG), { size: 8.5 })
    sheet.skip(2)
  }
  return sheet.finish()
}

function drawHead(report: Report, sheet: Sheet): void {
  drawBadge(verdictWord(report), COLORS[report.verdict], sheet, sheet.y)
  sheet.skip(BADGE.height + 8)
  sheet.paragraph(winAnsi(report.title), { size: 16, isBold: true })
  sheet.skip(2)
  const lasted = report.finishedAt.getTime() - report.startedAt.getTime()
  const asides = [
    ...(Number.isNaN(report.startedAt.getTime()) ? [] : [`${report.startedAt.toISOString().replace('T', ' ').slice(0, 19)} UTC${lasted > 0 ? `, ${showDuration(lasted)}` : ''}`]),
    showTally(report), showAlertTally(ownAlerts(report)), report.unreachable ? 'nothing answered' : '', report.interrupted ? `ended by ${report.interrupted}: a partial result` : '',
  ].filter((part) => part !== '')
  sheet.paragraph(winAnsi(asides.join('  ·  ')), { size: 8.5, color: COLORS.faint })
  sheet.skip(8)
}

function drawFacts(facts: Report['facts'], sheet: Sheet): void {
  const cell = WIDTH / FACTS_IN_A_ROW
  const shown = facts.map(({ label, value }) => ({ label: winAnsi(label), text: winAnsi(showCell(value)), tone: toneOf(value) }))
  const isLong = ({ text, label }: (typeof shown)[number]): boolean => Math.max(sheet.width(text, 11, true), sheet.width(label, 7.5)) > cell - 10
  const short = shown.filter((fact) => !isLong(fact))
  for (let from = 0; from < short.length; from += FACTS_IN_A_ROW) {
    sheet.room(32)
    for (const [nth, { label, text, tone }] of short.slice(from, from + FACTS_IN_A_ROW).entries()) {
      sheet.print(label, LEFT + nth * cell, sheet.y, { size: 7.5, color: COLORS.faint })
      sheet.print(text, LEFT + nth * cell, sheet.y + 10, { size: 11, isBold: true, color: tone === undefined ? COLORS.ink : COLORS[tone] })
    }
    sheet.skip(30)
  }
  for (const { label, text, tone } of shown.filter(isLong)) {
    sheet.paragraph(label, { size: 7.5, color: COLORS.faint })
    sheet.paragraph(text, { size: 9, color: tone === undefined ? COLORS.ink : COLORS[tone] })
    sheet.skip(5)
  }
}

function drawFinding(finding: Finding, sheet: Sheet): void {
  const { verdict, excuse, hint, where } = finding
  const isWrong = verdict !== 'ok'
  drawItem(excuse === undefined ? verdict : 'excused', excuse === undefined ? COLORS[verdict] : COLORS.faint, titleOf(finding), [showEvidence(finding), isWrong ? hint : undefined, isWrong && where ? `at ${showPosition(where)}` : undefined], sheet)
}

/** A line with its badge, and fainter ones under it. */
function drawItem(word: string, color: string, title: string, asides: readonly (string | undefined)[], sheet: Sheet): void {
  const indent = BADGE.width + 12
  const lines = [winAnsi(title, LONG), ...asides.filter((aside) => aside !== undefined && aside !== '').map((aside) => winAnsi(aside ?? '', LONG))]
  sheet.room(Math.min(200, lines.reduce((sum, line) => sum + sheet.height(line, WIDTH - indent, 9), 0)) + 6)
  drawBadge(word, color, sheet, sheet.y - 1)
  for (const [nth, line] of lines.entries()) sheet.paragraph(line, { size: nth === 0 ? 9 : 8, indent, color: nth === 0 ? COLORS.ink : COLORS.faint })
  // A badge is taller than a line.
  sheet.skip(lines.length === 1 ? BADGE.height - 5 : 5)
}

function drawBadge(word: string, color: string, sheet: Sheet, y: number): void {
  sheet.doc.roundedRect(LEFT, y, BADGE.width, BADGE.height, BADGE.height / 2).fill(color)
  sheet.print(word, LEFT, y + 3, { size: 7.5, isBold: true, color: COLORS.paper, width: BADGE.width, align: 'center' })
}
