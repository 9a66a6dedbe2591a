import { showPosition } from '../model/error.ts'
import type { Figure } from '../model/figure.ts'
import type { Finding } from '../model/finding.ts'
import type { Report } from '../model/report.ts'
import { plural } from '../model/text.ts'
import { VERDICTS } from '../model/verdict.ts'
import { showCell } from './cell.ts'
import { deltaTable, isRemarkable, mostRemarkableFirst, SYMBOLS } from './delta-rows.ts'
import { showEvidence } from './evidence.ts'
import type { FailureLike } from './format.ts'
import { judged, ownAlerts, showTally, titleOf, verdictWord } from './judged.ts'
import { escapeComment } from './markdown-text.ts'

/** How much there is room for, and how it is counted. */
export interface Room {
  readonly most: number
  readonly size: (text: string) => number
}

/** A part of the text: what comes before its lines, what after them, and what they are, for saying that some were left out. */
interface Block {
  readonly head: readonly string[]
  readonly lines: readonly string[]
  readonly foot: readonly string[]
  readonly noun: string
}

/** Room that is kept for saying what was left out of one block. */
const LEFT_OUT = 60

/** What a reviewer must know of a report, in Markdown: the verdict, then what failed, warned or changed; the rest folded away. What has no room is left out from the end, and counted. */
export function deltaText(report: Report, first: readonly string[], room: Room): string {
  const { figures = [] } = report
  const remarkable = mostRemarkableFirst(figures.filter(isRemarkable))
  const rest = mostRemarkableFirst(figures.filter((figure) => !isRemarkable(figure)))
  const wrong = judged(report).filter(({ verdict, excuse }) => verdict !== 'ok' || excuse !== undefined)
  const isInTable = ({ id }: Finding): boolean => remarkable.some(({ finding, name }) => (finding === undefined ? id === name || id.endsWith(`:${name}`) : id === finding))
  const nothing = wrong.length === 0 && remarkable.length === 0 ? [figures.some(({ change }) => change) ? 'Nothing failed, and nothing that counts has changed.' : 'Nothing failed.'] : []
  return fit([
    { ...plain([...first, headline(report), '', escapeComment(report.title), ...asides(report), ...nothing.flatMap((line) => ['', line])]), foot: [] },
    tableBlock(remarkable, []),
    listBlock(wrong.filter((finding) => !isInTable(finding)).map(findingLine), 'finding'),
    listBlock(ownAlerts(report).filter(({ level }) => level !== 'info').map(({ level, metric, message }) => `- **${level}** ${escapeComment(metric)}: ${escapeComment(message)}`), 'alert'),
    folded('Why, and what to do', wrong.filter(isInTable).map(findingLine), 'finding'),
    tableBlock(rest, [`<summary>${plural(rest.length, remarkable.length > 0 ? 'more figure' : 'figure')}</summary>`]),
    folded('Notes', [...report.facts.map(({ label, value }) => `- ${escapeComment(label)}: ${escapeComment(showCell(value))}`), ...report.notes.map((note) => `- ${escapeComment(note)}`)], 'note'),
  ], room)
}

/** The same of an answer that could not be given. */
export function deltaError({ message, hint, where }: FailureLike, command: string, first: readonly string[]): string {
  return [
    ...first, `### ${SYMBOLS.fail} ${escapeComment(command)}: error`, '', escapeComment(message),
    ...(hint === undefined ? [] : ['', `Hint: ${escapeComment(hint)}`]), ...(where ? ['', `At ${escapeComment(showPosition(where))}`] : []), '',
  ].join('\n')
}

/** `### ❌ compare: 2 regressed, 1 inconclusive, 14 unchanged`: what the figures that decide came to, else what was found. */
function headline(report: Report): string {
  const deciding = mostRemarkableFirst((report.figures ?? []).filter(({ decides }) => decides))
  const words = [...new Set(deciding.map(({ word }) => word))].map((word) => `${deciding.filter((figure) => figure.word === word).length} ${word}`)
  // Where a finding is worse than every figure, their words would say less than all.
  const isWhole = deciding.some(({ verdict }) => VERDICTS.indexOf(verdict) >= VERDICTS.indexOf(report.verdict))
  const tally = isWhole ? words.join(', ') : [showTally(report), ...words].filter((part) => part !== '').join('; ')
  return `### ${SYMBOLS[report.verdict]} ${escapeComment(report.command)}: ${[verdictWord(report), tally].filter((part) => part !== '').map(escapeComment).join(' - ')}`
}

function asides({ unreachable, interrupted }: Report): string[] {
  return [...(unreachable ? ['', 'Nothing answered.'] : []), ...(interrupted ? ['', `Ended by ${interrupted}: a partial result.`] : [])]
}

function findingLine(finding: Finding): string {
  const { verdict, excuse, hint, where } = finding
  const evidence = showEvidence(finding)
  return [
    `- ${excuse === undefined ? SYMBOLS[verdict] : '➖'} ${escapeComment(titleOf(finding))}`, evidence === '' ? '' : ` (${escapeComment(evidence)})`,
    hint === undefined ? '' : `; ${escapeComment(hint)}`, where ? ` - ${escapeComment(showPosition(where))}` : '',
  ].join('')
}

function plain(lines: readonly string[]): Block {
  return { head: [], lines, foot: [], noun: 'line' }
}

function tableBlock(figures: readonly Figure[], summary: readonly string[]): Block {
  const { head, rows } = deltaTable(figures)
  return { head: ['', ...(summary.length > 0 ? ['<details>', ...summary, ''] : []), ...head], lines: rows, foot: summary.length > 0 ? ['', '</details>'] : [], noun: 'figure' }
}

function listBlock(lines: readonly string[], noun: string): Block {
  return { head: [''], lines, foot: [], noun }
}

function folded(summary: string, lines: readonly string[], noun: string): Block {
  return { head: ['', '<details>', `<summary>${summary}</summary>`, ''], lines, foot: ['', '</details>'], noun }
}

/** The blocks as far as there is room: each takes what it needs, those that matter most before the others. */
function fit(blocks: readonly Block[], { most, size }: Room): string {
  const cost = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + size(line) + 1, 0)
  const some = blocks.filter(({ lines }) => lines.length > 0)
  let left = most - LEFT_OUT * some.length
  const kept = some.flatMap(({ head, lines, foot, noun }) => {
    let room = left - cost(head) - cost(foot)
    const count = lines.findIndex((line) => (room -= size(line) + 1) < 0)
    const shown = count < 0 ? lines : lines.slice(0, count)
    const missing = lines.length - shown.length
    const note = missing === 0 ? [] : ['', `${plural(missing, `more ${noun}`)} left out: no room.`]
    if (shown.length === 0) return note
    left -= cost([...head, ...shown, ...foot])
    return [...head, ...shown, ...note, ...foot]
  })
  return `${kept.join('\n')}\n`
}
