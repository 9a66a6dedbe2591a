import type { Finding } from '../model/finding.ts'
import type { Report } from '../model/report.ts'
import { plain } from '../model/text.ts'
import { showCell } from './cell.ts'
import { showEvidence } from './evidence.ts'
import type { FailureLike, Format, RenderOptions } from './format.ts'
import { judged, titleOf } from './judged.ts'
import { element, writeXml, type Element } from './xml.ts'

type Outcome = 'passed' | 'failure' | 'error' | 'skipped'

/** JUnit XML, which every CI server shows; the schema is that of Ant's and Jenkins' JUnit reports. */
export const junit: Format = {
  name: 'junit',
  about: 'JUnit XML: a test case for each finding',
  extension: '.xml',
  stream: false,
  errorsTo: ['stdout', 'stderr'],
  render: (report, options) => writeXml(suites(report, options)),
  renderError: (error, options) => writeXml(errorSuites(error, options)),
}

function outcome({ verdict, excuse, isInconclusive }: Finding): Outcome {
  if (excuse !== undefined) return 'skipped'
  if (verdict === 'fail') return 'failure'
  if (isInconclusive) return 'skipped'
  return verdict === 'unknown' ? 'error' : 'passed'
}

function suites(report: Report, { host, nameFile }: RenderOptions): Element {
  const findings = judged(report)
  const count = (wanted: Outcome): number => findings.filter((finding) => outcome(finding) === wanted).length
  const totals = { tests: findings.length, failures: count('failure'), errors: count('error') }
  const seconds = (Math.max(0, report.finishedAt.getTime() - report.startedAt.getTime()) / 1_000).toFixed(3)
  const output = [...report.facts.map(({ label, value }) => `${plain(label)}: ${showCell(value)}`), ...report.notes.map((note) => plain(note))]
  return element(
    'testsuites', { name: 'medianest-perf', ...totals, time: seconds },
    [element(
      'testsuite',
      { name: `${report.command}: ${plain(report.title)}`, ...totals, skipped: count('skipped'), time: seconds, timestamp: report.startedAt.toISOString(), hostname: host },
      [...findings.map((finding) => testCase(finding, groupOf(report, finding), nameFile)), ...(output.length > 0 ? [element('system-out', {}, `${output.join('\n')}\n`)] : [])],
    )],
  )
}

/** The command, and the section of the figure that a finding judges. */
function groupOf({ command, figures = [] }: Report, { id }: Finding): string {
  const section = figures.find(({ finding }) => finding === id)?.section ?? ''
  return section === '' ? command : `${command}.${plain(section)}`
}

function testCase(finding: Finding, group: string, nameFile: RenderOptions['nameFile'] = (file) => file): Element {
  const { id, excuse, hint, where, verdict } = finding
  const result = outcome(finding)
  const message = plain(titleOf(finding))
  const lines = [message, showEvidence(finding), hint === undefined ? '' : `hint: ${plain(hint)}`].filter((line) => line !== '')
  // The name stays the same from run to run, so that servers can keep its history; what was measured is in the message.
  const attributes = { classname: className(group), name: plain(id), time: '0.000', file: where && plain(nameFile(where.file)), line: where?.line }
  if (result === 'passed') return element('testcase', attributes, verdict === 'ok' ? [] : [element('system-out', {}, `warning: ${lines.join('\n')}`)])
  return element('testcase', attributes, [element(result, { message: excuse === undefined ? message : plain(excuse), ...(result === 'skipped' ? {} : { type: verdict }) }, lines.join('\n'))])
}

function className(group: string): string {
  return group === '' ? 'medianest-perf' : `medianest-perf.${group}`
}

function errorSuites({ code, message, hint, where }: FailureLike, { command, host, nameFile = (file) => file }: RenderOptions): Element {
  const totals = { tests: 1, failures: 0, errors: 1 }
  const text = [plain(message), hint === undefined ? '' : `hint: ${plain(hint, 2_000)}`].filter((line) => line !== '').join('\n')
  return element(
    'testsuites', { name: 'medianest-perf', ...totals, time: '0.000' },
    [element(
      'testsuite', { name: command === '' ? 'medianest-perf' : command, ...totals, skipped: 0, time: '0.000', hostname: host },
      [element(
        'testcase', { classname: className(command), name: 'ran to its end', time: '0.000', file: where && plain(nameFile(where.file)), line: where?.line },
        [element('error', { message: plain(message), type: code }, text)],
      )],
    )],
  )
}
