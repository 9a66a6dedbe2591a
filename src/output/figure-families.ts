import type { Figure } from '../model/figure.ts'
import type { Report } from '../model/report.ts'
import type { Unit } from '../model/unit.ts'
import { VERDICTS } from '../model/verdict.ts'
import { buildInfo, labelText, type Family } from './exposition.ts'

/** How a unit ends the name of a family, and what its values are divided by (a division is exact where the product with 0.001 is not). */
export const BASE_UNITS: Readonly<Record<Unit, { readonly ending: string; readonly divisor: number }>> = {
  ms: { ending: '_seconds', divisor: 1_000 }, bytes: { ending: '_bytes', divisor: 1 }, ratio: { ending: '_ratio', divisor: 1 }, count: { ending: '', divisor: 1 },
  per_second: { ending: '_per_second', divisor: 1 }, bytes_per_second: { ending: '_bytes_per_second', divisor: 1 }, hertz: { ending: '_hertz', divisor: 1 }, celsius: { ending: '_celsius', divisor: 1 },
}

const LEVELS = '0 is ok, 1 a warning, 2 unknown, 3 failed'

interface Row {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The families of a report's figures, by unit: value, limit, baseline; then changes, verdicts and when it was. */
export function familiesOfFigures({ command, figures = [], findings, verdict, finishedAt }: Report, version: string): Family[] {
  const prefix = prefixOf(command)
  const inUnits = (part: 'value' | 'limit' | 'baseline', help: string): Family[] =>
    [...new Set(figures.map(({ unit }) => unit))].flatMap((unit) => {
      const { ending, divisor } = BASE_UNITS[unit]
      return family(`${prefix}_${part}${ending}`, help, figures.filter((each) => each.unit === unit).flatMap((figure) => rowOf(figure, figure[part], divisor)))
    })
  const known = findings.filter(({ excuse }) => excuse === undefined)
  return [
    buildInfo(version),
    ...inUnits('value', 'What was measured, of each figure.'),
    ...inUnits('limit', 'What the figure was judged by.'),
    ...inUnits('baseline', 'What the figure is held against.'),
    ...family(`${prefix}_change_ratio`, 'How much more the figure is than its baseline: a share of it, or of shares the difference.', figures.flatMap((figure) => rowOf(figure, figure.change?.estimate, 1, figure.change && { scale: figure.change.scale }))),
    ...family(`${prefix}_figure_verdict`, `What each deciding figure came to: ${LEVELS}.`, figures.filter(({ decides }) => decides).flatMap((figure) => rowOf(figure, VERDICTS.indexOf(figure.verdict), 1))),
    ...family(`${prefix}_findings`, 'How many findings came to each verdict.', VERDICTS.map((each) => ({ labels: { verdict: each }, value: known.filter((finding) => finding.verdict === each).length }))),
    ...family(`${prefix}_verdict`, `What the run came to: ${LEVELS}.`, [{ labels: {}, value: VERDICTS.indexOf(verdict) }]),
    ...family(`${prefix}_last_run_timestamp_seconds`, 'When the run ended, seconds since 1970.', [{ labels: {}, value: finishedAt.getTime() / 1_000 }]),
  ]
}

/** What the names of a command's families begin with. */
export function prefixOf(command: string): string {
  return `medianest_${command.replace(/[^a-zA-Z0-9]+/g, '_')}`
}

/** The labels of a figure. */
export function labelsOf({ name, section }: Figure): Record<string, string> {
  return { figure: name, ...(section === '' ? {} : { section }) }
}

function rowOf(figure: Figure, value: number | null | undefined, divisor: number, more: Readonly<Record<string, string>> = {}): Row[] {
  return value === null || value === undefined || !Number.isFinite(value) ? [] : [{ labels: { ...labelsOf(figure), ...more }, value: value / divisor }]
}

/** One family, or none where nothing is known; of rows with the same labels the first stays. */
function family(name: string, help: string, rows: readonly Row[]): Family[] {
  const lines = new Map<string, number>()
  for (const { labels, value } of rows) {
    const text = labelText(labels)
    if (!lines.has(text)) lines.set(text, value)
  }
  return lines.size === 0 ? [] : [{ name, type: 'gauge', help, rows: lines }]
}
