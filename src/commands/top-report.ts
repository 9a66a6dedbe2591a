import type { Process } from '../model/process.ts'
import type { Report } from '../model/report.ts'
import type { ProcessTable, Snapshot } from '../model/snapshot.ts'
import { metricsReport, type LookTerms } from './metrics-report.ts'
import type { FeedLook } from './snapshots.ts'

const PROCESSES = 20

/** What a report of `top` needs to know besides the look. */
export type TopTerms = Omit<LookTerms, 'processes' | 'order' | 'topics'> & {
  /** The processes that are listed, in their order. */
  readonly rowsOf: (table: ProcessTable) => readonly Process[]
}

/** The report of one look of `top`; `text` makes what people read of it. */
export function topReport(look: FeedLook, { rowsOf, ...terms }: TopTerms, text?: (snapshot: Snapshot) => string): Report {
  const { processes } = look.snapshot
  const snapshot = processes ? { ...look.snapshot, processes: { ...processes, rows: rowsOf(processes) } } : look.snapshot
  const whole = metricsReport({ ...look, snapshot }, { ...terms, processes: PROCESSES, order: 'given', topics: undefined })
  return { ...whole, command: 'top', ...(text ? { text: text(snapshot) } : {}) }
}
