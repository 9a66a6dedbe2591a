import type { Position } from '../model/error.ts'
import type { Finding } from '../model/finding.ts'
import type { Alert, Report } from '../model/report.ts'
import { plain, plural } from '../model/text.ts'
import type { Verdict } from '../model/verdict.ts'
import { showEvidence } from './evidence.ts'
import type { Format, RenderOptions } from './format.ts'
import { judged, ownAlerts, showTally, titleOf, verdictWord } from './judged.ts'

type Level = 'error' | 'warning' | 'notice'

interface Annotation {
  readonly level: Level
  readonly title: string
  readonly lines: readonly string[]
  readonly where?: Position | undefined
}

// GitHub shows no more than this many of a level for a step, and drops the rest without a word.
const SHOWN = 10
const LEVELS: readonly Level[] = ['error', 'warning', 'notice']
const OF_VERDICT: Readonly<Record<Verdict, Level | null>> = { fail: 'error', unknown: 'error', warn: 'warning', ok: null }
const OF_ALERT: Readonly<Record<Alert['level'], Level>> = { critical: 'error', warning: 'warning', info: 'notice' }

/** GitHub's workflow commands, which become annotations of a run and of the lines they name. */
export const github: Format = {
  name: 'github',
  about: 'annotations for GitHub Actions, the worst first',
  extension: null,
  stream: false,
  errorsTo: ['stdout'],
  render: renderReport,
  renderError: ({ code, message, hint, where }, options) => `${annotate({ level: 'error', title: code, lines: [message, ...hinted(hint)], where }, options)}\n`,
}

function renderReport(report: Report, options: RenderOptions): string {
  const annotations = [
    ...judged(report).flatMap(fromFinding),
    ...ownAlerts(report).map(({ level, metric, message, recommendation }): Annotation => ({ level: OF_ALERT[level], title: metric, lines: [message, ...hinted(recommendation)] })),
    ...report.notes.map((note): Annotation => ({ level: 'notice', title: report.command, lines: [note] })),
  ]
  const lines = LEVELS.flatMap((level) => {
    const all = annotations.filter((annotation) => annotation.level === level)
    const more = all.length - SHOWN
    return [...all.slice(0, SHOWN).map((annotation) => annotate(annotation, options)), ...(more > 0 ? [`and ${plural(more, `more ${level}`)}`] : [])]
  })
  const tally = showTally(report)
  // `##[` anywhere in a line starts a command of the old syntax.
  const summary = plain(`${report.command}: ${verdictWord(report)}${tally === '' ? '' : ` (${tally})`} - ${report.title}`).replaceAll('##[', '#[')
  return [...lines, summary, ''].join('\n')
}

function fromFinding(finding: Finding): Annotation[] {
  const level = finding.excuse === undefined ? OF_VERDICT[finding.verdict] : 'notice'
  if (level === null) return []
  const evidence = showEvidence(finding)
  const title = finding.excuse !== undefined ? `${finding.id} (not counted)` : finding.verdict === 'unknown' ? `${finding.id} (unknown)` : finding.id
  return [{ level, title, lines: [titleOf(finding), ...(evidence === '' ? [] : [evidence]), ...hinted(finding.hint)], where: finding.where }]
}

function hinted(hint: string | undefined): string[] {
  return hint === undefined ? [] : [`hint: ${hint}`]
}

function annotate({ level, title, lines, where }: Annotation, { nameFile = (file) => file }: RenderOptions): string {
  const place = where ? `file=${property(nameFile(where.file))},line=${where.line},col=${where.column},` : ''
  return `::${level} ${place}title=${property(title)}::${data(lines.map((line) => plain(line, 2_000)).join('\n'))}`
}

// The escapes of actions/toolkit, packages/core/src/command.ts.
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(plain(text)).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
