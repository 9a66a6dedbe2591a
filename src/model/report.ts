import type { Figure } from './figure.ts'
import type { Finding } from './finding.ts'
import type { CheckResult } from './health.ts'
import type { Samples } from './snapshot.ts'
import type { Quantity } from './unit.ts'
import type { Verdict } from './verdict.ts'

/** A share of 0 to 1 that is drawn as a bar where there is room, and written as a percentage. */
export interface Bar {
  readonly share: number
  readonly tone: Verdict
}

/** A table cell: text, a count, a value with its unit, a bar, or nothing known; `tone` gives it a meaning, renderers the colour. */
export type Cell = string | number | Quantity | null | { readonly text: string; readonly tone: Verdict } | Bar

export interface Column {
  readonly label: string
  readonly align?: 'left' | 'right'
  /** What the table is read for: where there is little room its text goes on in the next lines, and other columns give way first. */
  readonly isMain?: boolean
  /** Nice to know: a screen with little room leaves it out without a word. */
  readonly isSpare?: boolean
}

export interface Table {
  readonly title: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
}

/** Values at a regular step, drawn as a line chart where there is room for one; NaN is a gap. */
export interface Chart {
  readonly title: string
  readonly unit: Quantity['unit']
  /** Time from one value to the next, milliseconds. */
  readonly stepMs: number
  /** What each value is one of (`run`) where they are not so much time apart: then they are counted instead. */
  readonly each?: string | undefined
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[]
}

/** Something that is wrong right now, in the documented shape of the API. */
export interface Alert {
  readonly level: 'info' | 'warning' | 'critical'
  /** What it is about: a metric, or the name of a check. */
  readonly metric: string
  /** The component a check belongs to. */
  readonly component?: string | undefined
  readonly message: string
  readonly value?: number | undefined
  readonly threshold?: number | undefined
  /** The worst value since it began, and what the value has to pass until it is over: one that is held may be on the good side of its threshold. */
  readonly peak?: number | undefined
  readonly overAt?: number | undefined
  readonly recommendation?: string | undefined
  readonly timestamp?: Date | undefined
}

/** The one thing commands yield and renderers read. */
export interface Report {
  readonly command: string
  /** What was done, one line: `load test "Quick start" against http://127.0.0.1:4000`. */
  readonly title: string
  readonly verdict: Verdict
  /** Whether more is to come: an interim report of a bounded run, which only streams show. */
  readonly interim?: boolean | undefined
  /** The run was ended by this signal; what it had measured is here and marked partial. */
  readonly interrupted?: 'SIGINT' | 'SIGTERM' | undefined
  /** Nothing answered at all, though it was asked. */
  readonly unreachable?: boolean | undefined
  /** A comparison that cannot tell is what made it warn. */
  readonly isInconclusive?: boolean | undefined
  /** A plain text answer (a schema, a help page): the human format prints it as it is, and nothing else. */
  readonly text?: string | undefined
  /** The documented shape of the matching endpoint, field for field. */
  readonly data: Readonly<Record<string, unknown>>
  /** What the documented answer says beside its data: time range, interval, when to ask again. */
  readonly meta?: Readonly<Record<string, unknown>> | undefined
  /** The values behind it, for formats that write nothing but those; `at` is milliseconds since 1970. */
  readonly samples?: { readonly samples: Samples; readonly at: number } | undefined
  /** The checks behind it, for formats that write nothing but those. */
  readonly checks?: readonly CheckResult[] | undefined
  /** The numbers behind it, for dashboards and comments. */
  readonly figures?: readonly Figure[] | undefined
  /** Nothing that anybody needs to hear: stdout stays empty, files are written. */
  readonly isQuiet?: boolean | undefined
  /** Its tables say what is well, so that people need not read it once more among the findings. */
  readonly isTabled?: boolean | undefined
  readonly findings: readonly Finding[]
  readonly alerts: readonly Alert[]
  /** Facts in two columns, in reading order. */
  readonly facts: readonly { readonly label: string; readonly value: Cell }[]
  readonly tables: readonly Table[]
  readonly charts: readonly Chart[]
  /** What the reader should know and no verdict depends on. */
  readonly notes: readonly string[]
  readonly startedAt: Date
  readonly finishedAt: Date
}

/** A report with nothing in it but what is given. */
export function report(parts: Partial<Report> & Pick<Report, 'command' | 'title' | 'startedAt' | 'finishedAt'>): Report {
  return { verdict: 'ok', data: {}, findings: [], alerts: [], facts: [], tables: [], charts: [], notes: [], ...parts }
}
