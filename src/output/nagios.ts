import { showPosition } from '../model/error.ts'
import { showExcuse } from '../model/excuse.ts'
import { STATE_WORDS, type CheckResult } from '../model/health.ts'
import type { Report } from '../model/report.ts'
import { plain, plural } from '../model/text.ts'
import { VERDICTS, type Verdict } from '../model/verdict.ts'
import { lacking } from './errors.ts'
import type { Format } from './format.ts'
import { judged, showCount } from './judged.ts'
import { figuresOf, showPerformanceData } from './performance-data.ts'

/** Characters of the first line before its performance data: what fits a text message and a line of an overview. */
const FIRST_LINE = 200
/** Of one reason among several; the line of its own has all of it. */
const REASON = 110

/**
 * What a plugin of Nagios, Icinga, Naemon or Checkmk prints (https://www.monitoring-plugins.org/doc/guidelines.html).
 * The first line carries the figures of all checks together and stays short enough to be read; those of each check follow the last line,
 * in that very line, for some of those who read them (Icinga 2) look for figures on the line of the bar only.
 */
export const nagios: Format = {
  name: 'nagios',
  about: 'the lines of a Nagios plugin with performance data, for Nagios, Icinga and whatever else calls plugins',
  extension: null,
  stream: false,
  needs: ['checks'],
  errorsTo: ['stdout', 'stderr'],
  render: renderReport,
  renderError: ({ message, hint, where }, { command }) => (isOther(command) ? `${line(message)}${hint === undefined ? '' : ` (${line(hint)})`}\n` : `HEALTH UNKNOWN - ${line(message)}${where ? ` (${line(showPosition(where))})` : ''}\n`),
}

/** Commands that have no checks are no plugins: what is wrong with them says nothing of anybody's health. */
function isOther(command: string): boolean {
  return !['', 'medianest-perf', 'health'].includes(command)
}

function renderReport(report: Report): string {
  if (!report.checks) throw lacking(['checks'], 'nagios', report.command)
  const checks = worstFirst(report.checks)
  const state = report.unreachable ? 'fail' : report.verdict
  const lines = [...checks.flatMap(showCheck), ...report.notes.map((note) => `note: ${line(note)}`)]
  const figures = showPerformanceData(figuresOf(report.checks))
  return [
    `HEALTH ${STATE_WORDS[state]} - ${summary(report, checks, state)} | ${showPerformanceData(overall(report, checks))}`,
    ...(figures === '' ? lines : [...lines.slice(0, -1), `${lines.at(-1) ?? ''} | ${figures}`]),
    '',
  ].join('\n')
}

function overall({ samples, startedAt, finishedAt }: Report, checks: readonly CheckResult[]): Parameters<typeof showPerformanceData>[0] {
  const score = samples?.samples.get('health.score')?.get('')
  return [
    ...(score === undefined ? [] : [{ label: 'score', value: score * 100, uom: '%' }]),
    { label: 'checks', value: checks.length, uom: '', min: 0 },
    { label: 'time', value: Math.max(0, finishedAt.getTime() - startedAt.getTime()) / 1_000, uom: 's', min: 0 },
  ]
}

/** What is wrong, the worst first, as far as it fits; then what does not count. */
function summary(report: Report, checks: readonly CheckResult[], state: Verdict): string {
  const bad = checks.filter(({ verdict }) => verdict !== 'ok')
  const reasons = bad.map(({ name, verdict, outcome: { message } }) => ({ verdict, text: clip(`${line(name)}: ${line(message)}`, REASON) }))
  // What no check tells, a finding does: the state file, an instance that does not answer.
  if (VERDICTS.indexOf(bad[0]?.verdict ?? 'ok') < VERDICTS.indexOf(state) && checks.length + report.findings.length > 0) reasons.unshift({ verdict: state, text: clip(line(judged(report)[0]?.title ?? ''), REASON) })
  const excused = showExcused(checks)
  const counted = checks.filter(({ excuse }) => excuse === undefined).length
  const count = checks.length === 0 ? 'no checks' : counted === checks.length ? plural(counted, 'check') : `${counted} of ${plural(checks.length, 'check')}`
  const broken = report.interrupted ? [`ended by ${report.interrupted}, not all was checked`] : []
  return clip([...broken, ...(reasons.length === 0 ? [count] : told(reasons, bad, FIRST_LINE - excused.length)), ...(excused === '' ? [] : [excused])].join('; '), FIRST_LINE).trim()
}

/** All reasons where they fit; else all names before as many reasons as fit: whoever reads a text message must know what is down. */
function told(reasons: readonly Reason[], bad: readonly CheckResult[], room: number): string[] {
  const all = fitting(reasons, room)
  if (all.length === reasons.length && !all.at(-1)?.startsWith('and ')) return all
  const kinds = [...new Set(bad.map(({ verdict }) => verdict))]
  const names = kinds.map((verdict) => {
    const those = bad.filter((check) => check.verdict === verdict).map(({ name }) => line(name))
    return `${showCount(verdict, those.length, true)}: ${clip(those.join(', '), room / 2)}`
  }).join('; ')
  return [names, ...fitting(reasons, room - names.length - 2).filter((text) => !text.startsWith('and '))]
}

interface Reason {
  readonly verdict: Verdict
  readonly text: string
}

/** The reasons that fit, each further kind of them after its number, and how many do not: `database: down; 2 warnings: / 91% used; and 1 more`. */
function fitting(reasons: readonly Reason[], room: number): string[] {
  const shown: string[] = []
  let length = 0
  for (const [index, { verdict, text }] of reasons.entries()) {
    const isNewKind = index > 0 && reasons[index - 1]?.verdict !== verdict
    const part = isNewKind ? `${showCount(verdict, reasons.filter((reason) => reason.verdict === verdict).length, true)}: ${text}` : text
    const rest = index === reasons.length - 1 ? 0 : '; and 99 more'.length
    if (index > 0 && length + part.length + rest > room) return [...shown, `and ${reasons.length - index} more`]
    shown.push(part)
    length += part.length + 2
  }
  return shown
}

/** `2 not checked because of database, 1 in maintenance`: what is most, and the rest in one word. */
function showExcused(checks: readonly CheckResult[]): string {
  const excuses = checks.flatMap((check) => (check.excuse?.kind === 'maintenance' ? 'in maintenance' : (showExcuse(check) ?? [])))
  const kinds = [...new Set(excuses)].map((text) => ({ text, count: excuses.filter((each) => each === text).length })).toSorted((a, b) => b.count - a.count)
  const rest = kinds.slice(1).reduce((sum, { count }) => sum + count, 0)
  const [first, second] = kinds
  if (!first) return ''
  const shown = second && kinds.length === 2 ? [first, second] : [first]
  return [...shown.map(({ count, text }) => `${count} ${clip(line(text), 60)}`), ...(kinds.length > 2 ? [`${rest} more not counted`] : [])].join(', ')
}

/** A check in a line of its own: `[CRITICAL] database: nothing listens on 127.0.0.1:5432`, and what to do about it under it. */
function showCheck(check: CheckResult): string[] {
  const { name, verdict, isOptional, outcome: { message, recommendation } } = check
  const excuse = showExcuse(check)
  const word = excuse === undefined ? STATE_WORDS[verdict] : 'NOT COUNTED'
  const reason = excuse === undefined || message.includes(excuse) ? message : `${excuse}; ${message}`
  const aside = isOptional && verdict !== 'ok' ? ' (optional)' : ''
  const hint = verdict === 'ok' || recommendation === undefined ? [] : [`  hint: ${line(recommendation)}`]
  return [`[${word}] ${line(name)}: ${line(reason)}${aside}`, ...hint]
}

/** The worst first, then those that do not count, then what is well. */
function worstFirst(checks: readonly CheckResult[]): readonly CheckResult[] {
  const rank = ({ verdict, excuse }: CheckResult): number => VERDICTS.indexOf(verdict) * 2 + (excuse === undefined ? 0 : 1)
  return checks.toSorted((a, b) => rank(b) - rank(a))
}

/** One line without the bar that performance data begins with. */
function line(text: string): string {
  return plain(text).replaceAll('|', '/').trim()
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 3).replace(/[\ud800-\udbff]$/, '').trimEnd()}...`
}
