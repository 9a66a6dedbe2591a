import type { MeasuredSeries, Measurements } from '../../model/measurements.ts'
import { plain, plural } from '../../model/text.ts'
import { WEB_METRICS, type UserMetrics, type WebMetricName, type WebValue } from '../../model/web-metrics.ts'

/** Pages that are told by themselves, those with the most values: an address with a number in it may be thousands. */
const MOST_PAGES = 200
/** Of pages and of all together, as Core Web Vitals are judged. */
const PERCENT = 75

/** What real users' browsers told as results that budgets can be held against: the 75th percentile of all values, and of each page's. */
export function userFigures({ values, rows, unreadable, strangers, clients }: UserMetrics): Pick<Measurements, 'series' | 'notes'> {
  const named = [...grouped(values, ({ page }) => page)].filter(([page]) => page !== '').sort(([, a], [, b]) => b.length - a.length)
  const groups = values.length === 0 ? [] : [['', values] as const, ...named.slice(0, MOST_PAGES)]
  const series = groups.flatMap(([of, list]) => [...grouped(list, ({ metric }) => metric)].map(([metric, each]) => figure(metric, of, each.map(({ value }) => value))))
  const others = strangers.map((name) => plain(name, 40)).join(', ')
  const notes = [
    ...(rows.told === 0 ? ['it keeps no metrics of its users yet'] : []),
    ...(rows.read > 0 && values.length === 0 && unreadable === 0 ? [`none of its users' ${plural(rows.read, 'row')} is a Core Web Vital or the time of a page (${others})`] : []),
    ...(rows.told > rows.read ? [`of ${rows.told} rows of its users' metrics ${rows.read} were read`] : []),
    ...(unreadable > 0 ? [`${plural(unreadable, 'row')} of its users' metrics ${unreadable === 1 ? 'has' : 'have'} no value that can be read`] : []),
    ...(named.length > MOST_PAGES ? [`its users saw ${named.length} pages: the ${MOST_PAGES} with the most values are told by themselves`] : []),
    ...(clients === 1 ? ['its users\' metrics are all of one client: an instance may tell only those of the user whose token asks'] : []),
  ]
  return { series, notes }
}

/** By nearest rank, as it is of one of the values. */
function figure(metric: WebMetricName, of: string, values: readonly number[]): MeasuredSeries {
  const rank = Math.ceil((PERCENT / 100) * values.length)
  const { unit, better } = WEB_METRICS[metric]
  return { metric, statistic: { kind: 'p', percent: PERCENT }, of, unit, better, class: 'sampled', values: [values.toSorted((a, b) => a - b)[rank - 1] ?? Number.NaN], count: values.length }
}

function grouped<Key>(values: readonly WebValue[], keyOf: (value: WebValue) => Key): Map<Key, WebValue[]> {
  const groups = new Map<Key, WebValue[]>()
  for (const value of values) {
    const group = groups.get(keyOf(value))
    if (group) group.push(value)
    else groups.set(keyOf(value), [value])
  }
  return groups
}
