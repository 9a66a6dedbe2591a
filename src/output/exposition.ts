import { METRICS, prometheusOf, type Metric, type MetricName } from '../model/metric.ts'
import type { Samples } from '../model/snapshot.ts'
import { plain } from '../model/text.ts'

/** One metric family of an exposition; its rows are unique in their labels. */
export interface Family {
  /** As Prometheus names it: a counter's ends in `_total`. */
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  /** Labels as they are written, `{cpu="0"}` or empty, and the value in the family's unit. Those of a histogram begin with what its samples' names end in: `_bucket{le="0.1"}`, `_sum`, `_count`. */
  readonly rows: ReadonlyMap<string, number>
}

/**
 * The families of samples, in the order of the catalogue, after one that names this program.
 * Where a metric has a series of each processor, the one of all together is left out: sums and means are made by who reads them.
 */
export function familiesOf(samples: Samples, version: string): Family[] {
  const families = new Map<string, Family & { readonly rows: Map<string, number> }>()
  for (const metric of Object.keys(METRICS) as MetricName[]) {
    const series = samples.get(metric)
    if (!series) continue
    const { kind, tag }: Metric = METRICS[metric]
    const { name, labels, scale, help } = prometheusOf(metric)
    const family = families.get(name) ?? { name, type: kind === 'counter' ? 'counter' : 'gauge', help, rows: new Map<string, number>() }
    const isParted = tag !== undefined && [...series.keys()].some((each) => each !== '')
    for (const [each, value] of series) {
      if (!Number.isFinite(value) || (each === '' ? isParted : tag === undefined)) continue
      const text = labelText(each === '' || tag === undefined ? labels : { [tag]: each, ...labels })
      // A division is exact where the product with 0.001 is not.
      if (!family.rows.has(text)) family.rows.set(text, value / (1 / scale))
    }
    if (family.rows.size > 0) families.set(name, family)
  }
  return [buildInfo(version), ...families.values()]
}

/** The single family of an answer that could not be given. */
export function failureFamily(code: string): Family {
  return { name: 'medianest_failure', type: 'gauge', help: 'There are no samples, for the reason that the code names.', rows: new Map([[labelText({ code }), 1]]) }
}

/** The family that names this program. */
export function buildInfo(version: string): Family {
  return { name: 'medianest_build_info', type: 'gauge', help: 'The version of the program that measured.', rows: new Map([[labelText({ version }), 1]]) }
}

/** Labels as they are written, `{cpu="0"}`; empty for none. */
export function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeText(readable(value), true)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

/** Text from outside as UTF-8 can carry it, without control characters but for line breaks, which are escaped. */
function readable(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd').split('\n').map((line) => plain(line, Number.POSITIVE_INFINITY)).join('\n')
}

/** Escapes backslashes and line breaks, and quotes where the text stands between some. */
export function escapeText(text: string, isQuoted: boolean): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return isQuoted ? escaped.replaceAll('"', '\\"') : escaped
}
