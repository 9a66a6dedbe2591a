import { showPosition } from '../model/error.ts'
import type { Finding } from '../model/finding.ts'
import type { Report, Table } from '../model/report.ts'
import { plain } from '../model/text.ts'
import type { Verdict } from '../model/verdict.ts'
import { areNumeric, showCell } from './cell.ts'
import { showEvidence } from './evidence.ts'
import type { FailureLike, Format, RenderOptions } from './format.ts'
import { ownAlerts, showAlertTally, showTally, titleOf, verdictWord, worstFirst } from './judged.ts'
import { escapeBlock, escapeMarkdown } from './markdown-text.ts'

// A comment on GitHub holds no more.
const LIMIT = 65_536
const CUT = '\n\n**Cut here:** the rest of this report does not fit a comment; the JSON output has all of it.\n'
const SYMBOLS: Readonly<Record<Verdict, string>> = { ok: '✅', warn: '⚠️', unknown: '❓', fail: '❌' }
const EXCUSED = '➖ not counted'
const DETAILS = { open: '<details>', close: '</details>' }

/** GitHub's Markdown, for comments and step summaries; it begins with a marker by which a later run finds and replaces it. */
export const markdown: Format = {
  name: 'markdown',
  about: 'Markdown for a comment or a summary page',
  extension: '.md',
  stream: false,
  errorsTo: ['stdout', 'stderr'],
  render: renderReport,
  renderError,
}

function renderReport(report: Report): string {
  const tally = [showTally(report), showAlertTally(ownAlerts(report))].filter((part) => part !== '').join('; ')
  return join([
    marker(report.command),
    `## ${SYMBOLS[report.verdict]} ${verdictWord(report)}: ${escapeMarkdown(report.title)}`,
    [...(tally === '' ? [] : [`${tally}.`]), ...(report.unreachable ? ['Nothing answered.'] : []), ...(report.interrupted ? [`Ended by ${report.interrupted}: a partial result.`] : [])].join(' '),
    findingTable(report.findings),
    ownAlerts(report).map(({ level, metric, message, recommendation }) => `- **${level}** ${escapeMarkdown(metric)}: ${escapeMarkdown(message)}${recommendation === undefined ? '' : ` (hint: ${escapeMarkdown(recommendation)})`}`).join('\n'),
    report.facts.length === 0 ? '' : rows([['', ''], ['---', '---'], ...report.facts.map(({ label, value }) => [escapeMarkdown(label), escapeMarkdown(showCell(value))])]),
    ...report.tables.map(showTable),
    report.text === undefined ? '' : fence(report.text),
    report.notes.length === 0 ? '' : [DETAILS.open, '<summary>Notes</summary>', '', ...report.notes.map((note) => `- ${escapeBlock(note)}`), '', DETAILS.close].join('\n'),
  ])
}

function renderError({ message, hint, where }: FailureLike, { command }: RenderOptions): string {
  return join([
    marker(command),
    `## ${SYMBOLS.fail} error: ${escapeMarkdown(message)}`,
    hint === undefined ? '' : `Hint: ${escapeMarkdown(hint)}`,
    where ? `At ${escapeMarkdown(showPosition(where))}` : '',
  ])
}

function marker(command: string): string {
  return `<!-- medianest-perf:${command.replace(/\W+/g, '-')} -->`
}

function findingTable(findings: readonly Finding[]): string {
  if (findings.length === 0) return ''
  const lines = [
    ['', 'Finding', 'Evidence', 'Hint', 'Where'],
    ...worstFirst(findings).map((finding) => [
      finding.excuse === undefined ? `${SYMBOLS[finding.verdict]} ${finding.verdict}` : EXCUSED,
      escapeMarkdown(titleOf(finding)),
      escapeMarkdown(showEvidence(finding)),
      escapeMarkdown(finding.hint ?? ''),
      finding.where ? escapeMarkdown(showPosition(finding.where)) : '',
    ]),
  ]
  // Columns that no finding fills would only take room.
  const filled = lines.map((cells) => cells.filter((_, index) => lines.slice(1).some((line) => line[index] !== '')))
  return rows(filled.toSpliced(1, 0, filled[0]?.map(() => '---') ?? []))
}

function showTable({ title, columns, rows: cells }: Table): string {
  const right = columns.map(({ align }, index) => align === 'right' || (align === undefined && areNumeric(cells.map((row) => row[index] ?? null))))
  return [
    `### ${escapeMarkdown(title)}`,
    '',
    cells.length === 0
      ? 'None.'
      : rows([
          columns.map(({ label }) => escapeMarkdown(label)),
          right.map((numbers) => (numbers ? '---:' : '---')),
          ...cells.map((row) => columns.map((_, index) => escapeMarkdown(showCell(row[index] ?? null)))),
        ]),
  ].join('\n')
}

function rows(lines: readonly (readonly string[])[]): string {
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function fence(text: string): string {
  const ticks = '`'.repeat(Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length)) + 1)
  return `${ticks}text\n${text.trimEnd().split('\n').map((line) => plain(line)).join('\n')}\n${ticks}`
}

function join(blocks: readonly string[]): string {
  const text = `${blocks.filter((block) => block !== '').join('\n\n')}\n`
  if (text.length <= LIMIT) return text
  const room = LIMIT - CUT.length - DETAILS.close.length - 10
  const kept = text.slice(0, text.lastIndexOf('\n', room))
  const open = kept.lastIndexOf(DETAILS.open) > kept.lastIndexOf(DETAILS.close)
  return `${kept}${open ? `\n\n${DETAILS.close}` : ''}${CUT}`
}
