import { showPosition } from '../model/error.ts'
import type { Finding } from '../model/finding.ts'
import type { Alert, Cell, Report, Table } from '../model/report.ts'
import { plain } from '../model/text.ts'
import { showDuration } from '../model/unit.ts'
import type { Verdict } from '../model/verdict.ts'
import { areNumeric, isBar, showCell, toneOf } from './cell.ts'
import { showEvidence } from './evidence.ts'
import type { FailureLike, Format, RenderOptions } from './format.ts'
import { STYLE } from './html-style.ts'
import { ownAlerts, showAlertTally, showTally, titleOf, verdictWord, worstFirst } from './judged.ts'
import { markup, type Markup } from './markup.ts'
import { svgChart } from './svg-chart.ts'

const OF_ALERT: Readonly<Record<Alert['level'], Verdict>> = { critical: 'fail', warning: 'warn', info: 'ok' }
/** A fact of more characters than this takes a line of its own. */
const LONG_FACT = 28
/** Nothing of a page comes from anywhere else, and nothing in it runs, even where something untrusted got in. */
const POLICY = 'default-src \'none\'; style-src \'unsafe-inline\'; base-uri \'none\'; form-action \'none\''

/** A page that stands alone: no script, no network, light or dark as its reader has it, and fit to print. */
export const html: Format = {
  name: 'html',
  about: 'one page that stands alone, with charts, for a browser or a printer',
  extension: '.html',
  stream: false,
  errorsTo: ['stdout', 'stderr'],
  render: renderHtml,
  renderError,
}

/** A report as one page of HTML that is well-formed XML too. */
export function renderHtml(report: Report, options: RenderOptions): string {
  const tally = [showTally(report), showAlertTally(ownAlerts(report))].filter((part) => part !== '').join('; ')
  const asides = [tally, ...(report.unreachable ? ['nothing answered'] : []), ...(report.interrupted ? [`ended by ${report.interrupted}: a partial result`] : [])].filter((part) => part !== '')
  const charts = report.charts.map(svgChart).filter((chart) => chart !== null)
  return page(plain(report.title), options, markup`<header>
<span class="badge ${report.verdict}">${verdictWord(report)}</span>
<h1>${plain(report.title)}</h1>
<p class="faint">${when(report)}${asides.map((aside) => ` · ${aside}`)}</p>
</header>
${report.facts.length === 0 ? null : markup`<dl class="facts">
${report.facts.map(({ label, value }) => showFact(label, value))}</dl>
`}${section('Findings', worstFirst(report.findings).map(showFinding), 'findings')}${section('Alerts', ownAlerts(report).map(showAlert), 'alerts')}${charts}${report.tables.map(showTable)}${report.text === undefined ? null : markup`<pre>${report.text.trimEnd().split('\n').map((line) => `${plain(line, 2_000)}\n`)}</pre>
`}${section('Notes', report.notes.map((note) => markup`<li>${plain(note, 2_000)}</li>
`), 'notes')}`)
}

function renderError({ message, hint, where }: FailureLike, options: RenderOptions): string {
  return page(`${options.command}: error`, options, markup`<header>
<span class="badge fail">error</span>
<h1>${plain(message, 2_000)}</h1>
${hint === undefined ? null : markup`<p class="hint">${plain(hint, 2_000)}</p>
`}${where ? markup`<p class="faint">at ${plain(showPosition(where))}</p>
` : null}</header>
`)
}

function page(title: string, { version, host }: RenderOptions, content: Markup): string {
  return markup`<!DOCTYPE html>
<html lang="en" xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta http-equiv="Content-Security-Policy" content="${POLICY}"/>
<meta name="generator" content="medianest-perf ${version}"/>
<title>${title}</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<main>
${content}<footer>medianest-perf ${version} on ${plain(host)}</footer>
</main>
</body>
</html>
`.html
}

/** When it was, in UTC, and how long it took. */
function when({ startedAt, finishedAt }: Report): string {
  const lasted = finishedAt.getTime() - startedAt.getTime()
  const time = Number.isNaN(startedAt.getTime()) ? 'at an unknown time' : `${startedAt.toISOString().replace('T', ' ').slice(0, 19)} UTC`
  return lasted > 0 ? `${time}, ${showDuration(lasted)}` : time
}

function section(title: string, items: readonly Markup[], name: string): Markup | null {
  return items.length === 0 ? null : markup`<h2>${title}</h2>
<ul class="${name}">
${items}</ul>
`
}

function showFact(label: string, value: Cell): Markup {
  const shown = showCell(value)
  const isLong = shown.length > LONG_FACT
  return markup`<div${isLong ? markup` class="wide"` : null}><dt>${plain(label)}</dt><dd${classes(toneOf(value), isLong && 'long')}>${barOf(value)}${shown}</dd></div>
`
}

function showFinding(finding: Finding): Markup {
  const { verdict, excuse, hint, where } = finding
  const evidence = showEvidence(finding)
  const isWrong = verdict !== 'ok'
  return markup`<li><span><span class="badge ${excuse === undefined ? verdict : 'excused'}">${excuse === undefined ? verdict : 'excused'}</span></span><div><p>${plain(titleOf(finding), 2_000)}</p>${evidence === '' ? null : markup`<p class="faint">${plain(evidence)}</p>`}${isWrong && hint !== undefined ? markup`<p class="hint">${plain(hint, 2_000)}</p>` : null}${isWrong && where ? markup`<p class="faint">at ${plain(showPosition(where))}</p>` : null}</div></li>
`
}

function showAlert({ level, metric, message, recommendation }: Alert): Markup {
  return markup`<li><span><span class="badge ${OF_ALERT[level]}">${level}</span></span><div><p>${plain(metric)}: ${plain(message, 2_000)}</p>${recommendation === undefined ? null : markup`<p class="hint">${plain(recommendation, 2_000)}</p>`}</div></li>
`
}

function showTable({ title, columns, rows }: Table): Markup {
  const right = columns.map(({ align }, nth) => align === 'right' || (align === undefined && areNumeric(rows.map((row) => row[nth] ?? null))))
  const side = (nth: number): string => (right[nth] ? 'right' : '')
  return markup`<h2>${plain(title)}</h2>
${rows.length === 0 ? markup`<p class="faint">None.</p>
` : markup`<div class="scroll"><table>
<thead><tr>${columns.map(({ label }, nth) => markup`<th${classes(side(nth))}>${plain(label)}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => markup`<tr>${columns.map((_, nth) => showTableCell(row[nth] ?? null, side(nth)))}</tr>
`)}</tbody>
</table></div>
`}`
}

function showTableCell(cell: Cell, side: string): Markup {
  return markup`<td${classes(side, toneOf(cell))}>${barOf(cell)}${showCell(cell)}</td>`
}

function classes(...names: readonly (string | false | undefined)[]): Markup | null {
  const given = names.filter(Boolean).join(' ')
  return given === '' ? null : markup` class="${given}"`
}

function barOf(cell: Cell): Markup | null {
  if (!isBar(cell) || !Number.isFinite(cell.share)) return null
  return markup`<span class="bar"><i style="width:${Math.round(Math.min(1, Math.max(0, cell.share)) * 100)}%"></i></span>`
}
