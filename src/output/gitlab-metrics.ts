import type { Figure } from '../model/figure.ts'
import type { Unit } from '../model/unit.ts'
import { VERDICTS } from '../model/verdict.ts'
import { lacking } from './errors.ts'
import { failureFamily, labelText } from './exposition.ts'
import { BASE_UNITS, labelsOf, prefixOf } from './figure-families.ts'
import type { Format } from './format.ts'

/**
 * GitLab's metrics report (https://docs.gitlab.com/ci/testing/metrics_reports/). GitLab compares names and values as text, so values are rounded always in the
 * same way; it takes a number sign for the beginning of a comment, wherever it stands.
 */
export const gitlabMetrics: Format = {
  name: 'gitlab-metrics',
  about: 'a metrics report for merge requests on GitLab, its values rounded so that noise looks the same',
  extension: null,
  stream: false,
  needs: ['figures'],
  errorsTo: ['stderr'],
  render: ({ command, figures, verdict }) => {
    if (!figures) throw lacking(['figures'], 'gitlab-metrics', command)
    const prefix = prefixOf(command)
    const lines = new Map<string, string>()
    for (const figure of figures) {
      const labels = labelText(Object.fromEntries(Object.entries(labelsOf(figure)).map(([label, value]) => [label, value.replaceAll('#', '%23')])))
      if (figure.value !== null && Number.isFinite(figure.value)) put(lines, `${prefix}_value${BASE_UNITS[figure.unit].ending}${labels}`, roundedValue(figure.value, figure.unit))
      if (figure.decides) put(lines, `${prefix}_figure_verdict${labels}`, String(VERDICTS.indexOf(figure.verdict)))
    }
    put(lines, `${prefix}_verdict`, String(VERDICTS.indexOf(verdict)))
    return `${[...lines].map(([name, value]) => `${name} ${value}\n`).join('')}# EOF\n`
  },
  renderError: ({ code }) => {
    const { name, rows } = failureFamily(code)
    return `${[...rows].map(([labels, value]) => `${name}${labels} ${value}\n`).join('')}# EOF\n`
  },
}

function put(lines: Map<string, string>, name: string, value: string): void {
  if (!lines.has(name)) lines.set(name, value)
}

/** What is counted stays whole; all else has three significant digits, written out: `0.0120`. */
function roundedValue(value: Figure['value'] & number, unit: Unit): string {
  if (Number.isInteger(value) && (unit === 'bytes' || unit === 'count')) return BigInt(value).toString()
  const inBase = value / BASE_UNITS[unit].divisor
  if (inBase === 0) return '0'
  const decimals = 2 - Math.floor(Math.log10(Math.abs(Number(inBase.toPrecision(3)))))
  return decimals > 0 ? inBase.toFixed(Math.min(decimals, 20)) : BigInt(Math.round(Number(inBase.toPrecision(3)))).toString()
}
