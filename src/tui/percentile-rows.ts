import type { ProgressPercentiles } from '../model/progress.ts'
import { showDuration } from '../model/unit.ts'
import type { Row } from './rows.ts'
import { as } from './span.ts'
import type { Tone } from './tone.ts'

/** The columns in reading order; where there is no room for all, the ones of the highest rank are left out. */
const COLUMNS = [['p50', 0], ['p90', 4], ['p95', 1], ['p99', 2], ['max', 3]] as const satisfies readonly (readonly [keyof ProgressPercentiles, number])[]

/** A line of percentiles. */
export interface PercentileRow {
  readonly label: string
  readonly values: ProgressPercentiles | null
  readonly tone?: Tone
  readonly rank: number
}

/** Percentiles below each other, in as many columns as there is room for. */
export function percentileRows(list: readonly PercentileRow[], width: number): Row[] {
  const head = Math.max(...list.map(({ label }) => label.length)) + 1
  const room = Math.max(0, width - head)
  const count = Math.max(1, Math.min(COLUMNS.length, Math.floor(room / 8)))
  const columns = COLUMNS.filter(([, rank]) => rank < count).map(([name]) => name)
  const cells = Math.max(8, Math.min(11, Math.floor(room / count)))
  return [
    { rank: 5, spans: [as('label', ' '.repeat(head) + columns.map((name) => name.padStart(cells)).join(''))] },
    ...list.map(({ label, values, tone, rank }) => {
      const text = columns.map((name) => (values ? showDuration(values[name]) : '–').padStart(cells)).join('')
      return { rank, spans: [as('label', label.padEnd(head)), tone ? as(tone, text) : text] }
    }),
  ]
}
