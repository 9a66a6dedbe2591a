import { showPosition } from '../model/error.ts'
import type { Finding } from '../model/finding.ts'
import type { Alert, Report } from '../model/report.ts'
import { showNumber } from '../model/unit.ts'
import type { Verdict } from '../model/verdict.ts'
import { BAR_WIDTHS, drawBar } from './bar.ts'
import { isBar, showCell, toneOf } from './cell.ts'
import { drawChart } from './chart.ts'
import { showEvidence } from './evidence.ts'
import type { FailureLike, Format, RenderOptions } from './format.ts'
import { drawTable } from './grid.ts'
import { ownAlerts, showAlertTally, showTally, titleOf, verdictWord, worstFirst } from './judged.ts'
import { screen, type Screen } from './screen.ts'
import { cutText, padText, textWidth, wrapText } from './width.ts'

const INDENT = '  '
// Lines longer than this are hard to read, however wide the terminal is.
const MEASURE = 100
const OF_ALERT: Readonly<Record<Alert['level'], Verdict>> = { critical: 'fail', warning: 'warn', info: 'ok' }

/** A screen for people. */
export const human: Format = {
  name: 'human',
  about: 'a screen for people: verdict, facts, tables, charts and findings',
  extension: '.txt',
  stream: false,
  errorsTo: ['stderr'],
  render: async (report, options) => forLog(await renderReport(report, options), options),
  renderError: (error, options) => forLog(renderError(error, options), options),
}

// A line of `::name` is a command to the runner, and `##[name` anywhere in one; it takes away white space before it looks (actions/runner, ActionCommand.cs).
const COMMAND = /^((?:\s|\u001b\[\d+m)*):(?=:)/gm

/** A name of a file or a benchmark must not give commands to the machine that shows it. */
function forLog(text: string, { isGitHubLog }: RenderOptions): string {
  return isGitHubLog ? text.replace(COMMAND, '$1: ').replaceAll('##[', '## [') : text
}

async function renderReport(report: Report, options: RenderOptions): Promise<string> {
  if (report.text !== undefined) return report.text === '' || report.text.endsWith('\n') ? report.text : `${report.text}\n`
  const to = screen(options)
  const room = Math.max(20, to.columns - INDENT.length)
  const blocks = [headline(report, to), facts(report, to, room)]
  for (const table of report.tables) blocks.push(section(table.title, table.rows.length > 0 ? await drawTable(table, to, room) : [to.paint('faint', 'none')], to))
  for (const chart of report.charts) blocks.push(section(chart.title, await drawChart(chart, to, room), to))
  blocks.push(
    section('Findings', showFindings(shownFindings(report), to, room), to, showTally(report)),
    section('Alerts', ownAlerts(report).flatMap((alert) => showAlert(alert, to, room)), to),
    section('Notes', report.notes.flatMap((note) => hang(`${to.bullet} `, to.text(note), room)), to),
  )
  return `${blocks.filter((block) => block.length > 0).map((block) => block.join('\n')).join('\n\n')}\n`
}

/** Of checks, whose table has all of them with their reasons, only what needs advice; of what stands in tables, only what is not well. */
function shownFindings({ checks, findings, isTabled }: Report): readonly Finding[] {
  if (isTabled) return findings.filter(({ verdict }) => verdict !== 'ok')
  return checks === undefined ? findings : findings.filter(({ verdict }) => verdict !== 'ok').map(({ observed: _observed, limit: _limit, ...finding }) => finding)
}

function headline(report: Report, to: Screen): string[] {
  const fine = report.findings.every(({ verdict, excuse }) => verdict === 'ok' && excuse === undefined)
  const asides = [fine ? '' : showTally(report), showAlertTally(ownAlerts(report)), ...(report.unreachable ? ['nothing answered'] : []), ...(report.interrupted ? [`ended by ${report.interrupted}, partial result`] : [])]
  const verdict = to.paint('strong', to.paint(report.verdict, `${to.symbols[report.verdict]} ${verdictWord(report).toUpperCase()}`))
  return [
    ...wrapText(to.text(report.title), to.columns).map((line) => to.paint('strong', line)),
    [verdict, ...asides.filter((aside) => aside !== '').map((aside) => to.paint('faint', aside))].join(INDENT),
  ]
}

function facts(report: Report, to: Screen, room: number): string[] {
  const labels = report.facts.map(({ label }) => cutText(to.text(label), Math.floor(room / 2), to.cut))
  const margin = Math.max(0, ...labels.map(textWidth))
  return report.facts.flatMap(({ value }, index) => {
    const bar = isBar(value) && room - margin - 2 >= BAR_WIDTHS[0] + 10 ? `${drawBar(value, BAR_WIDTHS[0], to)} ` : ''
    const [first = '', ...rest] = wrapText(to.text(showCell(value)), room - margin - 2).map((line) => bar + to.paint(toneOf(value), line))
    return [`${INDENT}${to.paint('faint', padText(labels[index] ?? '', margin))}  ${first}`, ...rest.map((line) => INDENT + ' '.repeat(margin + 2) + line)]
  })
}

function section(title: string, lines: readonly string[], to: Screen, aside = ''): string[] {
  if (lines.length === 0) return []
  return [[to.paint('strong', to.text(title)), ...(aside === '' ? [] : [to.paint('faint', aside)])].join(INDENT), ...lines.map((line) => `${INDENT}${line}`.trimEnd())]
}

function showFindings(findings: readonly Finding[], to: Screen, room: number): string[] {
  // Evidence stands in a column beside the titles that leave room for it, and under the others.
  const margin = Math.max(0, ...findings.map((finding) => textWidth(to.text(titleOf(finding)))).filter((width) => width <= room / 2))
  return worstFirst(findings).flatMap((finding) => showFinding(finding, margin, to, room))
}

function showFinding(finding: Finding, margin: number, to: Screen, room: number): string[] {
  const { verdict, excuse, hint, where } = finding
  const title = to.text(titleOf(finding))
  const evidence = to.text(showEvidence(finding))
  const beside = evidence !== '' && textWidth(title) <= margin && 2 + margin + 2 + textWidth(evidence) <= room
  const [first = '', ...rest] = wrapText(title, Math.min(room, MEASURE) - 2)
  return [
    `${excuse === undefined ? to.paint(verdict, to.symbols[verdict]) : to.paint('faint', to.excused)} ${beside ? `${padText(title, margin)}  ${to.paint(verdict === 'ok' ? 'faint' : undefined, evidence)}` : first}`,
    ...rest.map((line) => `  ${line}`),
    ...(evidence === '' || beside ? [] : [`  ${evidence}`]),
    // What is fine needs no advice.
    ...(verdict === 'ok' || hint === undefined ? [] : hang('  hint: ', to.text(hint), room)),
    ...(verdict === 'ok' || !where ? [] : [to.paint('faint', `  at ${to.text(showPosition(where))}`)]),
  ]
}

function showAlert(alert: Alert, to: Screen, room: number): string[] {
  const { level, metric, message, recommendation } = alert
  const numbers = alertNumbers(alert)
  const verdict = OF_ALERT[level]
  const [first = '', ...rest] = wrapText(to.text(`${level}${metric === '' ? '' : ` ${metric}`}: ${message}${numbers}`), Math.min(room, MEASURE) - 2)
  return [`${level === 'info' ? to.bullet : to.paint(verdict, to.symbols[verdict])} ${first}`, ...rest.map((line) => `  ${line}`), ...(recommendation === undefined ? [] : hang('  hint: ', to.text(recommendation), room))]
}

/** The figures of an alert; of one whose value is back on the good side of its threshold also why it is there still. */
function alertNumbers({ value, threshold, peak, overAt }: Alert): string {
  if (value === undefined) return ''
  if (threshold === undefined) return ` (${showNumber(value)})`
  const isHeld = peak !== undefined && overAt !== undefined && (peak > threshold ? value <= threshold : value >= threshold)
  const held = isHeld ? `: it was ${showNumber(peak)}, and is over once it is ${peak > threshold ? 'below' : 'above'} ${showNumber(overAt)} for some seconds` : ''
  return ` (${isHeld ? 'now ' : ''}${showNumber(value)}, threshold ${showNumber(threshold)}${held})`
}

function hang(mark: string, text: string, room: number): string[] {
  const margin = textWidth(mark)
  return wrapText(text, Math.min(room, MEASURE) - margin).map((line, index) => (index === 0 ? mark : ' '.repeat(margin)) + line)
}

/** Errors stay unwrapped, so that what they name can be copied and searched for. */
function renderError({ message, hint, where }: FailureLike, options: RenderOptions): string {
  const to = screen(options)
  const lines = [`${to.paint('fail', 'error:')} ${to.text(message, 2_000)}`]
  if (hint !== undefined) lines.push(`${to.paint('strong', ' hint:')} ${to.text(hint, 2_000)}`)
  if (where) lines.push(`${to.paint('strong', '   at:')} ${to.text(showPosition(where))}`)
  return `${lines.join('\n')}\n`
}
