import type { Figure } from '../model/figure.ts'
import { plain } from '../model/text.ts'
import { showQuantity, type Unit } from '../model/unit.ts'
import { stringify } from './envelope.ts'
import { lacking } from './errors.ts'
import type { Format } from './format.ts'

/** What charts write beside values, and what these are multiplied by. */
const UNITS: Readonly<Record<Unit, readonly [name: string, factor: number]>> = {
  ms: ['ms', 1], bytes: ['bytes', 1], ratio: ['%', 100], count: ['count', 1], per_second: ['per second', 1], bytes_per_second: ['bytes per second', 1], hertz: ['Hz', 1], celsius: ['°C', 1],
}

/** Figures of which less is better, for github-action-benchmark. */
export const benchmarkSmaller = benchmarks('benchmark-smaller', 'lower', 'customSmallerIsBetter')

/** Figures of which more is better, for github-action-benchmark. */
export const benchmarkBigger = benchmarks('benchmark-bigger', 'higher', 'customBiggerIsBetter')

/** The input of github-action-benchmark (https://github.com/benchmark-action/github-action-benchmark), which knows one direction a file; what has no direction or was not measured is left out. */
function benchmarks(name: string, better: Figure['better'], tool: string): Format {
  return {
    name,
    about: `figures of which ${better === 'lower' ? 'less' : 'more'} is better, for github-action-benchmark's ${tool}`,
    extension: null,
    stream: false,
    needs: ['figures'],
    errorsTo: ['stderr'],
    render: ({ command, figures }) => {
      if (!figures) throw lacking(['figures'], name, command)
      return `${stringify(figures.filter((figure) => figure.better === better && figure.value !== null && Number.isFinite(figure.value)).map(entry), 2)}\n`
    },
    // A list without entries is what the action takes for a failure.
    renderError: () => '[]\n',
  }
}

function entry({ name, section, unit, value, spread, limit, baseline, word }: Figure): Record<string, unknown> {
  const [unitName, factor] = UNITS[unit]
  // A tail such as 7.000000000000001 is an artefact of binary fractions.
  const scaled = (number: number): number => Number((number * factor).toPrecision(12))
  const extra = [
    ...(section === '' ? [] : [`section: ${plain(section)}`]),
    ...(typeof limit === 'number' ? [`limit: ${showQuantity({ value: limit, unit })}`] : []),
    ...(typeof baseline === 'number' ? [`baseline: ${showQuantity({ value: baseline, unit })}`] : []),
    `verdict: ${plain(word)}`,
  ]
  return {
    name: inCode(name), unit: unitName, value: scaled(value ?? 0),
    ...(spread ? { range: `${scaled(spread.low)} to ${scaled(spread.high)}` } : {}),
    extra: extra.join('\n'),
  }
}

/** The action puts names between backticks into a table. */
function inCode(text: string): string {
  return plain(text).replaceAll('`', "'").replaceAll('|', '/')
}
